"""The front door: a question and a session go in, an answer and the next session come out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from handlers import actions
from handlers.advert import check
from handlers.cards import FoundCards, find_cards
from handlers.certification.overclaims import within_bounds
from handlers.certification.pasted import find_advert
from handlers.context.begun import begun, completes, may_complete, note
from handlers.context.splitting import split
from handlers.dialogue import Dialogue
from handlers.own_list import about_own_list
from handlers.registry import prepare
from handlers.session import Session
from handlers.stored_questions.matching import matcher_of
from handlers.turn import Action, Answer, Question, Text
from handlers.understanding.numbers import parse_number

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue

_MOST_FURTHER = 3
_BARE = 6  # characters of a message that is an ordinal or a yes and nothing else


class Assistant:
    """Answers questions over one catalogue. Keeps nothing between questions: the session does.

    `label` words the label of a choice, so that typing a label is the same as pressing it.
    """

    def __init__(self, catalogue: Catalogue, locale: Path, label: Callable[[Text], str]) -> None:
        self._catalogue = catalogue
        self._locale = locale
        self._label = label
        self._dialogue = Dialogue(catalogue, locale)
        self._keeping_up = threading.Lock()

    def prepare(self) -> None:
        """Make now what is otherwise made with the first answers, for a program that goes on running."""
        prepare()
        self._dialogue.prepare()

    def respond(self, question: Question, session: Session) -> tuple[Answer, Session]:
        """Answer one question; the session given is left as it was."""
        state = session.copy()
        self.keep_up()
        state.place = state.place or question.adcode
        action = question.action or state.action_for(question.text) or self._choice_meant(question, state)
        if action is not None and action.name == "example":
            question = Question(self._label(Text(action.args[0])), question.now, question.adcode)
            action = None
        answer = self._act(action, question, state) if action else self._answer(question, state)
        answer = within_bounds(answer, "\n".join((question.text, *state.questions, *(action.args if action else ()))))
        state.offered = tuple(
            (self._label(choice.label), choice.action) for part in (answer, *answer.also) for choice in part.choices
        )
        state.remember_question(question.text)
        return answer, state

    def _choice_meant(self, question: Question, state: Session) -> Action | None:
        """Return what a bare ordinal chooses of the question just asked, and 对 where it offered one thing only."""
        if state.intent != "clarify" or not state.offered or len(question.text) > _BARE:
            return None
        offered = [action for _, action in state.offered if action.name != "handoff"]
        reading = self._dialogue.reader.read(question.text, question.now.date())
        if reading.has("chat.ok") and len(offered) == 1:
            return offered[0]
        cue = reading.cues.first("ref.ordinal")
        if cue is None or reading.slots.goods or (cue.start, cue.end) != (0, len(reading.text)):
            return None
        said = reading.text[slice(*cue.groups["n"])] if "n" in cue.groups else "1"
        number = int(parse_number(said) or 0)
        return offered[number - 1] if 1 <= number <= len(offered) else None

    def intent_alone(self, question: Question) -> str:
        """Tell what a text wants of us without a conversation; nothing is answered and nothing remembered."""
        self.keep_up()
        day, state = question.now.date(), Session(place=question.adcode)
        if find_advert(question.text, self._dialogue.reader, day, forwarded=question.forwarded) is not None:
            return "verify"
        first = split(question.text, self._dialogue.reader, day)[0]
        return self._dialogue.understand(Question(first, question.now, question.adcode), state).intent

    def cards(self, question: Question, offset: int, most: int) -> FoundCards:
        """Find a page of cards for what is being typed; nothing of it is remembered."""
        self.keep_up()
        return find_cards(self._dialogue, question, offset, most)

    @property
    def revision(self) -> int:
        """Return the revision of the catalogue that answers are given from: for a moment behind the catalogue's own."""
        return self._dialogue.revision

    def keep_up(self) -> None:
        """Take over what was imported meanwhile. One thread does it; the others answer from what they have."""
        if not self._keeping_up.acquire(blocking=False):
            return
        try:
            self._catalogue.refresh(time.monotonic())
            if self._catalogue.revision != self._dialogue.revision:
                self._dialogue = Dialogue(self._catalogue, self._locale)
        finally:
            self._keeping_up.release()

    def _act(self, action: Action, question: Question, state: Session) -> Answer:
        text = actions.spoken(action)
        if action.name == "place" and text is not None:
            state.place = action.args[0]
        if text is not None:
            return self._answer(Question(text, question.now, question.adcode), state)
        return actions.perform(action, self._dialogue.turn_for(question, state))

    def _answer(self, question: Question, state: Session) -> Answer:
        """Answer every question of a message, each in its turn; filters do not leak between them. An advert is no question."""
        day = question.now.date()
        pasted = find_advert(question.text, self._dialogue.reader, day, forwarded=question.forwarded)
        if pasted is not None:
            answer = check(self._dialogue.turn_for(question, state), pasted)
            state.intent = answer.intent
            return answer
        if (listed := about_own_list(self._dialogue.turn_for(question, state))) is not None:
            state.intent = listed.intent
            return listed
        return self._in_one(question, state)

    def _in_one(self, question: Question, state: Session) -> Answer:
        """Answer a message, with what was begun before it where both make one question."""
        before, now, text = begun(state, question.now), question.now, question.text
        whole: tuple[Answer, Session] | None = None
        alone = self._dialogue.understand(question, state.copy()).intent if before else ""
        if before and may_complete(before, text, alone):
            joined, after = ",".join((*before.texts, text)), state.copy()
            answer = self._parted(Question(joined, now, question.adcode), after)
            if completes(before, answer, alone):
                whole = answer, after
        if whole is None:
            answer = self._parted(question, state)
        else:
            answer, after = whole
            for field in fields(Session):
                setattr(state, field.name, getattr(after, field.name))
        note(state, before, text, answer, now)
        return answer

    def _parted(self, question: Question, state: Session) -> Answer:
        parts = split(question.text, self._dialogue.reader, question.now.date(), matcher_of(self._catalogue).surely)
        first, *further = parts[: _MOST_FURTHER + 1]
        answer = self._dialogue.answer(Question(first, question.now, question.adcode), state)
        also: list[Answer] = []
        for text in further:
            aside = self._dialogue.answer(Question(text, question.now, question.adcode), state, aside=True)
            also.append(self._without_doubles(aside, (answer, *also)))
        return answer.with_(also=tuple(also)) if also else answer

    def _without_doubles(self, answer: Answer, before: Sequence[Answer]) -> Answer:
        """Leave out the buttons whose label stands above already and does something else there."""
        known = {self._label(choice.label): choice.action for part in before for choice in part.choices}
        kept = [c for c in answer.choices if known.get(self._label(c.label), c.action) == c.action]
        return answer.with_(choices=tuple(kept))
