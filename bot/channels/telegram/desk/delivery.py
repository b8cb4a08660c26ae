"""From a topic to its person, and to nobody else: the person is the one whom the books name for the topic, or for the post replied to."""

from __future__ import annotations

from typing import Any

from bot.channels.telegram.desk import notebook_tickets, reports
from bot.channels.telegram.desk.parts import Desk, dirty, reported
from bot.channels.telegram.desk.tickets import ALBUM_SECONDS
from bot.channels.telegram.outgoing import Outgoing
from bot.channels.telegram.updates import Located, Said, Sent
from catalog_db.journal import desk, desk_posts, desk_staff
from catalog_db.journal.books import Books
from catalog_db.journal.desk import Person, Ticket
from catalog_db.journal.desk_posts import Item
from catalog_db.journal.desk_staff import Colleague


def keep(books: Books, who: Person, ticket: Ticket, author: Colleague, event: Said | Sent | Located, state: str) -> int:
    """Keep what somebody of the staff wrote."""
    kind = "location" if isinstance(event, Located) else event.kind
    text = event.text if isinstance(event, Said) else ""
    answered = _source_of(books, who, event)
    ready = books.now + ALBUM_SECONDS if event.around.album else 0.0
    return desk_posts.add(
        books, who, ticket.id, "out", kind, {"text": text, "answers": answered}, source=event.message_id,
        album=event.around.album, author=author.key, state=state, ready_at=ready, room=event.place.chat_id,
    )  # fmt: skip


def _source_of(books: Books, who: Person, event: Said | Sent | Located) -> int | None:
    """Return which message of the person is answered."""
    number = event.around.reply_to
    if number is None or number == event.place.thread_id:
        return None
    item = desk_posts.by_message(books, event.place.chat_id, number)
    return item.source if item and item.person == who.key and item.way == "in" else None


def send(parts: Desk, books: Books, who: Person, ticket: Ticket, items: list[Item]) -> list[Outgoing]:
    """Send what the staff wrote to the person: an album as one, everything else one by one."""
    names = notebook_tickets.names_of(books, who.chat_id, ticket.id) if items else ()
    person = parts.to_person(books, who.chat_id)
    calls: list[Outgoing] = person.tell(person.say("desk.answer.for", name=names)) if names else []
    while items:
        first = items[0]
        album = [item for item in items if item.album and (item.album, item.room) == (first.album, first.room)][:10]
        group = album if len(album) > 1 else items[:1]
        items = [item for item in items if item not in group]
        calls.append(_call(books, who, group))
    _answered(books, who, ticket)
    return calls


def _call(books: Books, who: Person, group: list[Item]) -> Outgoing:
    room = (
        group[0].room or 0
    )  # where it was written: numbers of messages count there, wherever the person is looked after now
    number = desk_posts.begin(books, room, who.key, "out", [item.id for item in group])
    params: dict[str, Any] = {"from_chat_id": room}
    if len(group) > 1:
        group = sorted(group, key=lambda item: item.source or 0)  # as they were written: Bot API, copyMessages
        return Outgoing(
            "copyMessages",
            params | {"message_ids": [item.source for item in group]},
            who.chat_id,
            report=reported(number),
        )
    item = group[0]
    params["message_id"] = item.source
    if item.body.get("answers") is not None:
        params["reply_parameters"] = {"message_id": item.body["answers"], "allow_sending_without_reply": True}
    if item.body.get("say"):  # said by a button: there is no message of the staff to copy
        said = (
            {"photo": item.body["picture"], "caption": item.text} if item.body.get("picture") else {"text": item.text}
        )
        return Outgoing("sendPhoto" if "photo" in said else "sendMessage", said, who.chat_id, report=reported(number))
    return Outgoing("copyMessage", params, who.chat_id, report=reported(number))


def _answered(books: Books, who: Person, ticket: Ticket) -> None:
    """Note the first answer; from now on the person is with the staff."""
    if ticket.answered_at is None:
        desk.change(books, ticket.id, answered_at=books.now)
    if ticket.assistant or ticket.snoozed_until:
        desk.change(books, ticket.id, assistant=False, snoozed_until=None)
        dirty(books, who)


def edit(parts: Desk, books: Books, who: Person, event: Said | Sent, author: Colleague) -> list[Outgoing]:
    """Carry an edit of the staff over to what the person has."""
    item = desk_posts.by_source(books, who.key, "out", event.message_id, event.place.chat_id)
    text = event.text if isinstance(event, Said) else ""
    if item is None or item.text == text or text.startswith("//"):
        return []
    desk_posts.rewrite(books, item, {**item.body, "text": text})
    desk_staff.note(books, author.key, "edit", item.ticket)
    return reports.edited_out(books, who, item.id) if item.state == "done" else []


def recall(books: Books, who: Person, item: Item) -> list[Outgoing]:
    """Take back what the person has."""
    desk_posts.change(books, [item.id], state="recalled")
    if item.message is None:
        return []
    return [Outgoing("deleteMessage", {"message_id": item.message}, who.chat_id)]
