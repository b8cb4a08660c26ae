"""What a question means in its conversation: read it, resolve what it points at, decide what is asked, merge."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from handlers.context.asked_conditions import AskedConditions
from handlers.context.figures_heard import as_figure
from handlers.context.followup import begins_anew, wanted_words
from handlers.context.heard import as_heard
from handlers.context.in_other_words import meant_otherwise
from handlers.context.kind_attributes import NO_KIND, with_told_kind
from handlers.context.locality import asked_place, place_options, placed, with_place_answered
from handlers.context.own_constraints import asks_grade
from handlers.context.products_meant import products_meant
from handlers.context.qualities_alone import as_quality
from handlers.context.references import NOWHERE, Reference, find_reference
from handlers.context.refused_kinds import refused_kinds
from handlers.context.short_names import as_short_name
from handlers.context.siblings import ONLY_POINTING, OTHER_VARIANT, figure_said, other_variant
from handlers.context.slot_reasons import pointing_words, reasons
from handlers.context.spoken_of import (
    IS_IT_CERTIFIED,
    MOST_CHECKED,
    OF_THE_LAST,
    RECKONED,
    WISH_UNKNOWN,
    as_contents,
    as_pieces,
    certificates_of,
    last_ones,
    other_chosen,
    others_chosen,
    past_the_others,
    plan_pick,
    running_plan,
    unknown_wish,
)
from handlers.context.titles import TitleFinder
from handlers.context.topics import BACK, return_to_earlier
from handlers.context.unread import strange_letters, unread
from handlers.context.varieties import untold
from handlers.context.ways_to_do import NOT_TOLD, as_a_piece_of_work
from handlers.context.whose import as_person, who_is_named
from handlers.not_found import REMEDY_LACKING
from handlers.rules.certificates import FRAMED, in_the_same_frame
from handlers.rules.evidence import NO_WORD, Evidence
from handlers.rules.intents import PLACE_FOR, decided
from handlers.rules.knowledge import TROUBLE_TOLD
from handlers.rules.lists import PICK_OF_PLAN
from handlers.rules.shopping import OF_LIST_CERTIFIED, UNKNOWN_BRAND
from handlers.session import Session
from handlers.stored_questions.matching import LIKE, NEAR, VERBATIM, least_for, matcher_of
from handlers.stored_questions.meanings import meanings_of
from handlers.stored_questions.of_the_kind import OF_THE_KIND, asked_of_the_kind
from handlers.stored_questions.troubles import of_the_trouble, stored_troubles
from handlers.turn import Question
from handlers.understanding.compositions import begins_name
from handlers.understanding.interpretation import NOTHING_ASKED, UNGRADED, Constraints, Interpretation
from handlers.understanding.other_meanings import alternatives
from handlers.understanding.reading import Reader, Reading
from handlers.understanding.slot_words import tells_of_a_lamp
from handlers.understanding.told_of import WORKED
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from datetime import date

    from catalog_db.catalog import Catalogue
    from handlers.understanding.word_search import Hits

# Intents that a place tells more of.
PLACED = frozenset({"stores", "service", "pavilion", "event", "enterprise", "recommend"})
QUALITY = "a quality of what is being looked for"
_NEEDS_KIND = frozenset({"qualities alone", QUALITY, "another limit or size for the same list"})
# What narrows no list by itself: a place, an order, and what is refused.
_NARROW_NOTHING: dict[str, Any] = {
    "adcode": None, "limit": None, "sort": None, "exclude_categories": (), "exclude_brands": (), "exclude_features": (), "exclude_color": (),
}  # fmt: skip
_NAMES = frozenset(
    {"brand", "enterprise", "category", "product", "series"}
)  # kinds of words that name goods and whose they are
_KIN = "kin"  # session.data: codes of the narrower kinds beside what was named last


class MeaningFinder:
    """Finds what questions over one catalogue mean."""

    def __init__(self, catalogue: Catalogue, reader: Reader) -> None:
        self._catalogue, self.reader = catalogue, reader
        self._conditions = AskedConditions(catalogue, reader)
        self._faqs = matcher_of(catalogue)
        self._titles = TitleFinder(catalogue, reader.asking_words)
        reader.look_for(self._titles.pieces, self._faqs.telling_words)

    def prepare(self) -> None:
        """Read the stored questions now, and make what the reader otherwise makes with the first texts."""
        self.reader.prepare()
        stored_troubles(self.reader, self._catalogue)
        meanings_of(self._catalogue)

    def understand(self, question: Question, session: Session) -> Interpretation:
        """Return what the question means in its conversation."""
        day = question.now.date()
        reading = self._read(question.text, day, session)
        returned = bool(session.earlier) and return_to_earlier(reading, session, self._catalogue)
        back = returned or (reading.has(*BACK) and reading.slots.goods)
        reference = find_reference(reading, session, self._catalogue) if reading.cues.found else NOWHERE
        skus = products_meant(reading, reference, session, self._catalogue)
        evidence = Evidence(
            reading=reading,
            session=session,
            skus=skus,
            pointed=reference.said,
            further=self,
            titles=self._titles.kinds(reading.text, day, _of_titles(reading)),
        )
        intent, rule, of_the_kind = self._decided(evidence, reference)
        if rule in NOT_TOLD and (told := self._as_a_piece_of_work(rule, reading, question, session)):
            return told
        skus = skus or last_ones(intent, rule, evidence, self._catalogue)
        if rule == PICK_OF_PLAN and not skus:
            skus = plan_pick(rule, reading, session, self._catalogue)
            intent = intent if skus else "recommend"  # the plan has none of it
        before = session.topic.constraints
        if intent == "recommend" and rule in _NEEDS_KIND and not (before.categories or before.brands):
            intent, rule = "clarify", NO_KIND
        intent, rule = meant_otherwise(intent, rule, evidence, self._catalogue)
        reading = placed(reading, intent, self._catalogue)
        options = place_options(reading, session) if reading.places else ()
        if options and intent in PLACED and not reading.skus:
            intent, rule = "clarify", "a place with several readings"
        place = asked_place(reading, session, self.reader)
        merged = self._conditions.merged(intent, rule, reading, session, day)
        asks = rule == OF_LIST_CERTIFIED and reading.has("q.yesno", "ask.is_cert") and not skus
        if asks and not self._catalogue.count(merged.query(day)):  # 有证吗 after black ones, none of which has one
            intent, rule, skus = "verify", IS_IT_CERTIFIED, session.topic.listed[:MOST_CHECKED]
        meaning = self._interpretation(intent, rule, reading, skus, reference, merged, place, session)
        # 无纺布工作裤, 速干笔: a quality of something that is none of ours
        strange = reading.residue or reading.crumbs or reading.slots.foreign or meaning.residue
        if meaning.rule == NO_KIND and not (strange or strange_letters(reading)):
            meaning = with_told_kind(meaning, self._catalogue, day, session.place)
        if "ask.more" in meaning.cues and (back or begins_anew(rule, meaning.constraints, before, reading)):
            meaning.cues -= {"ask.more"}  # 刚才那个花洒再看看 begins at the beginning
        meaning.place_options = options if intent == "clarify" else ()
        meaning.chosen = of_the_kind or meaning.chosen
        return meaning

    def _decided(self, evidence: Evidence, reference: Reference) -> tuple[str, str, str]:
        """Return the intent, its rule, and the stored question that is asked of the running kind, "" for none."""
        reading, session = evidence.reading, evidence.session
        intent, rule = decided(evidence, reference, self._catalogue)
        of_the_kind = asked_of_the_kind(rule, reading, session, self._catalogue)
        intent, rule = ("faq", OF_THE_KIND) if of_the_kind else (intent, rule)
        running = session.topic.constraints.categories
        if rule == WISH_UNKNOWN and refused_kinds(reading, running, self._catalogue, self.reader.slots):
            rule = QUALITY  # 不要实木的 after 地板
        if rule in OF_THE_LAST and not evidence.skus and other_variant(reading, session, self._catalogue):
            intent, rule = "recommend", OTHER_VARIANT  # 600的有证没 is not answered with the certificate of 305
        return intent, rule, of_the_kind

    def _as_a_piece_of_work(
        self, rule: str, reading: Reading, question: Question, session: Session
    ) -> Interpretation | None:
        """Return what 墙怎么刷 means as 刷墙的步骤, where that is written, or where nothing was understood of the question itself."""
        work = as_a_piece_of_work(reading)
        if not work:
            return None
        told = self.understand(replace(question, text=work), session.copy())
        return told if told.intent == "guide" or (rule == NO_WORD and told.intent != "out_of_scope") else None

    def _read(self, text: str, day: date, session: Session) -> Reading:
        """Read what was said, and again in the light of the conversation."""
        running = session.topic.constraints.categories
        reading = self.reader.read(text, day, running)
        goes_on = session.place and reading.has("op.switch") and len(reading.residue) == 1
        if goes_on or (session.asked and session.asked.startswith(PLACE_FOR)):
            reading = with_place_answered(reading)
        if running or reading.cues.found or session.data.get(RECKONED):
            for read_again in (as_person, as_quality, as_short_name, as_pieces, as_contents, as_figure):
                reading = read_again(reading, session, self.reader.slots, self._catalogue)
            reading = as_heard(reading, session, self.reader.lexicon.tables.sounds, self._catalogue)
        return reading

    def _nothing_named(self, meaning: Interpretation, reading: Reading) -> Interpretation:
        """Say what would help against a trouble and is lacking here, when nothing narrows a list; never show the whole shop."""
        asked = meaning.constraints
        worked = WORKED in reading.slots.because  # 栅栏漆成绿色 asks for paint, not for whatever is green
        narrow = not worked and asked.but(**_NARROW_NOTHING) != NOTHING_ASKED
        if meaning.intent != "recommend" or asked.categories or narrow:
            return meaning
        remedies = self.reader.binding.remedies
        lacking = tuple(remedies[symptom] for symptom in reading.slots.symptoms if symptom in remedies)
        if lacking:
            meaning.intent, meaning.absent, meaning.rule = "not_found", lacking, REMEDY_LACKING
        elif not (meaning.constraints.sort or reading.has("ask.more")):
            meaning.intent = "clarify"
        return meaning

    def fit(self, reading: Reading) -> float:
        """Return how well the best stored question fits, 0–1."""
        least = least_for(reading.cues.names) if reading.cues.found else NEAR
        score = self._faqs.best(reading.normalised, least, bool(reading.pieces[1]))
        return 0.0 if score and score < VERBATIM and self._of_others(reading) else score

    def _of_others(self, reading: Reading) -> bool:
        """Tell whether something of another trade is asked about and no stored question speaks of it.

        牛奶过期一天还能喝吗; the lamp of a thing (路由器灯一闪一闪) and a matter of an office (发票能报销吗) are none of ours
        whatever goods are named beside them.
        """
        foreign = reading.slots.foreign
        if not foreign:
            return False
        if any(word in signs("office_matter") for word in foreign) or tells_of_a_lamp(reading.found, reading.text):
            return True
        return not reading.slots.goods and not self._faqs.says(foreign)

    def somewhat_like(self, reading: Reading) -> bool:
        """Tell whether a stored question is somewhat like it, so that it may be offered where nothing else is known."""
        return not self._of_others(reading) and self._faqs.best(reading.normalised, LIKE) >= LIKE

    def fit_of_guides(self, reading: Reading) -> float:
        """Return how well the title of the best guide fits, 0–1."""
        return 0.0 if self._of_others(reading) else self._titles.fit_of_guides(reading.normalised)

    def stands_out(self, reading: Reading) -> bool:
        """Tell whether one stored question is surely what was asked."""
        return not self._of_others(reading) and self._faqs.stands_out(reading.normalised)

    def framed(self, reading: Reading) -> str:
        """Return the stored question that asks of certificates in the same frame, "" for none."""
        return in_the_same_frame(reading, self.reader, self._catalogue)

    def troubled(self, reading: Reading) -> str:
        """Return the stored question about the trouble that is told, "" for none."""
        return "" if self._of_others(reading) else of_the_trouble(reading, self.reader, self._catalogue)

    def composed(self, reading: Reading, session: Session) -> tuple[str, ...]:
        """Return the kinds that a short word makes of the running one: 智能的 after 马桶."""
        slots = reading.slots
        if not session.topic.constraints.categories:
            return ()
        if len(reading.text) > ONLY_POINTING or slots.goods or slots.values.get("categories") or slots.foreign:
            return ()
        return self.reader.slots.compose_with(reading.text, session.topic.constraints.categories, wanted_words(reading))

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
        constraints = self._conditions.completed(intent, reading, merged, place[1], session)
        pointing, kept = reading.cues.found or reading.codes or reading.named, session.data
        meaning = self._told(intent, reading)
        meaning.rule, meaning.constraints, meaning.skus, meaning.place = rule, constraints, skus, session.place
        if pointing:
            meaning.skus_said = pointing_words(reading)
            meaning.certificate_numbers = certificates_of(rule, skus, reading, session, self._catalogue)
        if kept and not meaning.enterprises:
            meaning.enterprises = others_chosen(intent, reading, session)
        if kept or reading.slots.goods:
            meaning.kin = self._kin(reading, session)
        if kept or rule in FRAMED or rule == TROUBLE_TOLD:
            meaning.chosen = self._chosen(intent, rule, reading, session)
        if rule == UNKNOWN_BRAND and not meaning.unknown:
            meaning.unknown = reading.residue[:1]
        meaning.residue = self._not_read(intent, rule, reading, constraints, session)
        meaning.because = _because(reading, constraints)
        meaning.beyond, meaning.past_the_others = reference.beyond, past_the_others(rule, reading, session)
        return self._nothing_named(meaning, reading)

    def _told(self, intent: str, reading: Reading) -> Interpretation:
        """Return what the words alone tell, whatever was said before."""
        slots = reading.slots
        return Interpretation(
            intent=intent,
            normalised=reading.normalised,
            cues=reading.cues.names,
            enterprises=slots.values.get("enterprises", ()),
            spans=reading.found.spans,
            quantities=reading.quantities,
            places=reading.places,
            unknown=tuple(slots.unknown),
            soft=reading.soft,
            alternatives=alternatives(reading, self.reader, self._catalogue),
            symptoms=tuple(slots.symptoms),
            helping=self.reader.binding.helping(slots.symptoms) if slots.symptoms else (),
            strange=reading.residue,
            absent=tuple(slots.absent),
            foreign=tuple(dict.fromkeys(slots.foreign)),
            who=who_is_named(reading),
        )

    def _chosen(self, intent: str, rule: str, reading: Reading, session: Session) -> str:
        """Return which stored question, plan or other entry is meant, "" for none."""
        if rule == TROUBLE_TOLD:
            return self.troubled(reading)
        if rule in FRAMED:
            return in_the_same_frame(reading, self.reader, self._catalogue)
        return running_plan(rule, reading, session) if intent == "plan" else other_chosen(intent, reading, session)

    def _not_read(
        self, intent: str, rule: str, reading: Reading, constraints: Constraints, session: Session
    ) -> tuple[str, ...]:
        """Return what was said and could not be heeded, as said."""
        if rule == WISH_UNKNOWN:
            return (unknown_wish(reading, session),)
        if rule == OTHER_VARIANT and (figure := figure_said(reading)):
            return (figure,)
        varieties = untold(reading, self._catalogue, constraints.categories) if intent == "recommend" else ()
        said = (*unread(reading, constraints), *varieties)
        return tuple(word for word in said if not begins_name(word, constraints.categories, self._catalogue))

    def _kin(self, reading: Reading, session: Session) -> tuple[str, ...]:
        """Return the narrower kinds beside what was named last: 智能马桶 when 马桶 was said."""
        if reading.slots.goods:
            known = self.reader.binding.kin
            session.data[_KIN] = [code for span in reading.slots.goods for code in known.get(span.surface, ())]
        return tuple(session.data.get(_KIN, ()))


def _because(reading: Reading, constraints: Constraints) -> dict[str, str]:
    """Return the words behind each condition, and whether a grade was asked for that the goods do not have."""
    because = reasons(reading, constraints)
    return because | {UNGRADED: ""} if asks_grade(reading) and not constraints.formaldehyde else because


def _of_titles(reading: Reading) -> Hits:
    """Return the pieces of titles that hold more than names of makers and goods: 谷太阳 of 晒谷太阳能灯 names no launch."""
    hits = reading.pieces[0]
    if not hits:
        return hits
    named = {at for s in reading.found.spans if s.kind in _NAMES for at in range(s.start, s.end)}
    return [hit for hit in hits if not named.issuperset(range(hit[1], hit[2]))]
