"""Scope: which part of an utterance is refused, excepted or replaced by another (除了…, …的不要, 不是…是…)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from handlers.understanding.spans import Span
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from handlers.understanding.attributes import AttributeSpan
    from handlers.understanding.cues import Cue, Cues
    from handlers.understanding.spans import Quantity

Range = tuple[int, int]
_SAYS_NOTHING = ("function", "cue", "tail", "unit")
_GOODS = ("category", "product")
_LEAST_QUALITY = 2  # characters of 的 and less than a word
_DROPPED = 6  # characters after 不一定要 that it speaks of


class Scope(NamedTuple):
    """Ranges of the normalised text. A word inside `out` is refused; one inside `old` was corrected away."""

    out: tuple[Range, ...] = ()
    old: tuple[Range, ...] = ()
    corrected: bool = False
    dropped: tuple[Range, ...] = ()  # what need not be: 不一定要三星

    def refuses(self, start: int, end: int) -> bool:
        """Tell whether a word stands inside a refused range."""
        return bool(self.out) and any(low <= start and end <= high for low, high in self.out)

    def drops(self, start: int, end: int) -> bool:
        """Tell whether a word is one that need not be."""
        return bool(self.dropped) and any(low <= start and end <= high for low, high in self.dropped)

    def corrects(self, start: int, end: int) -> bool:
        """Tell whether a word stands inside what was corrected away."""
        return bool(self.old) and any(low <= start and end <= high for low, high in self.old)


NO_SCOPE = Scope()


def find_scope(
    text: str,
    cues: Cues,
    spans: tuple[Span, ...],
    quantities: Sequence[Quantity] = (),
    attributes: Sequence[AttributeSpan] = (),
) -> Scope:
    """Read the operators of a normalised text. A corrected part must hold a word that we know or an amount, or be a bare 说错了.

    Values and grades can be refused as words are: 不要亮光的, 三级水效的别给我看.
    """
    if not cues.found:
        return NO_SCOPE
    told = [(one.start, one.end) for one in attributes]
    told += [(q.start, q.end) for q in quantities if q.dimension in ("grade", "number")]
    words = [Span(start, end, "attribute", "", text[start:end]) for start, end in told]
    return _scope(text, cues, (*spans, *words), [(q.start, q.end) for q in quantities])


def _scope(text: str, cues: Cues, spans: tuple[Span, ...], amounts: Sequence[Range]) -> Scope:
    out: list[Range] = []
    old, corrections = _corrected(cues, spans, amounts)
    named = cues.of("op.drop_what")
    dropped = tuple(
        _up_to_a_comma(text, cue.end)
        for cue in cues.of("op.drop")
        if not any(one.start <= cue.start and cue.end <= one.end for one in named)  # 牌子随便 says what itself
    )
    for start, end in (cue.groups["what"] for cue in named):
        dropped += ((start, end + any(text.startswith(sign, end) for sign in signs("of"))),)
    ends = [(cue.start, cue.groups["what"][1]) for cue in cues.of("op.need_not")]  # 没有遥控也行 refuses none
    need_not = [(start, end + any(text.startswith(sign, end) for sign in signs("of"))) for start, end in ends]
    dropped += tuple(need_not)
    valued = [(word.start, word.end) for word in spans if word.kind in ("attribute", "block", "feature")]
    qualities = [
        word for word in spans if word.kind in ("attribute", "feature", "material") and word.end - word.start > 1
    ]
    must = [
        cue.groups["must"] for cue in cues.of("op.must") if not any(_begins_denied(word, cue) for word in qualities)
    ]
    lacking = [cue.groups["out"] for cue in cues.of("op.lacking")]  # 没有遥控的灯; but 不防滑的不要 wants it
    lacking = [one for one in lacking if not any(low < one[1] and one[0] < high for low, high in (*must, *need_not))]
    out += [span for one in lacking if (span := _qualities(one, spans))]
    for cue in cues.of("op.exclude", "op.except"):
        out_start, out_end = cue.groups["out"]
        if any(double.start < cue.end and cue.start < double.end for double in cues.of("cond.certified")):
            continue  # 没证的不要 asks for certified ones
        if any(low < out_end and out_start < high for low, high in (*must, *need_not)):
            continue  # 不是三星的不要 asks for three stars
        if cue.start < out_start and any(low <= cue.start < high for low, high in valued):
            continue  # 不含灯杆 and 不用拉线 are themselves what is wanted
        if any(out_start < high and low < out_end for low, high in corrections):
            continue  # 不是厨房是厕所 wants what corrects
        out_end += any(text.startswith(sign, out_end) for sign in signs("of"))  # 白|的 is one word of ours
        out_end = _until_a_wish(text, (out_start, out_end), spans)
        out_end = _until_another_kind(text, (out_start, out_end), spans)
        bound = max((text.find(sign, out_start, out_end) for sign in signs("over")), default=-1)
        if bound >= 0:  # 马桶超过一千就算了 refuses a price, 三百以内的黑色的不要 a colour
            span = _qualities((bound, out_end), spans)
        else:
            span = _trimmed((min(cue.start, out_start), out_end), spans) or None
            span = (_unknown_quality(span, text, spans) or _without_head(span, text, spans)) if span else None
        if (
            span
            and not any(low <= span[0] and span[1] <= high for low, high in old)
            and not _degree(text, out_start, spans)
        ):
            out.append(span)
    return Scope(tuple(out), tuple(old), bool(corrections), dropped)


def _begins_denied(word: Span, cue: Cue) -> bool:
    """Tell whether what seems denied begins so itself, and is refused: 无频闪的不要, 不要不锈钢的."""
    low, high = cue.groups["must"]
    return word.start <= cue.start < word.end or (word.start < low and high <= word.end)


def _up_to_a_comma(text: str, start: int) -> Range:
    """Return what 不一定要 speaks of: the characters after it within its clause."""
    comma = text.find(",", start, start + _DROPPED)
    return start, comma if comma >= 0 else start + _DROPPED


def _until_a_wish(text: str, span: Range, spans: tuple[Span, ...]) -> int:
    """Return where a refusal of goods ends: before a wish for other goods (别给我推木地板|要瓷砖)."""
    goods = [word for word in spans if word.kind in ("category", "product")]
    starts = {word.start for word in goods}
    for word in goods:
        wish = next((sign for sign in signs("wished") if text.startswith(sign, word.end)), "")
        if span[0] <= word.start and word.end < span[1] and wish and word.end + len(wish) in starts:
            return word.end
    return span[1]


def _until_another_kind(text: str, span: Range, spans: tuple[Span, ...]) -> int:
    """Return where a refusal in a list ends: 不要黑的、白的 refuses both, 不要黑色的、带静音的 the colour alone."""
    first: set[str] = set()
    start = span[0]
    for place in range(span[0], span[1]):
        behind = text[place] in signs("list_comma") and text[place - 1] in signs("of")
        if not behind and place + 1 < span[1]:
            continue
        kinds = {
            word.kind
            for word in spans
            if start <= word.start and word.end <= place + 1 and word.kind not in _SAYS_NOTHING
        }
        if first and kinds and not first & kinds:
            return start - 1
        first, start = first or kinds, place + 1
    return span[1]


def _corrected(cues: Cues, spans: tuple[Span, ...], amounts: Sequence[Range]) -> tuple[list[Range], list[Range]]:
    """Return what was corrected away and what stands for it: both sides hold a word that we know, or both an amount."""
    old: list[Range] = []
    new: list[Range] = []
    for cue in cues.of("op.correct", "op.instead"):
        after = cue.groups.get("new")
        before = cue.groups.get("old")
        if not after:
            continue
        if before and cue.name == "op.instead" and not (_holds_goods(before, spans) and _holds_goods(after, spans)):
            continue  # 不要白色,要静音的 refuses one and wants the other
        words = _holds_word(after, spans) and (before is None or _holds_word(before, spans))
        told = before is None or _holds_amount(before, amounts) or _holds_word(before, spans)  # 6500k太白了要4000的
        if words or (_holds_amount(after, amounts) and told):
            old.append(before or (0, after[0]))
            new.append(after)
    return old, new


def _holds_amount(span: Range, amounts: Sequence[Range]) -> bool:
    return any(span[0] <= low and high <= span[1] for low, high in amounts)


def _holds_goods(span: Range, spans: tuple[Span, ...]) -> bool:
    return any(span[0] <= word.start and word.end <= span[1] and word.kind in _GOODS for word in spans)


def _holds_word(span: Range, spans: tuple[Span, ...]) -> bool:
    quality = {
        "category",
        "product",
        "brand",
        "feature",
        "scene",
        "room",
        "color",
        "scheme",
        "known_brand",
        "series",
        "material",
        "attribute",
        "work",
        "modifier",
    }
    return any(span[0] <= word.start and word.end <= span[1] and word.kind in quality for word in spans)


def _trimmed(span: Range, spans: tuple[Span, ...]) -> Range | None:
    """Leave the product out of a refusal that names one of its qualities: 遥控的吸顶灯不要 refuses 遥控."""
    inside = [word for word in spans if span[0] <= word.start and word.end <= span[1]]
    goods = [word for word in inside if word.kind in ("category", "product")]
    others = _qualities(span, spans)
    return others if goods and others else span if inside else None


def _unknown_quality(span: Range, text: str, spans: tuple[Span, ...]) -> Range | None:
    """Return what is refused where goods are refused only with a quality that we do not know: 反光 of 不要反光的砖."""
    inside = [
        word for word in spans if span[0] <= word.start and word.end <= span[1] and word.kind not in _SAYS_NOTHING
    ]
    if len(inside) != 1 or inside[0].kind not in ("category", "product"):
        return None
    goods = inside[0]
    unknown = goods.start - span[0] > _LEAST_QUALITY and text[goods.start - 1] in signs("of")
    return (span[0], goods.start) if unknown else None


def _without_head(span: Range, text: str, spans: tuple[Span, ...]) -> Range:
    """Leave out the goods behind 的 when a part of theirs is refused: 不要带智能镜的浴室柜 refuses the mirror."""
    goods = [
        word for word in spans if span[0] <= word.start and word.end <= span[1] and word.kind in ("category", "product")
    ]
    if len(goods) < 2 or text[goods[-1].start - 1 : goods[-1].start] not in signs("of"):
        return span
    return span[0], goods[-1].start


def _qualities(span: Range, spans: tuple[Span, ...]) -> Range | None:
    """Return the range of the words inside that are qualities and no goods, None without any."""
    kinds = ("brand", "feature", "color", "known_brand", "material", "attribute", "grade")
    inside = [word for word in spans if span[0] <= word.start and word.end <= span[1] and word.kind in kinds]
    return (min(word.start for word in inside), max(word.end for word in inside)) if inside else None


def _degree(text: str, start: int, spans: tuple[Span, ...]) -> bool:
    """Tell a refusal by degree (不要太贵的) from one of a thing, which may begin with the same character (不要太阳能的)."""
    if any(word.start == start and word.end - word.start > 1 for word in spans):
        return False
    return any(text.startswith(word, start) for word in signs("degree"))
