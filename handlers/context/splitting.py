"""Several questions in one message: cut where each part asks something of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from handlers.understanding.word_tables import expression, signs

if TYPE_CHECKING:
    from datetime import date

    from handlers.stored_questions.matching import FaqMatch
    from handlers.understanding.reading import Reader, Reading
    from handlers.understanding.spans import Normalised, Span

    Stored = Callable[[Normalised], FaqMatch | None]  # finds the stored question that is surely asked

_LEAST = 2
_OF_ITS_OWN = 5  # characters of a part that asks something by itself: 要钱不 is said of what stood before
_LEAST_STORED = 3  # characters of a stored question asked in nearly its own words: 能退不
_BATCH = 3  # numbers that are checked together
_NEARLY_ITS_WORDS = 0.7  # score of one
_SHORT, _LONG = 8, 300
_ASKS = (
    "ask.price", "ask.which", "ask.have", "ask.cert", "ask.verify", "ask.howmany", "ask.savings", "ask.where", "ask.stores", "ask.compare",
    "ask.guide", "ask.ranking", "ask.plan", "ask.event", "ask.service", "ask.pavilion", "ask.enterprise", "ask.want", "ask.count", "ask.contact",
)  # fmt: skip

_QUALITIES = (
    "certified", "schemes", "stars", "min_stars", "said_stars", "price_max", "price_min", "grade", "water_grade_max", "energy_grade_max",
    "features", "color", "size", "brands", "formaldehyde_said", "formaldehyde", "attributes", "capacity", "scenes",
)  # fmt: skip
_ELSE = ("ask.guide", "ask.howmany", "ask.coverage", "aspect.coverage", "ask.service")  # asked of goods, not for them
_SUBJECTS = (
    "ask.service", "ask.stores", "ask.where", "ask.event", "ask.pavilion", "ask.guide", "ask.howcheck", "ask.subsidy", "ask.meaning",
)  # fmt: skip
_TO_KNOW = ("ask.fact", "ask.may", "ask.bears", "ask.harm")  # how many days, whether it may, whether it lasts
_CHOOSES = ("ask.which", "ask.better", "cond.certified", "op.must", "op.exclude", "sort.price_asc", "sort.price_desc")
_CONDITIONS = ("price_max", "price_min", "said_stars", "min_stars")  # a clause with one and its goods is a question


def split(text: str, reader: Reader, day: date, stored: Stored | None = None) -> list[str]:
    """Return the questions of a message in order; a message that asks one thing is returned whole.

    A part stands alone when it asks (多少钱, 哪个, 能送吗) and names what it asks about or what is wanted of us, or when it
    is surely one of the stored questions, more than the whole message is.
    """
    if len(text) < _SHORT or len(text) > _LONG or (whole := reader.read(text, day)).has("ad.said"):
        return [text]  # an advert asks nothing
    pieces = [part for piece in expression("next_question").split(text) for part in _at_next_goods(piece, reader, day)]
    pieces = [piece for piece in pieces if len(piece.strip()) >= _LEAST]
    if len(pieces) < 2:
        return [text]
    readings = [reader.read(piece, day) for piece in pieces]
    if len(readings) >= _BATCH and all(one.certificate_numbers and not one.slots.goods for one in readings):
        return [text]  # a batch of numbers is one check
    asked = _stored_ones(whole, readings, stored) if stored else [""] * len(pieces)
    carried = [
        _goods_of_a_fact(reading, readings[:number])
        or _goods_of_a_quality(reading, readings[:number])
        or _goods_of_a_price(reading, readings[:number])
        for number, reading in enumerate(readings)
    ]
    parts: list[str] = []
    started = False
    for number, (piece, reading) in enumerate(zip(pieces, readings, strict=True)):
        stands = bool(asked[number] or carried[number])
        stands = stands or (_stands(reading) and not _still_shops(reading, readings[:number]))
        stands = stands or (number == 0 and _wishes_before_a_service(reading, readings[1:2]))
        stands = stands and not _still_checks(reading, readings[:number])
        if parts and not (started and (stands or _of_the_same(reading, readings[:number]))):
            parts[-1] = f"{parts[-1]},{piece}"
            started = started or stands or _wanted_so(reader.read(parts[-1], day))
            if not started and reading.has("place.reach"):  # 瓷砖,浙江能送的哪个便宜 asks in two clauses
                started = _stands(reader.read(parts[-1], day))
        else:
            parts.append(carried[number] + piece)
            started = stands
    kinds = [_subject(reader.read(part, day)) for part in parts]
    several = any(carried) or len(set(kinds)) > 1 or len(set(filter(None, asked))) > 1
    return parts if len(parts) > 1 and several else [text]


def _still_shops(reading: Reading, before: Sequence[Reading]) -> bool:
    """Tell whether a part only says what for the shops are looked for that were asked about: 哪近,我想去看看马桶."""
    shops = ("ask.stores", "ask.where")
    return reading.has(*shops) and any(one.has(*shops) and not one.slots.goods for one in before[-1:])


def _still_checks(reading: Reading, before: Sequence[Reading]) -> bool:
    """Tell whether a part only asks how to check what was told before: 商家说国家认证的,怎么查."""
    return (
        reading.has("ask.howcheck")
        and len(reading.text) < _OF_ITS_OWN
        and any(o.has("claim.said") for o in before[-1:])
    )


def _stored_ones(whole: Reading, pieces: Sequence[Reading], stored: Stored) -> list[str]:
    """Return for each piece the id of the stored question that it surely asks, "" for none or where the whole message asks it."""
    of_all = stored(whole.normalised)
    found: list[str] = []
    for piece in pieces:
        asks = piece.has("ask.how", "ask.know", "q.yesno", "ask.howmany", "ask.when") and not piece.has(*_CHOOSES)
        match = stored(piece.normalised) if asks and len(piece.text) >= _LEAST_STORED else None
        long = len(piece.text) >= _OF_ITS_OWN or (match and match.score >= _NEARLY_ITS_WORDS)
        of_its_own = match and long and not (of_all and of_all.id == match.id and of_all.score >= match.score)
        found.append(match.id if match and of_its_own else "")
    return found


def _at_next_goods(piece: str, reader: Reader, day: date) -> list[str]:
    """Cut 水泥多少钱瓷砖哪个有证 before the second product, when the first one was asked about already.

    Two products that each have a price of their own (三百以内的花洒和两百以内的地漏) are two questions as well.
    """
    if len(piece) < _SHORT:
        return [piece]
    reading = reader.read(piece, day)
    offsets = reading.normalised.offsets
    goods, parts, begin = reading.slots.goods, [], 0
    for before, after in pairwise(goods):
        if any(before.end <= cue.start and cue.end <= after.start for cue in reading.cues.of(*_ASKS)):
            parts.append(piece[offsets[begin] : offsets[after.start]])
            begin = after.start
        elif (price := _own_price(reading, before, after)) is not None:
            parts.append(piece[offsets[begin] : offsets[before.end]])
            begin = price
    return [*parts, piece[offsets[begin] :]]


def _own_price(reading: Reading, before: Span, after: Span) -> int | None:
    """Return where the price of the second product begins, when the first one has a price before it."""
    prices = [q for q in reading.quantities if q.dimension == "money"]
    first = any(price.end <= before.start for price in prices)
    return next((q.start for q in prices if first and before.end <= q.start and q.end <= after.start), None)


def _stands(reading: Reading) -> bool:
    """Tell whether a part asks something and says of what, or asks for something that needs no product."""
    service = reading.has("ask.stores", "ask.where", "ask.pavilion") or asks_service(reading)
    service = service or (
        reading.has("ask.event") and not reading.has("ask.hours")
    )  # 几点开 is said of the shop before
    goods = bool(
        reading.slots.values.get("categories")
        or reading.slots.values.get("wider")
        or reading.slots.absent
        or reading.certificate_numbers
        or reading.skus
        or reading.named
        or (_makers(reading) and reading.has("ask.enterprise", "ask.place", "ask.contact", "ask.cert", "ask.is_cert"))
    ) and not _how_it_should_be(reading)
    return (
        (
            goods
            and (
                _asks(reading)
                or bool(reading.certificate_numbers)
                or any(reading.slots.values.get(name) for name in _CONDITIONS)
            )
        )
        or service
        or _whether(reading)
        or _in_general(reading)
        or reading.has("ask.how_done")
        or _besides(reading)
        or _wanted_so(reading)
    )


def _asks(reading: Reading) -> bool:
    """Tell whether something is asked; 能送到榆林的 asks nothing."""
    asked = reading.cues.names & set(_ASKS)
    return bool(asked) and (asked != {"ask.service"} or asks_service(reading))


def asks_service(reading: Reading) -> bool:
    """Tell whether a service is asked about: 能送到榆林的 says where the goods shall go, and asks nothing."""
    asked = reading.cues.of("ask.service")
    if not reading.places or not (reach := reading.cues.of("place.reach")):
        return bool(asked)
    return any(all(cue.end <= way.start or way.end <= cue.start for way in reach) for cue in asked)


def _whether(reading: Reading) -> bool:
    """Tell whether a part asks whether or how something is of goods that it names: 水管要试压吗, 防水刷几遍."""
    ends = any(cue.end == len(reading.text) for cue in reading.cues.of("q.yesno"))
    return bool(reading.slots.goods) and (ends or reading.has("ask.how", "ask.know"))


def _in_general(reading: Reading) -> bool:
    """Tell whether a part asks something that needs no goods: 啥叫双碳, 三星啥意思, 证书去哪查, 有补贴吗."""
    word = any(name.startswith("term.") for name in reading.cues.names)
    word |= any(reading.slots.values.get(name) for name in ("schemes", "stars", "said_stars"))
    return reading.has("ask.howcheck", "ask.subsidy") or (reading.has("ask.meaning") and bool(word))


def _how_it_should_be(reading: Reading) -> bool:
    """Tell whether a part only says how something should be, in words that are goods as well: 要保温,有推荐的吗; 锁芯要c级."""
    named = reading.slots.values.get("attributes", {})
    if named and reading.slots.goods and all(word.surface in named for word in reading.slots.goods):
        return True
    known = [reading.found.readings.get((word.start, word.end), ()) for word in reading.slots.goods]
    qualities = bool(known) and all(any(sense.kind == "feature" for sense in senses) for senses in known)
    return qualities and reading.text.startswith(tuple(signs("should_be")))


def _makers(reading: Reading) -> bool:
    """Tell whether a brand or a maker is named."""
    return bool(reading.slots.values.get("brands") or reading.slots.values.get("enterprises"))


def _wanted_so(reading: Reading) -> bool:
    """Tell whether a part names goods and how they should be: 马桶要一级水效, 花洒要恒温的."""
    wants = any(sign in reading.text for sign in signs("should_be"))
    goods = bool(reading.slots.goods) and not _how_it_should_be(reading)
    return wants and goods and any(reading.slots.values.get(name) for name in _QUALITIES)


def _wishes_before_a_service(reading: Reading, after: Sequence[Reading]) -> bool:
    """Tell whether a part only says how the goods at hand should be, and the next asks of a service: 要遥控的,另外保修怎么算."""
    wishes = reading.has("want.heard", "op.wish") and any(reading.slots.values.get(name) for name in _QUALITIES)
    alone = not (reading.slots.goods or reading.slots.foreign or reading.slots.symptoms or _makers(reading))
    served = any(asks_service(one) and not one.slots.goods for one in after)
    return wishes and alone and served and not reading.cues.names & (set(_ASKS) - {"ask.want"})


def _goods_of_a_fact(reading: Reading, before: Sequence[Reading]) -> str:
    """Return the goods of the question before, of which a part asks one more thing to know, "" for none: 墙漆刷几遍?几天能住."""
    last = next((one for one in reversed(before) if one.slots.goods), None)
    alone = not (
        reading.slots.goods or reading.slots.foreign or reading.slots.symptoms or reading.skus or reading.places
    )
    if (
        last is None
        or not (alone and _to_know(last) and _to_know(reading))
        or reading.has("ask.meaning", "ask.howcheck")
    ):
        return ""
    goods = last.slots.goods[-1]
    return last.text[goods.start : goods.end]


def _goods_of_a_quality(reading: Reading, before: Sequence[Reading]) -> str:
    """Return the goods of the question before, of which a part wants some that are so, "" for none: 插座装多高?再来几个防水的."""
    last = next((one for one in reversed(before) if one.slots.goods), None)
    senses = [reading.found.readings.get((word.start, word.end), ()) for word in reading.slots.goods]
    so = all(any(sense.kind == "feature" for sense in several) for several in senses)
    told = any(reading.slots.values.get(name) for name in ("features", "color", "attributes", "wishes"))
    wants = reading.text.startswith(tuple(signs("some_more"))) and reading.text.endswith(tuple(signs("of")))
    if last is None or not (wants and so and (senses or told)) or reading.slots.foreign:
        return ""
    goods = last.slots.goods[-1]
    return last.text[goods.start : goods.end]


def _goods_of_a_price(reading: Reading, before: Sequence[Reading]) -> str:
    """Return the goods whose amount was asked before, where a part asks only their price, "" for none: 铺25平要多少,一平多少钱."""
    asked = reading.cues.names & set(_ASKS)
    last = before[-1] if before else None
    if last is None or asked != {"ask.price"} or len(reading.text) > _SHORT or not last.has("ask.howmany"):
        return ""
    alone = not (reading.slots.goods or reading.slots.foreign or reading.skus or reading.places or reading.residue)
    if not (alone and last.slots.goods) or last.has("ask.price") or reading.has("ask.total"):
        return ""
    goods = last.slots.goods[-1]
    return last.text[goods.start : goods.end]


def _to_know(reading: Reading) -> bool:
    """Tell whether a part asks how many days, whether it may or whether it lasts, and for no goods; 用几年 counts none."""
    return reading.has(*_TO_KNOW) and reading.cues.names.isdisjoint(set(_ASKS) - {"ask.howmany"})


def _of_the_same(reading: Reading, before: Sequence[Reading]) -> bool:
    """Tell whether a part asks for some of the goods of which something else was asked: 买马桶注意啥?一级水效的有哪些."""
    chosen = any(one.has(*_ELSE) and _asks(one) for one in before) and any(one.slots.goods for one in before)
    told = any(reading.slots.values.get(name) for name in _QUALITIES) or reading.has("ask.cert")
    if reading.slots.goods:
        return False
    judged = any(one.slots.goods and one.has("ask.cert", "ask.price") for one in before)
    counted = reading.has("ask.howmany") and any(q.dimension == "area" for q in reading.quantities)  # 再算算20平要几片
    return (judged and (reading.has("aspect.coverage") or counted)) or (
        chosen
        and ((told and reading.has("ask.which", "ask.have")) or (reading.has("want.limit") and reading.has("ask.want")))
    )


def _besides(reading: Reading) -> bool:
    """Tell whether a part names goods, or asks how about something, beside what was asked before: 还有地漏呢, 还有防水刷几遍."""
    slots = reading.slots
    told = slots.goods or slots.symptoms or slots.values.get("features")
    named = slots.values.get("categories") or slots.values.get("wider") or slots.absent
    asks = reading.has("ask.how") and told
    return bool(asks or named) and reading.text.startswith(tuple(signs("besides")))


def _subject(reading: Reading) -> tuple[object, ...]:
    """Say what a part is about, to tell one question in two clauses from two questions."""
    asks = next(
        (name for name in _SUBJECTS if reading.has(name)),
        "",
    )
    return reading.slots.values.get("categories", ()), asks, reading.certificate_numbers
