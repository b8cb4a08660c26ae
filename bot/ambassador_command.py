"""`lvxuan ambassadors`: list, approve, suspend; the ledger exported, lines taken back, appeals answered; all of it recomputed and proved.

It writes beside a running bot.
"""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot.languages import Wordings
from bot.settings import Settings
from bot.wording import Wording
from catalog_db.database import open_database
from catalog_db.journal import ambassadors, outgoing, points
from catalog_db.journal.ambassadors import Ambassador
from catalog_db.journal.books import Books
from catalog_db.journal.point_rules import Rules

if TYPE_CHECKING:
    from bot.channels.telegram.outgoing import Outgoing


def run_ambassadors(
    options: argparse.Namespace, settings: Settings, wording: Wording, now: datetime
) -> tuple[list[str], int]:
    """Do what the command says; return the lines to print and the exit status. Raises SettingsError, DatabaseError, KeyFileError."""
    from bot.channels.telegram.configuration import key_path
    from bot.channels.telegram.keys import KeyRing, load_keys

    bot_id = int(settings.require_telegram().reveal().split(":")[0])
    ring = KeyRing(load_keys(key_path(settings)))
    database = open_database(settings.database_url)
    try:
        with database.writing() as connection:
            books = Books(connection, bot_id, now.timestamp(), ring)
            return done(books, options.action, options.which or "", wording, settings.points)
    finally:
        database.close()


def done(books: Books, action: str, which: str, wording: Wording, rules: Rules) -> tuple[list[str], int]:
    """Do one action; `which`: the short name of an ambassador, or the number of a line."""
    if action == "prove":
        return _prove(books, wording, rules)
    if action == "ledger":
        return _ledger(books, which, wording)
    if action == "list":
        return [_line(books, one, wording) for one in ambassadors.everybody(books)] or [
            wording.say("ambassadors.none")
        ], 0
    if action in ("approve", "suspend"):
        return _decide(books, action, which, wording, rules)
    return _about_a_line(books, action, which, wording)


def _line(books: Books, one: Ambassador, wording: Wording) -> str:
    return wording.say(
        "ambassadors.line", ref=one.ref, name=one.person.get("name", ""), village=one.person.get("village", ""),
        state=wording.say(f"ambassadors.state.{one.state}"), balance=points.balance(books, one.key),
    )  # fmt: skip


def _decide(books: Books, action: str, ref: str, wording: Wording, rules: Rules) -> tuple[list[str], int]:
    from bot.channels.telegram.ambassadors.rulings import decided

    known = ambassadors.find_ref(books, ref)
    name = "join.yes" if action == "approve" else "join.stop"
    done_ = decided(books, Wordings(wording), known, name, rules) if known else None
    if done_ is None:
        return [wording.say("ambassadors.not_so", ref=ref)], 1
    one, said = done_
    _send(books, said)
    return [_line(books, one, wording)], 0


def _send(books: Books, said: Sequence[Outgoing]) -> None:
    """Let a running bot, or the next one, tell people."""
    from bot.channels.telegram.answering import message_of
    from catalog_db.journal.sealing import Envelopes

    envelopes = Envelopes(books.sealer, books.bot)
    outgoing.add(books.connection, books.bot, [envelopes.message(message_of(message)) for message in said], books.now)


def _ledger(books: Books, ref: str, wording: Wording) -> tuple[list[str], int]:
    """Write the ledger, of one or of all, as CSV: no line names a person."""
    refs = {one.key: one.ref for one in ambassadors.everybody(books)}
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(("line", "ambassador", "day", "event", "kind", "state", "worth", "delta", "about", "reason"))
    for line in sorted(points.lines(books), key=lambda line: line.id):
        name = refs.get(line.ambassador, line.ambassador.hex())
        if not ref or name == ref:
            table.writerow(
                (line.id, name, line.day, line.event, line.kind, line.state, line.worth, line.delta, line.about or "",
                 wording.say(line.reason))
            )  # fmt: skip
    return written.getvalue().splitlines(), 0


def _about_a_line(books: Books, action: str, which: str, wording: Wording) -> tuple[list[str], int]:
    number = int(which) if which.isdigit() else 0
    table: dict[str, Callable[[], bool]] = {
        "reverse": lambda: points.reverse(books, number),
        "grant": lambda: _ruled(books, wording, number, grant=True),
        "uphold": lambda: _ruled(books, wording, number, grant=False),
    }
    written = table[action]()
    return [wording.say("ambassadors.written" if written else "ambassadors.nothing_written", number=which)], int(
        not written
    )


def _ruled(books: Books, wording: Wording, number: int, *, grant: bool) -> bool:
    """Answer an appeal and tell the ambassador."""
    from bot.channels.telegram.ambassadors.rulings import ruled

    said = ruled(books, Wordings(wording), number, grant=grant)
    _send(books, said or ())
    return said is not None


def _prove(books: Books, wording: Wording, rules: Rules) -> tuple[list[str], int]:
    """Recompute the whole ledger; every balance is compared with the sum of its lines."""
    found = points.lines(books)
    wrong = points.faults(found, rules)
    sums: dict[bytes, int] = {}
    for line in found:
        sums[line.ambassador] = sums.get(line.ambassador, 0) + line.delta
    wrong += [
        f"{key.hex()}: {points.balance(books, key)} != {total}"
        for key, total in sums.items()
        if points.balance(books, key) != total
    ]
    head = wording.say("ambassadors.proved" if not wrong else "ambassadors.wrong", lines=len(found), people=len(sums))
    return [head, *wrong], int(bool(wrong))
