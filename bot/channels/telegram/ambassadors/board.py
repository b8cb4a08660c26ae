"""The board of ambassadors: how many people each has helped. Only who wants to stands on it, and can leave it at any time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.channels.telegram.ambassadors.equipment import Equipment, Json, Labelled, is_ambassador
from bot.channels.telegram.outgoing import Chore
from bot.channels.telegram.talk import Talk
from bot.channels.telegram.updates import Event, Pressed, Said
from catalog_db.journal import ambassadors, touches
from catalog_db.journal.ambassadors import Ambassador
from catalog_db.journal.books import Books
from handlers.phrases.ambassadors import read_ambassador
from handlers.turn import Action

ON = "board"  # what is kept of the ambassador: stands on the board
_DAYS = 30
_SHOWN = 10
_OPS = frozenset({"board", "board_on", "board_off"})


@dataclass(frozen=True, slots=True)
class Board:
    """A part of the private chat, for ambassadors."""

    equipment: Equipment

    def take(self, talk: Talk, event: Event) -> str | None:
        """Show the board, or let somebody stand on it or leave it."""
        if not is_ambassador(talk):
            return None
        if isinstance(event, Pressed):
            action = self.equipment.action(talk, event, "board")
            if action is None:
                return None
            talk.acknowledge(event.query_id)
            return self._do(talk, action.name)
        phrase = read_ambassador(event.text) if isinstance(event, Said) and not event.edited else None
        return self._do(talk, phrase.op) if phrase and phrase.op in _OPS else None

    def _do(self, talk: Talk, op: str) -> str:
        if op == "board":
            return self._show(talk)
        on = op == "board_on"

        def within(talk: Talk, books: Books) -> str:
            known = ambassadors.find(books, talk.owner.chat_id)
            if known is None or known.state != "approved":
                talk.say("telegram.join.gone")
                return "board_refused"
            ambassadors.change(books, known, **{ON: on})
            talk.say(
                "telegram.board.on" if on else "telegram.board.off",
                name=known.person["name"],
                village=known.person["village"],
            )
            return op

        return talk.decide(within)

    def _show(self, talk: Talk) -> str:
        if talk.conversation is None or talk.conversation.books is None:
            return "board"
        since = (talk.now.date() - timedelta(days=_DAYS - 1)).isoformat()
        with talk.conversation.books() as books:
            helped = touches.helped(books, since)
            everybody = [one for one in ambassadors.everybody(books) if one.state == "approved"]
            own = books.key(talk.owner.chat_id)
        ranked = sorted(
            (one for one in everybody if one.person.get(ON)), key=lambda one: (-helped.get(one.key, 0), one.asked_at)
        )
        say = talk.wording.say
        mine = next((one for one in everybody if one.key == own), None)
        stands = bool(mine and mine.person.get(ON))
        label, op = ("telegram.board.leave", "board_off") if stands else ("telegram.board.join", "board_on")
        rows: list[list[Labelled]] = [[(say(label), Action(op))]]
        lines = "\n".join(self._line(talk, one, ranked, helped, own) for one in ranked[:_SHOWN])
        talk.say(
            "telegram.board.shown", self.equipment.markup(talk, rows), days=_DAYS, helped=helped.get(own, 0),
            lines=lines or say("telegram.board.nobody"), place=say("telegram.board.stands" if stands else "telegram.board.hidden"),
        )  # fmt: skip
        return "board"

    def _line(
        self, talk: Talk, one: Ambassador, ranked: Sequence[Ambassador], helped: dict[bytes, int], own: bytes
    ) -> str:
        """Write a place: who has helped as many has the same one."""
        count = helped.get(one.key, 0)
        place = 1 + sum(helped.get(other.key, 0) > count for other in ranked)
        key = "telegram.board.own" if one.key == own else "telegram.board.line"
        return talk.wording.say(key, place=place, name=one.person["name"], village=one.person["village"], count=count)

    # ---- the rest of a part

    def chores(self) -> Sequence[Chore]:
        """Nothing is done by itself."""
        return ()

    def export(self, books: Books, chat_id: int) -> Json:
        """`Joining` gives it."""
        return {}

    def forget(self, books: Books, chat_id: int) -> None:
        """`Joining` does it."""
