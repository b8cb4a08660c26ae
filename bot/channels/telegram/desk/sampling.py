"""Looking at answers by sampling: some closed tickets are drawn, shown to who may, and judged by one tap. Each look is logged."""

from __future__ import annotations

import random
from collections.abc import Sequence

from bot.channels.telegram.desk.deeds import Deed, action
from bot.past_questions import masked
from catalog_db.journal import desk_posts, desk_reviews, desk_staff
from catalog_db.journal.desk import Ticket
from catalog_db.journal.desk_reviews import VERDICTS

DAYS = 30
_DRAWN, _MOST = 3, 10
_LINES, _LONG = 12, 200


def sample(deed: Deed, argument: str) -> str:
    """Draw some tickets of the last days that somebody else answered."""
    count = min(_MOST, int(argument)) if argument.strip().isdigit() and int(argument) > 0 else _DRAWN
    chance = random.Random(deed.desk.token())
    since = deed.books.now - DAYS * 86_400.0
    drawn = desk_reviews.draw(
        deed.books, deed.author.key, since, count, lambda found, most: chance.sample(list(found), most)
    )  # fmt: skip
    for ticket in drawn:
        desk_staff.note(deed.books, deed.author.key, "sample", ticket.id)
        buttons = [[(deed.say(f"desk.button.{name}"), action("judge", ticket.id, name)) for name in VERDICTS]]
        deed.post(_shown(deed, ticket), buttons)
    return "" if drawn else deed.say("desk.sample.none", days=DAYS)


def _shown(deed: Deed, ticket: Ticket) -> str:
    """Show what was written in a ticket, numbers masked; whose it is does not matter here."""
    owner = desk_staff.colleague_of(deed.books, ticket.owner)
    head = deed.say(
        "desk.sample.head", number=ticket.id, name=owner.name if owner else deed.say("desk.nameless"),
        reason=deed.say(f"desk.reason.{ticket.reason}"),
    )  # fmt: skip
    items = [item for item in desk_posts.of_ticket(deed.books, ticket.id) if item.way in ("in", "out")]
    lines = [
        deed.say(
            f"desk.history.{item.way}", at=f"{deed.desk.moment(item.at):%m-%d %H:%M}",
            text=masked(item.text)[:_LONG] or deed.say(f"desk.kind.{item.kind}" if item.kind in _KINDS else "desk.kind.other"),
        )
        for item in items
    ]  # fmt: skip
    return "\n".join([head, *lines[:_LINES]])


_KINDS = frozenset({"text", "voice", "photo", "video", "document", "location", "contact"})


def judge(deed: Deed, args: Sequence[str]) -> str:
    """Take the judgement of who drew a ticket."""
    if len(args) != 2 or not args[0].isdigit() or args[1] not in VERDICTS:
        return deed.say("desk.no_ticket")
    if not desk_reviews.judge(deed.books, deed.author.key, int(args[0]), args[1]):
        return deed.say("desk.sample.not_yours")
    desk_staff.note(deed.books, deed.author.key, "judge", int(args[0]), args[1])
    deed.buttons([])
    return deed.say(f"desk.sample.{args[1]}")
