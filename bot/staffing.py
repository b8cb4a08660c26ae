"""`lvxuan staff`: appoint the first lead of the support desk, list who works there, dismiss somebody.

It writes beside a running bot: the next action of whoever is appointed finds the right.
"""

from __future__ import annotations

import argparse
from datetime import datetime

from bot.settings import Settings
from bot.wording import Wording
from catalog_db.database import open_database
from catalog_db.journal import desk_staff
from catalog_db.journal.books import Books


def run_staff(options: argparse.Namespace, settings: Settings, wording: Wording, now: datetime) -> list[str]:
    """Do what the command says; return the lines to print. Raises SettingsError, DatabaseError, KeyFileError."""
    from bot.channels.telegram.keys import KeyRing, load_keys
    from bot.channels.telegram.service import key_path

    bot_id = int(settings.require_telegram().reveal().split(":")[0])
    ring = KeyRing(load_keys(key_path(settings)))
    database = open_database(settings.database_url)
    try:
        with database.writing() as connection:
            books = Books(connection, bot_id, now.timestamp(), ring)
            return _done(books, options, wording)
    finally:
        database.close()


def _done(books: Books, options: argparse.Namespace, wording: Wording) -> list[str]:
    if options.action == "list":
        people = desk_staff.colleagues(books)
        lines = [
            wording.say("staff.line", name=one.name, number=str(one.user_id), role=wording.say(f"desk.role.{one.role}"))
            for one in people
        ]
        return lines or [wording.say("staff.none")]
    if options.user is None:
        return [wording.say("staff.which")]
    role = "lead" if options.action == "appoint" else desk_staff.NO_ROLE
    known = desk_staff.colleague(books, options.user)
    name = options.name or (known.name if known else str(options.user))
    desk_staff.appoint(books, options.user, name, role, None)
    desk_staff.note(books, None, options.action, detail=role)
    return [wording.say(f"staff.{options.action}", name=name)]
