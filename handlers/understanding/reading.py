"""Read one utterance: every step of understanding in order, with its results kept for the explanation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from handlers.understanding.amount_rules import grammar
from handlers.understanding.amounts import AmountReader
from handlers.understanding.attributes import AttributeScanner, AttributeSpan
from handlers.understanding.binding import Binding, bind
from handlers.understanding.codes import Code, find_codes
from handlers.understanding.cues import Cue, Cues, CueScanner, load_scanner
from handlers.understanding.filled import Slots
from handlers.understanding.lexicon import GOODS, Found, Lexicon, LexiconEntry, Tables
from handlers.understanding.makers import unlisted_makers
from handlers.understanding.naming import Named, NameWords, resolve
from handlers.understanding.normalise import folded, normalise
from handlers.understanding.openings import beside_what_is_covered
from handlers.understanding.own_values import OwnValues
from handlers.understanding.places import place_words, places_named, without_names
from handlers.understanding.quantities import find_quantities
from handlers.understanding.scope import Scope, find_scope
from handlers.understanding.slot_words import add_lone_colors
from handlers.understanding.slots import SlotReader
from handlers.understanding.spans import Span
from handlers.understanding.value_forms import stem_of
from handlers.understanding.variants import Variant, variant_said
from handlers.understanding.word_search import Hit, Hits, WordSearch
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from datetime import date

    from catalog_db.catalog import Catalogue
    from handlers.understanding.spans import Normalised, PlaceSpan, Quantity

_WHOLE_WORDS = frozenset(
    {
        "category",
        "product",
        "brand",
        "known_brand",
        "series",
        "enterprise",
        "block",
        "other_goods",
        "feature",
        "scene",
        "room",
        "symptom",
        "color",
        "material",
    }
)


_Place = tuple[int, int]
_NOWHERE: Sequence[_Place] = ()
_LONG_NUMBER = 7  # digits of a number that is a certificate's, not a model's
_MISTYPED = frozenset({"sound", "shape", "near"})  # ways to be found that are read back
_DESCRIBING = ("color", "feature", "material")
_MEANINGS = _WHOLE_WORDS | {"scheme", "grade", "cue", "batch"}  # a word of these is no attribute value
_LAST_MARKS = "?？!！。~～… \t\r\n"  # behind a question: they ask nothing, and its frame ends before them
_STARRED = "green_building_material"  # the scheme that has stars
_LOOK_BACK = 8  # characters before a figure that can hold its bound
_OPEN, _CLOSED = (
    "ask.have",
    4,
)  # a cue that may hold what is asked for, and how many characters hold nothing else: 有没有卖
_MOST_RECENT = 16  # readings kept: a message is read whole, in pieces, and whole again where it asks one thing


@dataclass(slots=True)  # not frozen: that costs more than all else of making one
class Reading:
    """One utterance read, before the conversation is looked at; nobody changes one."""

    normalised: Normalised
    found: Found
    cues: Cues
    codes: tuple[Code, ...]
    quantities: tuple[Quantity, ...]
    places: tuple[PlaceSpan, ...]
    scope: Scope
    slots: Slots
    named: tuple[Named, ...] = ()
    residue: tuple[str, ...] = ()  # stretches of two and more characters that nothing explains
    crumbs: bool = False  # there is a single character, too, that nothing explains: 速干|笔
    soft: tuple[Span, ...] = ()
    pieces: Sequence[Hits] = ()  # where words stand that were asked for by `Reader.look_for`, table by table
    text: str = ""  # the normalised text

    def has(self, *names: str) -> bool:
        """Tell whether one of the cues was found."""
        return not self.cues.names.isdisjoint(names)

    @property
    def skus(self) -> tuple[str, ...]:
        """Return the products named by number, one for each, in order."""
        return tuple(dict.fromkeys(code.skus[0] for code in self.codes if code.skus))

    @property
    def certificate_numbers(self) -> tuple[str, ...]:
        """Return the certificate numbers said; one that nobody has only where a certificate is spoken of, or nothing else."""
        if not self.codes:
            return ()
        unknown = self.has("ask.cert", "ask.verify", "cert.number") or not (
            self.slots.goods or self.slots.values.get("brands")
        )
        kinds = ("certificate", "unknown_number") if unknown else ("certificate",)
        return tuple(
            code.value for code in self.codes if code.kind in kinds or (code.start == 0 and _long_number(code))
        )


def _long_number(code: Code) -> bool:
    """Tell whether a number that nobody has is too long for a model: YL2-25-64457是哪款灯."""
    digits = sum(char.isdigit() for char in code.value)
    return code.kind == "unknown_number" and any(map(str.isalpha, code.value)) and digits >= _LONG_NUMBER


class Reader:
    """Understands the utterances of one catalogue. Built once; reading changes nothing."""

    def __init__(self, catalogue: Catalogue, locale: Path, more: Iterable[LexiconEntry] = ()) -> None:
        self._catalogue = catalogue
        binding, entries = bind(catalogue, Lexicon.load_entries(locale))
        self.binding: Binding = binding
        entries += more
        self.lexicon = Lexicon(entries, Tables.load(locale), tuple(catalogue.vocabulary.attributes))
        self._scanner: CueScanner = load_scanner(locale)
        self.asking_words = frozenset(entry.surface for entry in entries if entry.kind in ("cue", "function"))
        told = catalogue.vocabulary.attributes.items()
        values = frozenset(
            word
            for name, several in told
            for v in several
            for word in (folded(v), folded(v + name), folded(v) + stem_of(folded(name)))
        )
        names = {folded(name) for one in catalogue.categories.values() for name in (one.name, *one.synonyms)}
        said = {entry.surface for entry in entries if entry.kind in GOODS}
        self._parts = (said & values) - names  # goods that are values of an attribute here: C级锁芯 of a lock
        self._own = OwnValues(catalogue, entries)
        taken = frozenset(
            entry.surface
            for entry in entries
            if entry.kind in _MEANINGS
            and entry.surface not in self._parts
            and entry.surface not in self._own.words
            and not (entry.kind in _DESCRIBING and _digits(entry.surface, 0, len(entry.surface)))
            and not (
                entry.kind in ("material", "feature") and entry.surface in values
            )  # 台面陶瓷 says more than our word
        )
        self._attributes = AttributeScanner(catalogue.vocabulary.attributes, taken)
        self.slots = SlotReader(catalogue, self.binding)
        self._amounts = AmountReader(catalogue.vocabulary)
        self._pieces: tuple[Sequence[str], ...] = ()
        self._search: WordSearch | None = None
        self._recent: dict[tuple[str, date, tuple[str, ...]], Reading] = {}

    def look_for(self, *pieces: Sequence[str]) -> None:
        """Look for the words of more tables in every text: a reading tells where they stand."""
        self._pieces, self._search = pieces, None

    def _hits(self, text: str) -> list[list[Hit]]:
        """Return where the words of all tables stand: the text is gone through once."""
        if self._search is None:
            lexicon, troubles = self.lexicon.patterns, self.lexicon.tables.troubles.words
            own = (self._scanner.words, self._attributes.words, place_words(), *self._pieces)
            self._search = WordSearch(lexicon, troubles, self.slots.modifiers, *own)
        return self._search.find(text)

    def prepare(self) -> None:
        """Make now what is otherwise made when it is first needed: for a program that goes on running."""
        self.lexicon.prepare()
        self._scanner.prepare()
        self._hits("")

    def read(self, raw: str, day: date, topic: tuple[str, ...] = ()) -> Reading:
        """Read an utterance; concepts of the running topic win ties. Readings are shared: nobody changes one."""
        reading = self._recent.get((raw, day, ()))
        if topic and (reading is None or reading.found.mistyped):
            reading = self._recent.get((raw, day, topic))
        if reading is None:
            reading = self._read(raw, day, topic)
            if len(self._recent) >= _MOST_RECENT:
                self._recent.clear()
            self._recent[raw, day, topic if reading.found.mistyped else ()] = reading
        return reading

    def _read(self, raw: str, day: date, topic: tuple[str, ...]) -> Reading:
        normalised = self.lexicon.write_out(normalise(raw.rstrip(_LAST_MARKS) or raw))
        codes = [one for one in find_codes(normalised, self._catalogue) if not self._is_value(normalised.text, one)]
        protected = [(code.start, code.end) for code in codes] if codes else _NOWHERE
        text = normalised.text
        own, of_troubles, modifiers, of_cues, of_attributes, of_places, *pieces = self._hits(text)
        found = self.lexicon.find_spans(normalised, protected, topic, (own, of_troubles, modifiers))
        words, firm, closed = self._words(found, protected)
        attributes = self._attributes_said(text, found, firm, of_attributes)
        if attributes:
            attributes, found = self._own.settle(attributes, found, self.slots.codes, topic)
        taken = [*words, *_labels(found.spans)]
        if attributes:
            taken += [(a.start, a.end) for a in attributes if a.measured or self._holds_amount(text, a)]
        amounts = find_quantities(text, taken)
        quantities = tuple([self._amounts.held(text, one, found.spans) for one in amounts]) if amounts else ()
        quantities, found, rest = beside_what_is_covered(text, quantities, found)
        places = places_named(text, words, found, of_places) if of_places else ()
        found, rest = without_names(found, rest, places) if places else (found, rest)
        closed += [(a.start, a.end) for a in attributes if a.in_a_phrase]
        cues = self._scanner.scan(text, closed, of_cues)
        words_too = (*found.spans, *_modifiers(text, found)) if "op.correct" in cues.names else found.spans
        scope = find_scope(text, cues, words_too, quantities, attributes)
        if quantities and scope.old:
            quantities = tuple([q for q in quantities if not scope.corrects(q.start, q.end)])
        if quantities and "ask.price" in cues.names:
            quantities = _not_asked_for(quantities, cues)
        slots = self.slots.read(rest, found, scope, attributes, cues)
        self._amounts.read(slots, text, quantities, cues, scope)
        add_lone_colors(slots, raw, self.slots.colors)
        unexplained = (
            _unexplained(text, found, (*quantities, *places, *attributes), cues, scope) if found.residue else []
        )
        slots.unknown += unlisted_makers(text, unexplained, cues.names)
        return Reading(
            normalised,
            found,
            cues,
            tuple(codes),
            quantities,
            places,
            scope,
            slots,
            named=tuple(self._named(normalised, found, slots, day, variant_said(slots.values, quantities, cues)))
            if "series" in slots.values
            else (),
            residue=tuple([word for word in unexplained if len(word) > 1]),
            crumbs=1 in map(len, unexplained),
            soft=tuple([s for s in found.spans if s.tier != "sure" or s.region or s.how in _MISTYPED]),
            pieces=pieces,
            text=text,
        )

    def _attributes_said(self, text: str, found: Found, blocked: list[_Place], hits: Hits) -> list[AttributeSpan]:
        """Return the attribute values said that no limit and no word of another trade claims."""
        if not (hits or self._attributes.may_count(text)):
            return []
        goods = [span for span in found.spans if span.kind in GOODS]
        starts, ends = {span.start for span in goods}, {span.end for span in goods}
        said = self._attributes.scan(text, blocked, starts, hits, ends)
        return [a for a in said if not _limit(text, a) and not _shorter(a, found.spans)] if said else said

    def _holds_amount(self, text: str, told: AttributeSpan) -> bool:
        """Tell whether a figure is part of a value and counts nothing: 304不锈钢, 三元锂; years count in any case: 用10年."""
        said = text[told.start : told.end]
        if _digits(text, told.start, told.end):
            unit = grammar().units.get(said.lstrip("0123456789."))
            return unit is None or unit.dimension != "time"
        return any(map(str.isnumeric, said)) and self._attributes.knows(said)

    def _is_value(self, text: str, code: Code) -> bool:
        """Tell whether a number that nobody has is a value of an attribute: 120kg/m3."""
        return code.kind == "unknown_number" and self._attributes.knows(text[code.start : code.end])

    def _words(self, found: Found, taken: Sequence[_Place]) -> tuple[list[_Place], list[_Place], list[_Place]]:
        """Return the places of the words that say what is meant: all, those that are no attribute value, those that are no cue.

        All begin with the places that are `taken` by numbers and codes.
        """
        words, firm, closed = [*taken], [*taken], [*taken]
        last: Span | None = None  # of the goods
        for span in reversed(found.spans):
            kind = span.kind
            if kind in _WHOLE_WORDS:
                last = span if last is None and kind in GOODS else last
                place = span[:2]
                if kind == "material" and span.surface[-1] in signs("of"):
                    place = (span.start, span.end - 1)  # 冷轧|钢的: the value before 的 says more
                several = found.readings.get(place, ())
                words.append(place)
                if self._firm(span, span is last):
                    firm.append(place)
                if len(several) < 2 or "cue" not in [reading.kind for reading in several]:
                    closed.append(place)
        return words, firm, closed

    def _firm(self, span: Span, last: bool) -> bool:
        """Tell whether a word may not be read as an attribute value as well; goods that we lack before others may: 双层中空|玻璃的窗.

        A quality written as a figure (4000k) may: the catalogue's own attribute says it more exactly.
        """
        if (
            span.surface in self._parts
            or self._own.may_be(span)
            or (span.kind == "product" and not (last or self.slots.codes(span)))
        ):
            return False
        if span.kind == "other_goods":
            return False
        return span.kind not in _DESCRIBING or not _digits(span.surface, 0, len(span.surface))

    def _named(self, normalised: Normalised, found: Found, slots: Slots, day: date, variant: Variant) -> list[Named]:
        series = slots.values.get("series", ())
        if not series:
            return []
        places = tuple((span.start, span.end) for span in found.spans if span.kind in ("series", "brand"))
        if not places:
            return []
        words = NameWords(slots.values.get("brands", ()), series, slots.values.get("categories", ()), places)
        return resolve(self._catalogue, normalised, words, day, variant)


def _modifiers(text: str, found: Found) -> list[Span]:
    """Return the words that make a narrower kind of goods, which a correction may tell alone: 乳胶漆,不对是外头用的."""
    return [Span(start, end, "modifier", "", text[start:end]) for _, start, end in found.modifiers or ()]


def _not_asked_for(quantities: Sequence[Quantity], cues: Cues) -> tuple[Quantity, ...]:
    """Leave out money that is asked for and no limit: how many hundreds in 断桥铝窗一平方几百."""
    asked = cues.of("ask.price")
    return tuple(
        [
            q
            for q in quantities
            if q.dimension != "money" or not any(c.start <= q.start and q.end <= c.end for c in asked)
        ]
    )


def _labels(spans: tuple[Span, ...]) -> list[_Place]:
    """Return where labels stand whose numeral counts nothing: 拿过十环; 三星绿色建材 has its stars."""
    return [(span.start, span.end) for span in spans if span.kind == "scheme" and span.concept != _STARRED]


def _shorter(told: AttributeSpan, spans: tuple[Span, ...]) -> bool:
    """Tell whether a word of another trade says more than the value beside it; 磷酸铁锂 says more than 锂电池."""
    return any(
        span.kind == "other_goods"
        and span[:2] != (told.start, told.end)  # 锂电池 of a lock
        and told.start < span.end
        and span.start < told.end
        and told.end - told.start <= span.end - span.start
        for span in spans
    )


def _limit(text: str, told: AttributeSpan) -> bool:
    """Tell whether a figure is the end of a range (12w以内), which is more than the one value of an attribute."""
    if told.measured or not text[told.start].isdigit():
        return False
    look = max(told.start - _LOOK_BACK, 0)
    return bool(grammar().after.match(text, told.end) or grammar().before.search(text, look, told.start))


def _digits(text: str, start: int, end: int) -> bool:
    return any(map(str.isdigit, text[start:end]))


def _words_of(cue: Cue) -> tuple[_Place, ...]:
    """Return where the words of a cue stand; what is asked to be had stands between them: 有|晴川家的漆|吗."""
    if cue.name == _OPEN and cue.end - cue.start > _CLOSED:
        return ((cue.start, cue.start + 1), (cue.end - 1, cue.end))
    return ((cue.start, cue.end),)


def _unexplained(
    text: str, found: Found, told: Sequence[Quantity | PlaceSpan | AttributeSpan], cues: Cues, scope: Scope
) -> list[str]:
    """Return the words that no word of ours, no amount, place or value and no frame explains."""
    explained = [(one.start, one.end) for one in told]
    explained += [place for cue in cues.found if not cue.groups for place in _words_of(cue)]
    return _uncovered(text, found.residue, scope.old, explained)


def _uncovered(
    text: str,
    residue: tuple[_Place, ...],
    corrected: Iterable[_Place],
    explained: Sequence[_Place],
) -> list[str]:
    """Return the stretches of residue that nothing else explains; no word is in what was corrected away."""
    if not (corrected or explained):
        return [text[start:end] for start, end in residue]
    free = bytearray(len(text))
    for start, end in residue:
        free[start:end] = b"\x01" * (end - start)
    for start, end in (*corrected, *explained):
        free[start:end] = bytes(end - start)
    left: list[str] = []
    for start, end in residue:
        at = start
        while (at := free.find(1, at, end)) >= 0:
            stop = free.find(0, at, end)
            stop = end if stop < 0 else stop
            left.append(text[at:stop])
            at = stop
    return left
