"""Told once, to who asked for it: that a question can be answered now, and that a certificate that we named holds no more.

A question is kept by one tap under the answer that did not help, and is told of by one message (C13, H14). What we said of
certificates is noted for those who allowed it (`corrections`); when one is suspended, revoked or no longer names the product, each
of them hears it once. Never in the quiet hours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from bot.channels.telegram.buttons import buttons
from bot.channels.telegram.desk.told import AnswerableChore, CorrectionChore
from bot.channels.telegram.news import News
from bot.channels.telegram.outgoing import Chore, Handled, Json
from bot.channels.telegram.settling import forbid, settle
from bot.channels.telegram.talk import Talk
from bot.channels.telegram.updates import Event, Pressed, Said
from bot.wording import Wording
from catalog_db.catalog import Catalogue
from catalog_db.certification import in_force
from catalog_db.journal import desk_telling, permissions
from catalog_db.journal.books import Books
from catalog_db.journal.permissions import PROFILE, allows
from handlers.assistant import Assistant
from handlers.turn import Action, Answer, Say

CORRECTIONS = "corrections"
_ABOUT_ONE = frozenset({"detail", "verify"})
_UNREAD = frozenset({"out_of_scope.unclear", "out_of_scope.strange", "faq.did_you_mean", "clarify.misheard"})


@dataclass(frozen=True, slots=True)
class Telling:
    """A `features.Feature`; see the module."""

    news: News
    catalogue: Catalogue
    assistant: Assistant
    keep_up: Callable[[], None]  # takes over a newer catalogue
    today: Callable[[], date]

    # ---- offered

    def offers(self, wording: Wording, answer: Answer) -> Sequence[tuple[str, Action]]:
        """Return the button under an answer that did not help, and under one that names a certificate in force."""
        if _missed(answer):
            return ((wording.say("desk.tell.when"), Action("tell.when")),)
        if answer.intent in _ABOUT_ONE and any(self._pairs(answer)):
            return ((wording.say("desk.tell.right"), Action("tell.right")),)
        return ()

    def _pairs(self, answer: Answer) -> Iterator[tuple[str, str]]:
        """Yield the certificates in force that an answer names, with the product that each was named for, or ""."""
        today = self.today()
        for part in (answer, *answer.also):
            evidence = self.catalogue.certificates_of_many(part.products)
            for sku, several in evidence.items():
                yield from ((one.number, sku) for one in several if in_force(one, today))
            named = {number for several in evidence.values() for number in (one.number for one in several)}
            for number in part.certificates:
                one = self.catalogue.certificate(number) if number not in named else None
                if one is not None and in_force(one, today):
                    yield number, ""

    # ---- asked for

    def take(self, talk: Talk, event: Event) -> str | None:
        """Take our buttons, pressed or typed."""
        if isinstance(event, Said) and not event.edited:
            typed = talk.memory.own_action(event.text)
            shown = talk.memory.latest
            run = _PRESSES.get(typed.name) if typed else None
            return run(self, talk, shown.issue if shown else 0, typed.args) if run and typed else None
        if not isinstance(event, Pressed):
            return None
        press = self.news.payloads.decode(talk.owner, event.data)
        shown = talk.memory.find(press.issue) if press else None
        action = press.action if press else None
        if press is not None and press.kept is not None and shown is not None and press.kept < len(shown.spare):
            action = shown.spare[press.kept]
        run = _PRESSES.get(action.name) if action else None
        if run is None or action is None or press is None:
            return None
        talk.acknowledge(event.query_id)
        return run(self, talk, press.issue, action.args)

    def _when(self, talk: Talk, issue: int, args: Sequence[str]) -> str:
        """Keep the question under whose answer the button stood."""
        shown = talk.memory.find(issue)
        text = "\n".join(shown.asked.texts) if shown else ""
        if not text:
            talk.say("desk.tell.gone")
            return "tell_gone"

        def within(talk: Talk, books: Books) -> str:
            locale, revision = talk.wording.locale, self.assistant.revision  # of the answer that did not help
            kept = desk_telling.wish(books, talk.owner.chat_id, text, locale, revision)
            if kept is None:
                talk.say("desk.tell.full", most=desk_telling.MOST_WISHES)
                return "tell_full"
            way = (talk.wording.say("desk.tell.not"), Action("tell.not", (str(kept.id),)))
            talk.say("desk.tell.kept", buttons(self.news.payloads, talk, [way]))
            return "tell_kept"

        return talk.decide(within)

    def _not(self, talk: Talk, issue: int, args: Sequence[str]) -> str:
        chat_id, number = talk.owner.chat_id, int(args[0])
        return settle(
            talk, lambda books: desk_telling.unwish(books, chat_id, number), "desk.tell.dropped", "tell_dropped"
        )

    def _see(self, talk: Talk, issue: int, args: Sequence[str]) -> str:
        """Answer the question that the person was told of."""
        conversation = talk.conversation
        if conversation is None or conversation.books is None:
            return "tell_gone"
        with conversation.books() as books:
            kept = desk_telling.wish_of(books, talk.owner.chat_id, int(args[0]))
        if kept is None:
            talk.say("desk.tell.gone")
            return "tell_gone"
        talk.show(talk.ask(kept.text))
        return "tell_seen"

    def _right(self, talk: Talk, issue: int, args: Sequence[str]) -> str:
        """Allow corrections, beginning with the answer under which the button stood."""
        shown = talk.memory.find(issue)
        pairs = list(self._pairs(talk.again(shown.asked, talk.session.place).answer)) if shown else []
        chat_id, locale = talk.owner.chat_id, talk.wording.locale

        def change(books: Books) -> None:
            permissions.allow(books, chat_id, CORRECTIONS, locale, given=True)
            desk_telling.give(books, chat_id, locale, pairs)

        return settle(talk, change, "desk.tell.right_kept", "tell_right")

    def _enough(self, talk: Talk, issue: int, args: Sequence[str]) -> str:
        return forbid(talk, CORRECTIONS, "desk.tell.enough_kept", "tell_enough")

    # ---- noted

    def follow(self, talk: Talk, event: Event, handled: Handled) -> Handled:
        """Note, in the transaction that commits an answer, which certificates it named to somebody who allowed it."""
        if handled.forget or not talk.shown or not allows(dict(talk.marks.get(PROFILE) or {}), CORRECTIONS):
            return handled
        pairs = [pair for answer in talk.shown for pair in self._pairs(answer)]
        return Handled(outcome=handled.outcome, within=partial(self._noted, talk, handled, pairs)) if pairs else handled

    def _noted(self, talk: Talk, handled: Handled, pairs: Sequence[tuple[str, str]], books: Books) -> Handled:
        inner = handled.within(books) if handled.within else handled
        if not inner.forget and allows(permissions.profile(books, talk.owner.chat_id), CORRECTIONS):
            desk_telling.give(books, talk.owner.chat_id, talk.wording.locale, pairs)
        return inner

    # ---- told, and kept

    def chores(self) -> Sequence[Chore]:
        """Return what tells."""
        return (
            AnswerableChore(self.news, self.keep_up, self.assistant),
            CorrectionChore(self.news, self.keep_up, self.catalogue),
        )

    def export(self, books: Books, chat_id: int) -> Json:
        """Return what somebody wants to be told of, and what was said of certificates."""
        asked = [{"question": one.text, "told": one.told} for one in desk_telling.wishes_of(books, chat_id)]
        named: list[Any] = [
            {"certificate": one.certificate, "sku": one.sku} for one in desk_telling.given_of(books, chat_id)
        ]
        return ({"to_be_told": asked} if asked else {}) | ({"certificates_named": named} if named else {})

    def forget(self, books: Books, chat_id: int) -> None:
        """Delete all of it."""
        desk_telling.forget(books, chat_id)


def _missed(answer: Answer) -> bool:
    """Tell whether an answer may be possible one day: what is of another trade is not, a question back is none."""
    first = answer.blocks[0] if answer.blocks else None
    return answer.intent == "not_found" or (isinstance(first, Say) and first.text.key in _UNREAD)


_PRESSES: dict[str, Callable[[Telling, Talk, int, Sequence[str]], str]] = {
    "tell.when": Telling._when,
    "tell.not": Telling._not,
    "tell.see": Telling._see,
    "tell.right": Telling._right,
    "tell.enough": Telling._enough,
}
