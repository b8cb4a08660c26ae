"""`lvxuan broadcast`: plan news beside a running bot, see how far it is, stop it."""

from __future__ import annotations

import argparse
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import bindparam, select

from bot.plain import utf16_length
from bot.settings import Settings
from bot.wording import Wording
from catalog_db import tables
from catalog_db.database import open_database
from catalog_db.journal import broadcasts
from catalog_db.journal.books import Books

_GUIDE = select(
    tables.guides.c.title, tables.guides.c.summary, tables.guides.c.shown_from, tables.guides.c.shown_until
).where(tables.guides.c.id == bindparam("id"))

Lines = tuple[int, list[str]]  # exit status and what is printed


def run_broadcast(options: argparse.Namespace, settings: Settings, wording: Wording, at: datetime) -> Lines:
    """Do what the command says. Raises SettingsError, DatabaseError, KeyFileError, OSError."""
    from bot.channels.telegram.configuration import key_path
    from bot.channels.telegram.keys import KeyRing, load_keys

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
    guide = _guide(books, options.guide, at)
    if options.guide and guide is None:
        return 2, [wording.say("broadcast.no_guide", name=options.guide, when=at)]
    if guide is not None and not text:
        text = "\n".join(filter(None, guide))
    if not text:
        return 2, [wording.say("broadcast.empty")]
    if utf16_length(text) > LONGEST:
        return 2, [wording.say("broadcast.long", units=utf16_length(text), most=LONGEST)]
    segment = segment_of(options)
    count = broadcasts.audience(books, partial(fits, segment))
    if options.preview:
        stop = wording.say("news.stop")
        buttons = wording.say("broadcast.two", first=wording.say("news.guide"), second=stop) if guide else stop
        return 0, [wording.say("broadcast.preview", text=text, stop=buttons, count=count)]
    number = broadcasts.plan(books, text, segment, at.timestamp(), options.guide or "")
    return 0, [wording.say("broadcast.planned", number=number, when=at, count=count)]


def _guide(books: Books, name: str | None, at: datetime) -> tuple[str, str | None] | None:
    """Return title and summary of a guide that the catalogue shows on the day it is sent; None when there is none."""
    row = books.connection.execute(_GUIDE, {"id": name}).first() if name else None
    day = at.date()
    if row is None or (row.shown_from and day < row.shown_from) or (row.shown_until and row.shown_until < day):
        return None
    return row.title, row.summary


def segment_of(options: argparse.Namespace) -> dict[str, Any]:
    """Return whom it is for; an empty one means everybody who allowed news."""
    return {name: value for name in ("language", "place", "interest") if (value := getattr(options, name))}


def _line(one: broadcasts.Broadcast, wording: Wording, at: datetime) -> str:
    when = datetime.fromtimestamp(one.not_before, at.tzinfo)
    counts = {name: one.fates.get(name, 0) for name in ("sent", "waiting", "failed", "unknown")}
    state = wording.say(f"broadcast.state.{one.state}")
    return wording.say("broadcast.line", number=one.id, state=state, when=when, total=one.total, **counts)
