"""Put single words into slots, by what kind of word each is: brands, features, scenes, colours, certification, materials.

What is sold is put there by `slots`, which also says which words are passed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog_db.records import SCHEMES
from handlers.understanding.binding import FORMALDEHYDE_FREE
from handlers.understanding.light import family_in, lights_in, temperatures
from handlers.understanding.slot_words import first_of
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.understanding.filled import Slots
    from handlers.understanding.spans import Span

_SHORT = 2  # characters of a colour that others have in their names: 灰色
_OWNED = 2  # characters between a thing of another trade and its trouble: 手机没电


class WordTaker:
    """Knows what the words of one catalogue fill.

    `values`: the word for an attribute's value → (name of the attribute, value); `kinds`: the name of a kind → its code.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        vocabulary = catalogue.vocabulary
        self.features = frozenset(vocabulary.features)
        self._scenes = frozenset(vocabulary.scenes)
        self.colors = vocabulary.colors
        self.kinds = {
            name: (category.code,)
            for category in catalogue.categories.values()
            for name in (category.name, *category.synonyms)
        }
        self.values: dict[str, list[tuple[str, str]]] = {}
        for name, values in vocabulary.attributes.items():
            for value in values:
                self.values.setdefault(value, []).append((name, value))
        # (name, value) of what holds the word for a material, by concept and surface: looked for when first said
        self._made_of: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}

    def take(self, slots: Slots, span: Span, out: bool, because: str) -> None:
        """Fill what a word of one of the kinds `TAKEN` stands for, or refuse it (`out`)."""
        _TAKES[span.kind](self, slots, span, out, because)

    def _brand(self, slots: Slots, span: Span, out: bool, because: str) -> None:
        if span.end in slots.no_name_ends:
            return  # 第二层, 水滴到: a brand's name as an everyday word
        slots.add("exclude_brands" if out else "brands", span.concept, because=because)

    def _known_brand(self, slots: Slots, span: Span, out: bool, because: str) -> None:
        if not out:
            slots.unknown.append(because)
            kind = next((because[at:] for at in range(1, len(because)) if because[at:] in self.kinds), "")
            if kind:  # 大自然地板: the brand is none of ours, the goods are
                slots.goods.append(
                    span._replace(
                        start=span.end - len(kind), kind="category", concept=self.kinds[kind][0], surface=kind
                    )
                )

    def _named(self, slots: Slots, span: Span, out: bool, because: str) -> None:
        if not out:
            slots.add("series" if span.kind == "series" else "enterprises", span.concept, because=because)

    def _feature(self, slots: Slots, span: Span, out: bool, because: str) -> None:
        """Take a property that the catalogue's products have; a property named by an attribute value counts as well."""
        if "|" in span.concept:  # of a worry: any of several does
            span = self._of_several(slots, span, out)
        if span.concept == FORMALDEHYDE_FREE and not out:
            slots.add("formaldehyde", "ENF", because=because)
            slots.put("honest_formaldehyde", True, because)
        elif span.concept in self.features:
            slots.add("exclude_features" if out else "features", span.concept, because=because)
        elif (value := span.surface if span.surface in self.values else span.concept) in self.values:
            if out:
                slots.add("exclude_features", value, because=because)
            else:
                slots.add_choice({name: (held,) for name, held in self.values[value]}, because)
        elif not out:
            slots.add("wishes", span.concept, because=because)
        else:  # 不要遥控的 where some are 可遥控
            known = (*self.features, *self.values)
            slots.add("exclude_features", *[one for one in known if span.concept in one], because=because)

    def _of_several(self, slots: Slots, span: Span, out: bool) -> Span:
        """Choose the first property that the catalogue has; what some kinds have instead is noted."""
        several = tuple(span.concept.split("|"))
        known = [word for word in several if word in self.features]
        chosen = known[0] if known else several[0]
        if known[1:] and not out:
            slots.put("alike", {**slots.values.get("alike", {}), chosen: tuple(known[1:])}, "")
        if not out:  # whichever of them a kind has, as a property or as the value of an attribute
            slots.values["any_of"] = {**slots.values.get("any_of", {}), chosen: several}
        return span._replace(concept=chosen)

    def _scene(self, slots: Slots, span: Span, out: bool, because: str) -> None:
        if slots.made and span.start == slots.made:
            return  # 做橱柜要板子: what is made, not where it stands
        if span.concept in self._scenes and not out and span.tier == "sure":
            slots.add("scenes", span.concept, because=because)
        elif not out:
            slots.add("rooms", span.concept, because=because)

    def _color(self, slots: Slots, span: Span, out: bool, because: str) -> None:
        word = span.concept
        lit = (
            ()
            if out or any(span.surface in color for color in self.colors)
            else temperatures(span.surface, self.values)
        )
        for name, value in lit:
            slots.add_value(name, value, because)
        if lit:
            return
        if word.endswith("色") and (len(word) == _SHORT or (len(word) > 1 and not any(word in c for c in self.colors))):
            word = word[:-1]  # 灰的 is every colour with 灰 in its name
        own = any(span.surface in color for color in self.colors)
        words = family_in(span.concept, self.colors) or ([] if own else lights_in(span.surface, self.colors))
        words = words or [self._shade(word, span.surface)]
        slots.add("exclude_color" if out else "color", *words, because=because)

    def _shade(self, color: str, said: str) -> str:
        """Return the shade that was said where the catalogue tells it apart from the colour it belongs to: 枪灰 of 灰色."""
        if len(said) == _SHORT and said.startswith(color):
            return color  # 灰色, 灰的
        shades = {known for known in self.colors if said in known}
        wide = {known for known in self.colors if color in known}  # 香槟金 of 金色 is another than 古铜色
        return said if len(said) > 1 and shades and (shades < wide or shades.isdisjoint(wide)) else color

    def _scheme(self, slots: Slots, span: Span, out: bool, because: str) -> None:
        if out:
            if span.concept.startswith("fire_"):  # 不要B1级的
                slots.add("exclude_features", *self._of_fire(span.concept), because=because)
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
            self._fire(slots, span.concept, because)
        elif span.concept.startswith("formaldehyde_"):
            slots.add("formaldehyde_said", span.concept.removeprefix("formaldehyde_").upper(), because=because)
        elif span.concept in ("other_label", "water_efficiency_label", "energy_efficiency_label"):
            slots.add("labels", span.concept, because=because)

    def _of_fire(self, concept: str) -> list[str]:
        """Return the values of the catalogue that are a class of how things burn: fire_b1 is B1级."""
        grade = concept.removeprefix("fire_").upper()
        return [value for value in self.values if _is_grade(value.upper(), grade)]

    def _fire(self, slots: Slots, concept: str, because: str) -> None:
        known = self._of_fire(concept)
        for value in known:
            slots.add_value(*self.values[value][0], because=because)
        if not known and concept == "fire_a" and (fireproof := first_of(signs("fireproof"), self.features)):
            slots.add("features", fireproof, because=because)  # 不燃 where no product has a class

    def _batch(self, slots: Slots, span: Span, out: bool, because: str) -> None:
        if not out:
            slots.put("batch", span.concept, because)

    def _material(self, slots: Slots, span: Span, out: bool, because: str) -> None:
        key = (span.concept, span.surface)
        known = self._made_of.get(key)
        if known is None:
            own = [value for value in self.values if _made_of(value, span.surface)]
            own = own or [value for value in self.values if _made_of(value, span.concept)]
            known = self._made_of[key] = tuple([place for value in own for place in self.values[value]])
        if out:
            slots.add("exclude_features", *[value for _, value in known], because=because)
            return
        by_name: dict[str, dict[str, None]] = {}
        for name, value in known:
            by_name.setdefault(name, {})[value] = None
        slots.add_choice({name: tuple(several) for name, several in by_name.items()}, because)
        if not known:
            slots.add("wishes", because, because=because)  # said of no product here: named, not dropped

    def _symptom(self, slots: Slots, span: Span, out: bool, because: str) -> None:
        if not out and not any(end <= span.start <= end + _OWNED for end in slots.owners):  # not 手机没电
            slots.symptoms.append(span.concept)
            slots.because.setdefault("symptom", because)

    def _foreign(self, slots: Slots, span: Span, out: bool, because: str) -> None:
        if because in self._scenes:
            return  # 农机刷的漆 where paint is sold for that: what the goods are for
        slots.foreign.append(because)
        if span.concept not in signs("made_of_ours"):  # 衣柜板子: the boards are ours
            slots.owners.append(span.end)

    def _taught(self, slots: Slots, span: Span, out: bool, because: str) -> None:
        """Take a word that an operator taught for a value of an attribute: 三层玻璃 is 玻璃=三玻两腔."""
        name, _, value = span.concept.partition("=")
        if out:
            slots.add("exclude_features", value, because=because)
        else:
            slots.add_value(name, value, because)


def _is_grade(value: str, grade: str) -> bool:
    """Tell whether a value is a class of burning: A级 and A1, but no APP."""
    behind = value.removeprefix(grade)[:1]
    return value.startswith(grade) and not (behind.isascii() and behind.isalpha())


def _made_of(value: str, material: str) -> bool:
    """Tell whether a value speaks of a material; a single character stands at its end or begins what follows: no 铁 in 磷酸铁锂."""
    if len(material) > 1:
        return material in value
    return value.endswith(material) or any(f"{material}{made}" in value for made in signs("made_so_of"))


_TAKES = {
    "brand": WordTaker._brand,
    "known_brand": WordTaker._known_brand,
    "series": WordTaker._named,
    "enterprise": WordTaker._named,
    "feature": WordTaker._feature,
    "scene": WordTaker._scene,
    "room": WordTaker._scene,
    "color": WordTaker._color,
    "scheme": WordTaker._scheme,
    "grade": WordTaker._scheme,
    "batch": WordTaker._batch,
    "material": WordTaker._material,
    "attribute": WordTaker._taught,
    "symptom": WordTaker._symptom,
    "work": WordTaker._symptom,
    "other_goods": WordTaker._foreign,
    "foreign": WordTaker._foreign,
}
TAKEN = frozenset(_TAKES)  # kinds of words that fill something by themselves
