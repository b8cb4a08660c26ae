"""Kinds of goods that a product word makes with another word: 门上用的漆 is 木器漆, 外墙的 after 漆, 实木的 after 地板."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING

from catalog_db.search.query import ProductQuery
from handlers.understanding.entries import GOODS
from handlers.understanding.goods_words import whole_word
from handlers.understanding.word_search import Hits, WordSearch
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.understanding.binding import Binding
    from handlers.understanding.lexicon import Found
    from handlers.understanding.scope import Scope
    from handlers.understanding.spans import Span


class Compositions:
    """Knows the codes and names of the kinds of one catalogue, and which words make narrower ones of them."""

    def __init__(self, catalogue: Catalogue, binding: Binding) -> None:
        self._catalogue = catalogue
        self._binding = binding
        self.modifiers = tuple(sorted(binding.compositions, key=len, reverse=True))  # what is looked for in a text
        self._search = WordSearch(self.modifiers)

    def codes(self, span: Span) -> tuple[str, ...]:
        """Return the category codes that a product word stands for here, () when the catalogue lacks it."""
        if span.kind == "category":
            return tuple(span.concept.split("|"))
        return self._binding.codes.get(span.concept, ())

    def composed(self, head: Span, text: str, scope: Scope) -> tuple[tuple[str, ...], str]:
        """Read 门上用的漆 as 木器漆: a modifier before the head (or after it, 漆,刷门用) names a narrower category.

        The modifier is returned as well; it needs no naming beside what it made.
        """
        if turned := self._turned(head, text):
            return turned, ""
        own = self.codes(head)
        surface = text[head.start : head.end]
        stem = surface[:-1] if surface[-1:] in signs("diminutive") else surface
        vague = head.tier != "sure" or len(surface) == 1 or surface in signs("vague_goods")
        said = self.present(text)
        if len(said) > 1:  # 客厅墙上弄点花纹的漆: what stands right before says more
            said.sort(key=lambda pair: text[pair[1] + len(pair[0]) : head.start] not in ("", *signs("of")))
        for modifier, at in said:
            if (own and head.start <= at < head.end) or scope.refuses(at, at + len(modifier)):
                continue
            for word, codes in self._binding.compositions[modifier]:
                if self._only_wider(head, modifier, at, codes):
                    continue
                if stem.endswith(word) and (self.narrower(own, codes) or (vague and codes != own)):
                    return codes, modifier
        return (), ""

    def _only_wider(self, head: Span, modifier: str, at: int, codes: tuple[str, ...]) -> bool:
        """Tell whether a character inside a word makes no more than the wider kind of what the catalogue lacks: 木 of 竹木地板."""
        inside = len(modifier) == 1 and head.start <= at < head.end
        return inside and set(codes) <= set(self._binding.wider.get(head.concept, ()))

    def lacking(self, head: Span, text: str) -> str:
        """Return what a longer word makes of a head than any that was composed, where the catalogue lacks that: 铁门|漆 is no 门|漆."""
        said = [pair for pair in self._binding.lacking.get(head.surface, ()) if pair[0] in text]
        if not said:
            return ""
        composing = [word for word, _ in self.present(text) if self._makes(word, head.surface)]
        longest = max(map(len, composing), default=0)
        return next(
            (made for word, made in said if len(word) > longest and any(one in word for one in composing)),
            "",
        )

    def _makes(self, modifier: str, head: str) -> bool:
        return any(word == head for word, _ in self._binding.compositions[modifier])

    def _turned(self, head: Span, text: str) -> tuple[str, ...]:
        """Read 什么涂料防水 as 防水涂料: the kind whose name begins with what is said of the goods asked for."""
        if not text[: head.start].endswith(tuple(signs("which_kind"))):
            return ()
        said = text[head.start : head.end]
        return tuple(
            code
            for code in self._catalogue.categories
            for name in self.names(code)
            if name.endswith(said) and name != said and text.startswith(name.removesuffix(said), head.end)
        )

    def present(self, text: str, hits: Hits | None = None) -> list[tuple[str, int]]:
        """Return the modifiers that a text has, the longest first, and where each begins first.

        `hits`: where `modifiers` stand, when they have been looked for already.
        """
        hits = self._search.find_one(text) if hits is None else hits
        if not hits:
            return []
        first: dict[int, int] = {}
        for number, start, _ in hits:
            first.setdefault(number, start)
        found = [(self.modifiers[number], first[number]) for number in sorted(first)]
        found = [pair for pair in found if len(pair[0]) > 1 or not _in_a_word(text, pair[1])]
        return sorted(found, key=lambda pair: (-len(pair[0]), pair[1]))

    def narrower(self, own: tuple[str, ...], codes: tuple[str, ...]) -> bool:
        """Tell whether kinds are narrower than those that a word stands for; any are where it stands for none."""
        return not own or (set(codes) <= self._catalogue.under(own) and set(codes) != set(own))

    def compose_with(self, text: str, categories: tuple[str, ...], spans: Sequence[Span] = ()) -> tuple[str, ...]:
        """Return the categories that a modifier in the text makes of the running ones: 外墙的 after 漆, 睡房的 after 门.

        `spans` are the words found: a modifier inside a longer one of them (木 in 原木色) is none.
        """
        family = {*self._kin(categories), *self._catalogue.under(categories)}
        if begun := self._begun_name(text, categories, spans):
            return begun
        names = [name for code in family for name in self.names(code)]
        for modifier, _ in self.present(text):
            if not whole_word(text, modifier, spans) or self._goes_there(modifier, categories):
                continue
            for head, codes in self._binding.compositions[modifier]:
                if any(name.endswith(head) for name in names) and (len(head) > 1 or self.related(codes, family)):
                    return codes
        return ()

    def _goes_there(self, place: str, categories: tuple[str, ...]) -> bool:
        """Tell whether a word names where goods of the running kind go, and that kind is as narrow as they come: 背景墙 of 艺术漆."""
        if place not in self._catalogue.vocabulary.scenes or any(map(self._catalogue.children, categories)):
            return False
        query = ProductQuery(
            date(2000, 1, 1), categories=categories, scenes=(place,)
        )  # places do not depend on the day
        return bool(self._catalogue.count(query))

    def corrected(self, text: str, found: Found, scope: Scope) -> list[str]:
        """Return the kind that a correction without goods makes of those before it: 墙砖,说错了是地上铺的."""
        old = [span for span in found.spans if span.kind in GOODS and scope.corrects(span.start, span.end)]
        codes = self.codes(old[-1]) if old else ()
        return list(self.compose_with(text[scope.old[-1][1] :], codes) or codes) if codes else []

    def _begun_name(self, text: str, categories: tuple[str, ...], spans: Sequence[Span]) -> tuple[str, ...]:
        """Return the kind whose name is a word of the text with the running kind's name behind it: 实木的 after 地板, or after 竹地板."""
        heads = [head for code in categories if code in self._catalogue.categories for head in self._heads(code)]
        found: dict[
            str, tuple[int, int]
        ] = {}  # the longest word said, then the shortest name: 实木地板, not 实木复合地板
        for code in self._beside(categories):
            for name in self.names(code):
                for head in heads:
                    begin = name.removesuffix(head)
                    if begin != name and len(begin) > 1 and whole_word(text, begin, spans):
                        found[code] = max(found.get(code, (0, 0)), (len(begin), -len(name)))
        best = max(found.values(), default=(0, 0))
        return tuple(code for code, size in found.items() if size == best)

    def _heads(self, code: str) -> list[str]:
        """Return the names of a kind, and those of the wider one that they end with: 竹地板 and 地板."""
        names, wider = self.names(code), self._catalogue.categories[code].parent
        above = self.names(wider) if wider else ()
        return [*names, *(head for head in above if any(name.endswith(head) and name != head for name in names))]

    def _beside(self, categories: tuple[str, ...]) -> list[str]:
        """Return the kinds under the running ones and those that stand beside them."""
        codes = [code for code in categories if code in self._catalogue.categories]
        wide = [self._catalogue.categories[code].parent or code for code in codes]
        return sorted(self._catalogue.under(tuple(dict.fromkeys((*codes, *wide)))) - set(codes)) if codes else []

    def related(self, codes: tuple[str, ...], family: Collection[str]) -> bool:
        """Tell whether kinds have a root with the running ones: 实木 makes no 板材 of a 地板."""
        roots = {self._catalogue.path(code)[0] for code in family}
        return any(self._catalogue.path(code)[0] in roots for code in codes)

    def _kin(self, categories: tuple[str, ...]) -> list[str]:
        kin: list[str] = []
        for code in categories:
            if code in self._catalogue.categories:
                kin += self._catalogue.path(code)
        return list(dict.fromkeys(kin))

    def names_beside(self, span: Span) -> dict[str, tuple[str, ...]]:
        """Return the names of the kinds under and beside that of a product word, by code."""
        return {code: self.names(code) for code in self._beside(self.codes(span))}

    def names(self, code: str) -> tuple[str, ...]:
        """Return what a kind is called, its own name first."""
        category = self._catalogue.categories[code]
        return (category.name, *category.synonyms)


def _in_a_word(text: str, at: int) -> bool:
    """Tell whether a character is only part of a word that makes no kind of goods: 地 of 本地 and of 地方."""
    return not signs("no_modifier").isdisjoint((text[max(at - 1, 0) : at + 1], text[at : at + 2]))


def begins_name(word: str, codes: Sequence[str], catalogue: Catalogue) -> bool:
    """Tell whether a word with the name of the wider kind behind it names the only kind meant: 实木 of 实木地板, but not 沥青瓦."""
    if not word or len(codes) != 1 or codes[0] not in catalogue.categories:
        return False
    kind = catalogue.categories[codes[0]]
    above = catalogue.categories.get(kind.parent or "", kind)
    heads = {kind.name, *kind.synonyms, above.name, *above.synonyms}
    return any(name.startswith(word) and name[len(word) :] in heads for name in (kind.name, *kind.synonyms))
