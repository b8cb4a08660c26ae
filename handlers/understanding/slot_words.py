"""What stands beside a word and tells whether it counts: an accessory, something strange, another trade, a trouble that is none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from handlers.understanding.entries import GOODS
from handlers.understanding.goods_words import painted, which_is
from handlers.understanding.numbers import numerals
from handlers.understanding.passage import is_han
from handlers.understanding.spans import Span
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from handlers.understanding.attributes import AttributeSpan
    from handlers.understanding.cues import Cues
    from handlers.understanding.filled import Slots
    from handlers.understanding.lexicon import Found
    from handlers.understanding.scope import Scope

_TOLD = 12  # characters of an utterance that only names a thing
_LEAST_WORD = 2  # characters of a word that is refused with whatever holds it
_NAMED = 3  # characters between the name of an attribute and its value: 玻璃|要|三玻
_PART = 3  # characters of an unknown word that says which part of a thing is meant


def asked_of(span: Span, cues: Cues) -> bool:
    """Tell whether a trouble is only asked about, as a figure of goods: 甲醛高不高, 夏天烫不烫 say that nobody has any."""
    if any(span.start <= cue.start and cue.end <= span.end for cue in cues.of("ask.whether")):
        return True
    return any(
        cue.start <= span.start and span.end <= cue.end and cue.end - cue.start > span.end - span.start
        for cue in cues.of("aspect.formaldehyde")
    )


def add_lone_colors(slots: Slots, raw: str, colors: Collection[str]) -> None:
    """Take a colour of one character that stands between spaces or alone: 地砖 灰 防滑, 灰."""
    if slots.values.get("color") or not (slots.goods or len(raw.strip()) == 1):
        return
    for word in raw.split():
        if word in signs("color_alone") and any(word in color for color in colors):
            slots.add("color", word, because=word)


def only_leads_to(goods: Span, span: Span, tail: Span, text: str) -> bool:
    """Tell whether goods only say more of the accessory that ends the text: 太阳能 of 太阳能热水管除垢."""
    between, behind = text[goods.end : span.start], text[tail.end :]
    return not any(map(is_han, behind)) and not any(sign in between for sign in (",", *signs("link")))


def of_something_else(span: Span, slots: Slots, text: str, found: Found, cues: Cues) -> bool:
    """Tell whether a trouble only says of what kind a thing is that is none of ours: 摔跤|垫, 返潮|箱; or is part of what is lacking."""
    if slots.absent and slots.absent[-1].startswith(text[span.start : span.end]):
        return True  # 做防水|工具 is no work to be done
    if _breaks_elsewhere(span, text, found) or lamp_of_a_device(span, text, found):
        return True
    if cues.found or len(text) > _TOLD or any(word.kind in GOODS for word in found.spans):
        return False
    if any(word.kind == "function" for word in found.spans) or not signs("sentence").isdisjoint(text):
        return False  # 墙上裂了缝拿啥补 tells of a trouble
    if any(word.kind == "other_goods" and word.start == span.end for word in found.spans):
        return True  # 水垢|牙刷
    return any(start == span.end and text[start] not in signs("very") for start, _ in found.residue)


def only_where(span: Span, text: str, found: Found, codes: Callable[[Span], Collection[str]]) -> bool:
    """Tell whether goods only say where others are: 关水的阀子,马桶边那个; but not 马桶边上的."""
    place = next((sign for sign in signs("place_beside") if text.startswith(sign, span.end)), "")
    return bool(place) and any(codes(one) for one in found.spans if one.kind in GOODS and one.start != span.start)


def lamp_of_a_device(span: Span, text: str, found: Found) -> bool:
    """Tell whether the lamp that flickers is one of a thing that is none of ours: 路由器|灯一闪一闪."""
    if not text.startswith(tuple(signs("lamp")), span.start):
        return False
    ends = {span.start, *(span.start - len(sign) for sign in signs("of") if text.endswith(sign, 0, span.start))}
    return any(word.kind == "other_goods" and word.end in ends for word in found.spans)


def tells_of_a_lamp(found: Found, text: str) -> bool:
    """Tell whether some trouble is that of a lamp of a thing that is none of ours."""
    return any(span.kind == "symptom" and lamp_of_a_device(span, text, found) for span in found.spans)


def _breaks_elsewhere(span: Span, text: str, found: Found) -> bool:
    """Tell whether what is cracked is a thing named right before and no wall: 马桶盖|裂了, 台面都|裂了."""
    if span.surface not in signs("cracked"):
        return False
    before = next((word for word in reversed(found.spans) if word.end <= span.start and word.kind != "function"), None)
    if before is None or text[before.end : span.start] not in ("", *signs("all_of_it")):
        return False
    thing = before.kind in GOODS or before.kind in ("block", "other_goods", "tail")
    return thing and not any(sign in before.surface for sign in signs("cracks_as_wall"))


def first_of(words: Collection[str], known: Collection[str]) -> str:
    return next((word for word in words if word in known), "")


def beside_strange(span: Span, found: Found, text: str) -> bool:
    """Tell whether a word that is a quality as well stands beside a word that is none of ours: 膳魔师杯保温."""
    tail = found.tails.get((span.start, span.end))
    known = numerals().digits
    before = any(
        end == span.start and end - start > 1 and not any(c in known or c.isdigit() for c in text[start:end])
        for start, end in found.residue
    )
    behind = tail is not None and tail.concept == "unknown" and not _numeral(text[tail.start])  # 防水|两三百的
    return before or behind or any(word.kind in ("block", "other_goods") for word in found.spans)


def _numeral(char: str) -> bool:
    return char.isdigit() or char in numerals().digits or char in numerals().units


def goods_found(found: Found) -> list[Span]:
    return [span for span in found.spans if span.kind in GOODS]


def sold_itself(known: Sequence[Span], found: Found, text: str) -> bool:
    """Tell whether a word that is a product and a place is the product: 橱柜, but not 橱柜用的."""
    place = any(span.kind in ("scene", "room") for span in known) and any(span.kind in GOODS for span in known)
    return place and text[known[0].end : known[0].end + 1] not in signs("behind_place")


def belongs(span: Span, tail: Span, text: str, found: Found) -> bool:
    """Tell whether a tail is what is sold: right behind, or an accessory behind 的 (马桶的刷子) or a word that says which (马桶加厚坐垫).

    The owner of a part stands before it with no more than its model (华硕|k50|散热器) or a short unknown word between
    (苹果8|后盖|玻璃), that of a vehicle's with any words.
    """
    if tail.end <= span.start:
        model = text[tail.end : span.start]
        vehicle = any(
            word.concept == "vehicle"
            for (start, _), several in found.readings.items()
            if start == tail.start
            for word in several
        )
        unknown = len(model) <= _PART and any(s <= tail.end and span.start <= e for s, e in found.residue)
        return bool(model) and (vehicle or unknown or (model.isascii() and model.isalnum()))
    between = text[span.end : tail.start]
    if tail.concept == "product" and tail.surface in signs("made_of") and tail.end == len(text):
        return False  # 踢脚线不锈钢: what it is made of
    row = any(word.kind in GOODS and (word.start == tail.end or word.end == span.start) for word in found.spans)
    if tail.concept == "product" and row:
        return False  # 马桶|花洒|浴室柜: a row of things
    return not between or (tail.concept == "accessory" and (between in signs("of") or len(tail.surface) > 1))


def is_verb(tail: Span, behind: str) -> bool:
    """Tell whether what looks like a part only says what is done or begins a figure: 墙布贴30平, 瓷砖贴啥胶, 净水机头两名."""
    if behind in numerals().digits:
        return True
    done = tail.surface in signs("applied") or tail.surface in signs("put_at")
    label = any(sign.startswith(behind) for sign in signs("certificate")) and bool(behind)  # 龙头贴绿标没
    return done and (behind.isdigit() or behind in signs("what") or behind in signs("surface_begins") or label)


def is_painted(paint: Span, tail: Span, found: Found) -> bool:
    """Tell whether what looks like a brush is what is done with a paint to the goods or the place that follow: 防锈漆|刷|大门."""
    onto = any(one.start == tail.end and (one.kind in GOODS or one.kind in ("scene", "room")) for one in found.spans)
    return onto and painted(paint, tail.surface)


def made_for(span: Span, text: str, found: Found) -> str:
    """Return goods with the unknown thing that they are made for, "" for most: 养鸡专用灯."""
    for sign in signs("made_for"):
        at = span.start - len(sign)
        if at > 0 and text.startswith(sign, at):
            start = next((start for start, end in found.residue if end == at), -1)
            ours = text[at - 1] in signs("kind_end")  # 隐框门专用五金
            return text[start : span.end] if start >= 0 and not ours else ""
    return ""


def part_of(span: Span, text: str, found: Found) -> str:
    """Return goods with the unknown machine that they are a part of, "" for most: 开水机水龙头, 餐箱合页."""
    if not span.start or text[span.start - 1] not in signs("machine"):
        return ""
    start = next((start for start, end in found.residue if end == span.start and end - start > 1), -1)
    named = start < 0 or text[: span.start].endswith(tuple(signs("no_machine")))  # 木器面漆, …电器开关
    named = named or text[start].isdigit() or text[start] in numerals().digits  # 两箱瓷砖 are counted
    return "" if named else text[start : span.end]


def what_it_uses(span: Span, text: str, found: Found) -> str:
    """Return the thing of another trade that goods use, with them, where that ends what is asked for; "" for most: 门锁用的电池."""
    link = next((sign for sign in signs("used_by_it") if text.startswith(sign, span.end)), "")
    at = span.end + len(link)
    thing = next((one for one in found.spans if link and one.kind == "other_goods" and one.start == at), None)
    ends = ("", *signs("clause_end"), *signs("asked_end"))
    if thing is None or not any(text[thing.end :].removeprefix(had)[:1] in ends for had in ("", *signs("had"))):
        return ""
    return text[span.start : thing.end]


def modifies(span: Span, tail: Span, text: str) -> bool:
    """Tell whether an unknown noun stands behind a short word that only says of what kind it is: 防水袋子, 玻璃刮板."""
    figures = (*numerals().digits, *numerals().units)
    if any(char in figures or char.isdigit() for char in text[tail.start : tail.end]):
        return False  # 马桶|一千以内 is a price, 马桶|坑距四十公分 a measure
    if text[span.start : span.end] in signs("stuff"):
        return tail.start == span.end
    if tail.start == span.end and tail.end == len(text) and text[-1] in signs("tool"):
        return True  # 水泵钳, 地砖清洁神器: the last noun is sold, and it is a tool
    return span.end - span.start <= 2 and span.start == 0 and tail.start == span.end and tail.end == len(text)


def spelled_of_ours(readings: list[Span], codes: Callable[[Span], Collection[str]]) -> list[Span]:
    """Leave out goods that the catalogue lacks where others spelled alike are there: shuiguan is 水管, no 水罐."""
    if readings[0].how != "pinyin" or not any(codes(span) for span in readings if span.kind in GOODS):
        return readings
    return [span for span in readings if span.kind not in GOODS or codes(span)]


def refused_values(
    text: str, found: Found, scope: Scope, values: Iterable[str], told: Sequence[AttributeSpan] = ()
) -> Iterator[tuple[str, list[str]]]:
    """Yield unknown words that are refused with the values that hold them: 不要带灯杆的, where some are 含6米灯杆.

    What is only the unit of a value `told` refuses no others: 平方 of 不要4平方的.
    """
    for start, end in found.residue:
        if any(one.start < end and start < one.end for one in told):
            continue
        word = text[start:end].lstrip("".join(signs("carrying")))
        if len(word) >= _LEAST_WORD and scope.refuses(start, end):
            held = [value for value in values if word in value and not value.startswith(tuple(signs("denying")))]
            yield from [(word, held)] if held else ()


def beside_goods(span: Span, found: Found, codes: Callable[[Span], tuple[str, ...]]) -> bool:
    """Tell whether goods of this catalogue are named elsewhere in what was said."""
    return any(codes(one) for one in found.spans if one.kind in GOODS and one.start != span.start)


def tail_of(span: Span, text: str, found: Found) -> Span | None:
    """Return what makes a product word something else; not where or how it is: 无机板隔墙用的, 吸顶灯遥控的."""
    tail = found.tails.get((span.start, span.end))
    if tail is None:
        return None
    kinds = {reading.kind for reading in found.readings.get((tail.start, tail.end), ())}
    behind = text[tail.end : tail.end + 1]
    where, how = "scene" in kinds and behind in signs("used"), "feature" in kinds and behind in signs("of")
    return None if where or how or ("feature" in kinds and which_is(span, tail, text)) else tail


def counted_in(span: Span, text: str, attributes: Sequence[AttributeSpan], found: Found) -> bool:
    """Tell whether goods are what a figure counts: 18管 of a heater as a value of the catalogue, 24管 beside other goods."""
    size = span.end - span.start
    if attributes:
        inside = [a for a in attributes if a.start < span.end and span.end <= a.end and a.end - a.start > size]
        if any(_numeral(char) for a in inside for char in text[a.start : a.end]):
            return True
    if size > 1 or span.start == 0 or not _numeral(text[span.start - 1]):
        return False
    return any(one.kind in GOODS and one.start != span.start for one in found.spans)


def names_value(span: Span, text: str, attributes: Sequence[AttributeSpan], found: Found) -> bool:
    """Tell whether a word only names the attribute whose value is said behind it, of other goods: 玻璃 of 窗户,玻璃要三玻的."""
    said = text[span.start : span.end]
    told = any(a.name == said and span.end <= a.start <= span.end + _NAMED for a in attributes)
    return told and any(one.kind in GOODS and one.start != span.start for one in found.spans)


def put_there(span: Span, text: str) -> bool:
    """Tell whether a word is where goods are put or used: 木门用的, 装木门的."""
    behind = text[span.end : span.end + 1]
    before = text[: span.start].endswith(tuple(signs("put_at")))
    return behind in signs("used") or (before and behind in signs("of"))


def shade_before(goods: Span, text: str, found: Found) -> Span | None:
    """Return the colour that a single character right before goods says: 白 of 装个白马桶; None for most.

    What stands before it must be explained or begin the text, so that 李白马桶 is no colour; 红木门 is of a wood.
    """
    at = goods.start - 1
    if at < 0 or text[at] not in signs("shade") or text.startswith(tuple(signs("no_shade")), at):
        return None
    if any(span.start <= at < span.end for span in found.spans):
        return None
    before = text[at - 1 : at] if at else ""
    free = not (before and is_han(before)) or before in signs("shade_depth")
    if not free and not any(span.end == at for span in found.spans):
        return None
    return Span(at, goods.start, "color", f"{text[at]}色", text[at], how="exact", tier="sure", evidence="")
