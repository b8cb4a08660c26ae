"""Post what waits for a staff group: a few calls at a time, one for each person, so that what comes meanwhile is joined.

Telegram lets 20 messages a minute into a group, whatever its topics. While nobody writes much, each message goes at once; when the
minute is used up, three posts at most are under way, and all that one person writes meanwhile goes as one, contexts and alarms first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.channels.telegram.budgets import GROUP_MINUTE
from bot.channels.telegram.desk import panel
from bot.channels.telegram.desk.parts import Desk, reported, text_message
from bot.channels.telegram.outgoing import Outgoing
from bot.plain import utf16_length
from catalog_db.journal import desk, desk_posts, desk_staff
from catalog_db.journal.books import Books
from catalog_db.journal.desk import Person, Ticket
from catalog_db.journal.desk_posts import Item

UNDER_WAY = 3  # posts of a room at the same time, when as many were begun in the last minute as may be
_MINUTE = 60.0
_UNLIMITED = 16  # posts at the same time where nothing is limited: as many as there are calls at the same time
LIMIT = 4096  # UTF-16 units of a message, Bot API
TOPIC_NAME = 128
ALBUM = 10  # messages, Bot API: copyMessages of one album
ADOPT_SECONDS = 20.0  # a topic of which nobody told us is waited for so long: the group tells of it
_BETWEEN = "\n"
_COLOURS = {"fake": 16_478_047, "complaint": 16_478_047, "safety": 16_478_047, "anger": 16_749_490}
_BLUE = 7_322_096
_TITLE_SECONDS = 6.0
_STATES = ("open", "owned", "snoozed", "closed")


def pump(parts: Desk, books: Books, room: int) -> list[Outgoing]:
    """Begin the posts that there is room for. The room is locked."""
    if desk.in_trouble(books, room):
        return []
    begun: list[Outgoing] = []
    free = _most(parts, books, room) - desk_posts.under_way(books, room)
    for key in desk_posts.waiting_people(books, room) if free > 0 else ():
        if len(begun) == free:
            break
        who = desk.person_of(books, key)
        if who is not None and (call := _begin(parts, books, room, who)) is not None:
            begun.append(call)
    return begun


def _most(parts: Desk, books: Books, room: int) -> int:
    """Return how many posts may be under way in a room at the same time."""
    if parts.settings.unlimited:
        return _UNLIMITED
    return max(UNDER_WAY, GROUP_MINUTE - desk_posts.begun_since(books, room, books.now - _MINUTE))


def _begin(parts: Desk, books: Books, room: int, who: Person) -> Outgoing | None:
    if who.room != room:  # looked after elsewhere since: a number of a topic there means another person here
        desk.settle(books, who.key, who.room)
        return None
    if who.thread is None and not (who.no_topic_until and who.no_topic_until > books.now):
        return _make_topic(parts, books, room, who)
    waiting = desk_posts.waiting_of(books, who.key)
    carried = _joined(waiting, _room_for(parts, who, waiting))
    if not carried:
        return None
    kind = "text" if carried[0].kind == "text" else "album" if len(carried) > 1 else "copy"
    long = kind == "text" and who.thread is None and len(carried) == 1 and not _fits(parts, who, carried)
    number = desk_posts.begin(books, room, who.key, "copy" if long else kind, [item.id for item in carried])
    if kind == "text" and not long:
        said = text_message(text_of(parts, who, carried), panel.under(parts, books, room, carried), who.thread)
        return Outgoing("sendMessage", said, room, report=reported(number))
    sources = [item.source for item in carried]
    params: dict[str, Any] = {"from_chat_id": who.chat_id} | (
        {"message_thread_id": who.thread} if who.thread is not None else {}
    )
    params |= {"message_ids": sources} if kind == "album" else {"message_id": sources[0]}
    return Outgoing("copyMessages" if kind == "album" else "copyMessage", params, room, report=reported(number))


def _make_topic(parts: Desk, books: Books, room: int, who: Person) -> Outgoing | None:
    ticket = desk.latest(books, who.key)
    if ticket is None or (who.making_at and who.making_at + ADOPT_SECONDS > books.now):
        return None
    desk.change_person(books, who.key, making_at=books.now, titled=_shown(ticket, books.now))
    number = desk_posts.begin(books, room, who.key, "topic")
    params = {"name": title(parts, books, who, ticket), "icon_color": _COLOURS.get(ticket.reason, _BLUE)}
    # Not repeated when nobody knows whether it was made: the group itself tells of it, and two topics would confuse.
    return Outgoing("createForumTopic", params, room, critical=False, report=reported(number))


def _room_for(parts: Desk, who: Person, waiting: Sequence[Item]) -> int:
    head = head_of(parts, who, waiting[0].ticket) if waiting and who.thread is None else ""
    return LIMIT - utf16_length(head)


def _fits(parts: Desk, who: Person, carried: Sequence[Item]) -> bool:
    return utf16_length(carried[0].text) <= _room_for(parts, who, carried)


def _joined(waiting: Sequence[Item], room: int) -> list[Item]:
    """Return what goes as one: texts up to the limit, an album, or one thing alone."""
    if not waiting:
        return []
    first = waiting[0]
    if first.kind != "text":
        return _album(waiting) if first.album else [first]
    carried, left = [first], room - utf16_length(first.text) - 2
    for item in () if panel.stands_alone(first) else waiting[1:]:
        size = utf16_length(item.text) + 2 * len(_BETWEEN) + 8  # and the word that it was edited
        apart = panel.stands_alone(item) or (panel.has_panel(item) and panel.has_panel(first))
        if item.kind != "text" or size > left or apart:
            break
        carried.append(item)
        left -= size
    return carried


def _album(waiting: Sequence[Item]) -> list[Item]:
    """Return what of an album waits; what was written meanwhile comes after it."""
    return [item for item in waiting if item.album == waiting[0].album][:ALBUM]


def head_of(parts: Desk, who: Person, ticket: int) -> str:
    """Return the line that says whose a post is where there is no topic."""
    return parts.say("desk.head", number=ticket, name=who.name) + "\n"


def text_of(parts: Desk, who: Person, carried: Sequence[Item]) -> str:
    """Return what a post of texts says."""
    said = [item.text + (parts.say("desk.edited") if item.body.get("edited") else "") for item in carried]
    text = _BETWEEN.join(said)
    return head_of(parts, who, carried[0].ticket) + text if who.thread is None else text


# ---- titles


def title(parts: Desk, books: Books, who: Person, ticket: Ticket) -> str:
    """Return the title of a topic: its state, who has it, whose it is."""
    owner = desk_staff.colleague_of(books, ticket.owner)
    state = _state(ticket, books.now)
    name = owner.name if owner and state in ("owned", "snoozed") else ""
    said = parts.say(f"desk.title.{state}", owner=name, name=who.name or parts.say("desk.nameless"), number=ticket.id)
    if ticket.priority > 0 and state != "closed":
        said = parts.say("desk.title.urgent", title=said)
    return said[:TOPIC_NAME]


def _state(ticket: Ticket, now: float) -> str:
    if ticket.state != "closed" and ticket.snoozed_until and ticket.snoozed_until > now:
        return "snoozed"
    return ticket.state


def _shown(ticket: Ticket, now: float) -> str:
    owner = ticket.owner.hex()[:8] if ticket.owner else ""
    return f"{ticket.id} {_state(ticket, now)} {owner} {ticket.priority}"


def retitle(parts: Desk, books: Books, room: int) -> list[Outgoing]:
    """Write one title anew, when nothing else waits: titles count among the 20 a minute too."""
    last = desk_posts.last_title(books, room)
    if desk.in_trouble(books, room) or desk_posts.under_way(books, room) or desk_posts.backlog(books, room):
        return []
    if last is not None and last + _TITLE_SECONDS > books.now:
        return []
    for who in desk.untitled(books, room):
        ticket = desk.latest(books, who.key)
        if ticket is None or who.thread is None:
            continue
        desk.change_person(books, who.key, titled=_shown(ticket, books.now))
        number = desk_posts.begin(books, room, who.key, "title")
        params = {"message_thread_id": who.thread, "name": title(parts, books, who, ticket)}
        return [Outgoing("editForumTopic", params, room, critical=False, report=reported(number))]
    return []
