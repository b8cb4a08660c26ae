"""Becoming an ambassador: who asks gives a name and a village, the staff decide with one tap, and both sides are told the rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.channels.telegram.ambassadors.equipment import Equipment, Json, Labelled, is_ambassador
from bot.channels.telegram.outgoing import Chore, ConversationState, Handled, Outgoing
from bot.channels.telegram.payloads import Owner, next_issue
from bot.channels.telegram.readers import reader_in
from bot.channels.telegram.requests import acknowledgement, message
from bot.channels.telegram.rich import rich
from bot.channels.telegram.talk import Talk
from bot.channels.telegram.updates import Command, Event, Pressed, Said
from bot.languages import Wordings
from bot.wording import Wording
from catalog_db.journal import ambassadors
from catalog_db.journal.ambassadors import Ambassador, State
from catalog_db.journal.books import Books
from handlers.ambassador_words import read_ambassador, read_application
from handlers.turn import Action

ATTRIBUTION_DAYS = 30
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
_REF = 8

# What a decision of the staff makes of somebody, and from where it may be made.
_DECISIONS: dict[str, tuple[State, frozenset[State]]] = {
    "join.yes": ("approved", frozenset({"asked", "refused", "suspended", "left"})),
    "join.no": ("refused", frozenset({"asked"})),
    "join.stop": ("suspended", frozenset({"approved"})),
}


@dataclass(frozen=True, slots=True)
class Joining:
    """A part of the private chat: /join, the menu of those who are ambassadors, leaving."""

    equipment: Equipment

    def take(self, talk: Talk, event: Event) -> str | None:
        """Answer what is about being an ambassador."""
        if isinstance(event, Command):
            return self._join(talk, event.argument) if event.name == "join" else None
        if isinstance(event, Pressed):
            return self._pressed(talk, event)
        if not isinstance(event, Said) or event.edited:
            return None
        phrase = read_ambassador(event.text)
        run = self._table.get(phrase.op) if phrase else None
        return run(talk) if run else None

    @property
    def _table(self) -> dict[str, Callable[[Talk], str | None]]:
        return {"join": partial(self._join, argument=""), "leave": self._ask_leave, "menu": self._menu}

    def _join(self, talk: Talk, argument: str) -> str:
        if is_ambassador(talk):
            return self._menu(talk) or "ambassador"
        told = read_application(argument)
        if told is None:
            talk.say("telegram.join.how", days=ATTRIBUTION_DAYS)
            return "join_how"
        ref = "".join(_ALPHABET[self.equipment.below(len(_ALPHABET))] for _ in range(_REF))
        return talk.decide(lambda talk, books: self._asked(talk, books, ref, *told))

    def _asked(self, talk: Talk, books: Books, ref: str, name: str, village: str) -> str:
        known = ambassadors.find(books, talk.owner.chat_id)
        if known is not None and known.state in ("approved", "suspended"):
            ambassadors.change(books, known)  # the mark of a chat that nobody used for long is gone
            talk.say(f"telegram.join.state.{known.state}", days=ATTRIBUTION_DAYS)
            return f"join_{known.state}"
        asking = ambassadors.ask(books, talk.owner.chat_id, ref, name, village)
        talk.say("telegram.join.asked", name=name, village=village)
        staff = self.equipment.me.staff_chat_id
        if staff is not None and not (known and known.state == "asked"):
            talk.outgoing.append(self._for_staff(staff, asking, talk.now))
        return "join_asked"

    def _for_staff(self, staff: int, asking: Ambassador, now: datetime) -> Outgoing:
        say = self.equipment.wordings.first.say
        row: list[Labelled] = [
            (say("telegram.join.approve"), Action("join.yes", (asking.ref,))),
            (say("telegram.join.refuse"), Action("join.no", (asking.ref,))),
        ]
        keyboard = self.equipment.keyboard(staff_owner(self.equipment, staff), next_issue(0, now), [row])
        said = say("telegram.join.for_staff", name=asking.person["name"], village=asking.person["village"])
        return Outgoing("sendMessage", message(rich(said), keyboard), staff)

    def _menu(self, talk: Talk) -> str | None:
        """Show what an ambassador has; others have no menu."""
        if not is_ambassador(talk):
            return None
        talk.say("telegram.ambassador.menu", self.equipment.markup(talk, menu(talk.wording)))
        return "ambassador_menu"

    def _ask_leave(self, talk: Talk) -> str | None:
        if not is_ambassador(talk):
            return None
        say = talk.wording.say
        rows: list[list[Labelled]] = [
            [(say("telegram.join.leave"), Action("join.leave"))],
            [(say("telegram.join.stay"), Action("join.stay"))],
        ]
        talk.say("telegram.join.leave_sure", self.equipment.markup(talk, rows))
        return "leave_asked"

    def _pressed(self, talk: Talk, event: Pressed) -> str | None:
        action = self.equipment.action(talk, event, "join.")
        if action is None:
            return None
        talk.acknowledge(event.query_id)
        if action.name == "join.stay":
            talk.say("telegram.join.stays")
            return "join_stays"
        return talk.decide(_left)

    def chores(self) -> Sequence[Chore]:
        """Nothing is done by itself."""
        return ()

    def export(self, books: Books, chat_id: int) -> Json:
        """Return what was told when asking, and what was decided."""
        known = ambassadors.find(books, chat_id)
        return {"ambassador": {"state": known.state, **known.person}} if known else {}

    def forget(self, books: Books, chat_id: int) -> None:
        """Delete the ambassador."""
        ambassadors.forget(books, chat_id)


def menu(wording: Wording) -> list[list[Labelled]]:
    """Return the buttons of an ambassador."""
    return [
        [
            (wording.say("telegram.ambassador.notebooks"), Action("notebook.list")),
            (wording.say("telegram.ambassador.lists"), Action("list.all")),
        ],
        [
            (wording.say("telegram.ambassador.link"), Action("account.link")),
            (wording.say("telegram.ambassador.numbers"), Action("account.numbers")),
            (wording.say("telegram.ambassador.points"), Action("account.points")),
        ],
    ]


def _left(talk: Talk, books: Books) -> str:
    known = ambassadors.find(books, talk.owner.chat_id)
    if known is None or known.state != "approved":
        talk.say("telegram.join.gone")
        return "join_gone"
    ambassadors.decide(books, known, "left")
    talk.say("telegram.join.left")
    return "ambassador_left"


def staff_owner(equipment: Equipment, staff: int) -> Owner:
    """Return whose buttons those for the staff are: whoever of the staff's chat presses them."""
    return Owner(equipment.me.bot_id, staff, staff)


def decided(
    books: Books, wordings: Wordings, known: Ambassador, name: str
) -> tuple[Ambassador, list[Outgoing]] | None:  # fmt: skip
    """Make of somebody what the staff decide (a name of `_DECISIONS`); None when it is not so any more. Says it to the person."""
    state, before = _DECISIONS[name]
    if known.state not in before:
        return None
    one = ambassadors.decide(books, known, state)
    reader = reader_in(books, one.chat_id)
    text = reader.wording(wordings).say(f"telegram.join.state.{state}", days=ATTRIBUTION_DAYS)
    said = [message(rich(one_text), None) for one_text in reader.texts(text, wordings)]
    return one, [Outgoing("sendMessage", params, one.chat_id) for params in said]


@dataclass(frozen=True, slots=True)
class Approvals:
    """The staff's buttons under an application. A room of the channel: it comes before other rooms of the staff's chat."""

    equipment: Equipment

    def takes(self, event: Event) -> bool:
        """Tell whether a button of ours was pressed in the staff's chat."""
        staff = self.equipment.me.staff_chat_id
        return (
            isinstance(event, Pressed) and event.place.chat_id == staff is not None and self._action(event) is not None
        )

    def _action(self, event: Pressed) -> Action | None:
        press = self.equipment.payloads.decode(staff_owner(self.equipment, event.place.chat_id), event.data)
        return press.action if press and press.action and press.action.name in _DECISIONS else None

    def handle(self, event: Event, conversation: ConversationState, now: datetime) -> Handled:
        """Do what the staff decide."""
        assert isinstance(event, Pressed)  # noqa: S101 - `takes` said so
        action = self._action(event)
        assert action is not None  # noqa: S101
        return Handled(outcome="staff", within=partial(self._decide, event, action, now))

    def _decide(self, event: Pressed, action: Action, now: datetime, books: Books) -> Handled:
        wording = self.equipment.wordings.first
        known = ambassadors.find_ref(books, action.args[0])
        done = decided(books, self.equipment.wordings, known, action.name) if known else None
        if done is None:
            text = wording.say("telegram.join.already" if known else "telegram.join.forgotten")
            answer = acknowledgement({"callback_query_id": event.query_id, "text": text}, now)
            return Handled(outgoing=(answer,), outcome="staff_too_late")
        one, outgoing = done
        said = wording.say(
            f"telegram.join.decided.{one.state}",
            name=one.person["name"],
            village=one.person["village"],
            by=event.place.name,
        )
        edit = message(rich(said), self._next(event, one, now)) | {"message_id": event.message_id}
        shown = [Outgoing("editMessageText", edit, event.place.chat_id)] if event.message_id else []
        answer = acknowledgement({"callback_query_id": event.query_id}, now)
        return Handled(outgoing=(answer, *shown, *outgoing), outcome=f"staff_{one.state}")

    def _next(self, event: Pressed, one: Ambassador, now: datetime) -> Json | None:
        """Make the button that takes the decision back."""
        key, name = (
            ("telegram.join.suspend", "join.stop") if one.state == "approved" else ("telegram.join.approve", "join.yes")
        )
        owner = staff_owner(self.equipment, event.place.chat_id)
        row: list[Labelled] = [(self.equipment.wordings.first.say(key), Action(name, (one.ref,)))]
        return self.equipment.keyboard(owner, next_issue(0, now), [row])

    def chores(self) -> Sequence[Chore]:
        """Nothing is done by itself."""
        return ()
