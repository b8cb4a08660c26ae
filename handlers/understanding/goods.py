"""Choose what is sold among the product words of an utterance, and turn it into categories.

A head may be composed with a modifier (门上用的漆), be part of a category's name (石膏), be narrowed by a trouble, or be lacking.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from handlers.understanding.compositions import Compositions
from handlers.understanding.cues import WORK
from handlers.understanding.goods_words import (
    builds_a_place,
    called_so,
    carried,
    carried_guesses,
    ends_of_names,
    featured,
    heads_of_chain,
    inside_goods,
    is_quality,
    made_of_two,
    note_alike,
    only_a_part,
    owned,
    plainly,
    says_where,
    spare,
)
from handlers.understanding.other_meanings import meant_beside
from handlers.understanding.spans import Span
from handlers.understanding.told_of import WORKED, likened, told_kind
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.understanding.binding import Binding
    from handlers.understanding.cues import Cue
    from handlers.understanding.filled import Slots
    from handlers.understanding.lexicon import Found
    from handlers.understanding.scope import Scope

_USED = 2  # characters of 用的 at the end
_QUALITIES = frozenset(
    {"material", "feature"}
)  # kinds of words that make a narrower kind of goods with a name of its own
_LEAST_NAME = 3  # characters of a word whose last one tells a narrower kind


class GoodsReader:
    """Reads what is sold from the product words that were taken."""

    def __init__(self, catalogue: Catalogue, binding: Binding) -> None:
        self._catalogue = catalogue
        self._binding = binding
        self._compositions = compositions = Compositions(catalogue, binding)
        self.codes, self._names, self.modifiers = compositions.codes, compositions.names, compositions.modifiers
        self.compose_with = compositions.compose_with
        self._ends: tuple[dict[str, list[str]], dict[str, list[str]]] | None = None

    def choose(self, slots: Slots, text: str, found: Found, scope: Scope, described: Cue | None = None) -> None:
        """Choose what is sold among the product words: the last one of a chain, both of a list, the composed one; or what is `described`."""
        for part in carried_guesses(text, found, scope) if found.guesses else ():
            slots.add("wishes", text[part.start : part.end], because=text[part.start : part.end])
        if not slots.goods:
            if described is not None:
                self._described(slots, text, described)
            else:
                self._without_goods(slots, text, found, scope)
            return
        heads = self._sold(slots, text)
        codes: list[str] = []
        heads = self._narrower_before(heads, slots.goods, text)
        for span in heads:
            codes += self._kinds_of(slots, span, text, scope, alone=len(heads) == 1)
        for work in slots.symptoms:  # 人来就亮的小灯, where lamps are so and none is called 感应灯
            if self._binding.wider.get(work):
                self._told_by_quality(slots, Span(0, 0, "product", work, work))
        codes = self._fit_for_trouble(slots, self._without_kin(codes))
        spare(slots, codes, self._catalogue)
        self._refused_kinds(slots, text, found, scope, codes)
        if not codes and not heads and not slots.absent:
            codes = self._inside_a_name(slots, text, found, scope)
        if codes:
            slots.add("categories", *codes, because=", ".join(text[span.start : span.end] for span in heads) or text)
        elif not (heads or slots.absent or slots.foreign):
            self._composed_alone(slots, text, found, scope)
        note_alike(slots, self._binding.alike)

    def _described(self, slots: Slots, text: str, thing: Cue) -> None:
        """Note what is told of by what it does where the catalogue lacks it: 接檐水的缸 where nothing collects rain."""
        work = thing.name.removeprefix(WORK)
        if work in slots.symptoms and not self._binding.symptoms.get(work):
            slots.symptoms.remove(work)
            del slots.because["symptom"]
            self._lacking(slots, Span(thing.start, thing.end, "product", work, work), text)

    def _kinds_of(self, slots: Slots, span: Span, text: str, scope: Scope, alone: bool) -> Sequence[str]:
        """Return the kinds that a product word stands for in its sentence; one that the catalogue lacks is noted."""
        composed, modifier = self._compositions.composed(span, text, scope)
        if modifier:
            slots.compose(modifier)
        if composed and (made := self._compositions.lacking(span, text)):
            slots.absent.append(made)  # 铁门|漆 is no 门|漆
            return ()
        codes_of_word = self.codes(span)
        told = composed or told_kind(span, text, self._compositions.names_beside, scope)
        told = told or meant_beside(span.surface, text, self._binding)
        own = told or self._of_its_name(span, codes_of_word) or codes_of_word
        varieties = self._binding.varieties
        if not composed and alone and span.surface in varieties.words:
            slots.add("variety", *varieties.words[span.surface], because=text[span.start : span.end])
            slots.put("kind_apart", varieties.apart.get(span.surface, 0), text[span.start : span.end])
        if not own:
            self._lacking(slots, span, text)
        return own

    def _without_goods(self, slots: Slots, text: str, found: Found, scope: Scope) -> None:
        """Read what names goods without a product word: part of a category's name, or a composition; or what was corrected."""
        self._refused_kinds(slots, text, found, scope, ())
        if scope.old and (codes := self._compositions.corrected(text, found, scope)):
            slots.add("categories", *codes, because=text)
            note_alike(slots, self._binding.alike)
            return
        if not slots.absent and (codes := self._inside_a_name(slots, text, found, scope)):
            slots.add("categories", *codes, because=text)
        elif not (slots.absent or slots.foreign or WORKED in slots.because):
            self._composed_alone(slots, text, found, scope)
        note_alike(slots, self._binding.alike)

    def _sold(self, slots: Slots, text: str) -> list[Span]:
        """Keep of the product words those that count, and return those that are sold."""
        slots.goods = [span for span in slots.goods if not owned(span, text, slots.owners)]
        parts = [one for before, one in pairwise(slots.goods) if only_a_part(one, before, text, self.codes)]
        for part in [span for span in slots.goods if carried(span, text) or span in parts]:
            slots.goods.remove(part)  # 带座圈的: no kind of product, but what one should have
            slots.add("wishes", text[part.start : part.end], because=text[part.start : part.end])
        if len(slots.goods) > 1:
            slots.goods = [span for span in slots.goods if not self._ends_the_name(span, slots.goods, text)]
            qualities = [span for span in slots.goods if is_quality(span, slots, text)]
            slots.goods = [span for span in slots.goods if span not in qualities]
            for word in [text[span.start : span.end] for span in qualities]:
                if word not in slots.values.get("features", ()):
                    slots.add("wishes", word, because=word)
            slots.goods = [span for span in slots.goods if not self._measured_by(span, slots.goods, text)]
        slots.goods = [span for span in slots.goods if not self._describes(span, slots.goods, text)]
        slots.goods = [span for span in slots.goods if not likened(span, slots, text, self._catalogue)]
        return self._against_trouble(slots, heads_of_chain(slots.goods, text, slots.wants))

    def _against_trouble(self, slots: Slots, heads: list[Span]) -> list[Span]:
        """Prefer what helps against a trouble over where the trouble is: 遮阳帘西晒窗户 wants a blind for a window."""
        helping, first = set(self._binding.helping(slots.symptoms)), slots.goods[:1]
        if not helping or not heads or first == heads[:1]:
            return heads
        return first if set(self.codes(first[0])) & helping else heads

    def _narrower_before(self, heads: list[Span], goods: Sequence[Span], text: str) -> list[Span]:
        """Take the word right before the only head where it is a kind of that: 石膏板隔墙, spc的地板."""
        head, near = heads[0] if len(heads) == 1 else None, ("", *signs("of"))
        before = next((s for s in goods if head and s.end <= head.start and text[s.end : head.start] in near), None)
        if before is None or len(before.surface) < _LEAST_NAME:
            return heads
        if self.completes(before, heads[0].surface):
            return [before]
        own, wide = set(self.codes(before)), set(self.codes(heads[0]))
        return [before] if own and own <= self._catalogue.under(tuple(wide)) - wide else heads

    def _fit_for_trouble(self, slots: Slots, codes: list[str]) -> list[str]:
        """Narrow a broad kind to what helps against the trouble named: 起夜…弄个啥灯 wants a night light."""
        for symptom in slots.symptoms:
            helping = [
                code
                for code in self._binding.symptoms.get(symptom, ())
                if (code in self._catalogue.under(codes) and (code not in codes or len(codes) > 1))
                or (len(codes) == 1 and codes[0] not in self._catalogue.under((code,)) and self._begun_by(slots, code))
            ]
            if helping:
                return (self._of_the_name(slots, helping) or helping)[:1]
        return codes

    def _begun_by(self, slots: Slots, code: str) -> bool:
        """Tell whether the name of a kind begins with the word said: 太阳能 where it is dark outside is a 太阳能路灯."""
        said = tuple(span.surface for span in slots.goods)
        if self._catalogue.children(code):
            return False  # 灯具照明 says no more than 灯
        return any(name.startswith(said) and name not in said for name in self._names(code))

    def _ends_the_name(self, span: Span, goods: Sequence[Span], text: str) -> bool:
        """Tell whether a product of one character only ends the name of the one before it: 保丽龙|板 is 聚苯板."""
        before = next((one for one in goods if one.end == span.start), None)
        if before is None or span.end - span.start > 1:
            return False
        return self.ends_name(before, text[span.start])

    def ends_name(self, span: Span, char: str) -> bool:
        """Tell whether the kind that a product word stands for has a name that ends with a character."""
        return any(name.endswith(char) and name != char for code in self.codes(span) for name in self._names(code))

    def completes(self, span: Span, word: str) -> bool:
        """Tell whether a word ends the name of the kind that a product word before it stands for: 涂料 behind 卫生间防水."""
        names = [name for code in self.codes(span) for name in self._names(code)]
        names += [span.concept] if span.kind == "product" else []
        begun = [name.removesuffix(word) for name in names if name.endswith(word)]
        return any(begin and span.surface.endswith(begin) for begin in begun)

    def heads_of(self, span: Span) -> list[Span]:
        """Return the broader kind that a compound ends with, as a word of its own: 马桶 of 智能马桶; none when there is none."""
        own = set(self.codes(span))
        named = {name: code for code in self._catalogue.categories for name in self._names(code)}
        for cut in range(1, len(span.surface)):
            code = named.get(span.surface[cut:])
            if code and code not in own:
                start = span.end - len(span.surface) + cut
                return [span._replace(start=start, surface=span.surface[cut:], concept=code, kind="category")]
        return []

    def _measured_by(self, span: Span, goods: Sequence[Span], text: str) -> bool:
        """Tell whether a thing that we lack is only what the goods before it are held against: 空气能比电热水器省多少电."""
        than = span.start > 0 and text[span.start - 1] in signs("than")
        return than and goods[0].start < span.start and not self.codes(span)

    def _describes(self, span: Span, goods: Sequence[Span], text: str) -> bool:
        """Tell whether a word behind the goods only says of which kind they are: 路灯,太阳能的那种."""
        before = next((one for one in reversed(goods) if one.end <= span.start), None)
        if before is None or text[span.end : span.end + 1] not in signs("of"):
            return False
        behind = text[span.end + 1 :]
        return self.narrows(before, span.surface) and (not behind or behind.startswith(tuple(signs("that_kind"))))

    def begins_name(self, span: Span, word: str) -> bool:
        """Tell whether the kind that a product word stands for has a longer name that begins with a word."""
        return any(name.startswith(word) for code in self.codes(span) for name in self._names(code))

    def narrows(self, span: Span, modifier: str) -> bool:
        """Tell whether a word makes a narrower kind of goods: 太阳能 of a 路灯."""
        return any(span.surface.endswith(head) for head, _ in self._binding.compositions.get(modifier, ()))

    def _refused_kinds(self, slots: Slots, text: str, found: Found, scope: Scope, asked: Collection[str]) -> None:
        """Read a refused word that begins a category's name for that category, when it is not the one asked for: 地板不要强化的.

        One that makes a narrower kind of the goods refuses that one: 灯不要太阳能的.
        """
        if not scope.out:
            return
        taken: list[tuple[int, int]] = []
        for modifier, at in self._compositions.present(text, found.modifiers):
            within = [*taken, *((span.start, span.end) for span in found.spans if span.kind == "color")]
            if any(start <= at and at + len(modifier) <= end for start, end in within):
                continue  # 墙 of 外墙, 木 of 原木色
            taken.append((at, at + len(modifier)))
            if scope.refuses(at, at + len(modifier)) and not inside_goods(at, modifier, found.spans):
                self._refuse_narrower(slots, modifier, asked)
        self._refused_by_material(slots, found, scope, asked)
        for start, end in found.residue:
            word = text[start:end]
            codes = self._named_after(word) if len(word) > 1 and scope.refuses(start, end) else []
            if codes and not set(codes) & set(asked):
                slots.add("exclude_categories", *codes, because=word)

    def _refuse_narrower(self, slots: Slots, modifier: str, asked: Collection[str]) -> None:
        """Refuse the kinds that a word makes of the goods named, unless they are all that is asked for."""
        for head, narrow in self._binding.compositions[modifier]:
            apart = not set(asked) & self._catalogue.under(narrow)
            apart = apart or self._compositions.narrower(tuple(asked), narrow)
            apart = apart and (not asked or self._compositions.related(narrow, asked))  # 墙…桶 of 马桶不要挂墙的
            if apart and any(one.surface.endswith(head) for one in slots.goods):
                slots.values["exclude_categories"] = narrow

    def _refused_by_material(self, slots: Slots, found: Found, scope: Scope, asked: Collection[str]) -> None:
        """Refuse the kind that a refused quality and the goods name together: 地板不要实木的 refuses 实木地板, and it alone."""
        for span in found.spans:
            if span.kind not in _QUALITIES or not slots.goods or not scope.refuses(span.start, span.end):
                continue
            whole = {f"{span.surface}{one.surface}" for one in slots.goods}
            codes = [code for code in self._catalogue.categories if whole & set(self._names(code))]
            if codes and not set(codes) & set(asked):  # 不要防滑的地砖
                held = slots.values.get("exclude_features", ())
                slots.values["exclude_features"] = tuple(one for one in held if span.surface not in one)
                slots.add("exclude_categories", *codes, because=span.surface)

    def _of_the_name(self, slots: Slots, codes: list[str]) -> list[str]:
        """Return those whose names end as the word said: a 门 against noise is a door, no window beside it."""
        said = tuple(span.surface for span in slots.goods)
        return [code for code in codes if any(name.endswith(said) for name in self._names(code))]

    def _inside_a_name(self, slots: Slots, text: str, found: Found, scope: Scope) -> list[str]:
        """Read a word that is part of one category's name for that category: 石膏 where only 石膏板 is."""
        if slots.foreign or len(found.residue) > 1 or any(span.kind == "tail" for span in found.spans):
            return []  # beside other words that are none of ours it is no name
        for start, end in found.residue:
            word = text[start:end]
            if scope.refuses(start, end) or scope.corrects(start, end):
                continue
            codes = self._named_after(word) if len(word) > 1 else []
            if codes:
                return codes
        return []

    def _named_after(self, word: str, whole: bool = False, ends: bool = False) -> list[str]:
        """Return the categories whose name begins with a word, else all whose name ends with it: 砖 where 墙砖 and 地砖 are.

        `whole`: the word is a kind of its own, with a broader one here: 彩钢瓦 where there are tiles is no 彩钢瓦隔热漆.
        """
        if self._ends is None:
            self._ends = ends_of_names(self._catalogue.categories.values())
        beginning, ending = self._ends
        own = ends or (whole and word[-1] in (*signs("kind_end"), *signs("kind_end_too")))
        return list((() if own else beginning.get(word)) or ending.get(word) or ())

    def _lacking(self, slots: Slots, span: Span, text: str) -> None:
        said = text[span.start : span.end]
        concept = self._binding.concepts.get(span.concept)
        if concept is not None and concept.scope != "building":
            slots.foreign.append(said)
        elif said in self._catalogue.vocabulary.scenes and says_where(slots, span, text):
            slots.add("scenes", said, because=said)  # a house of steel sheets is where it goes
        elif builds_a_place(text, span.end):
            return  # 彩钢瓦屋顶漏雨刷啥: what the roof is of, not what is wanted
        elif made := made_of_two(self._binding.lacking.get(span.surface, ()), text):
            slots.absent.append(made)
        elif inside := self._named_after(plainly(span), whole=span.concept in self._binding.wider):
            slots.add("categories", *inside, because=said)
        elif called := self._called(span):
            slots.add("categories", *called, because=said)
            slots.values["kind_said"] = said  # 单冷龙头
        elif self._binding.wider.get(span.concept) and self._told_by_quality(slots, span):
            broad = self._binding.wider[span.concept]
            slots.add("categories", *(self._of_its_name(span, broad) or broad), because=said)
        elif self._binding.wider.get(span.concept):
            slots.add("wider", *self._binding.wider[span.concept], because=said)
            slots.put("narrow_said", said, said)
        elif text[span.end : span.end + 1] in signs("used") and len(text) - span.end <= _USED:
            slots.add("wishes", said, because=said)  # 楼顶水箱用的: what the running goods are for
        else:
            slots.absent.append(said)

    def _of_its_name(self, span: Span, codes: tuple[str, ...]) -> tuple[str, ...]:
        """Return the narrower kinds whose name ends as the word does, where no name of the broad one's does: 隔音窗 of 门与窗."""
        last = span.surface[-1]
        several = all(sum(char in signs("kind_end") for char in self._names(code)[0]) > 1 for code in codes)  # 门与窗
        long = len(span.surface) >= _LEAST_NAME or (several and len(span.surface) == 1)
        both = sum(char in signs("kind_end") for char in span.surface) > 1  # 门和窗 are both
        if not long or both or last not in signs("kind_end"):
            return ()
        if not several and any(name.endswith(last) for code in codes for name in self._names(code)):
            return ()
        under = sorted(self._catalogue.under(codes) - set(codes))
        return tuple(code for code in under if self._names(code)[0].endswith(last))

    def _called(self, span: Span) -> tuple[str, ...]:
        """Return the kinds above that the catalogue calls by the beginning of the word: 断桥铝|窗户 where 断桥铝 is a window."""
        named = self._named_after(called_so(span, self._binding), ends=True)
        if own := tuple(code for code in named if not self._catalogue.children(code)):
            return own  # 淋浴花洒 for 莲蓬头
        wider = self._binding.wider.get(span.concept, ())
        return tuple(
            code for code in wider if any(len(name) > 1 and span.surface.startswith(name) for name in self._names(code))
        )

    def _told_by_quality(self, slots: Slots, span: Span) -> bool:
        """Take what tells a narrower kind apart for a property that goods of the wider kind have: 感应|灯 and 人体感应."""
        for code in self._binding.wider[span.concept]:
            last = span.surface[-1:] if span.surface[-1:] in signs("kind_end") else self._names(code)[0][-1:]
            for name in (*self._names(code), last):
                quality = span.surface.removesuffix(name)
                if quality == span.surface or len(quality) < 2:
                    continue
                known = [feature for feature in self._catalogue.vocabulary.features if quality in feature]
                if len(known) == 1 and self._catalogue.count(featured(self._catalogue.under([code]), known[0])):
                    slots.add("features", known[0], because=span.surface)
                    return True
        return False

    def _composed_alone(self, slots: Slots, text: str, found: Found, scope: Scope) -> None:
        """Read a composition whose head is no word of its own here (漆 in 刷墙嘞漆): no end of an unknown one (木|叉板), no trouble (地|砖起拱), no colour (刷墙要粉粉的)."""
        for modifier, at in self._compositions.present(text, found.modifiers):
            if scope.refuses(at, at + len(modifier)):
                continue
            for head, codes in self._binding.compositions[modifier]:
                place = text.find(head, at + len(modifier))
                inside = any(start <= at and at + len(modifier) < place < end for start, end in found.residue)
                inside |= any(s.kind == "symptom" and s.start <= at and place < s.end for s in found.spans)
                inside |= any(
                    s.kind in ("block", "color") and s.start <= place < s.end for s in found.spans
                )  # 村里看灯会
                if place >= 0 and not inside and not slots.foreign:
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
