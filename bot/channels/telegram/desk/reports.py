"""What became of posts: numbers are noted, edits catch up, and what did not arrive is posted anew or told to who wrote it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.channels.telegram.desk import pump
from bot.channels.telegram.desk.panel import CHOICES, under
from bot.channels.telegram.desk.parts import Desk, post_of, tell_topic, text_message
from bot.channels.telegram.outgoing import Outgoing
from bot.channels.telegram.updates import Reported
from catalog_db.journal import desk, desk_posts
from catalog_db.journal.books import Books
from catalog_db.journal.desk import Person
from catalog_db.journal.desk_posts import Item, Post

NO_TOPIC_SECONDS = 300.0  # before topics are tried again where none could be made
TROUBLE_SECONDS = 60.0  # before a group is tried again that cannot be written to
_TOPIC_GONE = ("thread not found", "topic_deleted", "topic_closed", "topic_id_invalid")
_GROUP_GONE = ("kicked", "not a member", "chat not found", "was deleted", "deactivated", "removed", "not enough rights")
_BLOCKED = ("blocked", "deactivated", "403", "can't initiate", "chat not found")


def reported(parts: Desk, books: Books, event: Reported) -> list[Outgoing]:
    """Go on from what became of a post. The same report twice has no effect."""
    number = post_of(event.tag)
    found = desk_posts.post(books, number) if number is not None else None
    if found is None:
        return []
    desk.lock(books, found.room)
    who = desk.person_of(books, found.person)
    if not desk_posts.end(books, found.id) or who is None:
        return pump.pump(parts, books, found.room)
    ended = _ENDED.get(found.kind, _posted)(parts, books, found, who, event)
    return [*ended, *pump.pump(parts, books, found.room)]


def _posted(parts: Desk, books: Books, post: Post, who: Person, event: Reported) -> list[Outgoing]:
    """Go on after a post to the staff."""
    carried = desk_posts.of_post(books, post.id, post.person)
    numbers = [item.id for item in carried]
    if event.state == "sent":
        return _arrived(parts, books, post, who, carried, event)
    if any(word in event.reason for word in _TOPIC_GONE) and who.room == post.room:
        _lost_topic(parts, books, who, carried)
    elif any(word in event.reason for word in _GROUP_GONE):
        desk_posts.change(books, numbers, state="waiting", post=None)
        desk.trouble(books, post.room, books.now + TROUBLE_SECONDS)
    elif event.state == "unknown":  # to the staff twice, and said so, is better than not at all
        desk_posts.change(books, numbers, state="waiting", post=None)
        if carried:
            desk_posts.add(
                books, who, carried[0].ticket, "desk", "text", {"text": parts.say("desk.perhaps_twice")}, urgency=0
            )
    else:
        desk_posts.change(books, numbers, state="failed")
        for item in carried:
            _not_posted(parts, books, who, item)
    return []


def _arrived(
    parts: Desk, books: Books, post: Post, who: Person, carried: Sequence[Item], event: Reported
) -> list[Outgoing]:  # fmt: skip
    for place, item in enumerate(carried):
        number = event.numbers[min(place, len(event.numbers) - 1)] if event.numbers else None
        desk_posts.change(books, [item.id], state="done", message=number)
    if post.kind == "album" and event.numbers and len(event.numbers) < len(carried):
        _not_posted(parts, books, who, carried[-1])
    return edited(parts, books, who, carried) if any(item.edited for item in carried) else []


def edited(parts: Desk, books: Books, who: Person, carried: Sequence[Item]) -> list[Outgoing]:
    """Carry edits over to the post that shows these items."""
    desk_posts.change(books, [item.id for item in carried], edited=False)
    fresh = desk_posts.of_post(books, carried[0].post or 0, who.key)
    message = fresh[0].message if fresh else None
    room = fresh[0].room if fresh else None  # where it was posted, wherever the person is looked after now
    if message is None or room is None:
        return []
    if fresh[0].kind == "text":
        params = text_message(pump.text_of(parts, who, fresh), under(parts, books, room, fresh))
        return [Outgoing("editMessageText", params | {"message_id": message}, room)]
    caption = pump.text_of(parts, who, fresh)[:1024]
    return [Outgoing("editMessageCaption", {"message_id": message, "caption": caption}, room)]


def _lost_topic(parts: Desk, books: Books, who: Person, carried: Sequence[Item]) -> None:
    """Let a topic that somebody deleted be made anew, with what was in the post."""
    desk_posts.change(books, [item.id for item in carried], state="waiting", post=None)
    desk.change_person(books, who.key, thread=None, making_at=None, titled=None)
    ticket = desk.latest(books, who.key)
    if ticket is not None:
        text = parts.say("desk.topic_again", number=ticket.id, name=who.name)
        desk_posts.add(books, who, ticket.id, "desk", "text", {"text": text, "panel": ticket.id}, urgency=0)


def _not_posted(parts: Desk, books: Books, who: Person, item: Item) -> None:
    """Tell the staff that something came which cannot be shown."""
    if item.way == "in":
        text = parts.say("desk.not_shown", kind=parts.say(f"desk.kind.{kind_of(item.kind)}"))
        desk_posts.add(books, who, item.ticket, "desk", "text", {"text": text}, urgency=0)


def kind_of(kind: str) -> str:
    """Return a kind that has a word of its own."""
    return kind if kind in ("text", "voice", "photo", "video", "document", "location", "contact") else "other"


def _topic(parts: Desk, books: Books, post: Post, who: Person, event: Reported) -> list[Outgoing]:
    """Go on after a topic was to be made."""
    if who.thread is not None or who.room != post.room:  # numbers of topics count within a group
        return []
    if event.state == "sent" and event.thread_id is not None:
        return adopted(parts, books, who, event.thread_id)
    if event.state == "unknown":  # the group tells when it was made; until then nothing goes, see `pump.ADOPT_SECONDS`
        return []
    if any(word in event.reason for word in _GROUP_GONE if word != "not enough rights"):
        desk.trouble(books, post.room, books.now + TROUBLE_SECONDS)
        desk.change_person(books, who.key, making_at=None)
        return []
    desk.change_person(books, who.key, making_at=None, no_topic_until=books.now + NO_TOPIC_SECONDS)
    return []


def adopted(parts: Desk, books: Books, who: Person, thread: int) -> list[Outgoing]:
    """Take a topic as the person's."""
    desk.change_person(books, who.key, thread=thread, making_at=None, no_topic_until=None)
    return []


def _out(parts: Desk, books: Books, post: Post, who: Person, event: Reported) -> list[Outgoing]:
    """Go on after something went to the person: what did not arrive is told in the topic."""
    carried = desk_posts.of_post(books, post.id, post.person)
    if event.state == "sent":
        for place, item in enumerate(carried):
            number = event.numbers[min(place, len(event.numbers) - 1)] if event.numbers else None
            state = "recalled" if item.state == "recalled" else "done"
            desk_posts.change(books, [item.id], state=state, message=number)
        edits = [call for item in carried if item.edited for call in edited_out(books, who, item.id)]
        return [*edits, *_taken_back(who, desk_posts.of_post(books, post.id, post.person))]
    carried = [item for item in carried if item.state != "recalled"]
    desk_posts.change(books, [item.id for item in carried], state=event.state)
    ticket = desk.ticket(books, carried[0].ticket) if carried else None
    if ticket is not None:
        blocked = any(word in event.reason for word in _BLOCKED)
        key = "desk.out.unknown" if event.state == "unknown" else "desk.out.blocked" if blocked else "desk.out.failed"
        text = parts.say(key, text=carried[0].text[:40] or parts.say(f"desk.kind.{kind_of(carried[0].kind)}"))
        tell_topic(books, who, ticket, text, **{CHOICES: [["again", "again", str(post.id)]]})
    return []


def _taken_back(who: Person, carried: Sequence[Item]) -> list[Outgoing]:
    """Take back what was recalled while it was on its way."""
    gone = [item.message for item in carried if item.state == "recalled" and item.message is not None]
    return [Outgoing("deleteMessage", {"message_id": number}, who.chat_id) for number in gone]


def edited_out(books: Books, who: Person, number: int) -> list[Outgoing]:
    """Carry an edit of the staff over to what the person has."""
    item = desk_posts.one(books, number)
    if item is None or item.message is None:
        return []
    desk_posts.change(books, [number], edited=False)
    if item.kind == "text":
        return [Outgoing("editMessageText", text_message(item.text) | {"message_id": item.message}, who.chat_id)]
    return [Outgoing("editMessageCaption", {"message_id": item.message, "caption": item.text[:1024]}, who.chat_id)]


def _titled(parts: Desk, books: Books, post: Post, who: Person, event: Reported) -> list[Outgoing]:
    """Go on after a title: one that failed is not written again until the next change."""
    gone = event.state == "failed" and any(word in event.reason for word in _TOPIC_GONE)
    if gone and who.room == post.room:
        desk.change_person(books, who.key, thread=None, making_at=None)
    return []


_ENDED: dict[str, Callable[[Desk, Books, Post, Person, Reported], list[Outgoing]]] = {
    "topic": _topic, "out": _out, "title": _titled,
}  # fmt: skip
