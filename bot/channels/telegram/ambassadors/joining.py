"""Becoming an ambassador: who asks gives a name and a village, the staff decide with one tap, and both sides are told the rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.channels.telegram.ambassadors.equipment import Equipment, Json, Labelled, is_ambassador
from bot.channels.telegram.ambassadors.rulings import staff_owner
from bot.channels.telegram.outgoing import Chore, Outgoing
from bot.channels.telegram.payloads import next_issue
from bot.channels.telegram.requests import message
from bot.channels.telegram.rich import rich
from bot.channels.telegram.talk import Talk
from bot.channels.telegram.updates import Command, Event, Pressed, Said
from bot.wording import Wording
from catalog_db.journal import ambassadors
from catalog_db.journal.ambassadors import Ambassador
from catalog_db.journal.books import Books
from handlers.phrases.ambassadors import read_ambassador, read_application
from handlers.turn import Action

_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
_REF = 8


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
            talk.say("telegram.join.how", days=self.equipment.rules.touch_days)
            return "join_how"
        ref = "".join(_ALPHABET[self.equipment.below(len(_ALPHABET))] for _ in range(_REF))
        return talk.decide(lambda talk, books: self._asked(talk, books, ref, *told))

    def _asked(self, talk: Talk, books: Books, ref: str, name: str, village: str) -> str:
        known = ambassadors.find(books, talk.owner.chat_id)
        if known is not None and known.state in ("approved", "suspended"):
            ambassadors.change(books, known)  # the mark of a chat that nobody used for long is gone
            talk.say(f"telegram.join.state.{known.state}", days=self.equipment.rules.touch_days)
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
        [
            (wording.say("telegram.ambassador.board"), Action("board")),
            (wording.say("telegram.ambassador.brief"), Action("brief")),
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
