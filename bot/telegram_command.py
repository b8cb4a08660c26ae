"""`lvxuan telegram`: run the bot, look at how it is set up, or try everything on this machine without a token."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.bootstrap import now
from bot.settings import Secret, Settings
from catalog_db.journal.point_rules import Rules

if TYPE_CHECKING:
    from bot.bootstrap import Parts
    from bot.channels.exchange import Responder
    from bot.channels.telegram.arrivals import BotIdentity
    from bot.channels.telegram.beside import Beside, Make, MakeHandler
    from bot.channels.telegram.check import Finding
    from bot.channels.telegram.configuration import Configuration
    from bot.channels.telegram.desk.hours import DeskSettings
    from bot.channels.telegram.keys import Keys
    from bot.channels.telegram.outgoing import Handler
    from bot.channels.telegram.service import Service
    from bot.wording import Wording
    from catalog_db.journal.books import Books

_REHEARSED = (
    "telegram.menu.products", "example.certified", "example.price", "example.guide", "example.calculate", "example.three_coats",
    "example.how_to_check", "example.stores", "example.pavilion", "example.delivery", "example.services", "example.capability",
    "example.area_100", "example.pinyin",
)  # fmt: skip
_SIGNS = {"good": "telegram.check.sign.good", "hint": "telegram.check.sign.hint", "wrong": "telegram.check.sign.wrong"}


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Run the command; return its exit status."""
    if options.check:
        return asyncio.run(_check(settings))
    if options.emulate:
        return _emulate(options, settings)
    if options.rotate_keys:
        return asyncio.run(_rotate(settings))
    return _serve(settings)


def _serve(settings: Settings) -> int:
    """Run the bot in a process that is followed by another when something kills it; what is imported here they share."""
    from bot import telegram_assembly  # noqa: F401 - loaded before the fork, so that it is shared
    from bot.bootstrap import build
    from bot.channels.telegram import logs
    from bot.channels.telegram.configuration import configuration

    config = configuration(settings)
    logs.configure(config.token)
    return keep_serving(build(settings, now().date()), lambda parts: _served(parts, settings, config))


def keep_serving(parts: Parts, serve: Callable[[Parts], int]) -> int:
    """Run a bot in a process that is followed by another when something kills it, with what is built already; see `keeper`."""
    from bot.bootstrap import warm
    from bot.keeper import keep

    def rehearse() -> None:
        warm(parts)
        _rehearse(parts)
        parts.catalogue.close()

    parts.assistant.prepare()
    parts.catalogue.close()  # its connections only: whoever reads opens one of their own
    return keep(lambda: serve(parts), rehearse)


def _served(parts: Parts, settings: Settings, config: Configuration) -> int:
    from bot.channels.telegram.fetching import READERS
    from bot.channels.telegram.service import serve
    from bot.channels.telegram.sheets import sheet_reader

    make = partial(_making, parts, settings)
    beside = answering_beside(parts, make)
    with make() as made:
        config = replace(
            config,
            readers={**READERS, "sheet": sheet_reader(settings.database_url, parts.wording, lambda: now().date())},
        )
        asyncio.run(serve(config, made, started=introducing(parts.wording), beside=beside))
    return 0


def answering_beside(parts: Parts, make: Make) -> Beside | None:
    """Fork the process that works out answers, with the catalogue as it was read; None where it cannot be. To be called
    before there are threads that do more than wait.
    """
    from bot.channels.telegram.beside import fork_beside

    database = parts.catalogue.database
    if database.url.get_backend_name() == "sqlite" and database.file is None:
        return None
    parts.assistant.prepare()
    parts.catalogue.close()  # each side opens connections of its own
    return fork_beside(make, (maker(parts), rehearsed(parts.wording)))


def _rehearse(parts: Parts) -> None:
    """Answer what every child would answer first, under a name and keys that are nobody's."""
    from bot.bootstrap import ZONE
    from bot.channels.telegram.arrivals import BotIdentity
    from bot.channels.telegram.keys import KeyRing, make_keys
    from bot.channels.telegram.rehearsal import Rehearsal
    from catalog_db.journal.sealing import Envelopes

    nobody, keys = BotIdentity(0, "nobody"), make_keys()
    envelopes = Envelopes(KeyRing(keys), nobody.bot_id)
    Rehearsal(maker(parts)(nobody, keys), envelopes, nobody.bot_id, ZONE, rehearsed(parts.wording)).play()


def rehearsed(wording: Wording) -> list[str]:
    """Return what a process is asked before it has work: the sentences of the menu and the examples."""
    return [wording.say(key) for key in _REHEARSED]


@contextmanager
def _making(parts: Parts, settings: Settings) -> Iterator[MakeHandler]:
    """Give what makes the handler; meanwhile questions are noted."""
    from bot.bootstrap import noting_behind, settle

    settle(parts)
    with noting_behind(parts, settings.database_url) as assistant:
        yield maker(
            parts, desk_of(settings), assistant, settings.points, settings.quiet_hours, frozenset(settings.operators),
            settings.brief_hour,
        )  # fmt: skip


def maker(
    parts: Parts, desk_settings: DeskSettings | None = None, assistant: Responder | None = None,
    rules: Rules | None = None, quiet: tuple[time, time] | None = None,
    operators: frozenset[int] = frozenset(), brief_hour: int = 8,
) -> Callable[[BotIdentity, Keys], Handler]:  # fmt: skip
    """Return what makes the handler once the bot knows who it is.

    `assistant`: who answers instead, the one that notes. `quiet`: the hours without messages that were not asked for.
    `operators`: who may send a catalogue. `brief_hour`: when ambassadors are told what happened.
    """
    from bot.telegram_assembly import Assembly

    return Assembly(parts, desk_settings, assistant, rules, quiet, operators, brief_hour).handler


def appoint_all(books: Books, team: Sequence[tuple[int, str, str]]) -> None:
    """Let people (number, name, role) work at the desk."""
    from catalog_db.journal import desk_staff

    for number, name, role in team:
        desk_staff.appoint(books, number, name, role, None)


def desk_of(settings: Settings) -> DeskSettings:
    """Return how the support desk is set up."""
    from bot.channels.telegram.desk.hours import DeskSettings

    first = () if settings.staff_chat_id is None else (settings.staff_chat_id,)
    opens, closes = settings.staff_hours
    return DeskSettings(
        (*first, *settings.staff_chat_ids), opens, closes, settings.staff_minutes, settings.staff_keep_days
    )


def introducing(wording: Wording) -> Callable[[Service], None]:
    """Return what is done when the service has started: the operator is told what we hear in groups, and Telegram our commands.

    The latter beside its work: nobody waits for it.
    """
    from bot.channels.telegram.check import introduce
    from bot.channels.telegram.transport import ApiRefusal, NotSent, Unclear

    tasks: set[asyncio.Task[None]] = set()  # the loop itself keeps tasks weakly only

    async def tell(service: Service) -> None:
        with suppress(ApiRefusal, NotSent, Unclear):  # the next start tells again; --check shows it
            await introduce(service.api, wording)

    def started(service: Service) -> None:
        hears_all = service.identity is not None and service.identity.hears_all
        print(wording.say("telegram.check.privacy.off" if hears_all else "telegram.check.privacy"), flush=True)
        task = asyncio.get_running_loop().create_task(tell(service))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    return started


async def _check(settings: Settings) -> int:
    from bot.channels.telegram.check import check
    from bot.channels.telegram.transport import AiohttpRequest, BotApi
    from bot.wording import load_wording

    wording = load_wording()
    token = settings.telegram_token
    if token is None:
        print(wording.say("telegram.check.token.missing"))
        return 1
    request = AiohttpRequest()
    await request.initialize()
    try:
        findings = await check(BotApi(request, settings.telegram_api_url, token.reveal()), settings, wording)
    finally:
        await request.shutdown()
    print("\n".join(lines(findings, wording)))
    return int(any(finding.level == "wrong" for finding in findings))


def lines(findings: list[Finding], wording: Wording) -> list[str]:
    """Word what was found, a line each."""
    return [wording.say(_SIGNS[finding.level], text=wording.text(finding.text)) for finding in findings]


async def _rotate(settings: Settings) -> int:
    from bot.channels.telegram.configuration import key_path
    from bot.channels.telegram.key_rotation import rotate_keys
    from bot.wording import load_wording

    token = settings.require_telegram().reveal()
    changed = await asyncio.to_thread(rotate_keys, key_path(settings), settings.database_url, int(token.split(":")[0]))
    print(load_wording().say("telegram.keys.rotated", count=changed))
    return 0


def _emulate(options: argparse.Namespace, settings: Settings) -> int:
    """Serve the bundled catalogue; the journal lives as long as the emulated Telegram does: as long as this command."""
    from bot.bootstrap import build, load_demonstration

    moment = now()
    folder = settings.home / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    url = f"sqlite:///{(folder / 'catalogue.db').as_posix()}"
    load_demonstration(url, moment.date())
    parts = build(replace(settings, database_url=url), moment.date())
    with tempfile.TemporaryDirectory(prefix="lvxuan-telegram-") as journal:
        asyncio.run(_emulated(parts, Path(journal), options, moment))
    return 0


async def _emulated(parts: Parts, folder: Path, options: argparse.Namespace, moment: datetime) -> None:
    """Start the Bot API server with its page, then the bot on it."""
    from bot.botapi_server import BotApiServer
    from bot.botapi_server.scene import set_scene
    from bot.channels.telegram.configuration import Configuration
    from bot.channels.telegram.desk.hours import DeskSettings
    from bot.channels.telegram.service import serve

    server = BotApiServer()
    room = set_scene(server)["staff"]
    team = [
        (member.user.user_id, member.user.first_name, "lead" if member.status == "administrator" else "agent")
        for member in server.bot.chats[room].members.values()
        if not member.user.is_bot
    ]
    await server.start("127.0.0.1", options.port)
    try:
        print(parts.wording.say("telegram.emulated", url=server.url + "/"), flush=True)
        if options.open:
            import webbrowser

            webbrowser.open(server.url + "/")
        config = Configuration(
            Secret(server.token), f"sqlite:///{(folder / 'journal.db').as_posix()}", folder / "key", api_url=server.url,
            staff_chat_id=room,
        )  # fmt: skip
        introduce = introducing(parts.wording)

        def started(service: Service) -> None:
            service.journal.write(lambda books: appoint_all(books, team), moment.timestamp())
            introduce(service)

        await serve(config, maker(parts, DeskSettings((room,))), started=started)
    finally:
        await server.stop()
