"""What nothing explains of a description, by the characters that it shares with what the goods have: 手一挥就开 and 挥手感应.

The last resort, before a wish is named as not heeded: only a property that the goods asked for tell apart, only by a character
that no other property of theirs has as well. The answer reads back what was gone by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from handlers.context.counted import counted
from handlers.context.kind_attributes import all_names
from handlers.understanding.interpretation import NOTHING_ASKED, Constraints
from handlers.understanding.passage import is_han
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.understanding.reading import Reading

_LONGEST = 24  # characters of a text that describes goods and tells no story
_LONGEST_VALUE = 8  # characters of a value that is a word, no sentence
_SHORT_VALUE = 3  # characters of a value that one of them tells: 卷帘, 防攀爬
_FEATURE = ""  # in place of an attribute's name
_NEAR = 8  # characters between a character and what shows that it describes
_MOST = 60  # properties with a character: more of them and it tells nothing
_ASKING = ("ask.", "calc", "service.place", "event", "handoff", "want.more", "ref.", "oos", "subsidy", "rel.")
_FINE = frozenset({"ask.have", "ask.want", "ask.which"})
_UNHEEDED = frozenset({"features", "attributes", "wishes"})  # slots whose words may have narrowed nothing
_MAY_BE_LEFT = frozenset({"category", "product", "feature", "material", "cue", "block", "function", "tail"})
_SAYS_LITTLE = (
    "op.",
    "want.",
    "chat.",
    "term.",
    "service.",
    "savings.",
    "ask.have",
    "ask.want",
    "ask.which",
    "rel.step",
)

Entry = tuple[str, str]  # name of the attribute ("" for a feature), value
_KNOWN: WeakKeyDictionary[Catalogue, tuple[int, Mapping[str, tuple[Entry, ...]]]] = WeakKeyDictionary()


def told_by_characters(reading: Reading, catalogue: Catalogue, values: dict[str, Any]) -> dict[str, Any]:
    """Return what the unexplained rest of a description asks for of a kind, {} where its characters tell nothing."""
    text = reading.text
    if len(text) > _LONGEST or not values.get("categories") or _asks(reading):
        return {}
    left = _left(reading, catalogue, values)
    if not left:
        return {}
    entries = _entries(catalogue)
    shared: dict[Entry, list[int]] = defaultdict(list)
    for at in left:
        for entry in entries.get(text[at], ()):
            shared[entry].append(at)
    kind = NOTHING_ASKED.but(categories=values["categories"])
    total = counted(catalogue, kind)
    fit = {entry: places for entry, places in shared.items() if 0 < counted(catalogue, _asked(kind, entry)) < total}
    return _chosen(reading, _telling(catalogue, kind, fit, total), values)


def _telling(
    catalogue: Catalogue, kind: Constraints, fit: Mapping[Entry, list[int]], total: int
) -> Mapping[Entry, list[int]]:
    """Leave out the characters that all goods of the kind with an attribute have in it: 柱 of 6柱, 8柱 and 10柱."""
    by_char: dict[tuple[str, int], list[str]] = defaultdict(list)
    for (name, value), places in fit.items():
        for at in places if name != _FEATURE else ():
            by_char[name, at].append(value)
    plain = {
        key
        for key, several in by_char.items()
        if counted(catalogue, kind.but(attributes={key[0]: tuple(several)})) == total
        and not any(value[:1] in signs("denying_value") for value in several)
    }
    left = {entry: [at for at in places if (entry[0], at) not in plain] for entry, places in fit.items()}
    return {entry: places for entry, places in left.items() if places}


def _chosen(reading: Reading, fit: Mapping[Entry, list[int]], values: dict[str, Any]) -> dict[str, Any]:
    """Return the condition that the best of the properties make; {} where two different ones are as good."""
    text = reading.text
    weight = {entry: len({text[at] for at in places}) for entry, places in fit.items()}
    weight = {entry: count for entry, count in weight.items() if count > 1 or len(entry[1]) <= _SHORT_VALUE}
    most = max(weight.values(), default=0)
    best = [entry for entry, count in weight.items() if count == most]
    at = fit[best[0]][0] if best else 0
    refused = reading.scope.refuses(at, at + 1)
    denied = refused or any(sign in text[max(at - 2, 0) : at + 2] for sign in signs("not_so"))
    if len(best) > 1:  # 无罐 and 带压力罐 share what is spoken of: which it is, is told by 没有 and 带
        best = [entry for entry in best if (entry[1][:1] in signs("denying_value")) == denied] or best
    if len({name if name != _FEATURE else value for name, value in best}) != 1:
        return {}
    name, first = best[0]
    against = [value for _, value in best if value[:1] in signs("denying_value")]
    if against and not denied and first[:1] not in signs("guarding_value"):
        return {}
    if refused and not against:
        return {"exclude_features": (*values.get("exclude_features", ()), *(value for _, value in best))}
    told = tuple(value for _, value in best)
    if name == _FEATURE:
        return {"features": tuple(dict.fromkeys((*values.get("features", ()), *told)))}
    known = values.get("attributes", {})
    return {} if name in known else {"attributes": {**known, name: told}}


def _asks(reading: Reading) -> bool:
    """Tell whether something is asked besides which goods there are."""
    fine = _FINE | {"rel.step"} if reading.scope.out else _FINE  # 不要亮的 steps nowhere
    return any(name.startswith(_ASKING) and name not in fine for name in reading.cues.names)


def _left(reading: Reading, catalogue: Catalogue, values: dict[str, Any]) -> list[int]:
    """Return where characters stand that may tell a property and that nothing heeded holds."""
    text = reading.text
    taken: set[int] = set()
    for name, told in reading.slots.because.items():
        for said in told.split(", ") if name not in _UNHEEDED or values.get(name) else ():
            at = text.find(said.partition("≈")[0]) if said else -1
            taken.update(range(at, at + len(said)) if at >= 0 else ())
    places = [(one.start, one.end) for one in reading.quantities]
    places += [(one.start, one.end) for one in reading.found.spans if one.kind not in _MAY_BE_LEFT]
    for cue in reading.cues.found:
        told_of = cue.groups.get("out")
        if told_of is not None or not cue.name.startswith(_SAYS_LITTLE):
            places.append((cue.start, told_of[0] if told_of is not None else cue.end))  # 除了 of 除了一泓
    for start, end in places:
        taken.update(range(start, end))
    of_kind = {char for code in values["categories"] for name in all_names(code, catalogue) for char in name}
    plain = signs("tells_nothing")
    return [
        at
        for at, char in enumerate(text)
        if at not in taken
        and _described(text, at)
        and not reading.scope.drops(at, at + 1)
        and is_han(char)
        and char not in of_kind
        and not any(char in word for word in plain)
    ]


def _described(text: str, at: int) -> bool:
    """Tell whether a character stands in what describes: before 的 or behind 要; a search that only heaps up words describes nothing so."""
    behind, before = text[at + 1 : at + _NEAR], text[max(at - _NEAR, 0) : at]
    return any(sign in behind for sign in signs("of") if sign) or any(
        sign in before for sign in signs("shall_be") if sign
    )


def _asked(kind: Constraints, entry: Entry) -> Constraints:
    name, value = entry
    return kind.but(features=(value,)) if name == _FEATURE else kind.but(attributes={name: (value,)})


def _entries(catalogue: Catalogue) -> Mapping[str, tuple[Entry, ...]]:
    """Return the properties of the catalogue by each of their characters; a character of very many tells nothing."""
    revision, known = _KNOWN.get(catalogue, (-1, {}))
    if revision == catalogue.revision:
        return known
    found: dict[str, dict[Entry, None]] = defaultdict(dict)
    for entry, chars in _every(catalogue):
        for char in filter(is_han, chars):
            found[char][entry] = None
    known = {char: tuple(several) for char, several in found.items() if len(several) <= _MOST}
    _KNOWN[catalogue] = catalogue.revision, known
    return known


def _every(catalogue: Catalogue) -> Iterator[tuple[Entry, str]]:
    """Yield the properties with the characters that tell them; 有 of 电加热 is told by the name of the attribute."""
    for name, several in catalogue.vocabulary.attributes.items():
        yield from (((name, value), value) for value in several if 1 < len(value) <= _LONGEST_VALUE)
        yield from (((name, value), name) for value in several if value in signs("there_is"))
    yield from (
        ((_FEATURE, value), value) for value in catalogue.vocabulary.features if 1 < len(value) <= _LONGEST_VALUE
    )
