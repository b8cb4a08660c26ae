"""What is decided about ambassadors, by a button of the staff or by `lvxuan ambassadors`, and what they are told of it."""

from __future__ import annotations

from bot.channels.telegram.ambassadors.equipment import Equipment
from bot.channels.telegram.outgoing import Outgoing
from bot.channels.telegram.payloads import Owner
from bot.channels.telegram.readers import Reader, reader_in
from bot.channels.telegram.requests import message
from bot.channels.telegram.rich import rich
from bot.languages import Wordings
from catalog_db.journal import ambassadors, points
from catalog_db.journal.ambassadors import Ambassador, State
from catalog_db.journal.books import Books
from catalog_db.journal.point_rules import Rules

# What a decision makes of somebody, and from where it may be made.
_MADE: dict[str, tuple[State, frozenset[State]]] = {
    "join.yes": ("approved", frozenset({"asked", "refused", "suspended", "left"})),
    "join.no": ("refused", frozenset({"asked"})),
    "join.stop": ("suspended", frozenset({"approved"})),
}
DECISIONS = frozenset(_MADE)
RULINGS = frozenset({"points.grant", "points.uphold"})  # of an appeal


def staff_owner(equipment: Equipment, staff: int) -> Owner:
    """Return whose buttons those for the staff are: the right to press is asked when one is pressed."""
    return Owner(equipment.me.bot_id, staff, staff)


def decided(
    books: Books, wordings: Wordings, known: Ambassador, name: str, rules: Rules
) -> tuple[Ambassador, list[Outgoing]] | None:
    """Make of somebody what a decision says (a name of DECISIONS); None when it is not so any more. Says it to the person."""
    state, before = _MADE[name]
    if known.state not in before:
        return None
    one = ambassadors.decide(books, known, state)
    reader = reader_in(books, one.chat_id)
    return one, _told(
        one, reader, wordings, reader.wording(wordings).say(f"telegram.join.state.{state}", days=rules.touch_days)
    )


def ruled(books: Books, wordings: Wordings, line_id: int, *, grant: bool) -> list[Outgoing] | None:
    """Answer an appeal (the number of its line); None when there is none to answer. Says it to the ambassador."""
    appealed = points.find(books, line_id)
    if appealed is None or not points.answer(books, line_id, grant=grant):
        return None
    one = ambassadors.find_key(books, appealed.ambassador)
    if one is None:
        return []
    reader = reader_in(books, one.chat_id)
    say = reader.wording(wordings).say
    key = "telegram.account.granted" if grant else "telegram.account.upheld"
    return _told(one, reader, wordings, say(key, kind=say(f"points.kind.{appealed.kind}"), worth=appealed.worth))


def _told(one: Ambassador, reader: Reader, wordings: Wordings, text: str) -> list[Outgoing]:
    said = reader.texts(text, wordings)
    return [Outgoing("sendMessage", message(rich(part), None), one.chat_id) for part in said]
