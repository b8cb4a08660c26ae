"""`lvxuan broadcast`: plan news beside a running bot, see how far it is, stop it."""

from __future__ import annotations

import argparse
from datetime import datetime
from functools import partial
from typing import Any

from bot.plain import utf16_length
from bot.settings import Settings
from bot.wording import Wording
from catalog_db.database import open_database
from catalog_db.journal import broadcasts
from catalog_db.journal.books import Books

Lines = tuple[int, list[str]]  # exit status and what is printed


def run_broadcast(options: argparse.Namespace, settings: Settings, wording: Wording, at: datetime) -> Lines:
    """Do what the command says. Raises SettingsError, DatabaseError, KeyFileError, OSError."""
    from bot.channels.telegram.keys import KeyRing, load_keys
    from bot.channels.telegram.service import key_path

    bot_id = int(settings.require_telegram().reveal().split(":")[0])
    ring = KeyRing(load_keys(key_path(settings)))
    database = open_database(settings.database_url)
    try:
        with database.writing() as connection:
            return _done(Books(connection, bot_id, at.timestamp(), ring), options, wording, at)
    finally:
        database.close()


def _done(books: Books, options: argparse.Namespace, wording: Wording, at: datetime) -> Lines:
    if options.status:
        return 0, [_line(one, wording, at) for one in broadcasts.planned(books)] or [wording.say("broadcast.none")]
    if options.cancel is not None:
        stopped = broadcasts.cancel(books, options.cancel)
        key = "broadcast.cancelled" if stopped else "broadcast.not_there"
        return int(not stopped), [wording.say(key, number=options.cancel)]
    return _plan(books, options, wording, at)


def _plan(books: Books, options: argparse.Namespace, wording: Wording, at: datetime) -> Lines:
    from bot.channels.telegram.broadcasting import LONGEST, fits

    text = (options.file.read_text(encoding="utf-8") if options.file else options.text or "").strip()
    if not text:
        return 2, [wording.say("broadcast.empty")]
    if utf16_length(text) > LONGEST:
        return 2, [wording.say("broadcast.long", units=utf16_length(text), most=LONGEST)]
    segment = segment_of(options)
    count = broadcasts.audience(books, partial(fits, segment))
    if options.preview:
        return 0, [wording.say("broadcast.preview", text=text, stop=wording.say("news.stop"), count=count)]
    number = broadcasts.plan(books, text, segment, at.timestamp())
    return 0, [wording.say("broadcast.planned", number=number, when=at, count=count)]


def segment_of(options: argparse.Namespace) -> dict[str, Any]:
    """Return whom it is for; an empty one means everybody who allowed news."""
    return {name: value for name in ("language", "place", "interest") if (value := getattr(options, name))}


def _line(one: broadcasts.Broadcast, wording: Wording, at: datetime) -> str:
    when = datetime.fromtimestamp(one.not_before, at.tzinfo)
    counts = {name: one.fates.get(name, 0) for name in ("sent", "waiting", "failed", "unknown")}
    state = wording.say(f"broadcast.state.{one.state}")
    return wording.say("broadcast.line", number=one.id, state=state, when=when, total=one.total, **counts)
