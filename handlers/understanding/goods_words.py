"""What stands beside a product word and tells what it is there: sold, carried, owned, a quality, a place, one of a chain."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from catalog_db.search.query import ProductQuery
from handlers.understanding.entries import GOODS
from handlers.understanding.word_tables import expression, signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from catalog_db.records import Category
    from handlers.understanding.binding import Binding
    from handlers.understanding.filled import Slots
    from handlers.understanding.lexicon import Found
    from handlers.understanding.scope import Scope
    from handlers.understanding.spans import Span

_CLOSED = frozenset(
    {"color", "material", "feature", "brand", "series", "scene", "product", "refused"}
)  # words that hold no modifier
_CARRIED = 3  # characters before a part that may hold 带: 带加热|座圈
_LEAST_CONCEPT = 2  # characters of a kind's name
_ROW = 3  # kinds that are a list when they stand one after the other
_OWNED = 2  # characters between an owner and what is its part: 汽车的水泵


def whole_word(text: str, word: str, spans: Sequence[Span]) -> bool:
    """Tell whether a word stands in the text and not inside a longer word that was found."""
    at = text.find(word)
    if at < 0:
        return False
    end = at + len(word)
    return not any(s.start <= at and end <= s.end and s.end - s.start > len(word) and s.kind in _CLOSED for s in spans)


def says_where(slots: Slots, span: Span, text: str) -> bool:
    """Tell whether a word says where something goes: 彩钢房屋顶用, 橱柜用的, but not 橱柜 alone."""
    behind = text[span.end : span.end + 1] in (*signs("used"), *signs("behind_place"))
    put = span.end == len(text) and text[: span.start].endswith(tuple(signs("put_at")))
    return bool(slots.values.get("scenes")) or behind or put


def owned(span: Span, text: str, owners: Sequence[int]) -> bool:
    """Tell whether a thing of another trade stands right before a product word: the 水泵 of a car is not ours."""
    return any(
        end <= span.start <= end + _OWNED and (end == span.start or text[span.start - 1] in signs("of"))
        for end in owners
    )


def carried(span: Span, text: str) -> bool:
    """Tell whether a product word is what something else should have on it: 带加热座圈的, 自带灯的."""
    before = text[max(span.start - _CARRIED, 0) : span.start]
    behind = text[span.end : span.end + 1]
    held = max([before.rfind(sign) for sign in signs("having")], default=-1)
    return (
        held >= 0
        and not any(sign in before[held:] for sign in signs("of"))
        and (not behind or behind in signs("of") or behind in signs("asked_end"))
    )


def only_a_part(part: Span, whole: Span, text: str, codes: Callable[[Span], Collection[str]]) -> bool:
    """Tell whether a thing that the catalogue lacks is what goods that it has should have: 淋浴房钢化玻璃的, 淋浴房要推拉门."""
    if codes(part) or not codes(whole):
        return False
    between, behind = text[whole.end : part.start], text[part.end :]
    ends = ("", *signs("clause_end"))
    of = behind[:1] in signs("of") and behind[1:2] in ends
    return of if not between else between in signs("should_have") and (of or behind[:1] in ends)


def spare(slots: Slots, codes: Collection[str], catalogue: Catalogue) -> None:
    """Refuse no kind that holds what is asked for: 不要铝合金的遮阳产品 means no 门窗 around them."""
    if codes and (refused := slots.values.get("exclude_categories", ())):
        kept = [one for one in refused if not set(codes) <= catalogue.under((one,))]
        slots.values["exclude_categories"] = tuple(kept)


def carried_guesses(text: str, found: Found, scope: Scope) -> list[Span]:
    """Return the words too uncertain to be asked for, which something asked for should have: 带扶手的马桶."""
    guesses = [span for span in found.guesses if span.kind in GOODS and carried(span, text)]
    return [span for span in guesses if not scope.refuses(span.start, span.end)]


def is_quality(span: Span, slots: Slots, text: str) -> bool:
    """Tell whether a kind that is a quality as well is said of another kind before it: 外墙漆,防水抗裂的; or what another is made of."""
    if text[span.start : span.end] in signs("made_of") and any(
        text[span.end : other.start] in signs("of") for other in slots.goods if other.start > span.end
    ):
        return True  # 铝合金的门, where 铝合金 names a kind as well
    before = [other for other in slots.goods if other.end <= span.start]
    if before and which_is(before[-1], span, text):
        return True
    if not before or text[span.start : span.end] not in slots.values.get("features", ()):
        return False
    behind = text[span.end : span.end + 1]
    if text[: span.start].endswith(tuple(signs("should_be"))) and behind in ("", *signs("clause_end"), *signs("of")):
        return True  # 砌块三星的,要保温,河南能送的
    between = text[before[-1].end : span.start].removeprefix(",")
    return not any(link in between for link in signs("link"))


def which_is(asked: Span, span: Span, text: str) -> bool:
    """Tell whether it is asked which goods are so: 厕所用啥灯防水, 哪种板隔音."""
    ends = span.end == len(text) or text[span.end] in signs("clause_end")
    which = text[: asked.start].endswith(tuple(signs("which_kind")))
    return ends and which and asked.end == span.start


def _counted(between: str) -> bool:
    """Tell whether what stands between two product words only counts the second: 一个马桶|一个|花洒."""
    return between.endswith(("个", *signs("goods_unit"))) and expression("counted_thing").match(between) is not None


def _row(goods: Sequence[Span]) -> bool:
    """Tell whether three and more kinds stand directly one after the other: 马桶花洒浴室柜."""
    touching = all(one.end == other.start for one, other in pairwise(goods))
    return len(goods) >= _ROW and touching and all(len(span.surface) > 1 for span in goods)


def heads_of_chain(goods: list[Span], text: str, wants: Sequence[int]) -> list[Span]:
    """Return the product words that are sold: in a chain (窗户用的密封条, 大门锈了,寻个漆) the last, in a list all."""
    heads: list[Span] = []
    if _row(goods):
        return goods
    for span in goods:
        if heads and span.surface.isascii() and not span.surface.isdigit():
            if not (heads[-1].surface.isascii() and text[heads[-1].end : span.start] == " "):
                continue  # 线槽pvc: what it is made of
            heads.pop()  # led downlight
        if heads and span.surface in signs("made_of") and heads[-1].end == span.start and span.end == len(text):
            continue  # 踢脚线不锈钢: so is this
        if heads:
            between = text[heads[-1].end : span.start]
            if between in signs("applied") or (not between and text[span.start] in signs("applied")):
                continue  # 瓷砖胶贴墙砖: what it is for
            if painted(heads[-1], between) or _matched(between):
                continue  # 防锈漆刷大门, 踢脚线配灰地板
            linked = (
                (bool(between) and not between.strip())
                or any(link in between for link in signs("link"))
                or _counted(between)
                or (not between and text.startswith(tuple(signs("both")), span.end))  # 马桶花洒都要
            )
            told = (
                "," in between and any(heads[-1].end < at < span.start for at in wants) and wants[0] > heads[-1].start
            )
            if not linked or told:
                heads.pop()
        heads.append(span)
    return heads


def painted(paint: Span, between: str) -> bool:
    """Tell whether the goods before are a paint and the next ones are what it is put on: 防锈漆刷|大门."""
    return between in signs("painted_on") and paint.surface.endswith(tuple(signs("paint")))


def _matched(between: str) -> bool:
    """Tell whether the next goods are only what the first should go with: 踢脚线配灰|地板; but not 地板配啥|踢脚线."""
    return between.startswith(tuple(signs("goes_with"))) and not between.endswith(tuple(signs("which_kind")))


def made_of_two(named: Sequence[tuple[str, str]], text: str) -> str:
    """Return what a short word and one beside it name that the catalogue lacks, "" for nothing: 窗户…打什么胶 is 玻璃胶."""
    return next((concept for modifier, concept in named if modifier in text), "")


def note_alike(slots: Slots, known: Mapping[str, tuple[str, ...]]) -> None:
    """Note for the properties said those of the same meaning that some kinds have instead."""
    features = slots.values.get("features")
    if features and (alike := {word: known[word] for word in features if word in known}):
        slots.put("alike", alike | slots.values.get("alike", {}), "")


def plainly(span: Span) -> str:
    """Return the word to look for among the names of kinds: 龙头 for 水龙头, which says no more."""
    said = span.surface
    return span.concept if said.endswith(span.concept) and len(said) == len(span.concept) + 1 else said


def called_so(span: Span, binding: Binding) -> str:
    """Return what a word is a synonym of, whose name may end a category's: 花洒 of 莲蓬头 where there is 淋浴花洒; "" for none."""
    narrower = len(span.concept) < _LEAST_CONCEPT or span.surface in binding.varieties.words
    return "" if narrower or span.concept == span.surface else span.concept


def ends_of_names(categories: Iterable[Category]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
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


def featured(codes: Collection[str], feature: str) -> ProductQuery:
    """Return what asks for products of kinds that have a feature, on whichever day."""
    return ProductQuery(
        date(2000, 1, 1), categories=tuple(codes), features=(feature,)
    )  # features do not depend on the day


def inside_goods(at: int, word: str, spans: Sequence[Span]) -> bool:
    """Tell whether a word only begins or ends goods: 地 of 木地板."""
    end = at + len(word)
    return any(s.kind in GOODS and s.start <= at and end <= s.end and s.end - s.start > len(word) for s in spans)


def builds_a_place(text: str, end: int) -> bool:
    """Tell whether a part of a house stands right behind a material, and more is said of it: 彩钢瓦屋顶漏雨, not 彩钢瓦屋顶."""
    place = next((sign for sign in signs("built_place") if text.startswith(sign, end)), "")
    return bool(place) and len(text) > end + len(place) + 1
