"""Turn the words found into constraints: categories, brands, certification, scenes, features, colours.

Amounts have their own module. Every slot notes the words behind it in `because`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from catalog_db.records import SCHEMES
from handlers.understanding.numbers import numerals
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from catalog_db.records import Category
    from handlers.understanding.attributes import AttributeSpan
    from handlers.understanding.binding import Binding
    from handlers.understanding.cues import Cues
    from handlers.understanding.lexicon import Found
    from handlers.understanding.scope import Scope
    from handlers.understanding.spans import Span

GOODS = ("category", "product")
_OWNED = 2  # characters between an owner and what is its part: 汽车的水泵
FORMALDEHYDE_FREE = (
    "无甲醛"  # the concept of features.tsv that no product satisfies: the best grade is the honest reading
)


@dataclass(slots=True)
class Slots:
    """What is being filled. `values`: constraint name → value; `because`: constraint name → the words behind it."""

    values: dict[str, Any] = field(default_factory=dict)
    because: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    narrow: list[str] = field(default_factory=list)  # kinds that the catalogue has only as part of a category
    absent: list[str] = field(default_factory=list)  # building materials that it lacks
    foreign: list[str] = field(default_factory=list)  # things that are not ours
    goods: list[Span] = field(default_factory=list)  # product words that count, in order
    symptoms: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)  # dimensions that need not be: 不一定要三星 → stars
    no_name_ends: set[int] = field(default_factory=set)  # where a brand's name ends that is an everyday word there
    owners: list[int] = field(default_factory=list)  # where things of other trades end: what follows directly is theirs
    wants: list[int] = field(default_factory=list)  # where something is asked for: 寻个, 要买
    made: int = 0  # where a thing begins that is to be made (做橱柜), 0 = none

    def add(self, name: str, *values: str, because: str) -> None:
        """Append values to a list slot."""
        self.values[name] = tuple(dict.fromkeys((*self.values.get(name, ()), *values)))
        self._note(name, because)

    def put(self, name: str, value: Any, because: str) -> None:
        """Set a single-valued slot."""
        self.values[name] = value
        self._note(name, because)

    def _note(self, name: str, because: str) -> None:
        known = self.because.get(name)
        self.because[name] = because if known is None or because in known else f"{known}, {because}"


class SlotReader:
    """Reads the slots of one catalogue."""

    def __init__(self, catalogue: Catalogue, binding: Binding) -> None:
        self._catalogue = catalogue
        self._binding = binding
        vocabulary = catalogue.vocabulary
        self._features = frozenset(vocabulary.features)
        self._scenes = frozenset(vocabulary.scenes)
        self._colors = vocabulary.colors
        self._kinds = {
            name: (category.code,)
            for category in catalogue.categories.values()
            for name in (category.name, *category.synonyms)
        }
        self._values: dict[str, list[tuple[str, str]]] = {}
        for name, values in vocabulary.attributes.items():
            for value in values:
                self._values.setdefault(value, []).append((name, value))
        self._modifiers = sorted(binding.compositions, key=len, reverse=True)
        self._ends: tuple[dict[str, list[str]], dict[str, list[str]]] | None = None

    def read(
        self, text: str, found: Found, scope: Scope, attributes: Sequence[AttributeSpan], cues: Cues | None = None
    ) -> Slots:
        """Return the slots of an utterance. Words corrected away are passed over."""
        slots = Slots()
        slots.wants = [cue.start for cue in cues.of("ask.want")] if cues else []
        slots.no_name_ends = {
            span.end
            for span in found.spans
            if span.kind == "brand" and text[span.end : span.end + 1] in signs("no_name_before")
        }
        for span in found.spans:
            if span.kind == "product" and text[span.start - 1 : span.start] in signs("purpose") and span.start:
                slots.made = span.start
            if scope.corrects(span.start, span.end) or (scope.drops(span.start, span.end) and span.kind not in GOODS):
                continue
            if any(a.start < span.end and span.start < a.end for a in attributes):
                continue  # 4000k is a colour temperature of the catalogue, more exact than our word for it
            for reading in self._useful(found.readings.get((span.start, span.end), (span,)), found, text):
                self._take(slots, text, reading, found, scope)
        for attribute in attributes:
            self._attribute(slots, text, attribute, scope)
        self._categories(slots, text, found, scope)
        return slots

    def _useful(self, readings: Iterable[Span], found: Found, text: str) -> list[Span]:
        """Drop a product that the catalogue lacks where the same word is a quality: 隔音 of a window."""
        known = list(readings)
        if any(span.kind in ("brand", "known_brand") for span in known) and any(
            self.codes(span) for span in found.spans if span.kind in GOODS
        ):  # 土豆家的纱窗: a brand with a vegetable's name
            known = [span for span in known if span.kind != "other_goods"]
        qualities = [span for span in known if span.kind not in GOODS and span.kind in _TAKES]
        if any(self.codes(span) for span in known if span.kind in GOODS):
            known = [span for span in known if span.kind not in ("scene", "room")]  # 木门 is sold, not where it is used
        if qualities:
            known = [
                span
                for span in known
                if span.kind not in GOODS or (self.codes(span) and not _strange(span, found, text))
            ]
        own = {
            span.kind for span in known if span.concept == span.surface and span.kind in ("feature", "scene", "color")
        }
        return [span for span in known if span.kind not in own or span.concept == span.surface]

    def _take(self, slots: Slots, text: str, span: Span, found: Found, scope: Scope) -> None:
        said = text[span.start : span.end]
        because = said if said == span.surface else f"{said}≈{span.surface}"
        out = scope.refuses(span.start, span.end)
        take = _TAKES.get(span.kind)
        if span.kind in GOODS:
            self._goods(slots, text, span, found, out, because)
        elif take is not None:
            take(self, slots, span, out, because)

    def _goods(self, slots: Slots, text: str, span: Span, found: Found, out: bool, because: str) -> None:
        if out:
            codes = self.codes(span)
            if codes:
                slots.add("exclude_categories", *codes, because=because)
            return
        tail = found.tails.get((span.start, span.end))
        if tail is not None and tail.start == span.end and self._part(slots, text, span, tail):
            return
        if tail is not None and tail.concept == "unknown" and _modifies(span, tail, text):
            slots.absent.append(text[span.start : tail.end])  # 防水袋子: of what kind something unknown is
            return
        slots.goods.append(span)
        self._feature_inside(slots, span, because)

    def _part(self, slots: Slots, text: str, span: Span, tail: Span) -> bool:
        """Tell whether what follows is what is sold: 瓷砖美缝剂, 马桶配件 (which we lack), 奶锅把手 (which is not ours)."""
        if tail.concept == "accessory" and text[tail.end : tail.end + 1] in numerals().digits:
            return False  # 净水机头两名: 头 begins 头两名
        if tail.concept == "accessory":
            slots.absent.append(f"{span.surface}{tail.surface}")
        elif tail.concept == "other_goods":
            slots.foreign.append(f"{span.surface}{tail.surface}")
        return tail.concept in ("product", "accessory", "other_goods")

    def _feature_inside(self, slots: Slots, span: Span, because: str) -> None:
        """Read the quality in a compound that the catalogue takes for the plain kind: 防滑地砖 is a 地砖 that is 防滑."""
        for size in range(2, len(because)):
            quality, rest = because[:size], because[size:]
            if rest not in self._kinds or not set(self._kinds[rest]) & set(self.codes(span)):
                continue
            if quality in self._features:
                slots.add("features", quality, because=because)
            elif quality in self._values:
                self._put_attribute(slots, *self._values[quality][0], because=because)

    def codes(self, span: Span) -> tuple[str, ...]:
        """Return the category codes that a product word stands for here, () when the catalogue lacks it."""
        if span.kind == "category":
            return tuple(span.concept.split("|"))
        return self._binding.codes.get(span.concept, ())

    def _brand(self, slots: Slots, span: Span, out: bool, because: str) -> None:
        if span.end in slots.no_name_ends:
            return  # 第二层, 水滴到: a brand's name as an everyday word
        slots.add("exclude_brands" if out else "brands", span.concept, because=because)

    def _known_brand(self, slots: Slots, span: Span, out: bool, because: str) -> None:
        if not out:
            slots.unknown.append(because)

    def _series(self, slots: Slots, span: Span, out: bool, because: str) -> None:
        if not out:
            slots.add("series", span.concept, because=because)

    def _enterprise(self, slots: Slots, span: Span, out: bool, because: str) -> None:
        if not out:
            slots.add("enterprises", span.concept, because=because)

    def _feature(self, slots: Slots, span: Span, out: bool, because: str) -> None:
        """Take a property that the catalogue's products have; a property named by an attribute value counts as well."""
        if span.concept == FORMALDEHYDE_FREE and not out:
            slots.add("formaldehyde", "ENF", because=because)
            slots.put("honest_formaldehyde", True, because)
        elif span.concept in self._features:
            slots.add("exclude_features" if out else "features", span.concept, because=because)
        elif (value := span.surface if span.surface in self._values else span.concept) in self._values and not out:
            self._put_attribute(slots, *self._values[value][0], because=because)
        elif not out:
            slots.add("wishes", span.concept, because=because)

    def _scene(self, slots: Slots, span: Span, out: bool, because: str) -> None:
        if slots.made and span.start == slots.made:
            return  # 做橱柜要板子: what is made, not where it stands
        if span.concept in self._scenes and not out and span.tier == "sure":
            slots.add("scenes", span.concept, because=because)
        elif not out:
            slots.add("rooms", span.concept, because=because)

    def _color(self, slots: Slots, span: Span, out: bool, because: str) -> None:
        word = span.concept
        if not any(word in color for color in self._colors) and word.endswith("色") and len(word) > 1:
            word = word[:-1]
        slots.add("exclude_color" if out else "color", word, because=because)

    def _scheme(self, slots: Slots, span: Span, out: bool, because: str) -> None:
        if out:
            return
        if span.concept in SCHEMES:
            slots.add("schemes", span.concept, because=because)
        elif span.concept == "any":
            slots.put("certified", True, because)
        elif span.concept.startswith("star_"):
            slots.add("said_stars", span.concept[5:6], because=because)
        elif span.concept.startswith(("water_", "energy_")) and span.concept[-1].isdigit():
            slots.put(f"{span.concept[:-2]}_grade_max", int(span.concept[-1]), because)
        elif span.concept.startswith("fire_"):
            self._fire(slots, span.concept.removeprefix("fire_").upper(), because)
        elif span.concept.startswith("formaldehyde_"):
            slots.add("formaldehyde_said", span.concept.removeprefix("formaldehyde_").upper(), because=because)
        elif span.concept in ("other_label", "water_efficiency_label", "energy_efficiency_label"):
            slots.add("labels", span.concept, because=because)

    def _fire(self, slots: Slots, grade: str, because: str) -> None:
        for value, places in self._values.items():
            if value.upper().startswith(grade):
                self._put_attribute(slots, *places[0], because=because)

    def _batch(self, slots: Slots, span: Span, out: bool, because: str) -> None:
        if not out:
            slots.put("batch", span.concept, because)

    def _material(self, slots: Slots, span: Span, out: bool, because: str) -> None:
        for value, places in self._values.items():
            if not out and (span.concept in value or span.surface in value):
                self._put_attribute(slots, places[0][0], value, because)

    def _symptom(self, slots: Slots, span: Span, out: bool, because: str) -> None:
        if not out:
            slots.symptoms.append(span.concept)
            slots.because.setdefault("symptom", because)

    def _foreign(self, slots: Slots, span: Span, out: bool, because: str) -> None:
        slots.foreign.append(because)
        if span.concept not in signs("made_of_ours"):  # 衣柜板子: the boards are ours
            slots.owners.append(span.end)

    def _attribute(self, slots: Slots, text: str, attribute: AttributeSpan, scope: Scope) -> None:
        """Take the attribute values said; those refused or corrected away are passed over."""
        if scope.refuses(attribute.start, attribute.end) or scope.corrects(attribute.start, attribute.end):
            return
        for value in attribute.values:
            self._put_attribute(slots, attribute.name, value, because=text[attribute.start : attribute.end])

    def _put_attribute(self, slots: Slots, name: str, value: str, because: str) -> None:
        attributes = dict(slots.values.get("attributes", {}))
        attributes[name] = tuple(dict.fromkeys((*attributes.get(name, ()), value)))
        slots.put("attributes", attributes, because)

    def _categories(self, slots: Slots, text: str, found: Found, scope: Scope) -> None:
        """Choose what is sold among the product words: the last one of a chain, both of a list, the composed one."""
        slots.goods = [span for span in slots.goods if not _owned(span, text, slots.owners)]
        heads = _heads(slots.goods, text, slots.wants)
        codes: list[str] = []
        for span in heads:
            composed = self._composed(span, text, scope)
            own = composed or self.codes(span)
            codes += own
            if not own:
                self._lacking(slots, span, text)
        codes = self._fit_for_trouble(slots, self._without_kin(codes))
        if not codes and not heads:
            codes = self._inside_a_name(slots, text, found)
        if codes:
            slots.add("categories", *codes, because=", ".join(text[span.start : span.end] for span in heads) or text)
        elif not heads:
            self._composed_alone(slots, text)

    def _fit_for_trouble(self, slots: Slots, codes: list[str]) -> list[str]:
        """Narrow a broad kind to what helps against the trouble named: 起夜…弄个啥灯 wants a night light."""
        for symptom in slots.symptoms:
            helping = [
                code
                for code in self._binding.symptoms.get(symptom, ())
                if code in self._catalogue.under(codes) and code not in codes
            ]
            if helping:
                return helping[:1]
        return codes

    def _inside_a_name(self, slots: Slots, text: str, found: Found) -> list[str]:
        """Read a word that is part of one category's name for that category: 石膏 where only 石膏板 is."""
        if slots.foreign:
            return []
        for start, end in found.residue:
            word = text[start:end]
            codes = self._named_after(word) if len(word) > 1 else []
            if codes:
                return codes
        return []

    def _named_after(self, word: str) -> list[str]:
        """Return the categories whose name begins with a word, else all whose name ends with it: 砖 where 墙砖 and 地砖 are."""
        if self._ends is None:
            self._ends = _ends(self._catalogue.categories.values())
        beginning, ending = self._ends
        return list(beginning.get(word) or ending.get(word) or ())

    def _lacking(self, slots: Slots, span: Span, text: str) -> None:
        said = text[span.start : span.end]
        concept = self._binding.concepts.get(span.concept)
        if concept is not None and concept.scope != "building":
            slots.foreign.append(said)
        elif inside := self._named_after(said):
            slots.add("categories", *inside, because=said)
        elif self._binding.wider.get(span.concept):
            slots.narrow.append(span.concept)
            slots.add("wider", *self._binding.wider[span.concept], because=said)
            slots.put("narrow_said", said, said)
        else:
            slots.absent.append(said)

    def _composed(self, head: Span, text: str, scope: Scope) -> tuple[str, ...]:
        """Read 门上用的漆 as 木器漆: a modifier before the head (or after it, 漆,刷门用) names a narrower category."""
        own = self.codes(head)
        surface = text[head.start : head.end]
        stem = surface[:-1] if surface[-1:] in signs("diminutive") else surface
        vague = head.tier != "sure" or len(surface) == 1
        for modifier in self._modifiers:
            at = text.find(modifier)
            if at < 0 or head.start <= at < head.end or scope.refuses(at, at + len(modifier)):
                continue
            for word, codes in self._binding.compositions[modifier]:
                if stem.endswith(word) and (self._narrows(own, codes) or (vague and codes != own)):
                    return codes
        return ()

    def _narrows(self, own: tuple[str, ...], codes: tuple[str, ...]) -> bool:
        return not own or (set(codes) <= self._catalogue.under(own) and set(codes) != set(own))

    def compose_with(self, text: str, categories: tuple[str, ...]) -> tuple[str, ...]:
        """Return the categories that a modifier in the text makes of the running ones: 外墙的 after 漆, 睡房的 after 门."""
        family = {*self._kin(categories), *self._catalogue.under(categories)}
        names = [
            name
            for code in family
            for name in (self._catalogue.categories[code].name, *self._catalogue.categories[code].synonyms)
        ]
        for modifier in self._modifiers:
            if modifier not in text:
                continue
            for head, codes in self._binding.compositions[modifier]:
                if any(name.endswith(head) for name in names):
                    return codes
        return ()

    def _kin(self, categories: tuple[str, ...]) -> list[str]:
        kin: list[str] = []
        for code in categories:
            if code in self._catalogue.categories:
                kin += self._catalogue.path(code)
        return list(dict.fromkeys(kin))

    def _composed_alone(self, slots: Slots, text: str) -> None:
        """Read a composition whose head is no word of its own here (漆 in 刷墙嘞漆)."""
        for modifier in self._modifiers:
            at = text.find(modifier)
            if at < 0:
                continue
            for head, codes in self._binding.compositions[modifier]:
                if text.find(head, at + len(modifier)) >= 0 and not slots.foreign:
                    slots.add("categories", *codes, because=f"{modifier}…{head}")
                    return

    def _without_kin(self, codes: list[str]) -> list[str]:
        """Keep the narrower of two categories where one stands under the other."""
        unique = list(dict.fromkeys(codes))
        return [
            code
            for code in unique
            if not any(code != other and other in self._catalogue.under([code]) for other in unique)
        ]


_TAKES = {
    "brand": SlotReader._brand,
    "known_brand": SlotReader._known_brand,
    "series": SlotReader._series,
    "enterprise": SlotReader._enterprise,
    "feature": SlotReader._feature,
    "scene": SlotReader._scene,
    "room": SlotReader._scene,
    "color": SlotReader._color,
    "scheme": SlotReader._scheme,
    "grade": SlotReader._scheme,
    "batch": SlotReader._batch,
    "material": SlotReader._material,
    "symptom": SlotReader._symptom,
    "work": SlotReader._symptom,
    "other_goods": SlotReader._foreign,
    "foreign": SlotReader._foreign,
}


def _ends(categories: Iterable[Category]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return for every beginning of at least half of a category's name, and for every ending, the codes of the categories named so."""
    beginning: dict[str, list[str]] = {}
    ending: dict[str, list[str]] = {}
    for category in categories:
        names = (category.name, *category.synonyms)
        for word in {name[:size] for name in names for size in range(-(-len(name) // 2), len(name) + 1)}:
            beginning.setdefault(word, []).append(category.code)
        for word in {name[-size:] for name in names for size in range(1, len(name) + 1)}:
            ending.setdefault(word, []).append(category.code)
    return beginning, ending


def _strange(span: Span, found: Found, text: str) -> bool:
    """Tell whether a word that is a quality as well stands beside a word that is none of ours: 膳魔师杯保温."""
    tail = found.tails.get((span.start, span.end))
    known = numerals().digits
    before = any(
        end == span.start and end - start > 1 and not any(c in known or c.isdigit() for c in text[start:end])
        for start, end in found.residue
    )
    behind = tail is not None and tail.concept == "unknown"
    return before or behind or any(word.kind in ("block", "other_goods") for word in found.spans)


def _modifies(span: Span, tail: Span, text: str) -> bool:
    """Tell whether an unknown noun stands behind a short word that only says of what kind it is: 防水袋子, 玻璃刮板."""
    if text[span.start : span.end] in signs("stuff"):
        return tail.start == span.end
    return span.end - span.start <= 2 and span.start == 0 and tail.start == span.end and tail.end == len(text)


def _owned(span: Span, text: str, owners: Sequence[int]) -> bool:
    """Tell whether a thing of another trade stands right before a product word: the 水泵 of a car is not ours."""
    return any(
        end <= span.start <= end + _OWNED and (end == span.start or text[span.start - 1] in signs("of"))
        for end in owners
    )


def _heads(goods: list[Span], text: str, wants: Sequence[int]) -> list[Span]:
    """Return the product words that are sold: in a chain (窗户用的密封条, 大门锈了,寻个漆) the last, in a list all."""
    heads: list[Span] = []
    for span in goods:
        if heads and span.surface.isascii() and not span.surface.isdigit():
            continue  # 线槽pvc: what it is made of
        if heads:
            between = text[heads[-1].end : span.start]
            linked = (bool(between) and not between.strip()) or any(link in between for link in signs("link"))
            told = (
                "," in between and any(heads[-1].end < at < span.start for at in wants) and wants[0] > heads[-1].start
            )
            if not linked or told:
                heads.pop()
        heads.append(span)
    return heads
