"""The buttons in a person's topic: everything that can be said with a command can be pressed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.channels.telegram.desk.parts import ANYBODY, Buttons, Desk
from catalog_db.journal import desk_staff
from catalog_db.journal.books import Books
from catalog_db.journal.desk_posts import Item
from handlers.turn import Action

PANEL = "panel"  # of an item's body: the number of the ticket whose buttons stand under it
DRAFTS = "drafts"  # the stored questions whose answers are offered
CHOICES = "choices"  # buttons of an alarm: [[key of the label, action, argument …], …]
NOTE = "note"  # of an item's body: what is written in reply to it is for colleagues only
_ROWS = (("claim", "give", "snooze"), ("urgency", "tags", "note"), ("log", "close", "back"))


def has_panel(item: Item) -> bool:
    """Tell whether buttons belong under an item."""
    return PANEL in item.body or CHOICES in item.body


def stands_alone(item: Item) -> bool:
    """Tell whether nothing may be joined to an item: a reply to its post must mean it and nothing else."""
    return NOTE in item.body


def under(parts: Desk, books: Books, room: int, carried: Sequence[Item]) -> dict[str, Any] | None:
    """Return the keyboard of a post."""
    item = next((item for item in carried if has_panel(item)), None)
    if item is None:
        return None
    rows = panel(parts, item) if PANEL in item.body else choices(parts, item)
    return parts.markup(room, ANYBODY, rows, books.now)


def panel(parts: Desk, item: Item) -> Buttons:
    """Return the buttons of a ticket, and those of the drafts above them."""
    number = str(item.body[PANEL])
    drafts = [
        (parts.say("desk.button.draft", number=place), Action("desk.draft", (str(item.id), str(place - 1))))
        for place in range(1, len(item.body.get(DRAFTS, ())) + 1)
    ]
    rows = [[(parts.say(f"desk.button.{name}"), Action(f"desk.{name}", (number,))) for name in row] for row in _ROWS]
    return [drafts, *rows] if drafts else rows


def choices(parts: Desk, item: Item) -> Buttons:
    """Return the buttons of an alarm."""
    return [
        [(parts.say(f"desk.button.{key}"), Action(f"desk.{name}", tuple(args)))]
        for key, name, *args in item.body[CHOICES]
    ]


def colleagues(parts: Desk, books: Books, ticket: int) -> Buttons:
    """Return a button for each who can take a ticket over, and the way back."""
    people = [one for one in desk_staff.colleagues(books) if one.role in ("lead", "agent")]
    busy = desk_staff.workload(books)
    rows: list[list[tuple[str, Action]]] = [
        [(
            parts.say("desk.button.colleague", name=one.name, count=busy.get(one.key, 0)),
            Action("desk.gave", (str(ticket), one.key.hex()[:16])),
        )]
        for one in sorted(people, key=lambda one: (not one.duty, busy.get(one.key, 0)))[:8]
    ]  # fmt: skip
    return [*rows, [(parts.say("desk.button.same"), Action("desk.same", (str(ticket),)))]]
