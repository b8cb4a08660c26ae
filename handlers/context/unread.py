"""What of a question meant nothing to us but may be a condition: named in the answer, never dropped silently."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from handlers.answer_parts.list_remarks import NEVER_SO
from handlers.certification.claims import find_claims
from handlers.context.attribute_steps import heeds, steps_said
from handlers.context.properties_of_kind import meant_by
from handlers.context.sizes_said import told_by_length
from handlers.context.superlatives import said_of, sort_by_saving
from handlers.understanding.value_forms import counted_parts
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from handlers.understanding.interpretation import Constraints
    from handlers.understanding.reading import Reading

_HEEDS_A_REFUSAL = (
    "exclude_features",
    "exclude_color",
    "exclude_brands",
    "exclude_categories",
    "features",
    "attributes",
)
_LONGEST_WORD = 4  # characters of an unknown word that may be one condition
_LEAST_PHRASE, _LONGEST_PHRASE = 2, 6  # characters of what is told of goods
_LETTERS = re.compile("[a-z]{4,}")
_SOME_LETTERS = re.compile("[a-z]{2,}")
_MARK = re.compile(r"(?<![a-z0-9.])[a-z]{1,3}\d{1,3}(?![a-z0-9.])")  # E14, R12, K11


def unread(reading: Reading, constraints: Constraints) -> tuple[str, ...]:
    """Return what was said and could not be heeded."""
    heeded = constraints.attributes or constraints.title_words or constraints.exclude_features
    if not (heeded or reading.slots.values or reading.cues.names or reading.quantities):
        return (*described(reading), *_letters(reading), *marks(reading))
    steps = steps_said(reading)
    said = (
        *(
            word
            for word in described(reading)
            if word not in said_of(reading.text, constraints.attributes)
            and bare(word) not in (*constraints.title_words, *constraints.exclude_features)
            and not any(word in step.said for step in steps)
            and not (constraints.exclude_categories and _is_refused(word, reading))  # 石晶 of 也不要石晶的
        ),
        *(step.said for step in steps if not heeds(constraints, step)),
        *_lost_size(reading, constraints),
        *_lost_lengths(reading, constraints),
        *_refused_in_vain(reading, constraints),
        *_letters(reading),
        *_wishes(reading, constraints),
        *_of_others(reading, constraints),
        *_too_much(reading),
        *_figures(reading, constraints),
        *_counted(reading),
        *_lost_scenes(reading, constraints),
        *_judged(reading, constraints),
        *(mark for mark in marks(reading) if mark not in constraints.title_words),
        *_phrase(reading, constraints),
    )
    made = reading.slots.composed  # 墙上 of 贴墙上的板子 has made its kind
    return tuple(
        word
        for word in said
        if not (
            word in made
            or (made and word.startswith(made))
            or any(claim.kind in NEVER_SO for claim in find_claims(word, asked=True))
        )
    )  # 绝对安全的 is put right, and is no condition


def _counted(reading: Reading) -> Iterator[str]:
    """Yield parts counted that no value of the catalogue counts: 两个洞的面盆."""
    text = reading.text
    for quantity in reading.quantities:
        behind = text[quantity.end : quantity.end + 3] if quantity.dimension == "count" else ""
        part = next((one for one in counted_parts() if behind.startswith(one)), "")
        if part and text[quantity.end + len(part) : quantity.end + len(part) + 1] in ("", *signs("of")):
            yield text[quantity.start : quantity.end + len(part)]


def _is_refused(word: str, reading: Reading) -> bool:
    """Tell whether a word stands in what is refused."""
    start = reading.text.find(bare(word))
    return start >= 0 and reading.scope.refuses(start, start + len(bare(word)))


def _lost_size(reading: Reading, constraints: Constraints) -> tuple[str, ...]:
    """Return a length that is a size of other kinds only, so that it narrows nothing: 门洞一米二."""
    said = reading.slots.values.get("size", ())
    lost = bool(said) and not set(said) & set(constraints.size) and not told_by_length(reading, constraints)
    return (reading.slots.because["size"],) if lost and "size" in reading.slots.because else ()


def _lost_lengths(reading: Reading, constraints: Constraints) -> Iterator[str]:
    """Yield lengths that narrow nothing: 一丈五宽的窗, 3寸的合页, where the goods have no such measure."""
    heeded = constraints.size or constraints.attributes or constraints.capacity or "size" in reading.slots.values
    if constraints.categories and not heeded and not reading.has("calc.height", "ask.howmany"):
        yield from (reading.text[q.start : q.end] for q in reading.quantities if q.dimension in ("length", "pipe"))


def _refused_in_vain(reading: Reading, constraints: Constraints) -> Iterator[str]:
    """Yield what was refused where nothing could be left out by it: 不要圆形的, 不带盖的."""
    out = reading.scope.out
    if not out or any(getattr(constraints, name) for name in _HEEDS_A_REFUSAL):
        return
    held = [one for one in reading.found.spans if one.kind in ("tail", "feature", "material")]
    for cue in reading.cues.of("op.exclude", "op.lacking"):
        low, high = cue.groups["out"]
        words = [word for word in held if low <= word.start and word.end <= high + 1]
        if not words and (
            strange := [s for s in reading.found.residue if low <= s[0] and s[1] <= high and s[1] - s[0] > 1]
        ):
            yield reading.text[cue.start : strange[-1][1]]  # 不要推拉的 where nothing is told of that
            return
        if words and reading.scope.refuses(words[-1].start, words[-1].end):
            said = reading.text[cue.start : words[-1].end]
            yield said[:-1] if said[-1] in signs("of") else said
            return


def _wishes(reading: Reading, constraints: Constraints) -> tuple[str, ...]:
    """Return the wishes, as they were said, that neither an order by what is saved nor a word of the titles heeds."""
    wishes = reading.slots.values.get("wishes", ())
    sort, held = constraints.sort, (*constraints.title_words, *constraints.features)
    if wishes and constraints.attributes:
        held += tuple(value for several in constraints.attributes.values() for value in several)
    told = (*constraints.features, *held)
    lost = [
        w
        for w in wishes
        if not any(o in one for o in meant_by(reading, w) for one in told) and not (sort and sort_by_saving(w) == sort)
    ]
    said = {span.concept: reading.text[span.start : span.end] for span in reading.found.spans} if lost else {}
    return tuple(said.get(word, word) for word in lost)


def _letters(reading: Reading) -> tuple[str, ...]:
    """Return the words in letters that mean nothing to us: a limit in pinyin that was not read is said, not dropped."""
    words = _unknown(_LETTERS, reading)
    return (" ".join(words),) if words else ()


def marks(reading: Reading) -> tuple[str, ...]:
    """Return the letters with a figure that no word, number or value of ours explains: E14 where no bulb has that base."""
    if _MARK.search(reading.text) is None:
        return ()
    told = reading.slots.because.get("attributes", "")
    return tuple(mark for mark in _unknown(_MARK, reading) if mark not in told)


def strange_letters(reading: Reading) -> bool:
    """Tell whether letters stand there that nothing explains: a make, a model, a word of another language."""
    return "attributes" not in reading.slots.values and bool(_unknown(_SOME_LETTERS, reading))


def _unknown(letters: re.Pattern[str], reading: Reading) -> list[str]:
    if not letters.search(reading.text):
        return []
    known = [(span.start, span.end) for span in reading.found.spans]
    known += [(cue.start, cue.end) for cue in reading.cues.found]
    known += [(code.start, code.end) for code in reading.codes]
    known += [(amount.start, amount.end) for amount in reading.quantities]
    return [
        match.group()
        for match in letters.finditer(reading.text)
        if not any(start < match.end() and match.start() < end for start, end in known)
    ]


def _figures(reading: Reading, constraints: Constraints) -> Iterator[str]:
    """Yield a figure with a point, or a range, that nothing of the goods has: 52.5的水泥, 6到11的瓷砖."""
    if constraints.categories and not (constraints.attributes or constraints.size or constraints.price_max):
        numbers = (q for q in reading.quantities if q.dimension == "number")
        yield from (
            reading.text[q.start : q.end] for q in numbers if q.value is None or q.value != q.value.to_integral_value()
        )


def _judged(reading: Reading, constraints: Constraints) -> Iterator[str]:
    """Yield what nothing of the goods tells: that they follow a standard (国标的水泥), or are of a better sort (上档次的门)."""
    if not constraints.categories:
        return
    if "labels" in reading.slots.values and not reading.has("ask.cert", "ask.verify", "ask.meaning"):
        yield reading.slots.because["labels"]
    if constraints.price_min is None and constraints.sort is None and not reading.has("ask.more", "op.others"):
        yield from (reading.text[cue.start : cue.end] for cue in reading.cues.of("rel.dearer")[:1])


def _lost_scenes(reading: Reading, constraints: Constraints) -> Iterator[str]:
    """Yield a scene that no product is marked for, so that it narrows nothing: 猪圈 of 猪圈用的灯, but not 外墙 of 外墙…漆."""
    rooms = reading.slots.values.get("rooms", ())
    if not rooms or not constraints.categories:
        return
    because = reading.slots.because
    told = (because.get("categories", ""), because.get("attributes", ""), *constraints.title_words)
    for span in reading.found.spans:
        said = reading.text[span.start : span.end]
        known = span.concept in signs("home_scene") or any(said in word for word in told)  # 新房 only says whose home
        if span.kind == "scene" and span.concept in rooms and not known:
            yield said


def _phrase(reading: Reading, constraints: Constraints) -> Iterator[str]:
    """Yield what is told of goods before 的 in single characters of which none is a word of ours: 不招灰 of 不招灰的灯."""
    goods = reading.slots.goods
    if not (reading.crumbs and goods and constraints.categories) or reading.text[goods[-1].start - 1] not in signs(
        "of"
    ):
        return
    end = goods[-1].start - 1
    told = [span.end for span in reading.found.spans if span.kind != "function" and span.start < end]
    told += [cue.end for cue in reading.cues.found if not cue.groups and cue.start < end]
    told += [amount.end for amount in reading.quantities if amount.start < end]
    told += [reading.text.rfind(sign, 0, end) + 1 for sign in signs("clause_end")]
    said = reading.text[max(told, default=0) : end]
    wish = next((sign for sign in sorted(signs("wish_before"), key=len, reverse=True) if said.startswith(sign)), "")
    said = said.removeprefix(wish)
    crumbs = [start for start, stop in reading.found.residue if stop - start == 1 and end - len(said) <= start < end]
    if crumbs and _LEAST_PHRASE <= len(said) <= _LONGEST_PHRASE and signs("owner_word").isdisjoint(said):
        yield said


def _too_much(reading: Reading) -> Iterator[str]:
    """Yield what there should not be too much of and no word of ours is about: 太花 of 不要太花, but not 太贵."""
    for cue in reading.cues.of("op.too"):
        start, end = cue.groups["what"]
        told = [(span.start, span.end) for span in reading.found.spans if span.kind != "function"]
        told += [(c.start, c.end) for c in reading.cues.found if not c.groups]
        if not any(low < end and start < high for low, high in told if (low, high) != (cue.start, cue.end)):
            yield reading.text[start - 1 : end]


def bare(word: str) -> str:
    """Return a word without the 带 that it begins with: 指纹 of 带指纹的锁."""
    return word[1:] if word[:1] in signs("carrying") and len(word) > 2 else word


def described(reading: Reading) -> tuple[str, ...]:
    """Return the unknown words that could be a condition: right before 的 or before what is sold. Fillers are none."""
    if not reading.residue:
        return ()
    text, behind = reading.text, _behind()
    if not reading.slots.goods and _any_behind().search(text) is None:
        return ()  # most often
    starts = {span.start for span in reading.slots.goods}
    ends = () if reading.cues.names else {span.end for span in reading.slots.goods}
    found = []
    for word in reading.residue:
        end = text.find(word) + len(word)
        if len(word) <= _LONGEST_WORD and (end in starts or text.startswith(behind, end)):
            found.append(word)
        elif starts and word[:1] in signs("carrying") and 2 < len(word) <= _LONGEST_WORD + 1:
            found.append(word[1:])  # 带烘干: what it should have
        elif len(word) <= _LONGEST_WORD and end == len(text) and end - len(word) in ends:
            found.append(
                word
            )  # 艺术漆肌理拍, 吸顶灯双心: what is put behind goods that are looked for, and ends it all
    return tuple(found)


@cache
def _behind() -> tuple[str, ...]:
    """Return what stands behind a word that is a condition."""
    return (*signs("of"), *signs("used"))


@cache
def _any_behind() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, _behind())))


def _of_others(reading: Reading, constraints: Constraints) -> tuple[str, ...]:
    """Return the word for a quality that only other kinds of products have, so that it could not be heeded."""
    said = reading.slots.values.get("attributes", {})
    heeded = {value for values in constraints.attributes.values() for value in values}
    lost = constraints.categories and any(
        name not in constraints.attributes and not heeded.issuperset(values) for name, values in said.items()
    )
    because = reading.slots.because.get("attributes", "")
    told = any(value.lower() in because for value in heeded)  # A级防火 said A级 of other kinds as well
    told = told or any(because.rstrip("".join(signs("of"))) in word for word in constraints.title_words)  # 铸铝的
    return (because,) if lost and because and not told else ()
