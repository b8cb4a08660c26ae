"""What somebody of the staff writes and presses in a staff group, decided in the transaction.

Whatever begins with a stroke never leaves; what is written in a topic by who may answer goes to the topic's person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.channels.telegram.desk import (
    answering,
    commands,
    deeds,
    delivery,
    labels,
    learning,
    panel,
    reports,
    sampling,
    saying,
    staffing,
)
from bot.channels.telegram.desk.deeds import Deed, Prepared
from bot.channels.telegram.desk.parts import ANYBODY, Desk, text_message
from bot.channels.telegram.desk.school import Judgement
from bot.channels.telegram.outgoing import Outgoing
from bot.channels.telegram.requests import acknowledgement
from bot.channels.telegram.updates import Command, Event, Located, Other, Place, Pressed, Said, Sent
from catalog_db.journal import desk, desk_posts, desk_staff
from catalog_db.journal.books import Books
from catalog_db.journal.desk import Person, Ticket
from catalog_db.journal.desk_staff import Colleague
from handlers.certification.claims import Claim

_NOTES = ("//", "／／", "/／", "／/", "、、")  # the last: the same key with a Chinese keyboard
_STROKES = ("/", "／")


@dataclass(frozen=True, slots=True)
class Heard:
    """See the module. `speaking`: the desk in the language of who acts; `claims`: what the words of the event claim; `prepared`:
    what was made beside the writer.
    """

    desk: Desk
    speaking: Desk
    claims: Sequence[Claim] = ()
    prepared: Prepared | Judgement | None = None

    def calls(self, books: Books, event: Event, now: datetime) -> list[Outgoing]:
        """Return what an event leads to. Its room is locked."""
        if isinstance(event, Pressed):
            return self._pressed(books, event, now)
        if isinstance(event, Other):
            return self._service(books, event)
        if isinstance(event, Command):
            self._keep_back(books, event)
            return commands.command(self.speaking, books, event, self.prepared)
        return self._written(books, event) if isinstance(event, (Said, Sent, Located)) else []

    # ---- what is written

    def _written(self, books: Books, event: Said | Sent | Located) -> list[Outgoing]:
        who = person_at(books, event.place, event.around.reply_to)
        text = (event.text if isinstance(event, Said) else "").lstrip()
        edited = isinstance(event, (Said, Sent)) and event.edited
        if who is None:
            return [] if edited or text.startswith(_NOTES) else self._to_nobody(event)
        if text.startswith(_NOTES) or _is_for_colleagues(books, who, event):
            return self._note(books, who, event, text)
        if text.startswith(_STROKES):
            return [] if edited else [answer(self.speaking, event, "desk.unknown_command")]
        author = staffing.allowed(books, event.place.user_id, "reply")
        return self._not_allowed(books, event) if author is None else self._to_person(books, who, author, event)

    def _to_person(self, books: Books, who: Person, author: Colleague, event: Said | Sent | Located) -> list[Outgoing]:
        if isinstance(event, (Said, Sent)) and event.edited:
            return self._edited(books, who, author, event)
        place, ticket = event.place.chat_id, desk.latest(books, who.key)
        if ticket is None or who.room != place:
            return self._to_nobody(event, ours=True)
        if any(desk_posts.by_source(books, who.key, way, event.message_id, place) for way in ("out", "note")):
            return []
        album = event.around.album
        if album and any(item.way == "note" for item in desk_posts.of_album(books, who.key, album)):
            self._keep_note(books, who, ticket, author, event, "")  # its caption says that none of it leaves
            return []
        stopped = self._stopped(books, who, ticket, author, event)
        return self._reply(books, who, ticket, author, event) if stopped is None else stopped

    def _edited(self, books: Books, who: Person, author: Colleague, event: Said | Sent) -> list[Outgoing]:
        """Carry an edit over; one that takes back what was stopped lets it go now."""
        text = event.text if isinstance(event, Said) else ""
        item = desk_posts.by_source(books, who.key, "out", event.message_id, event.place.chat_id)
        ticket = desk.latest(books, who.key)
        if item is None or ticket is None or item.text == text:
            return []
        why = saying.why_not(self.speaking.wording, self.claims)
        if why is not None:
            key = "desk.stopped" if item.state == "stopped" else "desk.stopped.edit"
            return [answer(self.speaking, event, key, why=why)]
        if item.state != "stopped":
            return delivery.edit(self.desk, books, who, event, author)
        desk_posts.change(books, [item.id], state="replaced", source=None, album=None)
        calls = self._reply(books, who, ticket, author, replace(event, edited=False))
        kept = desk_posts.by_source(books, who.key, "out", event.message_id, event.place.chat_id)
        parts = desk_posts.of_album(books, who.key, item.album) if item.album and kept else []
        desk_posts.change(  # the other parts of its album go the same way
            books, [one.id for one in parts if one.state == "stopped"], state=kept.state if kept else "stopped"
        )
        return calls

    def _stopped(
        self, books: Books, who: Person, ticket: Ticket, author: Colleague, event: Said | Sent | Located
    ) -> list[Outgoing] | None:
        """Stop what claims what nobody may claim, with all of its album."""
        album = event.around.album
        why = saying.why_not(self.speaking.wording, self.claims)
        parts = desk_posts.of_album(books, who.key, album) if album else []
        if why is None and not any(one.state == "stopped" for one in parts):
            return None
        if album:
            desk_posts.withhold(books, who.key, album, "stopped")
        delivery.keep(books, who, ticket, author, event, "stopped")
        return [answer(self.speaking, event, "desk.stopped", why=why)] if why else []

    def _to_nobody(self, event: Said | Sent | Located, *, ours: bool = False) -> list[Outgoing]:
        """Say that this went to nobody: a topic that we made is no longer anybody's. Other talk of the staff is theirs."""
        around = event.around
        opened = around.reply_to == event.place.thread_id and around.reply_to_us
        return [answer(self.speaking, event, "desk.to_nobody")] if ours or opened else []

    def _reply(
        self, books: Books, who: Person, ticket: Ticket, author: Colleague, event: Said | Sent | Located
    ) -> list[Outgoing]:
        if ticket.state == "closed":
            return self._held(books, who, ticket, author, event, "closed")
        if ticket.state == "owned" and ticket.owner != author.key:
            return self._held(books, who, ticket, author, event, "others")
        if event.around.forwarded:  # perhaps what another person wrote: it goes when somebody has looked at it again
            return self._held(books, who, ticket, author, event, "forwarded")
        before: list[Outgoing] = []
        if ticket.state == "open":
            deed = Deed(self.desk, books, event.place, author, who, ticket)
            deeds.claim(deed)
            before, ticket = deed.calls, desk.ticket(books, ticket.id) or ticket
        waiting = desk_posts.pending_of(books, who.key)
        album = event.around.album
        number = delivery.keep(books, who, ticket, author, event, "waiting" if album else "posted")
        if album:
            earlier = [item for item in waiting if item.album != album]
            return [*before, *delivery.send(self.desk, books, who, ticket, earlier)]
        item = desk_posts.one(books, number)
        return [*before, *delivery.send(self.desk, books, who, ticket, [*waiting, *([item] if item else [])])]

    def _held(
        self, books: Books, who: Person, ticket: Ticket, author: Colleague, event: Said | Sent | Located, why: str
    ) -> list[Outgoing]:
        """Keep what must not go without a further word: the ticket is closed, or somebody else has it."""
        number = delivery.keep(books, who, ticket, author, event, "held")
        owner = desk_staff.colleague_of(books, ticket.owner)
        name = owner.name if owner else self.desk.say("desk.nameless")
        button = [[(self.desk.say(f"desk.button.{why}"), deeds.action("send", number))]]
        markup = self.desk.markup(event.place.chat_id, ANYBODY, button, books.now)
        return [answer(self.speaking, event, f"desk.held_back.{why}", markup, name=name, number=ticket.id)]

    def _note(self, books: Books, who: Person, event: Said | Sent | Located, text: str) -> list[Outgoing]:
        author = staffing.allowed(books, event.place.user_id, "note")
        ticket, place = desk.latest(books, who.key), event.place.chat_id
        if author is None or ticket is None:
            return []
        if any(desk_posts.by_source(books, who.key, way, event.message_id, place) for way in ("out", "note")):
            return []
        if event.around.album:
            desk_posts.withhold(books, who.key, event.around.album, "note")
        self._keep_note(books, who, ticket, author, event, text[2:].strip() if text.startswith(_NOTES) else text)
        desk_staff.note(books, author.key, "note", ticket.id)
        return []

    def _keep_note(
        self, books: Books, who: Person, ticket: Ticket, author: Colleague, event: Said | Sent | Located | Command, text: str
    ) -> None:  # fmt: skip
        kind = event.kind if isinstance(event, (Said, Sent)) else "text"
        desk_posts.add(
            books, who, ticket.id, "note", kind, {"text": text}, source=event.message_id, album=event.around.album,
            author=author.key, state="done", room=event.place.chat_id,
        )  # fmt: skip

    def _keep_back(self, books: Books, event: Command) -> None:
        """Let no part of an album leave whose caption is a command."""
        who = person_at(books, event.place, event.around.reply_to) if event.around.album else None
        ticket = desk.latest(books, who.key) if who else None
        author = staffing.allowed(books, event.place.user_id, "note")
        if who is not None and ticket is not None and author is not None and event.around.album:
            desk_posts.withhold(books, who.key, event.around.album, "note")
            self._keep_note(books, who, ticket, author, event, f"/{event.name}")

    def _not_allowed(self, books: Books, event: Said | Sent | Located) -> list[Outgoing]:
        """Say that this went to nobody: who speaks as the group, who has no role, who only looks on."""
        if isinstance(event, (Said, Sent)) and event.edited:
            return []
        user_id = event.place.user_id
        if user_id is None:
            return [answer(self.speaking, event, "desk.refused.anonymous")]
        known = desk_staff.colleague(books, user_id)
        return [answer(self.speaking, event, "desk.refused.auditor" if known else "desk.refused.stranger")]

    # ---- buttons

    def _pressed(self, books: Books, event: Pressed, now: datetime) -> list[Outgoing]:
        action = self.desk.pressed(event.place.chat_id, ANYBODY, event.data)
        name = action.name.removeprefix("desk.") if action and action.name.startswith("desk.") else ""
        author = staffing.allowed(books, event.place.user_id, name) if name else None
        if action is None or author is None:
            return [_toast(self.speaking, event, "desk.refused.press" if action else "telegram.press.unknown", now)]
        deed = Deed(self.speaking, books, event.place, author, message_id=event.message_id)
        run = _BUTTONS.get(name)
        said = run(deed, action.args) if run else deeds.press(deed, name, action.args, labels.PRESSES)
        return [_toast_text(event, said, now), *deed.calls]

    # ---- the group itself

    def _service(self, books: Books, event: Other) -> list[Outgoing]:
        """Take a topic of ours of which the report never told."""
        place = event.place
        if event.kind != "topic_made" or place is None or place.thread_id is None or place.user_id != self.desk.bot_id:
            return []
        number = commands.number_in(event.text)
        ticket = desk.ticket(books, number) if number is not None else None
        who = desk.person_of(books, ticket.person) if ticket and ticket.person else None
        if who is None or who.room != place.chat_id or who.thread is not None or who.making_at is None:
            return []
        return reports.adopted(self.desk, books, who, place.thread_id)


_BUTTONS: Mapping[str, deeds.Doing] = {
    "draft": answering.draft, "approve": learning.approve, "refuse": learning.refuse, "log": commands.press_log,
    "judge": sampling.judge,
}  # fmt: skip


def _is_for_colleagues(books: Books, who: Person, event: Said | Sent | Located) -> bool:
    """Tell whether something is written in reply to what asked for a note on this person."""
    number = event.around.reply_to
    asked = desk_posts.by_message(books, event.place.chat_id, number) if number is not None else None
    return asked is not None and asked.person == who.key and panel.NOTE in asked.body


def person_at(books: Books, place: Place, reply_to: int | None) -> Person | None:
    """Return whom a message in a staff group is for: the topic's person; outside of topics, the one of the post replied to."""
    if place.thread_id is not None:
        return desk.person_in(books, place.chat_id, place.thread_id)
    item = desk_posts.by_message(books, place.chat_id, reply_to) if reply_to is not None else None
    return desk.person_of(books, item.person) if item else None


def answer(parts: Desk, event: Any, key: str, markup: dict[str, Any] | None = None, **values: Any) -> Outgoing:
    """Say something under a message of the staff."""
    said = parts.say(key, **values)
    params = text_message(said, markup, event.place.thread_id)
    params["reply_parameters"] = {"message_id": event.message_id, "allow_sending_without_reply": True}
    return Outgoing("sendMessage", params, event.place.chat_id)


def _toast(parts: Desk, event: Pressed, key: str, now: datetime) -> Outgoing:
    return _toast_text(event, parts.say(key), now)


def _toast_text(event: Pressed, text: str, now: datetime) -> Outgoing:
    return acknowledgement({"callback_query_id": event.query_id, "text": text[:200]}, now)
