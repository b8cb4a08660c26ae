"""Which stored question is about the very trouble that is told: 灯老是眨 is 灯一闪一闪是什么原因, however little they share.

Both are read by the words for troubles at home (`lexicon/symptoms.tsv`, `troubles.tsv`). Not for deciding whether goods are
wanted against it: the rules do that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from handlers.stored_questions.matching import matcher_of
from handlers.understanding.binding import works
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from catalog_db.records import Faq
    from handlers.understanding.reading import Reader, Reading

_ANY_DAY = date(2000, 1, 1)  # what is wrong does not depend on the day
_LEAST, _AHEAD = 0.01, 0.05  # among several about one trouble: any likeness, and how far the next one must be
# What may be asked of a trouble: what to do, why it is so. Whatever else is asked is not just about the trouble.
_OF_TROUBLES = frozenset({"ask.remedy", "ask.cause", "ask.how", "ask.know", "ask.first_step", "ask.fact"})
_STORED: WeakKeyDictionary[Catalogue, tuple[int, tuple[_Told, ...]]] = WeakKeyDictionary()


class _Told(NamedTuple):
    """A way to ask a stored question about a trouble; `named` are the broadest kinds of goods that it names, `about` those of its answer."""

    faq: str
    troubles: frozenset[str]
    named: frozenset[str]
    about: frozenset[str]


def of_the_trouble(reading: Reading, reader: Reader, catalogue: Catalogue) -> str:
    """Return the id of the stored question about the trouble that is told, "" for none and where several are as near."""
    said = troubles_of(reading)
    named = _families(reading.slots.values.get("categories", ()), catalogue)
    found = {one.faq for one in stored_troubles(reader, catalogue) if one.troubles & said and _of_the_same(one, named)}
    if len(found) < 2:
        return next(iter(found), "")
    near = [m for m in matcher_of(catalogue).match(reading.normalised, (), _LEAST) if m.id in found]
    alone = near and (len(near) == 1 or near[0].score - near[1].score >= _AHEAD)
    return near[0].id if alone else ""


def troubles_of(reading: Reading) -> frozenset[str]:
    """Return what is wrong; pieces of work are none."""
    return frozenset(reading.slots.symptoms) - works()


def only_of_the_trouble(reading: Reading) -> bool:
    """Tell whether nothing is asked but what to do against a trouble, why it is so or whether it matters; no goods: 漏水刷什么."""
    asked = {name for name in reading.cues.names if name.startswith("ask.")}
    if "ask.cause" in asked:
        asked -= {"ask.meaning"}  # 是什么原因
    text = reading.text
    if asked - _OF_TROUBLES or ("q.yesno" in reading.cues.names and not _among("harm_asked", text)):
        return False
    if any(text[cue.start : cue.end] not in signs("what_to_do") for cue in reading.cues.of("ask.remedy")):
        return False
    return all(span.surface not in signs("what_goods") for span in reading.found.spans if span.kind == "function")


def _among(role: str, text: str) -> bool:
    return any(sign in text for sign in signs(role))


def _of_the_same(one: _Told, named: Collection[str]) -> bool:
    """Tell whether a stored question is about the goods that are named with the trouble, if any."""
    if one.named:
        return not one.named.isdisjoint(named)  # 石膏板开裂 is no cracked wall
    return not (named and one.about) or not one.about.isdisjoint(named)


def stored_troubles(reader: Reader, catalogue: Catalogue) -> tuple[_Told, ...]:
    """Return the stored questions about troubles, read once for a revision of the catalogue."""
    revision, known = _STORED.get(catalogue, (-1, ()))
    if revision != catalogue.revision:
        known = tuple(told for faq in catalogue.faqs.values() for told in _told(faq, reader, catalogue))
        _STORED[catalogue] = catalogue.revision, known
    return known


def _told(faq: Faq, reader: Reader, catalogue: Catalogue) -> Iterable[_Told]:
    """Yield the ways to ask a stored question that is about a trouble and nothing more."""
    first = reader.read(faq.question, _ANY_DAY)
    if not only_of_the_trouble(first) or (troubles_of(first) and _of_one_thing(first)):
        return
    about = _families(faq.categories, catalogue)
    for one in (first, *(reader.read(said, _ANY_DAY) for said in faq.similar)):  # most need not be read
        if troubles_of(one) and _says_no_more(one):
            named = _families(one.slots.values.get("categories", ()), catalogue)
            yield _Told(faq.id, troubles_of(one), named, about or named)


def _says_no_more(reading: Reading) -> bool:
    """Tell whether nothing but a trouble is told, of any house."""
    return only_of_the_trouble(reading) and not (reading.residue or _of_one_thing(reading))


def _of_one_thing(reading: Reading) -> bool:
    """Tell whether a trouble is told of one place or thing: 粮仓地面返潮, 彩钢房太热."""
    slots = reading.slots
    unbound = not slots.values.get("categories") and any(span.kind == "product" for span in reading.found.spans)
    return bool(slots.values.get("scenes") or slots.values.get("rooms") or slots.foreign or unbound)


def _families(codes: Iterable[str], catalogue: Catalogue) -> frozenset[str]:
    return frozenset(catalogue.path(code)[0] for code in codes if code in catalogue.categories)
