"""A text that somebody passes on: is it an advert, and which numbers, products, brands and claims stand in it?

A question of one's own, however long, is none: it says 我家, 请问, 预算 and sells nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from handlers.certification.claims import Claim, find_claims
from handlers.understanding.normalise import normalise
from handlers.understanding.word_tables import WORDS, rows

if TYPE_CHECKING:
    from datetime import date

    from handlers.understanding.reading import Reader, Reading

LEAST = 20  # characters: what is shorter and was not passed on is a question
LONG = 40
_LEAST_FORWARDED = 6
_MOST_SENTENCES = 80
_LONGEST_SENTENCE = 300
_BEFORE = 14  # characters before a number that tell whose it is
_SENTENCE = re.compile(r"[^\n。！？!?；;]+[\n。！？!?；;]?")


@dataclass(frozen=True, slots=True)
class Pasted:
    """What stands in a text, each thing once, in order. `numbers`: of certificates, known ones in the catalogue's form."""

    claims: tuple[Claim, ...] = ()
    numbers: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    stars: tuple[int, ...] = ()
    certified: bool = False  # says that something is certified
    checked: bool = False  # asks us to look at it
    selling: int = 0  # marks of whoever sells
    own: int = 0  # marks of whoever asks for himself

    @property
    def things(self) -> bool:
        """Tell whether there is something to look up."""
        return bool(self.numbers or self.skus or self.brands)


def find_advert(text: str, reader: Reader, day: date, *, forwarded: bool = False) -> Pasted | None:
    """Read a text that may be an advert; None when it is none."""
    if len(text.strip()) < (_LEAST_FORWARDED if forwarded else LEAST):
        return None
    plain = normalise(text).text
    claims = tuple(find_claims(text, asked=True))
    selling, own, checked = (len(_joined(role).findall(plain)) for role in ("sells", "own", "check"))
    if not (claims or selling or forwarded):
        return None
    if own and not (forwarded or (checked and selling)):
        return None
    pasted = _read(text, reader, day, claims, (selling, own, checked > 0))
    return pasted if _is_advert(pasted, len(text), forwarded=forwarded) else None


def _is_advert(pasted: Pasted, length: int, *, forwarded: bool) -> bool:
    said = len(pasted.claims) + pasted.selling
    if forwarded:
        sells = pasted.selling or pasted.certified
        return bool(
            pasted.claims or pasted.numbers or (pasted.things and sells) or (pasted.selling and pasted.certified)
        )
    if not pasted.claims and not pasted.things:
        return False
    if length < LONG:
        return len(pasted.claims) >= 1 and said >= 2
    return said >= 2 or (pasted.checked and said >= 1)


def _read(text: str, reader: Reader, day: date, claims: tuple[Claim, ...], marks: tuple[int, int, bool]) -> Pasted:
    readings = [reader.read(sentence, day) for sentence in _sentences(text)]
    numbers = dict.fromkeys(number for reading in readings for number in _numbers(reading))
    skus = dict.fromkeys(sku for reading in readings for sku in _products(reading))
    brands = dict.fromkeys(brand for reading in readings for brand in reading.slots.values.get("brands", ()))
    plain = normalise(text).text
    stars = [grade for grade in (1, 2, 3) if _joined(f"stars{grade}").search(plain)]
    return Pasted(
        claims, tuple(numbers), tuple(skus), tuple(brands), tuple(stars), _joined("certified").search(plain) is not None,
        marks[2], marks[0], marks[1],
    )  # fmt: skip


def _sentences(text: str) -> Iterator[str]:
    """Yield the sentences, so many and so long as an advert may have."""
    for number, match in enumerate(_SENTENCE.finditer(text)):
        if number >= _MOST_SENTENCES:
            return
        sentence = match.group().strip()
        if sentence:
            yield sentence[:_LONGEST_SENTENCE]


def _products(reading: Reading) -> Iterator[str]:
    yield from reading.skus
    for named in reading.named:
        yield from named.skus[:1]


def _numbers(reading: Reading) -> Iterator[str]:
    """Yield the certificate numbers; one that nobody has must be said to be one, or look like one."""
    for code in reading.codes:
        before = reading.text[max(0, code.start - _BEFORE) : code.start]
        if code.kind == "certificate":
            yield code.value
        elif code.kind == "unknown_number" and not _joined("standard").search(code.value.lower()):
            told = _joined("number").search(before) is not None
            if told or (code.value.count("-") >= 2 and not _joined("other").search(before)):
                yield code.value


@cache
def _joined(role: str) -> re.Pattern[str]:
    patterns = [pattern for own, pattern in rows(WORDS / "adverts.tsv") if own == role]
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
