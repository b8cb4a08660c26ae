"""Turn the words found into constraints: which words count, and what of the goods named is sold.

What a single word fills is told in `slot_takers`; amounts have their own module, and so has the choice of what is sold (goods). Every slot notes the words behind it in `because`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from handlers.understanding.cues import WORK
from handlers.understanding.entries import GOODS
from handlers.understanding.filled import Slots
from handlers.understanding.goods import GoodsReader
from handlers.understanding.goods_words import carried, only_a_part
from handlers.understanding.scope import NO_SCOPE
from handlers.understanding.slot_takers import TAKEN, WordTaker
from handlers.understanding.slot_words import (
    asked_of,
    belongs,
    beside_goods,
    beside_strange,
    counted_in,
    goods_found,
    is_painted,
    is_verb,
    made_for,
    modifies,
    names_value,
    of_something_else,
    only_leads_to,
    only_where,
    part_of,
    put_there,
    refused_values,
    shade_before,
    sold_itself,
    spelled_of_ours,
    tail_of,
    what_it_uses,
)
from handlers.understanding.told_of import WORKED, beside_described, described_thing, described_things, worked_on
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.understanding.attributes import AttributeSpan
    from handlers.understanding.binding import Binding
    from handlers.understanding.cues import Cue, Cues
    from handlers.understanding.lexicon import Found
    from handlers.understanding.scope import Scope
    from handlers.understanding.spans import Span


_TROUBLES = frozenset({"symptom", "work"})
_NOT_OURS = frozenset({"other_goods", "foreign"})
_WORKED_ON = frozenset({*GOODS, "material"})
_PLACES = frozenset({"scene", "room"})
_OF_WORK = frozenset({"scene", "room", "feature", "symptom"})  # what only says more of a piece of work: 墙上贴啥保温
# a word that is its own concept counts before one that only means it
_NAMED_ALIKE = frozenset({"feature", "scene", "color"})


class SlotReader:
    """Reads the slots of one catalogue."""

    def __init__(self, catalogue: Catalogue, binding: Binding) -> None:
        self._goods = goods = GoodsReader(catalogue, binding)
        self.codes, self.compose_with, self.modifiers = goods.codes, goods.compose_with, goods.modifiers
        self._taker = taker = WordTaker(catalogue)
        self._values, self._kinds, self.colors = taker.values, taker.kinds, taker.colors
        self._categories = catalogue.categories
        self._attribute_names = tuple(catalogue.vocabulary.attributes)

    def read(self, text: str, found: Found, scope: Scope, attributes: Sequence[AttributeSpan], cues: Cues) -> Slots:
        """Return the slots of an utterance. Words corrected away are passed over."""
        slots = Slots.empty()
        works = _asked_for(slots, cues) if cues.found else ()
        plain = scope is NO_SCOPE and not (attributes or works)
        for span in found.spans:
            if span.kind == "product" and text[span.start - 1 : span.start] in signs("purpose") and span.start:
                slots.made = span.start
            elif span.kind == "brand" and text[span.end : span.end + 1] in signs("no_name_before"):
                slots.no_name_ends.add(span.end)
            if not (plain and span.kind not in GOODS) and self._passed_over(
                span, text, found, scope, attributes, works, slots
            ):
                continue
            several = found.readings.get(span[:2], (span,))
            for reading in several if len(several) == 1 else self._useful(several, found, text):
                if reading.kind in _TROUBLES and (
                    of_something_else(reading, slots, text, found, cues) or asked_of(reading, cues)
                ):
                    continue
                self._take(slots, text, reading, found, scope)
        if slots.absent and slots.foreign:  # 门锁用的电池 is lacking, and 电池 no other trade
            slots.foreign = [word for word in slots.foreign if not any(a.endswith(word) for a in slots.absent)]
        _take_works(slots, text, works)
        for attribute in attributes:
            self._attribute(slots, text, attribute, scope)
        self._goods.choose(slots, text, found, scope, described_thing(text, works))
        if scope.out:
            slots.refuse(refused_values(text, found, scope, self._values, attributes))
        return slots

    def _passed_over(
        self,
        span: Span,
        text: str,
        found: Found,
        scope: Scope,
        attributes: Sequence[AttributeSpan],
        works: Sequence[Cue],
        slots: Slots,
    ) -> bool:
        """Tell whether a word says nothing here: corrected away, said more exactly, or part of what is asked."""
        goods = span.kind in GOODS
        if scope.corrects(span.start, span.end) or (not goods and scope.drops(span.start, span.end)):
            return True
        beside = goods and (counted_in(span, text, attributes, found) or beside_described(span, text, works))
        if beside or (span.kind in _WORKED_ON and worked_on(span, works)):
            return True  # 铁栏杆刷成黑色: what is painted, and what it is of
        if goods and attributes and names_value(span, text, attributes, found):
            return True
        over = bool(attributes) and any(a.start < span.end and span.start < a.end for a in attributes)
        if over and not (goods and self.codes(span)):
            return True  # 4000k is a colour temperature of the catalogue, more exact than our word for it
        if span.kind == "feature" and any(text.startswith(said, span.start) for said in self._most_of(span.surface)):
            return True  # 防滑等级最高的 names what is compared
        # 外墙刷啥 asks for what goes there, whatever it says of where it is used; 墙漆刷卧室 says where the paint goes
        return (
            span.kind in _OF_WORK
            and not (span.kind in _PLACES and slots.goods)
            and any(cue.start <= span.start and span.end <= cue.end for cue in works)
        )

    def _most_of(self, word: str) -> list[str]:
        """Return how most of an attribute is asked for whose name begins with a word: 防滑等级最."""
        names = [name for name in self._attribute_names if name != word and name.startswith(word)]
        return [name + most for name in names for most in signs("most")]

    def _useful(self, readings: Iterable[Span], found: Found, text: str) -> list[Span]:
        """Drop a product that the catalogue lacks where the same word is a quality: 隔音 of a window."""
        if len(known := spelled_of_ours(list(readings), self.codes)) == 1:
            return known
        if any(span.kind in ("brand", "known_brand") for span in known) and any(
            self.codes(span) for span in found.spans if span.kind in GOODS
        ):  # 土豆家的纱窗: a brand with a vegetable's name
            known = [span for span in known if span.kind != "other_goods"]
        if any(span.kind == "scene" for span in known) and put_there(known[0], text):
            away = ("other_goods", "foreign", *(GOODS if beside_goods(known[0], found, self.codes) else ()))
            known = [span for span in known if span.kind not in away]  # 衣柜用 says what for, 木门用的漆 too
        if any(span.kind == "category" and span.surface in self._kinds for span in known):
            known = [span for span in known if span.kind not in _NOT_OURS]  # 衣柜 where wardrobes are sold
        qualities = [span for span in known if span.kind not in GOODS and span.kind in TAKEN]
        if any(self.codes(span) for span in known if span.kind in GOODS):
            known = [span for span in known if span.kind not in ("scene", "room")]  # 木门 is sold, not where it is used
            qualities = [span for span in qualities if span.kind not in ("scene", "room")]
        if qualities and sold_itself(known, found, text) and not any(self.codes(s) for s in goods_found(found)):
            return [span for span in known if span.kind in GOODS]
        if qualities:
            known = [
                span
                for span in known
                if span.kind not in GOODS or (self.codes(span) and not beside_strange(span, found, text))
            ]
        own = {span.kind for span in known if span.concept == span.surface and span.kind in _NAMED_ALIKE}
        return [span for span in known if span.kind not in own or span.concept == span.surface]

    def _take(self, slots: Slots, text: str, span: Span, found: Found, scope: Scope) -> None:
        said = text[span.start : span.end]
        because = said if said == span.surface else f"{said}≈{span.surface}"
        out = scope.refuses(span.start, span.end)
        if span.kind == "color" and text[: span.start].endswith(tuple(signs("stain"))):
            return  # 一层白的 is what has settled there
        if span.kind in GOODS:
            self._product(slots, text, span, found, out, because)
        elif span.kind in TAKEN:
            self._taker.take(slots, span, out, because)
        elif span.kind == "tail" and not out and (span.concept == "quality" or carried(span, text)):
            slots.add("wishes", said, because=said)  # 加厚的; 带轮子的: no part is asked for, but what one should have

    def _product(self, slots: Slots, text: str, span: Span, found: Found, out: bool, because: str) -> None:
        shade = shade_before(span, text, found)
        if shade is not None:
            self._taker.take(slots, shade, out, f"{shade.surface}{because}")
            out = False  # 不要白瓷砖 refuses the white ones
        if out:
            codes = self.codes(span)
            if codes and not carried(span, text) and span.how not in ("sound", "shape", "near"):
                slots.add("exclude_categories", *codes, because=because)
                if text[span.start - 1 : span.start] in signs("non"):  # 非智能马桶 is a 马桶
                    slots.goods += self._goods.heads_of(span)
            return
        if only_where(span, text, found, self.codes):
            return
        if owner := made_for(span, text, found):
            slots.foreign.append(owner)
            return
        if whole := part_of(span, text, found) or what_it_uses(span, text, found):
            slots.absent.append(whole)
            return
        tail = tail_of(span, text, found)
        if tail is not None and belongs(span, tail, text, found) and self._part(slots, text, span, tail, found):
            return
        if tail is not None and tail.concept == "unknown" and modifies(span, tail, text):
            slots.absent.append(text[span.start : tail.end])  # 防水袋子: of what kind something unknown is
            return
        slots.goods.append(span)
        self._feature_inside(slots, span, because)

    def _part(self, slots: Slots, text: str, span: Span, tail: Span, found: Found) -> bool:
        """Tell whether what follows is what is sold: 瓷砖美缝剂, 马桶配件 (which we lack), 奶锅把手 (which is not ours)."""
        behind = text[tail.end : tail.end + 1]
        if tail.concept == "accessory" and (is_verb(tail, behind) or is_painted(span, tail, found)):
            return False  # 净水机头两名: 头 begins 头两名
        own = self._kinds.get(tail.surface, ())
        if tail.concept == "product" and tail.surface in self._values and set(own) <= set(self.codes(span)):
            return False  # 洗手盆台上盆的: how it is made
        things = [one for one in found.readings.get((tail.start, tail.end), ()) if one.kind in GOODS]
        its_part = bool(things) and all(only_a_part(one, span, text, self.codes) for one in things)
        if tail.concept == "product" and (its_part or text.startswith(tuple(signs("both")), tail.end)):
            return False  # 淋浴房钢化玻璃的; 马桶花洒都要: two things
        one = tail.end - tail.start == 1 and self._goods.ends_name(span, tail.surface)  # 保丽龙板
        if tail.concept == "product" and (one or self._goods.narrows(span, tail.surface)):  # 路灯太阳能的
            return False
        if tail.concept == "product" and tail.start == span.end and self._goods.completes(span, tail.surface):
            return False  # 卫生间防水|涂料
        between = text[span.end : tail.start]
        said = f"{span.surface}{'' if between in signs('of') else between}{tail.surface}"
        if tail.concept == "accessory":
            slots.absent.append(said)
            slots.goods = [one for one in slots.goods if not only_leads_to(one, span, tail, text)]
        elif tail.concept == "other_goods":
            slots.foreign.append(said if span.end <= tail.start else text[tail.start : span.end])
        return tail.concept in ("product", "accessory", "other_goods")

    def _feature_inside(self, slots: Slots, span: Span, because: str) -> None:
        """Read the quality in a compound that the catalogue takes for the plain kind: 防滑地砖 is a 地砖 that is 防滑.

        The kind's own name says nothing of single goods: 铝合金窗 may be of 断桥铝.
        """
        if any(because == self._categories[code].name for code in self.codes(span)):
            return
        for size in range(1, len(because)):
            quality, rest = because[:size], because[size:]
            own = bool(set(self._kinds.get(rest, ())) & set(self.codes(span)))
            own = own or (len(rest) > 1 and self._goods.begins_name(span, rest))  # 柔性|防水
            if own and size > 1 and quality in self._taker.features:
                slots.add("features", quality, because=because)
            elif quality in self._values and (own or self._goods.ends_name(span, rest)):
                slots.add_value(*self._values[quality][0], because=because)

    def _attribute(self, slots: Slots, text: str, attribute: AttributeSpan, scope: Scope) -> None:
        """Take the attribute values said, or refuse them; those corrected away or that need not be are passed over."""
        said = text[attribute.start : attribute.end]
        if scope.corrects(attribute.start, attribute.end) or scope.drops(attribute.start, attribute.end):
            return
        out = scope.refuses(attribute.start, attribute.end)
        if out:
            every = [value for _, values in ((attribute.name, attribute.values), *attribute.others) for value in values]
            slots.add("exclude_features", *every, because=said)
            slots.values["refused_values"] = (*slots.values.get("refused_values", ()), *every)
        else:
            slots.add_choice({attribute.name: attribute.values, **dict(attribute.others)}, said)


def _take_works(slots: Slots, text: str, works: Iterable[Cue]) -> None:
    """Note the pieces of work asked about, each with the words that told of it and the part that is only worked on."""
    for cue in works:
        work = cue.name.removeprefix(WORK)
        first = work in described_things()  # 走廊想装个自动亮的 says what is wanted, after whatever trouble
        slots.symptoms.insert(0 if first else len(slots.symptoms), work)
        slots.because.setdefault("symptom", text[cue.start : cue.end])
        if part := cue.groups.get(WORKED):
            slots.because[WORKED] = text[slice(*part)]


def _asked_for(slots: Slots, cues: Cues) -> list[Cue]:
    """Note where something is asked for, and return the cues that ask what a piece of work needs."""
    slots.wants = [cue.start for cue in cues.of("ask.want")]
    return [cue for cue in cues.found if cue.name.startswith(WORK)]
