"""The person's side of the desk: a person is reached at the first word; while one has the conversation, the bot is silent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.channels.telegram.desk import chores, context, notebook_tickets, reports, staffing, tickets
from bot.channels.telegram.desk.parts import MARK, Addressed, Desk, dirty, tell_topic
from bot.channels.telegram.desk.tickets import Request, Written
from bot.channels.telegram.outgoing import Chore, Json
from bot.channels.telegram.payloads import ANY_NOTEBOOK
from bot.channels.telegram.readers import reader_now
from bot.channels.telegram.talk import Reply, Talk
from bot.channels.telegram.updates import Command, Event, Located, Pressed, Said, Sent
from catalog_db.journal import desk, desk_posts
from catalog_db.journal.books import Books
from catalog_db.journal.desk import Person, Ticket
from handlers.phrases.handoff import complains, mood, wants_no_person, wants_person
from handlers.phrases.notebooks import read_notebook
from handlers.turn import Action

OFFER_AFTER = 2  # answers in a row that did not help
HELD_SECONDS = 24 * 3600.0  # a photo sent before a person was asked for goes with the request
_ASKS = frozenset({"human", "kefu", "rengong"})  # commands that nobody has to know
_OWN = frozenset(
    {"start", "help", "privacy", "forget", "export"}
)  # of the bot, also while a person has the conversation
_MOST_HELD = 10
_QUIET_SECONDS = 30.0  # a burst of photos gets one word
_HELD = "desk.held"
_MENU_KINDS = frozenset({"photo", "voice", "video", "document", "contact", "video_note", "audio"})
_TURNING = frozenset({"open", "home", "close", "list", "where"})


@dataclass(frozen=True, slots=True)
class DeskFeature:
    """A `features.Feature`; named first, so that whoever is with a person of the staff speaks to nobody else."""

    desk: Desk

    def take(self, talk: Talk, event: Event) -> str | None:
        """Take what belongs to a ticket, and what asks for a person."""
        if isinstance(event, Pressed):
            return self._pressed(talk, event)
        if isinstance(event, Command):
            return self._command(talk, event)
        if isinstance(event, (Said, Sent)) and event.edited:
            return self._edited(talk, event)
        return self._wrote(talk, event) if isinstance(event, (Said, Sent, Located)) else None

    def _wrote(self, talk: Talk, event: Said | Sent | Located) -> str | None:
        ticket = self._ticket(talk)
        asks = isinstance(event, Said) and event.kind == "text" and wants_person(event.text)
        if ticket is not None and not ticket.assistant:
            if isinstance(event, Said) and _turns(talk, event):
                return None
            if isinstance(event, Said) and wants_no_person(event.text):
                return self._to_assistant(talk, ticket.id)
            return self._relay(talk, written(event))
        if asks and isinstance(event, Said):
            return self.request(talk, "want", [written(event)])
        return None

    # ---- asking

    def answered(self, talk: Talk, reply: Reply, lines: Sequence[tuple[int, str]]) -> str | None:
        """Take an answer that says that a person is wanted; `lines`: the messages it answers."""
        parts = (reply.answer, *reply.answer.also)
        if all(part.intent != "handoff" for part in parts):
            return None
        if parts[0].intent != "handoff":
            rest = tuple(part for part in reply.answer.also if part.intent != "handoff")
            talk.show(reply.saying(reply.answer.with_(also=rest)), said=[list(lines)])
        else:
            talk.session = reply.after
        reason = next((_reason(block) for part in parts if part.intent == "handoff" for block in part.blocks), "want")
        reason = "complaint" if reason == "want" and any(complains(text) for _, text in lines) else reason
        return self.request(talk, reason, [Written(number, "text", text) for number, text in lines])

    def request(self, talk: Talk, reason: str, messages: Sequence[Written]) -> str:
        """Ask for a person: what waited for its other half and what was sent shortly before go along."""
        waiting, talk.memory.waiting = talk.memory.waiting, None
        before = [Written(number, "text", text) for number, text in (waiting.parts if waiting else ())]
        texts = [one.text for one in (*before, *messages) if one.text]
        packet = context.packet(self.desk, self.desk.shelf, talk, texts)
        request = Request(reason, packet, (*before, *messages), talk.notebook.number)
        return talk.decide(lambda copy, books: self._opened(copy, books, request))

    def _opened(self, talk: Talk, books: Books, request: Request) -> str:
        chat_id = talk.owner.chat_id
        held = books.marks(chat_id).get(_HELD) or [0.0, []]
        kept = (
            [Written(int(number), str(kind)) for number, kind in held[1]] if books.now - held[0] < HELD_SECONDS else []
        )
        books.mark(chat_id, MARK, True)
        books.mark(chat_id, _HELD, None)
        full = replace(request, written=(*kept, *request.written))
        person = Addressed(self.desk, reader_now(talk), chat_id)
        ticket, said = tickets.open_for(self.desk, books, person, talk.name, full)
        talk.outgoing += said
        if ticket.room is None:
            talk.show(talk.do(Action("handoff")))
        return "desk_opened"

    def offer(self, talk: Talk, text: str, intent: str) -> None:
        """Offer a person after an answer of this intent: after two misses, to who is angry, to who may be in danger."""
        feeling = mood(text)
        if self.desk.settings.rooms and talk.session.misses:
            self.desk.school.note(text, intent)
        if feeling is None and talk.session.misses != OFFER_AFTER:
            return
        button = [[(talk.wording.say("desk.button.human"), Action("handoff", (feeling or "misses",)))]]
        chat_id = talk.owner.chat_id
        talk.say(f"desk.offer.{feeling or 'misses'}", self.desk.markup(chat_id, chat_id, button, talk.at))

    # ---- while a ticket is open

    def _ticket(self, talk: Talk) -> Ticket | None:
        """Look at the ticket of a chat that has been at the desk; in another notebook than the ticket's there is none."""
        conversation = talk.conversation
        if MARK not in talk.marks or conversation is None or conversation.books is None:
            return None
        with conversation.books() as books:
            ticket = desk.open_ticket(books, talk.owner.chat_id)
            mine = ticket and notebook_tickets.is_of(books, talk.owner.chat_id, ticket.id, talk.notebook.number)
            return ticket if mine else None

    def _relay(self, talk: Talk, message: Written) -> str:
        """Pass a message on to the topic, and say nothing."""
        request = Request("want", context.Packet(()), (message,))
        return talk.decide(lambda copy, books: self._relayed(copy, books, request))

    def _relayed(self, talk: Talk, books: Books, request: Request) -> str:
        who = _locked(books, talk)
        ticket = desk.open_ticket(books, talk.owner.chat_id)
        if ticket is None or who is None:  # closed just now: it goes on
            return self._opened(talk, books, request)
        tickets.add(self.desk, books, who, ticket, request.written)
        talk.outgoing += tickets.pump_of(self.desk, books, who)
        return "desk_relayed"

    def _edited(self, talk: Talk, event: Said | Sent) -> str | None:
        """Carry an edit over to the topic, where the message stands there."""
        conversation = talk.conversation
        if MARK not in talk.marks or conversation is None or conversation.books is None:
            return None
        with conversation.books() as books:
            if desk_posts.by_source(books, books.key(talk.owner.chat_id), "in", event.message_id) is None:
                return None
        text = event.text if isinstance(event, Said) else ""
        return talk.decide(lambda copy, books: self._changed(copy, books, event.message_id, text))

    def _changed(self, talk: Talk, books: Books, source: int, text: str) -> str:
        who = _locked(books, talk)
        if who is None:
            return "desk_edit_forgotten"
        item = desk_posts.by_source(books, who.key, "in", source)
        if item is None or item.text == text:
            return "desk_edit_unchanged"
        desk_posts.rewrite(books, item, {**item.body, "text": text, "edited": item.state != "waiting"})
        if item.state == "done":
            talk.outgoing += reports.edited(
                self.desk, books, who, desk_posts.of_post(books, item.post or 0, item.person)
            )
        return "desk_edited"

    def _to_assistant(self, talk: Talk, ticket: int) -> str:
        return talk.decide(lambda copy, books: self._handed_back(copy, books, ticket))

    def _handed_back(self, talk: Talk, books: Books, number: int) -> str:
        """Let the assistant answer while the ticket waits, because the person wants so; the staff are told."""
        who, ticket = _locked(books, talk), desk.ticket(books, number)
        if ticket is None or who is None or ticket.person != who.key or ticket.state == "closed" or ticket.assistant:
            return "desk_no_ticket"
        desk.change(books, number, assistant=True)
        tell_topic(books, who, ticket, self.desk.say("desk.assistant.staff"))
        talk.say("desk.assistant.person", number=number)
        talk.outgoing += tickets.pump_of(self.desk, books, who)
        return "desk_to_assistant"

    # ---- buttons and commands

    def _pressed(self, talk: Talk, event: Pressed) -> str | None:
        action = self.desk.pressed(talk.owner.chat_id, talk.owner.user_id, event.data)
        if action is None:
            return None
        if action.name == "handoff":
            talk.acknowledge(event.query_id)
            return self.request(talk, action.args[0] if action.args else "button", ())
        run = _PRESSES.get(action.name)
        if run is not None:
            return run(self, talk, event, action)
        ticket = self._ticket(talk)
        if ticket is None or ticket.assistant or self._turns_by_button(talk, event):
            return None
        talk.acknowledge(event.query_id, "desk.silent")
        return "desk_silent"

    def _turns_by_button(self, talk: Talk, event: Pressed) -> bool:
        press = self.desk.payloads.decode(replace(talk.owner, notebook=ANY_NOTEBOOK), event.data)
        return bool(press and press.action and press.action.name.startswith("notebook."))

    def _press_robot(self, talk: Talk, event: Pressed, action: Action) -> str:
        talk.acknowledge(event.query_id)
        return self._to_assistant(talk, int(action.args[0]))

    def _press_rate(self, talk: Talk, event: Pressed, action: Action) -> str:
        number, rating = int(action.args[0]), int(action.args[1])
        return talk.decide(lambda copy, books: self._rated(copy, books, event, number, rating))

    def _rated(self, talk: Talk, books: Books, event: Pressed, number: int, rating: int) -> str:
        """Take the one word whether it helped; the first one counts."""
        who, ticket = _locked(books, talk), desk.ticket(books, number)
        if ticket is None or who is None or ticket.person != who.key or ticket.rating is not None:
            talk.acknowledge(event.query_id)
            return "desk_rated_before"
        desk.change(books, number, rating=rating)
        talk.acknowledge(event.query_id, f"desk.rated.{rating}")
        if event.message_id is not None:
            talk.outgoing.append(_without_buttons(talk, event.message_id))
        tell_topic(books, who, ticket, self.desk.say(f"desk.rated.staff.{rating}", number=number))
        dirty(books, who)
        talk.outgoing += tickets.pump_of(self.desk, books, who)
        return "desk_rated"

    def _press_send(self, talk: Talk, event: Pressed, action: Action) -> str:
        talk.acknowledge(event.query_id)
        return self.request(talk, "media", ())

    def _press_type(self, talk: Talk, event: Pressed, action: Action) -> str:
        talk.acknowledge(event.query_id)
        talk.say("desk.type")
        return "desk_type"

    def _command(self, talk: Talk, event: Command) -> str | None:
        if event.name in _ASKS:
            return self.request(talk, "want", ())
        token = event.argument.removeprefix(staffing.LINK) if event.name == "start" else ""
        if token and event.argument.startswith(staffing.LINK):
            return talk.decide(lambda copy, books: staffing.accepted(self.desk, copy, books, token))
        ticket = self._ticket(talk) if event.name not in _OWN else None
        if ticket is None or ticket.assistant:
            return None
        said = f"/{event.name} {event.argument}".strip()
        return self._relay(talk, Written(event.message_id, "text", said))

    # ---- keeping

    def chores(self) -> Sequence[Chore]:
        """Return what the desk does by itself."""
        return chores.of(self.desk) if self.desk.settings.rooms else ()

    def export(self, books: Books, chat_id: int) -> Json:
        """Return the tickets of a person with everything written in them."""
        found = [self._exported(books, one) for one in desk.tickets_of(books, books.key(chat_id))]
        return {"tickets": found} if found else {}

    def _exported(self, books: Books, ticket: Ticket) -> Json:
        items = [item for item in desk_posts.of_ticket(books, ticket.id) if item.way in ("in", "out")]
        return {
            "number": ticket.id, "opened": self.desk.moment(ticket.opened_at).isoformat(), "state": ticket.state,
            "reason": ticket.reason, "rating": ticket.rating,
            "closed": self.desk.moment(ticket.closed_at).isoformat() if ticket.closed_at else None,
            "written": [
                {"at": self.desk.moment(item.at).isoformat(), "way": item.way, "kind": item.kind, "text": item.text}
                for item in items
            ],
        }  # fmt: skip

    def forget(self, books: Books, chat_id: int) -> None:
        """Delete the person from the desk; the topic goes too."""
        who = desk.person(books, chat_id)
        desk.lock(books, who.room if who else None)
        desk.forget(books, chat_id)


@dataclass(frozen=True, slots=True)
class HeldMedia:
    """A `features.Feature`, the last one: what is no text and nobody else reads is kept for a person, and three ways are offered."""

    front: DeskFeature

    def take(self, talk: Talk, event: Event) -> str | None:
        """Keep a photo, a voice message; a burst gets one word."""
        if not self.front.desk.settings.rooms:
            return None  # nobody would look at it
        if not isinstance(event, (Said, Sent)) or event.edited or event.kind not in _MENU_KINDS:
            return None
        if isinstance(event, Said) and event.text.strip():
            return None  # its words are read as all others are
        return talk.decide(lambda copy, books: self._kept(copy, books, event))

    def _kept(self, talk: Talk, books: Books, event: Said | Sent) -> str:
        chat_id = talk.owner.chat_id
        at = hold(books, chat_id, event.message_id, event.kind)
        if books.now - at < _QUIET_SECONDS:
            return "desk_held"
        kind = reports.kind_of(event.kind)
        say = talk.wording.say
        ways = [
            [(say("desk.button.send"), Action("desk.send"))],
            [
                (say("desk.button.type"), Action("desk.type")),
                (say("desk.button.complain"), Action("handoff", ("complaint",))),
            ],
        ]
        talk.say(f"desk.held.{kind}", self.front.desk.markup(chat_id, chat_id, ways, talk.at))
        return "desk_held_first"

    def chores(self) -> Sequence[Chore]:
        """Return nothing: what is kept is a mark of its chat."""
        return ()

    def export(self, books: Books, chat_id: int) -> Json:
        """Return nothing more: marks are exported with the chat."""
        return {}

    def forget(self, books: Books, chat_id: int) -> None:
        """Do nothing more: marks go with the chat."""


def hold(books: Books, chat_id: int, message_id: int, kind: str) -> float:
    """Keep a photo, a voice message for a person of the staff; return when the one before it was, seconds since 1970."""
    at, kept = books.marks(chat_id).get(_HELD) or [0.0, []]
    kept = [*(kept if books.now - at < HELD_SECONDS else []), [message_id, kind]][-_MOST_HELD:]
    books.mark(chat_id, _HELD, [books.now, kept])
    return float(at)


def _locked(books: Books, talk: Talk) -> Person | None:
    """Return who the chat is at the desk, the room locked first: nobody closes or moves anything meanwhile."""
    who = desk.person(books, talk.owner.chat_id)
    if who is None:
        return None
    desk.lock(books, who.room)
    return desk.person(books, talk.owner.chat_id)


def written(event: Said | Sent | Located) -> Written:
    """Return what of an event goes to the topic. A position is copied there and kept nowhere."""
    album, forwarded = event.around.album, event.around.forwarded
    if isinstance(event, Located):
        return Written(event.message_id, "location", "", album, forwarded)
    text = event.text if isinstance(event, Said) else ""
    return Written(event.message_id, event.kind, text, album, forwarded)


def _turns(talk: Talk, event: Said) -> bool:
    """Tell whether somebody turns to another notebook: there the assistant answers, and the name is not the staff's to read."""
    phrase = read_notebook(event.text, talk.notebook.names.values()) if talk.notebook.names else None
    return phrase is not None and phrase.op in _TURNING


def _reason(block: Any) -> str:
    return "fake" if getattr(getattr(block, "text", None), "key", "") == "handoff.fake" else "want"


def _without_buttons(talk: Talk, message_id: int) -> Any:
    from bot.channels.telegram.outgoing import Outgoing

    params = {"message_id": message_id, "reply_markup": {"inline_keyboard": []}}
    return Outgoing("editMessageReplyMarkup", params, talk.owner.chat_id, critical=False)


_PRESSES: dict[str, Callable[[DeskFeature, Talk, Pressed, Action], str]] = {
    "desk.robot": DeskFeature._press_robot,
    "desk.rate": DeskFeature._press_rate,
    "desk.send": DeskFeature._press_send,
    "desk.type": DeskFeature._press_type,
}
