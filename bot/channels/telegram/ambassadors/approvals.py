"""The staff's buttons about ambassadors: who may become one, and whether an appeal holds. Each asks for the right of whoever presses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.channels.telegram.ambassadors.equipment import Equipment, Json, Labelled
from bot.channels.telegram.ambassadors.rulings import DECISIONS, RULINGS, decided, ruled, staff_owner
from bot.channels.telegram.desk import staffing
from bot.channels.telegram.outgoing import Chore, ConversationState, Handled, Outgoing
from bot.channels.telegram.payloads import next_issue
from bot.channels.telegram.requests import acknowledgement, message
from bot.channels.telegram.rich import rich
from bot.channels.telegram.updates import Event, Pressed
from catalog_db.journal import ambassadors, desk_staff
from catalog_db.journal.ambassadors import Ambassador
from catalog_db.journal.books import Books
from catalog_db.journal.desk_staff import Colleague
from handlers.turn import Action


@dataclass(frozen=True, slots=True)
class Approvals:
    """A room of the channel: it comes before other rooms of the staff's chat."""

    equipment: Equipment

    def takes(self, event: Event) -> bool:
        """Tell whether a button of ours was pressed in the staff's chat."""
        staff = self.equipment.me.staff_chat_id
        return (
            isinstance(event, Pressed) and event.place.chat_id == staff is not None and self._action(event) is not None
        )

    def _action(self, event: Pressed) -> Action | None:
        press = self.equipment.payloads.decode(staff_owner(self.equipment, event.place.chat_id), event.data)
        return press.action if press and press.action and press.action.name in (DECISIONS | RULINGS) else None

    def handle(self, event: Event, conversation: ConversationState, now: datetime) -> Handled:
        """Do what the staff decide."""
        assert isinstance(event, Pressed)  # noqa: S101 - `takes` said so
        action = self._action(event)
        assert action is not None  # noqa: S101
        return Handled(outcome="staff", within=partial(self._pressed, event, action, now))

    def _pressed(self, event: Pressed, action: Action, now: datetime, books: Books) -> Handled:
        who = staffing.allowed(books, event.place.user_id, action.name)
        if who is None:
            known = desk_staff.colleagues(books)
            key = "nobody_appointed" if not known else "leads_only" if action.name in RULINGS else "not_allowed"
            return Handled(
                outgoing=(self._answer(event, now, f"telegram.join.{key}", alert=True),), outcome="staff_not_allowed"
            )
        decide = self._rule if action.name in RULINGS else self._decide
        return decide(event, action, now, books, who)

    def _decide(self, event: Pressed, action: Action, now: datetime, books: Books, who: Colleague) -> Handled:
        known = ambassadors.find_ref(books, action.args[0])
        done = decided(books, self.equipment.wordings, known, action.name, self.equipment.rules) if known else None
        if done is None:
            key = "telegram.join.already" if known else "telegram.join.forgotten"
            return Handled(outgoing=(self._answer(event, now, key),), outcome="staff_too_late")
        one, outgoing = done
        desk_staff.note(books, who.key, f"ambassador_{one.state}")
        said = self.equipment.wordings.first.say(
            f"telegram.join.decided.{one.state}", name=one.person["name"], village=one.person["village"], by=who.name
        )
        return self._shown(event, now, said, self._next(event, one, now), outgoing, f"staff_{one.state}")

    def _rule(self, event: Pressed, action: Action, now: datetime, books: Books, who: Colleague) -> Handled:
        """Answer an appeal; `args`: the line of the appeal."""
        number, grant = int(action.args[0]), action.name == "points.grant"
        outgoing = ruled(books, self.equipment.wordings, number, grant=grant)
        if outgoing is None:
            return Handled(outgoing=(self._answer(event, now, "telegram.join.already"),), outcome="staff_too_late")
        desk_staff.note(books, who.key, "points_granted" if grant else "points_upheld")
        key = "telegram.account.appeal_granted" if grant else "telegram.account.appeal_upheld"
        said = self.equipment.wordings.first.say(key, number=number, by=who.name)
        return self._shown(event, now, said, None, outgoing, "staff_ruled")

    def _shown(
        self, event: Pressed, now: datetime, said: str, keyboard: Json | None, outgoing: Sequence[Outgoing], outcome: str
    ) -> Handled:  # fmt: skip
        edit = message(rich(said), keyboard) | {"message_id": event.message_id}
        shown = [Outgoing("editMessageText", edit, event.place.chat_id)] if event.message_id else []
        return Handled(outgoing=(self._answer(event, now), *shown, *outgoing), outcome=outcome)

    def _answer(self, event: Pressed, now: datetime, key: str = "", *, alert: bool = False) -> Outgoing:
        told = {"text": self.equipment.wordings.first.say(key), "show_alert": alert} if key else {}
        return acknowledgement({"callback_query_id": event.query_id} | told, now)

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
