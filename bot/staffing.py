"""`lvxuan staff`: appoint the first lead of the support desk, invite further people, list who works there, dismiss somebody.

It writes beside a running bot: the next action of whoever is appointed finds the right. A lead may dismiss every other lead; the last
one stays, whoever asks: without a lead nobody could be let in but from here.
"""

from __future__ import annotations

import argparse
import secrets
from collections.abc import Callable
from datetime import datetime

from bot.asking import AskError
from bot.settings import Settings
from bot.wording import Wording
from catalog_db.database import open_database
from catalog_db.journal import desk, desk_staff
from catalog_db.journal.books import Books

LINK = "desk-"  # what the payload of an invitation begins with


def run_staff(options: argparse.Namespace, settings: Settings, wording: Wording, now: datetime) -> list[str]:
    """Do what the command says; return the lines to print. Raises AskError, SettingsError, DatabaseError, KeyFileError."""
    from bot.channels.telegram.configuration import key_path
    from bot.channels.telegram.keys import KeyRing, load_keys

    bot_id = int(settings.require_telegram().reveal().split(":")[0])
    ring = KeyRing(load_keys(key_path(settings)))
    database = open_database(settings.database_url)
    try:
        with database.writing() as connection:
            books = Books(connection, bot_id, now.timestamp(), ring)
            return _ACTIONS[options.action](books, options, wording)
    finally:
        database.close()


def _list(books: Books, options: argparse.Namespace, wording: Wording) -> list[str]:
    lines = [
        wording.say("staff.line", name=one.name, number=str(one.user_id), role=wording.say(f"desk.role.{one.role}"))
        for one in desk_staff.colleagues(books)
    ]
    return lines or [wording.say("staff.none")]


def _number(options: argparse.Namespace) -> int:
    """Return whom the command means. Raises AskError."""
    if options.user is None or options.user <= 0:
        raise AskError("staff.which")
    return int(options.user)


def _appoint(books: Books, options: argparse.Namespace, wording: Wording) -> list[str]:
    number = _number(options)
    known = desk_staff.colleague(books, number)
    name = options.name or (known.name if known else str(number))
    role = options.role or "lead"
    if known is not None and role != "lead" and desk_staff.is_last_lead(books, known):
        raise AskError("staff.last_lead", name=known.name)
    desk_staff.appoint(books, number, name, role, None)
    desk_staff.note(books, None, "appoint", detail=role)
    return [wording.say("staff.appointed", name=name, role=wording.say(f"desk.role.{role}"))]


def _invite(books: Books, options: argparse.Namespace, wording: Wording) -> list[str]:
    number, role = _number(options), options.role or "agent"
    token = secrets.token_urlsafe(16)
    desk_staff.invite(books, token, number, role, desk_staff.COMMAND_LINE)
    desk_staff.note(books, None, "invite", detail=role)
    said = wording.say("staff.invited", role=wording.say(f"desk.role.{role}"), number=str(number))
    return [said, f"/start {LINK}{token}"]


def _dismiss(books: Books, options: argparse.Namespace, wording: Wording) -> list[str]:
    known = desk_staff.colleague(books, _number(options))
    if known is None:
        raise AskError("staff.unknown", number=str(options.user))
    if desk_staff.is_last_lead(books, known):
        raise AskError("staff.last_lead", name=known.name)
    desk_staff.appoint(books, known.user_id, known.name, desk_staff.NO_ROLE, None)
    desk.release(books, known.key)
    desk_staff.note(books, None, "dismiss")
    return [wording.say("staff.dismissed", name=known.name)]


_ACTIONS: dict[str, Callable[[Books, argparse.Namespace, Wording], list[str]]] = {
    "list": _list, "appoint": _appoint, "invite": _invite, "dismiss": _dismiss,
}  # fmt: skip
