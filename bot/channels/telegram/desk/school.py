"""What a proposal would change, and putting it into the catalogue once it is approved. Slow: never inside the journal's transaction."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from rapidfuzz.fuzz import ratio

from bot.channels.exchange import Responder
from bot.channels.telegram.desk.saying import stopped
from bot.past_questions import masked
from bot.teaching import TeachingError, entry_of, intent_in_words, name_of, try_alias
from bot.wording import Wording
from catalog_db.catalog import Catalogue
from catalog_db.changes import drop_alias, drop_faq, put_alias, put_faq
from catalog_db.errors import DatabaseError
from catalog_db.journal.desk_learning import Proposal
from catalog_db.past_questions import Miss, PastQuestion, PastQuestions
from catalog_db.records import Faq
from handlers.session import Session
from handlers.stored_questions.matching import LEAST, SURE, FaqMatcher, matcher_of
from handlers.turn import Answer, Question
from handlers.understanding.normalise import normalise

log = structlog.get_logger("telegram.desk")

SAME = 0.8  # at or above, a stored question asks the same
_ALIKE = 55  # of 100: answers that say about the same
_GROUPED = 60  # of 100: questions that are one group
_PAST = 1_000
_SHOWN = 12
_TRIED = 4
_TAUGHT = "desk-"  # what the id of an answer begins with that the staff taught
_WORD_READ = "explain.word."  # a step of the trace: a word that was known
_NAMED = frozenset(
    {"category", "brand", "feature", "scene", "color"}
)  # kinds of words that mean something to the staff
_MISSES = frozenset({"out_of_scope", "clarify", "not_found"})


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of a proposal before people see it: why it is refused, or what it would change."""

    question: str
    answer: str
    refusal: str | None
    effect: tuple[str, ...] = ()


class School:
    """See the module."""

    def __init__(
        self, catalogue: Catalogue, assistant: Responder, wording: Wording, now: Callable[[], datetime]
    ) -> None:
        self._catalogue = catalogue
        self._assistant = assistant
        self._wording = wording
        self._now = now
        self._restoring = threading.Lock()

    def speaking(self, wording: Wording) -> School:
        """Return the same in another language."""
        return School(self._catalogue, self._assistant, wording, self._now)

    # ---- judging

    def judge(self, kind: str, question: str, answer: str) -> Judgement:
        """Tell why a proposal cannot be, or what would change among past questions."""
        return self._alias(question, answer) if kind == "alias" else self._faq(masked(question), answer)

    def _alias(self, word: str, meaning: str) -> Judgement:
        try:
            lines = try_alias(
                self._catalogue, self._catalogue.database, self._wording, f"{word}={meaning}", self._now()
            )
            entry_of(self._catalogue, word, meaning)
        except TeachingError as error:
            return Judgement(word, meaning, self._wording.say(error.key, **error.values))
        return Judgement(word, meaning, None, tuple(lines[:_SHOWN]))

    def _faq(self, question: str, answer: str) -> Judgement:
        why = stopped(self._wording, answer)
        if why is not None:
            return Judgement(question, answer, self._wording.say("desk.learn.stopped", why=why))
        near = matcher_of(self._catalogue).match(normalise(question), least=LEAST)
        if near and near[0].score >= SAME:
            known = self._catalogue.faqs[near[0].id]
            alike = ratio(known.answer, answer) >= _ALIKE
            key = "desk.learn.same" if alike else "desk.learn.contradicts"
            return Judgement(question, answer, self._wording.say(key, question=known.question, id=known.id))
        return Judgement(question, answer, None, self._changes(question, answer))

    def revise(self, known: Proposal, answer: str) -> Judgement:
        """Judge another answer to a question that the staff taught before: it takes the place of the one there is."""
        why = stopped(self._wording, answer)
        if why is not None:
            return Judgement(known.question, answer, self._wording.say("desk.learn.stopped", why=why))
        return Judgement(known.question, answer, None, (self._wording.say("desk.learn.before", answer=known.answer),))

    def _changes(self, question: str, answer: str) -> tuple[str, ...]:
        """Return which past questions would get this answer and did not get one before."""
        now, fresh = matcher_of(self._catalogue), Faq("proposed", question, answer)
        after = FaqMatcher((*self._catalogue.faqs.values(), fresh), self._catalogue.categories.values())
        past = PastQuestions(self._catalogue.database).recent(_PAST)
        changed = []
        for one in past:
            said = normalise(one.text)
            best = next(iter(after.match(said)), None)
            if best is None or best.id != "proposed" or best.score < SURE:
                continue
            before = next(iter(now.match(said)), None)
            known = before is not None and before.score >= SURE
            old = (
                self._catalogue.faqs[before.id].question
                if before and known
                else intent_in_words(self._wording, one.intent)
            )
            changed.append(
                self._wording.say("desk.learn.change", text=one.text, before=old, percent=_percent(best.score))
            )
        key = "desk.learn.changes" if changed else "desk.learn.unchanged"
        head = self._wording.say(key, count=len(changed), total=len(past))
        return (head, *changed[:_SHOWN])

    # ---- making live

    def publish(self, proposal: Proposal) -> None:
        """Put an approved proposal into the catalogue; the same twice changes nothing."""
        if proposal.kind == "alias":
            entry = entry_of(self._catalogue, proposal.question, proposal.answer)
            put_alias(self._catalogue.database, entry.kind, entry.concept, proposal.question)
        else:
            put_faq(self._catalogue.database, Faq(id_of(proposal), proposal.question, proposal.answer))

    def refresh(self) -> None:
        """Take up what others have changed in the catalogue."""
        self._catalogue.refresh(time.monotonic())

    def restore(self, live: Sequence[Proposal], now: float) -> int:
        """Put words and answers back that an import left out; take out what has expired. Return how many."""
        changed = self.astray(live, now)
        for one in changed:
            if _is_over(one, now):
                self._take_out(one)
            else:
                self.publish(one)
        return len(changed)

    def _take_out(self, one: Proposal) -> None:
        if one.kind == "faq":
            drop_faq(self._catalogue.database, id_of(one))
            return
        entry = entry_of(self._catalogue, one.question, one.answer)
        drop_alias(self._catalogue.database, entry.kind, entry.concept, one.question)

    def astray(self, live: Sequence[Proposal], now: float) -> list[Proposal]:
        """Return what was approved and does not stand in the catalogue, and what stands there and has expired."""
        return [one for one in live if self._stands(one) == _is_over(one, now)]

    def _stands(self, one: Proposal) -> bool:
        """Tell whether the catalogue has it. A word whose meaning is gone from the catalogue has nowhere to stand."""
        if one.kind == "faq":
            kept = self._catalogue.faqs.get(id_of(one))
            return kept is not None and (kept.answer == one.answer)
        try:
            entry = entry_of(self._catalogue, one.question, one.answer)
        except TeachingError:
            return not _is_over(one, self._now().timestamp())
        same = (term for term in self._catalogue.terms if (term.kind, term.value) == (entry.kind, entry.concept))
        return any(one.question in term.synonyms for term in same)

    def restore_behind(self, live: Sequence[Proposal], now: float) -> None:
        """Do so on a thread: who asks is within the journal's transaction, which may be one of the same database."""
        if self._restoring.acquire(blocking=False):
            threading.Thread(target=self._restored, args=(tuple(live), now), name="restore", daemon=True).start()

    def _restored(self, live: Sequence[Proposal], now: float) -> None:
        try:
            self.restore(live, now)
        except DatabaseError:  # an import is under way: the next time
            log.info("what was taught is put back later")
        finally:
            self._restoring.release()

    # ---- looking

    def note(self, text: str, intent: str) -> None:
        """Keep a question that was missed, masked."""
        if intent in _MISSES and text.strip():
            PastQuestions(self._catalogue.database).note(
                [PastQuestion(self._now().date(), masked(text), intent, missed=True)]
            )

    def tried(self, text: str) -> list[str]:
        """Show how a sentence is matched: the stored questions that are like it, why one is taken or none, and how it is read."""
        say, faqs = self._wording.say, self._catalogue.faqs
        matches = matcher_of(self._catalogue).match(normalise(text), least=LEAST)[:_TRIED]
        lines = [
            say("desk.try.match", percent=_percent(match.score), question=faqs[match.id].question,
                source=say(source_of(match.id)))
            for match in matches
        ]  # fmt: skip
        if matches:
            lines.append(
                say("desk.try.sure" if matches[0].score >= SURE else "desk.try.unsure", percent=_percent(SURE))
            )
        answer, _ = self._assistant.respond(Question(text, self._now()), Session())
        return [*(lines or [say("desk.try.none")]), *self._read(answer)]

    def _read(self, answer: Answer) -> Iterator[str]:
        """Say in plain words which words were known, which were not, and what the question is taken for."""
        for step in answer.trace:
            if step.key.startswith(_WORD_READ) and step.values["kind"] in _NAMED:
                meaning = name_of(self._catalogue, str(step.values["kind"]), str(step.values["concept"]))
                yield self._wording.say("desk.try.word", said=step.values["said"], meaning=meaning)
            elif step.key == "explain.residue":
                yield self._wording.text(step)
        yield self._wording.say("desk.try.read", intent=intent_in_words(self._wording, answer.intent))

    def groups(self, answered: Sequence[tuple[int, str, str]], days: int) -> list[str]:
        """Group answered tickets by likeness, and name the words that were missed."""
        groups: list[list[tuple[int, str, str]]] = []
        for one in answered:
            group = next((group for group in groups if ratio(group[0][1], one[1]) >= _GROUPED), None)
            if group is None:
                groups.append([one])
            else:
                group.append(one)
        groups.sort(key=len, reverse=True)
        lines = [
            self._wording.say("desk.learn.group", count=len(group), question=masked(group[0][1]), number=group[-1][0])
            for group in groups[:_SHOWN]
            if self._unanswered(group[0][1])
        ]
        lines += [
            self._wording.say("desk.learn.missed", word=miss.word, count=miss.count, kind=self._guess(miss.examples))
            for miss in self.misses(days, _SHOWN)
            if not miss.examples or self._unanswered(miss.examples[0])  # what was taught since is no miss any more
        ]
        return lines

    def misses(self, days: int, most: int) -> list[Miss]:
        """Return the words that meant nothing in the last days, the most frequent first; masked where they were noted."""
        since = self._now().date() - timedelta(days=days)
        return PastQuestions(self._catalogue.database).misses(since, most)

    def _unanswered(self, question: str) -> bool:
        best = next(iter(matcher_of(self._catalogue).match(normalise(question))), None)
        return best is None or best.score < SURE

    def _guess(self, examples: Sequence[str]) -> str:
        """Say what would help: goods we know of which nothing is there are a gap, a word that means nothing is an alias."""
        answer, _ = self._assistant.respond(Question(examples[0] if examples else "", self._now()), Session())
        gap = answer.intent == "not_found" and answer.categories
        word = bool(answer.unread or answer.unknown)
        if gap:
            return self._wording.say("desk.learn.gap")
        return self._wording.say("desk.learn.alias") if word else self._wording.say("desk.learn.faq")


def _percent(score: float) -> int:
    return round(100 * score)


def source_of(faq_id: str) -> str:
    """Return the key that says where a stored answer comes from."""
    return "desk.source.taught" if faq_id.startswith(_TAUGHT) else "desk.source.stored"


def _is_over(one: Proposal, now: float) -> bool:
    return one.expires_at is not None and one.expires_at <= now


def id_of(proposal: Proposal) -> str:
    """Return the id under which a proposal stands in the catalogue; versions of one question have one id."""
    return _TAUGHT + hashlib.blake2b(proposal.question.encode(), digest_size=6).hexdigest()
