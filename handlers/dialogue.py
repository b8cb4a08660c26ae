"""One question in its conversation: find what it means, hand it over, and note what it leaves behind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from handlers.context.conditions import search_action
from handlers.context.meanings import PLACED, MeaningFinder
from handlers.context.own_constraints import own_sort
from handlers.context.spoken_of import (
    RECKONED,
    note_others,
    widen_after_most,
)
from handlers.context.spoken_topics import note_spoken_of
from handlers.explanation import explain
from handlers.registry import handler_for
from handlers.rules.counts import SUMS
from handlers.rules.intents import BEST_LISTED, PLACE_FOR
from handlers.rules.lists import PICK_OF_PLAN
from handlers.rules.sums import sum_for
from handlers.session import Session
from handlers.turn import Answer, Choice, Note, Question, Say, Turn, say
from handlers.understanding.interpretation import NOTHING_ASKED, Constraints, Interpretation
from handlers.understanding.normalise import normalise
from handlers.understanding.reading import Reader

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.understanding.lexicon import LexiconEntry

_MOST_CHOICES = 6


class Dialogue:
    """Everything that is prepared once for a revision of the catalogue."""

    def __init__(self, catalogue: Catalogue, locale: Path, more: Iterable[LexiconEntry] = ()) -> None:
        """Prepare for a catalogue; `more` are words to try beside the lexicon."""
        self.catalogue = catalogue
        self.revision = catalogue.revision
        self.reader = Reader(catalogue, locale, more)
        self._meanings = MeaningFinder(catalogue, self.reader)

    def prepare(self) -> None:
        """Make now what is otherwise made with the first questions, for a program that goes on running."""
        self._meanings.prepare()

    def understand(self, question: Question, session: Session) -> Interpretation:
        """Return what the question means in its conversation."""
        return self._meanings.understand(question, session)

    def answer(self, question: Question, session: Session, aside: bool = False) -> Answer:
        """Answer one question and change the session. `aside`: a further question of the same message, the topic stays."""
        turn = self.turn_for(question, session)
        kept = replace(session.topic) if aside else None
        if kept is not None:  # the conditions of the first question are not those of the next
            session.topic = replace(kept, constraints=Constraints(categories=kept.constraints.categories))
        turn.meaning = self.understand(question, session)
        answer = self._handled(turn)
        if turn.meaning.intent == "ranking" and answer.intent == "not_found":
            answer = self._sorted_instead(turn)
        if turn.meaning.intent == "guide" and answer.intent == "not_found" and turn.meaning.constraints.categories:
            answer = self._listed_instead(turn, answer)
        if turn.meaning.rule == BEST_LISTED and answer.intent == "detail":
            answer = self._among_listed(turn, answer)
        if past := turn.meaning.past_the_others:
            answer = answer.with_(blocks=(Say(say("list.only", number=past[0], size=past[1])), *answer.blocks))
        self._settle(turn, answer)
        answer = answer.with_(trace=explain(turn.meaning, answer), unread=turn.meaning.residue)
        if kept is not None and (kept.listed or not session.topic.listed):
            session.topic = kept
        return answer

    def _handled(self, turn: Turn) -> Answer:
        """Answer by the handler of the intent; a sum of its own kind by what works it out, else goods are listed."""
        work = sum_for(turn.meaning.rule)
        answer = work(turn) if work else handler_for(turn.meaning.intent)(turn)
        if answer is None:
            turn.meaning = replace(turn.meaning, intent="recommend")
            answer = handler_for("recommend")(turn)
        return answer

    def _among_listed(self, turn: Turn, answer: Answer) -> Answer:
        """Say that the best was chosen among what was listed, and offer all of it in that order, where there was more."""
        topic = turn.session.topic
        constraints = topic.constraints.but(sort=own_sort(turn.meaning.cues))
        total = self.catalogue.count(constraints.query(turn.day))
        if total <= len(topic.listed) or not constraints.sort:
            return answer
        said = Say(say("detail.among_listed", total=len(topic.listed)))
        choice = Choice(say("choice.sorted_all", total=total), search_action(constraints))
        return answer.with_(blocks=(said, *answer.blocks), choices=(choice, *answer.choices)[:_MOST_CHOICES])

    def _sorted_instead(self, turn: Turn) -> Answer:
        """Make the list that no published ranking has: the products in the order asked for, by sales when none was."""
        asked = turn.meaning.constraints.but(sort=turn.meaning.constraints.sort or "sales")
        turn.meaning = replace(turn.meaning, intent="recommend", constraints=asked)
        listed = handler_for("recommend")(turn)
        rule = Note(say("ranking.own_rule", day=turn.day))
        return listed.with_(blocks=(*listed.blocks, rule)) if listed.products else listed

    def _listed_instead(self, turn: Turn, missing: Answer) -> Answer:
        """Show products where no guide has been written, and say so first."""
        turn.meaning = replace(turn.meaning, intent="recommend")
        listed = handler_for("recommend")(turn)
        return listed.with_(blocks=(*missing.blocks[:1], *listed.blocks))

    def turn_for(self, question: Question, session: Session) -> Turn:
        """Make the turn of a question whose meaning is filled in later or by an action."""
        asked = NOTHING_ASKED.but(adcode=session.place)
        blank = Interpretation("clarify", normalise(question.text), asked, place=session.place)
        return Turn(question, blank, session, self.catalogue)

    def _settle(self, turn: Turn, answer: Answer) -> None:
        """Note what this turn leaves behind: what 它 means now, the intent, and how many answers in a row were misses."""
        session = turn.session
        if answer.intent != "out_of_scope":  # what was not understood ends nothing, and a question about a pick no plan
            session.intent = "plan" if turn.meaning.rule == PICK_OF_PLAN else answer.intent
        widen_after_most(session, turn.meaning.rule)
        note_others(session, answer, turn.meaning.chosen, turn.meaning.rule)
        session.data[RECKONED] = turn.meaning.rule in SUMS
        session.misses = session.misses + 1 if answer.intent in ("out_of_scope", "clarify", "not_found") else 0
        note_spoken_of(turn, answer)
        if answer.intent != "clarify":
            session.asked = None
        elif turn.meaning.intent in (*PLACED, "ranking"):
            session.asked = f"{PLACE_FOR}{turn.meaning.intent}"
