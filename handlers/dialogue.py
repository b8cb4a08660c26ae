"""One question in its conversation: read it, resolve what it points at, decide what is asked, merge, hand over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handlers.certificate_rules import FRAMED, in_the_same_frame
from handlers.conditions import search_action
from handlers.counted import counted
from handlers.evidence import Evidence
from handlers.explanation import explain
from handlers.faq_matching import least_for, matcher_of
from handlers.followup import begins_anew, merge, wanted_words
from handlers.intents import BEST_LISTED, PLACE_FOR, decided
from handlers.kind_attributes import NO_KIND, with_told_kind
from handlers.list_rules import FOR_PEOPLE, OTHER_BUDGET, PICK_OF_PLAN, SUMS
from handlers.locality import asked_place, place_options, with_known_place, with_place_answered
from handlers.not_found import REMEDY_LACKING
from handlers.own_constraints import asks_grade, asks_remedy, own_constraints, own_sort
from handlers.persons import for_people
from handlers.products_meant import ONLY_POINTING, products_meant
from handlers.qualities_alone import as_quality
from handlers.references import Reference, find_reference
from handlers.registry import handler_for
from handlers.relative import most_stars
from handlers.session import Session
from handlers.short_names import as_short_name
from handlers.slot_reasons import pointing_words, reasons
from handlers.spoken_of import (
    RECKONED,
    WISH_IN_TITLES,
    WISH_UNKNOWN,
    as_contents,
    as_pieces,
    certificates_of,
    last_ones,
    money_named,
    note_others,
    other_chosen,
    others_chosen,
    past_the_others,
    plan_pick,
    running_plan,
    unknown_wish,
    widen_after_most,
)
from handlers.spoken_topics import note_spoken_of
from handlers.sum_rules import sum_for
from handlers.titles import TitleFinder
from handlers.topics import BACK, return_to_earlier
from handlers.turn import Answer, Choice, Note, Question, Say, Turn, say
from handlers.understanding.amounts import FORMALDEHYDE
from handlers.understanding.binding import codes_of_work
from handlers.understanding.interpretation import NOTHING_ASKED, UNGRADED, Constraints, Interpretation
from handlers.understanding.normalise import normalise
from handlers.understanding.other_meanings import alternatives
from handlers.understanding.reading import Reader, Reading
from handlers.unread import strange_letters, unread
from handlers.varieties import untold

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.understanding.lexicon import LexiconEntry

_PLACED = frozenset({"stores", "service", "pavilion", "event", "enterprise", "recommend"})
_LISTS = frozenset({"recommend", "compare", "ranking", "not_found", "clarify"})
# Asked without a product, these are about what is being looked for.
_ABOUT_TOPIC = frozenset({"calculate", "guide", "service", "savings", "unwritten"})
_NEEDS_KIND = frozenset(
    {"qualities alone", "a quality of what is being looked for", "another limit or size for the same list"}
)
_WHICH_CERTIFICATES = "which certificates the goods looked for have"
_MOST_STARS = "those with the most stars"
# What narrows no list by itself: a place, an order, and what is refused.
_NARROW_NOTHING: dict[str, Any] = {
    "adcode": None, "limit": None, "sort": None, "exclude_categories": (), "exclude_brands": (), "exclude_features": (), "exclude_color": (),
}  # fmt: skip
_MOST_CHOICES = 6
_COMPOSED = "…"  # between the two words that name a kind together
_KIN = "kin"  # session.data: codes of the narrower kinds beside what was named last
_ANY_DAY = date(2000, 1, 1)  # a search for names does not depend on the day


class Dialogue:
    """Everything that is prepared once for a revision of the catalogue."""

    def __init__(self, catalogue: Catalogue, locale: Path, more: Iterable[LexiconEntry] = ()) -> None:
        """Prepare for a catalogue; `more` are words to try beside the lexicon."""
        self.catalogue = catalogue
        self.revision = catalogue.revision
        self.reader = Reader(catalogue, locale, more)
        self._faqs = matcher_of(catalogue)
        self._titles = TitleFinder(catalogue, self.reader.asking_words)
        self.reader.look_for(self._titles.pieces)

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

    def understand(self, question: Question, session: Session) -> Interpretation:
        """Return what the question means in its conversation."""
        day, running = question.now.date(), session.topic.constraints.categories
        reading = self.reader.read(question.text, day, running)
        goes_on = session.place and reading.has("op.switch") and len(reading.residue) == 1
        if goes_on or (session.asked and session.asked.startswith(PLACE_FOR)):
            reading = with_place_answered(reading)
        if running or reading.cues.found or session.data.get(RECKONED):
            for read_again in (as_quality, as_short_name, as_pieces, as_contents):
                reading = read_again(reading, session, self.reader.slots, self.catalogue)
        back = return_to_earlier(reading, session, self.catalogue) or (reading.has(*BACK) and reading.slots.goods)
        reference = find_reference(reading, session, self.catalogue)
        skus = products_meant(reading, reference, session, self.catalogue)
        evidence = Evidence(
            reading=reading,
            session=session,
            skus=skus,
            pointed=reference.said,
            fit=lambda: self._faqs.best(reading.normalised, least_for(reading.cues.names)),
            titles=self._titles.kinds(reading.text, day, reading.pieces),
            title_fit=lambda: self._titles.fit_of_guides(reading.normalised),
            stands_out=lambda: self._faqs.stands_out(reading.normalised),
            framed=lambda: in_the_same_frame(reading, self.reader, self.catalogue),
            compose=lambda: self._composed(reading, session),
        )
        intent, rule = decided(evidence, reference, self.catalogue)
        skus = skus or last_ones(intent, rule, evidence) or plan_pick(rule, reading, session, self.catalogue)
        if rule == PICK_OF_PLAN and not skus:  # the plan has none of it
            intent = "recommend"
        before = session.topic.constraints
        if intent == "recommend" and rule in _NEEDS_KIND and not (before.categories or before.brands):
            intent, rule = "clarify", NO_KIND
        reading = with_known_place(reading, intent, self.catalogue)
        options = place_options(reading, session) if reading.places else ()
        if options and intent in _PLACED and not reading.skus:
            intent, rule = "clarify", "a place with several readings"
        place = asked_place(reading, session, self.reader)
        merged = self._merged(intent, rule, reading, session, day)
        meaning = self._interpretation(intent, rule, reading, skus, reference, merged, place, session)
        # 无纺布连衣裤, 速干笔: a quality of something that is none of ours
        if not (reading.residue or reading.crumbs or reading.slots.foreign or strange_letters(reading)):
            meaning = with_told_kind(meaning, self.catalogue, day, session.place)
        if "ask.more" in meaning.cues and (back or begins_anew(rule, meaning.constraints, before, reading)):
            meaning.cues -= {"ask.more"}  # 刚才那个花洒再看看 begins at the beginning
        meaning.place_options = options if intent == "clarify" else ()
        return meaning

    def _nothing_named(self, meaning: Interpretation, reading: Reading) -> Interpretation:
        """Say what would help against a trouble and is lacking here, when nothing narrows a list; never show the whole shop."""
        asked = meaning.constraints
        if meaning.intent != "recommend" or asked.categories or asked.but(**_NARROW_NOTHING) != NOTHING_ASKED:
            return meaning
        remedies = self.reader.binding.remedies
        lacking = tuple(remedies[symptom] for symptom in reading.slots.symptoms if symptom in remedies)
        if lacking:
            meaning.intent, meaning.absent, meaning.rule = "not_found", lacking, REMEDY_LACKING
        elif not (meaning.constraints.sort or reading.has("ask.more")):
            meaning.intent = "clarify"
        return meaning

    def _composed(self, reading: Reading, session: Session) -> tuple[str, ...]:
        """Return the kinds that a short word makes of the running one: 智能的 after 马桶."""
        slots = reading.slots
        if not session.topic.constraints.categories:
            return ()
        if len(reading.text) > ONLY_POINTING or slots.goods or slots.values.get("categories") or slots.foreign:
            return ()
        return self.reader.slots.compose_with(reading.text, session.topic.constraints.categories, wanted_words(reading))

    def _merged(self, intent: str, rule: str, reading: Reading, session: Session, day: date) -> Constraints:
        if intent in _LISTS:
            if rule in (WISH_IN_TITLES, WISH_UNKNOWN):
                kept = session.topic.constraints.but(limit=None)
                return kept if rule == WISH_UNKNOWN else kept.but(title_words=(unknown_wish(reading, session),))
            if other := self._of_other_work(reading, session):
                return own_constraints(reading, self.catalogue).but(categories=other)
            merged = merge(reading, session, self.catalogue, self.reader.slots, rule)
            merged = for_people(merged, reading.quantities, self.catalogue) if rule == FOR_PEOPLE else merged
            return most_stars(merged, self.catalogue, day) if rule == _MOST_STARS else merged
        own = own_constraints(reading, self.catalogue)
        if (
            intent in _ABOUT_TOPIC
            and not (
                intent == session.intent and intent in ("calculate", "savings")
            )  # these remember what they are about
            and not own.categories
            and not reading.slots.symptoms
            and not reading.slots.foreign
            and not reading.skus
            and not reading.named
        ):
            own = own.but(categories=session.topic.constraints.categories)
        of_money = reading.has("calc.enough") or rule == OTHER_BUDGET
        if intent in ("calculate", "plan") and of_money and not own.categories:
            own = own.but(budget=money_named(reading), price_max=None, price_min=None)
        if intent == "verify" and rule == _WHICH_CERTIFICATES:
            own = own.but(categories=session.topic.constraints.categories, certified=False)
        if intent == "verify" and own.brands and not own.categories:
            within = own.but(categories=session.topic.constraints.categories)
            if within.categories and self.catalogue.count(
                Constraints(brands=own.brands, categories=within.categories).query(_ANY_DAY)
            ):
                own = within  # 山楂埂的有证吗 after 防盗门 asks of its doors
        if intent == "calculate" and len(own.categories) == 1 and len(reading.slots.goods) > 1:
            own = own.but(categories=self._by_unit(reading) or own.categories)
        return own

    def _of_other_work(self, reading: Reading, session: Session) -> tuple[str, ...]:
        """Return what a piece of work takes first, when it is another than the running goods are for: 要刷外墙 after a drain."""
        codes = codes_of_work(self.reader.binding, reading.slots.symptoms)
        running = session.topic.constraints.categories
        other = bool(running) and not set(codes) & {*running, *self.catalogue.under(running)}
        return codes[:1] if other and not reading.slots.goods and not reading.has(*BACK) else ()

    def _by_unit(self, reading: Reading) -> tuple[str, ...]:
        """Return the product word whose unit is asked for: 石膏板吊顶要几张 counts 张 of 石膏板."""
        asked = "".join(reading.text[cue.start : cue.end] for cue in reading.cues.of("ask.howmany"))
        for span in reading.slots.goods:
            for code in self.reader.slots.codes(span):
                unit = self.catalogue.categories[code].unit
                if unit and unit in asked:
                    return (code,)
        return ()

    def _interpretation(
        self,
        intent: str,
        rule: str,
        reading: Reading,
        skus: tuple[str, ...],
        reference: Reference,
        merged: Constraints,
        place: tuple[str | None, str | None],
        session: Session,
    ) -> Interpretation:
        session.place = place[0] or session.place
        constraints = self._constraints(intent, reading, merged, place[1], session)
        slots = reading.slots
        ungraded = {UNGRADED: ""} if asks_grade(reading) and not constraints.formaldehyde else {}
        meaning = Interpretation(
            intent=intent,
            normalised=reading.normalised,
            constraints=constraints,
            cues=reading.cues.names,
            skus=skus,
            skus_said=pointing_words(reading),
            certificate_numbers=certificates_of(rule, skus, reading, session, self.catalogue),
            enterprises=slots.values.get("enterprises", ()) or others_chosen(intent, reading, session),
            spans=reading.found.spans,
            quantities=reading.quantities,
            places=reading.places,
            place=session.place,
            unknown=tuple(slots.unknown) or (reading.residue[:1] if rule == "a brand that nobody here knows" else ()),
            residue=self._not_read(intent, rule, reading, constraints, session),
            soft=reading.soft,
            because=reasons(reading, constraints) | ungraded,
            alternatives=alternatives(reading, self.reader, self.catalogue),
            kin=self._kin(reading, session),
            symptoms=tuple(slots.symptoms),
            helping=self.reader.binding.helping(slots.symptoms),
            strange=reading.residue,
            absent=tuple(slots.absent),
            foreign=tuple(dict.fromkeys(slots.foreign)),
            rule=rule,
            chosen=self._chosen(intent, rule, reading, session),
            beyond=reference.beyond,
            past_the_others=past_the_others(rule, reading, session),
        )
        return self._nothing_named(meaning, reading)

    def _chosen(self, intent: str, rule: str, reading: Reading, session: Session) -> str:
        """Return which stored question, plan or other entry is meant, "" for none."""
        if rule in FRAMED:
            return in_the_same_frame(reading, self.reader, self.catalogue)
        return running_plan(rule, reading, session) if intent == "plan" else other_chosen(intent, reading, session)

    def _constraints(
        self, intent: str, reading: Reading, merged: Constraints, origin: str | None, session: Session
    ) -> Constraints:
        """Return the merged constraints with the place, the budget of a plan and the kinds that help against a trouble."""
        constraints = merged
        if origin is not None:
            constraints = constraints.but(origin=origin)
        if intent == "plan" and constraints.budget is None and constraints.price_max is not None:
            constraints = constraints.but(budget=reading.slots.values.get("money_said"), price_max=None, price_min=None)
        if intent in _LISTS or intent == "plan":
            constraints = constraints.but(adcode=session.place)
        limits = "budget" in reading.slots.values or constraints.price_max is None
        if intent == "recommend" and constraints.budget is not None and limits:
            constraints = constraints.but(price_max=constraints.budget)  # nothing dearer than all of the money
        slots = reading.slots
        if asks_grade(reading) and self._ungraded(constraints):
            constraints = constraints.but(formaldehyde=())
        composed = _COMPOSED in slots.because.get("categories", "")  # 贴砖,用啥粘 names the glue
        if slots.symptoms and not composed and (not constraints.categories or asks_remedy(reading)):
            codes = self.reader.binding.helping(slots.symptoms)
            narrowed = self.reader.slots.compose_with(reading.text, codes[:1]) if codes else ()
            narrowed = tuple(code for code in narrowed if code in self.catalogue.under(codes[:1]))
            constraints = constraints.but(categories=narrowed or codes[:1] or constraints.categories)
        return constraints

    def _not_read(
        self, intent: str, rule: str, reading: Reading, constraints: Constraints, session: Session
    ) -> tuple[str, ...]:
        """Return what was said and could not be heeded, as said."""
        if rule == WISH_UNKNOWN:
            return (unknown_wish(reading, session),)
        varieties = untold(reading, self.catalogue, constraints.categories) if intent == "recommend" else ()
        return (*unread(reading, constraints), *varieties)

    def _ungraded(self, constraints: Constraints) -> bool:
        """Tell whether nothing of the kinds has a formaldehyde grade: paint has none, it is boards that are graded."""
        probe = Constraints(categories=constraints.categories, formaldehyde=FORMALDEHYDE)
        return bool(constraints.categories) and not counted(self.catalogue, probe)

    def _kin(self, reading: Reading, session: Session) -> tuple[str, ...]:
        """Return the narrower kinds beside what was named last: 智能马桶 when 马桶 was said."""
        if reading.slots.goods:
            known = self.reader.binding.kin
            session.data[_KIN] = [code for span in reading.slots.goods for code in known.get(span.surface, ())]
        return tuple(session.data.get(_KIN, ()))

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
        elif turn.meaning.intent in (*_PLACED, "ranking"):
            session.asked = f"{PLACE_FOR}{turn.meaning.intent}"
