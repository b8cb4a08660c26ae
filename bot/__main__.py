"""The `lvxuan` command."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.settings import Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from bot.bootstrap import Parts
    from bot.wording import Wording

_DESCRIPTION = "绿选 Lvxuan: a Chinese-language shopping assistant for certified green building materials."
_EPILOG = """\
examples:
  lvxuan demo                               the chat page on the bundled catalogue
  lvxuan import ./catalogue                 load a catalogue folder, zip or xlsx (--dry-run checks only)
  lvxuan ask "三百以内的乳胶漆有认证吗"         one answer (--json, --explain)
  lvxuan ask --batch questions.jsonl        one JSON answer a line
  lvxuan chat                               talk in the terminal
  lvxuan telegram --emulate                 the Telegram bot with a server and page of its own, no token needed

settings: environment variables LVXUAN_* or lvxuan.toml; a flag wins. LVXUAN_HOME, LVXUAN_DATABASE_URL, LVXUAN_TELEGRAM_TOKEN …
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status. People see what is wrong in one line, never a stack trace."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    try:
        settings = load_settings({"database_url": options.database, "home": None})
        settings.home.mkdir(parents=True, exist_ok=True)
        return int(options.run(options, settings))
    except SettingsError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _fail(_words().say("command.interrupted"), 130)
    except BrokenPipeError:
        return 0
    except Exception as error:
        return _known(error)


def _known(error: Exception) -> int:
    """Word an error that we foresaw; show anything else to the operator with all that is known of it."""
    from bot.asking import AskError
    from catalog_db.errors import CatalogueError
    from catalog_db.loading.reasons import word

    if isinstance(error, CatalogueError):
        return _fail(word(error.key, error.values), 2)
    if isinstance(error, AskError):
        return _fail(_words().say(error.key, **error.values), 2)
    if isinstance(error, OSError):
        return _fail(
            _words().say("command.file_error", file=str(error.filename or ""), reason=error.strerror or str(error)), 2
        )
    if type(error).__name__ in ("PortError", "ServiceError", "KeyFileError"):
        return _fail(str(error), 2)
    raise error


def _fail(message: str, status: int = 2) -> int:
    print(message, file=sys.stderr)
    return status


def _words() -> Wording:
    from bot.wording import load_wording

    return load_wording()


_Add = Callable[[str, "Callable[[Any, Settings], int]", str], argparse.ArgumentParser]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lvxuan", description=_DESCRIPTION, epilog=_EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.set_defaults(database=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(name: str, run: Callable[[Any, Settings], int], help_: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=help_, description=help_)
        command.add_argument("--database", metavar="URL", help="the catalogue's database (LVXUAN_DATABASE_URL)")
        command.set_defaults(run=run)
        return command

    command = add("ask", _ask, "answer a question, or a batch of them")
    _ask_options(command)
    command = add("chat", _chat, "talk in the terminal")
    command.add_argument("--adcode", help="where you are, a six-digit place code")
    command = add("web", _web, "serve the chat page on this machine")
    _web_options(command)
    command = add("demo", _demo, "serve the chat page on the bundled demonstration catalogue, made for today")
    _web_options(command)
    command.add_argument("--today", metavar="DAY", help="make the catalogue for another day (YYYY-MM-DD)")
    command = add("import", _import, "load a catalogue folder, zip or xlsx: all of it or nothing")
    command.add_argument("source", type=Path, help="the folder, .zip or .xlsx")
    command.add_argument("--dry-run", action="store_true", help="check and count, change nothing")
    command = add("misses", _misses, "list what was not understood, most frequent first")
    _misses_options(command)
    command = add("lexicon", _lexicon, "try a new word before it is taught")
    command.add_argument("action", choices=["try"], help="what to do")
    command.add_argument(
        "alias", help="the word and what it means: 洋泥=水泥 (a category, brand, feature, scene or colour)"
    )
    command = add("index", _index, "build, verify or describe the search index")
    command.add_argument("action", nargs="?", choices=["describe", "verify", "build"], default="describe")
    _telegram_commands(add)
    command = add("export", _export, "write the catalogue as a folder")
    command.add_argument("folder", type=Path, help="an empty or new folder, or an earlier export")
    return parser


def _telegram_commands(add: _Add) -> None:
    """Add the commands of the Telegram channel: the bot, its staff, its ambassadors, its news."""
    command = add("telegram", _telegram, "run the Telegram bot, by polling or webhook as the settings say")
    _telegram_options(command)
    command = add("staff", _staff, "appoint the first lead of the support desk, invite, list or dismiss staff")
    command.add_argument("action", choices=["appoint", "invite", "list", "dismiss"], help="what to do")
    command.add_argument("user", nargs="?", type=int, help="the person's number at Telegram")
    command.add_argument("--name", help="how the person is called")
    command.add_argument(
        "--role", choices=["lead", "agent", "auditor"], help="lead when appointed, agent when invited, unless said"
    )
    command = add(
        "ambassadors", _ambassadors, "list, approve and suspend village ambassadors; their ledger of points, proved"
    )
    command.add_argument(
        "action",
        choices=["list", "approve", "suspend", "ledger", "reverse", "grant", "uphold", "prove"],
        help="what to do",
    )
    command.add_argument("which", nargs="?", help="the short name of an ambassador, or the number of a line")
    command = add("broadcast", _broadcast, "send news to everybody who allowed it, or see how far it is")
    _broadcast_options(command)


def _ask_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("question", nargs="?", help="the question")
    command.add_argument(
        "--batch", metavar="FILE", help="JSON lines with id, conversation, text, adcode; - reads the standard input"
    )
    command.add_argument("--json", action="store_true", help="the answer as one line of JSON, answer format version 1")
    command.add_argument("--explain", action="store_true", help="print each step of understanding before the answer")
    _time_options(command)


def _broadcast_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("text", nargs="?", help="what is sent")
    command.add_argument("--file", type=Path, help="a text file with what is sent, UTF-8")
    command.add_argument("--guide", metavar="ID", help="a guide of the catalogue, opened by a button under it")
    command.add_argument("--at", metavar="TIME", help="not before, ISO 8601; without a zone it is Asia/Shanghai's")
    command.add_argument("--language", choices=["zh_Hans_CN", "zh_Hant", "en"], help="only who reads this")
    command.add_argument(
        "--place", metavar="ADCODE", help="only who lets us know a county here, a six-digit place code"
    )
    command.add_argument("--interest", metavar="CATEGORY", help="only who looked for this kind last and lets us know")
    command.add_argument("--preview", action="store_true", help="show it and count the people, send nothing")
    command.add_argument("--status", action="store_true", help="how far each broadcast is")
    command.add_argument("--cancel", type=int, metavar="NUMBER", help="send no more of this one")


def _misses_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--days", type=int, default=30, help="look back so many days (default 30)")
    command.add_argument(
        "--case", nargs=2, metavar=("QUESTION", "FILE"), help="append a missed question to a case file instead"
    )
    command.add_argument("--intent", help="with --case: the intent that should have been read")
    command.add_argument("--categories", default="", help="with --case: the category codes, separated by commas")


def _time_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--now", metavar="TIME", help="answer as of this time, ISO 8601; without a zone it is Asia/Shanghai's"
    )
    command.add_argument("--today", metavar="DAY", help="short for --now at 00:00 of that day")


def _web_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine only)")
    command.add_argument("--port", type=int, default=8460, help="the port (default 8460; 0 takes a free one)")
    command.add_argument("--open", action="store_true", help="open the page in the browser")


def _telegram_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--check", action="store_true", help="say in plain words what is misconfigured, and end")
    command.add_argument(
        "--emulate", action="store_true", help="bot, Bot API server and chat page on this machine; no token needed"
    )
    command.add_argument("--port", type=int, default=8461, help="with --emulate: the port of the page (default 8461)")
    command.add_argument("--open", action="store_true", help="with --emulate: open the page in the browser")
    command.add_argument("--rotate-keys", action="store_true", help="seal everything kept with a new key, and end")


def _ask(options: argparse.Namespace, settings: Settings) -> int:
    from bot.asking import AskError, ask_batch, ask_one, read_lines, read_now
    from bot.bootstrap import build

    if (options.question is None) == (options.batch is None):
        raise AskError("ask.which")
    moment = read_now(options.now, options.today)
    parts = build(settings, moment.date())
    if options.batch is not None:
        return ask_batch(parts, read_lines(options.batch), moment, sys.stdout)
    return ask_one(parts, options.question, moment, as_json=options.json, explain=options.explain, out=sys.stdout)


def _chat(options: argparse.Namespace, settings: Settings) -> int:
    from bot.bootstrap import build, noting, now
    from bot.channels.terminal import run_chat

    parts = build(settings, now().date())
    logging.basicConfig(
        filename=settings.home / "chat.log", level=logging.WARNING
    )  # people see no stack trace, the log has it
    if parts.demonstration:
        print(parts.wording.say("demonstration.notice"), end="\n\n")
    return run_chat(
        noting(parts, settings.database_url),
        parts.wording,
        now,
        adcode=options.adcode,
        history=settings.home / "history",
    )


def _web(options: argparse.Namespace, settings: Settings) -> int:
    from bot.bootstrap import build, now

    parts = build(settings, now().date())
    return _serve(options, parts, settings.database_url, settings.home / "conversations.db")


def _demo(options: argparse.Namespace, settings: Settings) -> int:
    """Serve the bundled catalogue from a database of its own, made anew for each day."""
    from dataclasses import replace

    from bot.asking import read_now
    from bot.bootstrap import build, load_demonstration

    moment = read_now(None, options.today)
    folder = settings.home / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    url = f"sqlite:///{(folder / 'catalogue.db').as_posix()}"
    load_demonstration(url, moment.date())
    parts = build(replace(settings, database_url=url), moment.date())
    return _serve(options, parts, url, folder / "conversations.db")


def _serve(options: argparse.Namespace, parts: Parts, url: str, kept: Path) -> int:
    from bot.bootstrap import noting, now
    from bot.channels.web.application import create_app
    from bot.channels.web.server import serve
    from catalog_db.conversations import StoredConversations

    assistant = noting(parts, url)
    app = create_app(
        lambda: assistant, StoredConversations(kept), parts.wording, now, demonstration=parts.demonstration
    )
    serve(app, parts.wording, options.host, options.port, open_browser=options.open)
    return 0


def _import(options: argparse.Namespace, settings: Settings) -> int:
    from bot.bootstrap import now
    from bot.importing import run_import

    return run_import(options.source, settings.database_url, now().date(), dry_run=options.dry_run)


def _export(options: argparse.Namespace, settings: Settings) -> int:
    from bot.importing import run_export

    return run_export(options.folder, settings.database_url)


def _index(options: argparse.Namespace, settings: Settings) -> int:
    from bot.indexing import run_index

    return run_index(options.action, settings.database_url)


def _telegram(options: argparse.Namespace, settings: Settings) -> int:
    from bot.telegram_command import run

    return run(options, settings)


def _ambassadors(options: argparse.Namespace, settings: Settings) -> int:
    from bot.ambassador_command import run_ambassadors
    from bot.bootstrap import now

    lines, status = run_ambassadors(options, settings, _words(), now())
    print("\n".join(lines))
    return status


def _staff(options: argparse.Namespace, settings: Settings) -> int:
    from bot.bootstrap import now
    from bot.staffing import run_staff

    print("\n".join(run_staff(options, settings, _words(), now())))
    return 0


def _broadcast(options: argparse.Namespace, settings: Settings) -> int:
    from bot.asking import read_now
    from bot.bootstrap import now
    from bot.broadcast_command import run_broadcast

    moment = read_now(options.at, None) if options.at else now()
    status, lines = run_broadcast(options, settings, _words(), moment)
    print("\n".join(lines), file=sys.stderr if status else sys.stdout)
    return status


def _misses(options: argparse.Namespace, settings: Settings) -> int:
    from bot.bootstrap import now
    from bot.teaching import list_misses, write_case
    from catalog_db.database import open_database

    if options.case:
        text, file = options.case
        write_case(Path(file), text, options.intent, [code for code in options.categories.split(",") if code])
        return 0
    database = open_database(settings.database_url)
    try:
        print("\n".join(list_misses(database, _words(), now().date(), options.days)))
    finally:
        database.close()
    return 0


def _lexicon(options: argparse.Namespace, settings: Settings) -> int:
    from bot.bootstrap import build, now
    from bot.teaching import TeachingError, try_alias
    from catalog_db.database import open_database

    parts = build(settings, now().date())
    database = open_database(settings.database_url)
    try:
        print("\n".join(try_alias(parts.catalogue, database, parts.wording, options.alias, now())))
    except TeachingError as error:
        return _fail(parts.wording.say(error.key, **error.values))
    finally:
        database.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
