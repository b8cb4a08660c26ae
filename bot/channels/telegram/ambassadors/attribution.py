"""Whom somebody came through: said to the person at once, counted for the first ambassador only, and nothing said is ever shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from bot.channels.telegram import commands
from bot.channels.telegram.ambassadors.equipment import Equipment, Json, is_ambassador
from bot.channels.telegram.outgoing import Chore, Handled, Outgoing
from bot.channels.telegram.talk import Talk
from bot.channels.telegram.updates import Command, Event, Said
from catalog_db.journal import ambassadors, permissions, points, touches
from catalog_db.journal.books import Books
from catalog_db.journal.point_rules import Rules
from handlers.turn import INTENTS, Action

_SETTLE_SECONDS = 300.0
# Answers that show that a question was one.
_QUESTIONS = frozenset(INTENTS) - {"smalltalk", "clarify", "out_of_scope"} | {"completed"}
_SAVED = frozenset({"list_saved", "list_copied"})
_HANDED = frozenset({"handoff", "desk_opened"})


@dataclass(frozen=True, slots=True)
class Attribution:
    """A part of the private chat."""

    equipment: Equipment

    def take(self, talk: Talk, event: Event) -> str | None:
        """Open what an ambassador's link leads to, as it is today, and note whom the person came through."""
        action = (
            self.equipment.links.decode(event.argument)
            if isinstance(event, Command) and event.name == "start"
            else None
        )
        if action is None or action.name not in ("through", "ambassador.open"):
            return None
        ref, *thing = action.args
        talk.say("telegram.start", commands.menu(talk))
        if thing:
            talk.show(talk.do(Action(thing[0], tuple(thing[1:]))))
        came = Came(self.equipment, _item(thing))
        return talk.decide(lambda talk, books: came.by_ref(talk, books, ref))

    def follow(self, talk: Talk, event: Event, handled: Handled) -> Handled:
        """Note, in the transaction that commits an answer, what a person who came through somebody has done."""
        mark = talk.marks.get(touches.MARK)
        if not mark or mark["until"] < talk.at or handled.forget:
            return handled
        return Handled(outcome=handled.outcome, within=partial(self._noted, talk, event, handled))

    def _noted(self, talk: Talk, event: Event, handled: Handled, books: Books) -> Handled:
        inner = handled.within(books) if handled.within else handled
        if inner.forget:
            return inner
        kind = self._kind(event, inner.outcome)
        held = touches.touch_of(books, self.equipment.rules, books.key(talk.owner.chat_id)) if kind else None
        if held is not None and kind:
            touches.happened(books, held.ambassador, talk.owner.chat_id, kind, "")
            if kind in points.KINDS:
                touches.earned(books, self.equipment.rules, held.person, kind)
        return inner

    def _kind(self, event: Event, outcome: str) -> str | None:
        if outcome in _SAVED:
            return "list"
        if outcome in _HANDED:
            return "handoff"
        return "question" if isinstance(event, Said) and not event.edited and outcome in _QUESTIONS else None

    def chores(self) -> Sequence[Chore]:
        """Count what has been pending long enough."""
        return (_Settling(self.equipment.rules),)

    def export(self, books: Books, chat_id: int) -> Json:
        """Tell that the person came through somebody, and since when."""
        held = touches.touch_of(books, self.equipment.rules, books.key(chat_id))
        own = points.lines(books, books.key(chat_id))
        told: Json = {"came_through_an_ambassador": points.day_of(held.at)} if held else {}
        if own:
            told["points"] = [
                {"event": line.kind, "state": line.state, "points": line.delta, "day": line.day, "reason": line.reason}
                for line in own
            ]
        return told

    def forget(self, books: Books, chat_id: int) -> None:
        """Delete who came through whom; counts stay, and are nobody's."""
        below = self.equipment.below
        touches.forget(books, chat_id, bytes(below(256) for _ in range(16)))


@dataclass(frozen=True, slots=True)
class _Settling:
    """A chore."""

    rules: Rules

    @property
    def every(self) -> float:
        return _SETTLE_SECONDS

    def __call__(self, books: Books) -> Sequence[Outgoing]:
        touches.solved(books, self.rules)
        points.settle(books, self.rules)
        return ()


@dataclass(frozen=True, slots=True)
class Came:
    """Noting that somebody opened a thing of an ambassador, and saying what that means. `item`: kind and name of the thing."""

    equipment: Equipment
    item: str

    def by_ref(self, talk: Talk, books: Books, ref: str) -> str:
        """Note it for the ambassador of a link."""
        by = ambassadors.find_ref(books, ref)
        return self._noted(talk, books, by) if by else "link_nobodys"

    def by_owner(self, talk: Talk, books: Books, owner: int) -> None:
        """Note it for the owner of a list, when that is an ambassador."""
        by = ambassadors.find(books, owner) if owner != talk.owner.chat_id else None
        if by is not None:
            self._noted(talk, books, by)

    def _noted(self, talk: Talk, books: Books, by: ambassadors.Ambassador) -> str:
        if permissions.profile(books, talk.owner.chat_id).get(permissions.UNLINKED):
            return "came_unlinked"  # the person wants nobody to count as having helped
        rules = self.equipment.rules
        touch_id = f"{self.equipment.below(1 << 60):015x}"
        came = touches.came(books, rules, talk.owner.chat_id, by, touch_id, self.item)
        if came == "first":
            talk.say("telegram.touch.first", days=rules.touch_days)
        elif came == "self" and is_ambassador(talk):
            talk.say("telegram.touch.self")
        return f"came_{came}"


def _item(thing: Sequence[str]) -> str:
    return ":".join(thing[:2])
