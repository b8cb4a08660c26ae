"""Numbers of certificates, products and models in an utterance: protected before anything else reads the text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.understanding.spans import Normalised

_URL = re.compile(r"https?://\S+|www\.\S+|<[^>]{0,200}>")
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)400[-\s]?\d{3}[-\s]?\d{4}(?!\d)|(?<!\d)\d{3,4}-\d{7,8}(?!\d)")
# A run of Latin letters, digits and the signs that people put between them; spaces are tried as separators too.
_RUN = re.compile(r"[a-z0-9]+(?:[-_./ ]{1,3}[a-z0-9]+)*", re.ASCII)
_MAY_HOLD = re.compile(r"[0-9<]|https?:|www\.")  # what no code does without
_MEASURE = re.compile(r"\d+(?:mm|cm|m|kg|g|ml|l|kw|kwh|w|v|k|h|hz|mah|ah|lm|rpm|mpa|pa|db)")  # 1500mm, 1000w
_MEASURES = re.compile(rf"{_MEASURE.pattern}(?: (?:{_MEASURE.pattern}|\d{{1,5}}))+")  # 12mm 9000
_SIZE = re.compile(r"(?:(?<= )|^)\d+(?:\.\d+)?(?:[x*]\d+(?:\.\d+)?)+(?:mm|cm|m)?$")
_RANGE = re.compile(r"(\d{2,6})-(\d{2,6})")  # 1000-1500: from less to more is an amount
_WORD_AND_FIGURE = re.compile(r"(?:[a-z]+ )*[a-z]{5,} \d{1,5}")  # whole words of letters, no sign of a number
_LEAST_DIGITS = 5  # of a bare number that is called one: 编号190401
_LEAST = 6  # letters and digits of a number that we take for a certificate's though nobody has it


@dataclass(frozen=True, slots=True)
class Code:
    """A number said. kind: certificate (known), unknown_number, sku, model, url, phone. `value`: the catalogue's own form."""

    start: int
    end: int
    kind: str
    value: str
    skus: tuple[str, ...] = ()


def find_codes(normalised: Normalised, catalogue: Catalogue) -> list[Code]:
    """Return the numbers of a text, left to right, none overlapping."""
    text = normalised.text
    if _MAY_HOLD.search(text) is None:
        return []
    codes = [Code(m.start(), m.end(), "url", m.group()) for m in _URL.finditer(text)]
    codes += [Code(m.start(), m.end(), "phone", "") for m in _PHONE.finditer(text) if _free(m.span(), codes)]
    for match in _RUN.finditer(text):
        if any(char.isdigit() for char in match.group()) and _free(match.span(), codes):
            codes += _read_run(match.start(), match.group(), normalised, catalogue)
    return sorted(codes, key=lambda code: code.start)


def _free(span: tuple[int, int], codes: list[Code]) -> bool:
    return all(span[1] <= code.start or span[0] >= code.end for code in codes)


def _read_run(start: int, run: str, normalised: Normalised, catalogue: Catalogue) -> list[Code]:
    """Read the longest known number in a run, and what stands beside it; else take a long mixed token for a number that nobody has."""
    words = [(m.start(), m.end()) for m in re.finditer(r"[^ ]+", run)]
    for size in range(len(words), 0, -1):
        for first in range(len(words) - size + 1):
            low, high = start + words[first][0], start + words[first + size - 1][1]
            code = _known(low, high, normalised, catalogue)
            if code is not None:  # several numbers with blanks between them are one run
                before, behind = words[:first], words[first + size :]
                parts = [part for part in (before, behind) if part]
                others = [(part[0][0], run[part[0][0] : part[-1][1]]) for part in parts]
                return [code, *(one for at, rest in others for one in _beside(start + at, rest, normalised, catalogue))]
    return _unknown(start, run, words) or _called_so(start, run, normalised.text)


def _beside(start: int, run: str, normalised: Normalised, catalogue: Catalogue) -> list[Code]:
    """Read the rest of a run that holds a known number."""
    return _read_run(start, run, normalised, catalogue) if any(map(str.isdigit, run)) else []


def _called_so(start: int, run: str, text: str) -> list[Code]:
    """Take a bare number for a certificate's where it is called one: 编号190401, 130602这个证."""
    end = start + len(run)
    if not run.isdigit() or len(run) < _LEAST_DIGITS:
        return []
    before = text[:start].rstrip(": ").endswith(tuple(signs("numbered")))
    behind = text.startswith(tuple(signs("certificate_of_it")), end)
    return [Code(start, end, "unknown_number", run)] if before or behind else []


def _known(start: int, end: int, normalised: Normalised, catalogue: Catalogue) -> Code | None:
    said = unicodedata.normalize("NFKC", normalised.said(start, end)).strip()
    long, named = sum(char.isalnum() for char in said) >= 4, _may_be_model(said)
    if not (long or named) or not catalogue.names_something(said):
        return None
    if long:  # shorter ones are sizes and amounts
        certificate = catalogue.certificate(said)
        if certificate is not None:
            return Code(start, end, "certificate", certificate.number)
        for form in (said, said.upper(), said.lower()):
            if catalogue.product(form) is not None:
                return Code(start, end, "sku", form, (form,))
    if named:
        skus = tuple(catalogue.find_model(said))
        if skus:
            return Code(start, end, "model", said, skus)
    return None


def _may_be_model(said: str) -> bool:
    """Tell whether a token is more than a short number."""
    return "-" in said or len(said) >= 4 or re.search(r"[a-z]", said, re.IGNORECASE) is not None


def _unknown(start: int, run: str, words: list[tuple[int, int]]) -> list[Code]:
    """Take a run of six or more letters and digits, digits in the greater part, for an unknown number."""
    run = _SIZE.sub("", run).rstrip()  # qiangzhuan 300x600 is a word and a size
    if _WORD_AND_FIGURE.fullmatch(run) or _MEASURES.fullmatch(run):
        return []  # smart toilet 3000以内; 12mm 9000转
    bare = re.sub(r"[^a-z0-9]", "", run)
    if (ends := _RANGE.fullmatch(run)) and int(ends[1]) < int(ends[2]):
        return []
    digits = sum(char.isdigit() for char in bare)
    mixed = digits < len(bare)
    joined = bool(re.search(r"[a-z0-9][-_./]?[a-z0-9]", run))
    is_size = re.fullmatch(r"\d+(?:\.\d+)?(?:[x*]\d+(?:\.\d+)?)+(?:mm|cm|m)?", bare)
    if (
        len(bare) < _LEAST
        or is_size
        or _MEASURE.fullmatch(bare)
        or not joined
        or (not mixed and (len(bare) < 7 or "." in run))
    ):
        return []
    if mixed and digits < 4:
        return []
    return [Code(start, start + words[-1][1], "unknown_number", run.upper())]
