"""Which rules can hold at all: what a rule looks at before it says no is found out once, by asking it about nothing.

A rule that says no to an utterance without cues, slots, goods, places and conversation says no to every utterance that
lacks what it looked at on its way. One that looks further (at the text, at stored questions) is tried always.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from itertools import compress
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from handlers.rules.evidence import Evidence

if TYPE_CHECKING:
    from handlers.rules.evidence import Rule

# What may be empty or none, and is then nothing to a rule whatever it is compared with.
_MAY_LACK = frozenset(
    {
        "skus",
        "pointed",
        "titles",
        "reading.places",
        "reading.residue",
        "reading.quantities",
        "reading.certificate_numbers",
        "reading.scope.out",
        "reading.slots.symptoms",
        "reading.slots.foreign",
        "reading.slots.absent",
        "reading.slots.unknown",
        "reading.slots.goods",
        "session.intent",
        "session.asked",
        "session.topic.listed",
        "session.topic.focus",
        "session.topic.seen",
        "session.topic.constraints.categories",
        "session.topic.constraints.brands",
    }
)
_ALWAYS = ("skus", "skus")  # there in any case: a getter of one returns no tuple
_REMEMBERED = 10_000  # different sets of rules
_ON_THE_WAY = frozenset(path[:at] for path in _MAY_LACK for at, sign in enumerate(path) if sign == ".")
_SLOTS, _CUES = "reading.slots.values", "reading.cues.names"
_KNOWN = _MAY_LACK | _ON_THE_WAY | {_SLOTS, _CUES, "reading.cues"}


class RuleIndex:
    """Finds the rules that may hold for an evidence, in their order. Rules are bits of a number, the first the lowest."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._always = 0
        self._by_cue: dict[str, int] = {}
        self._by_slot: dict[str, int] = {}
        by_path: dict[str, int] = {}
        tables = {_CUES: self._by_cue, _SLOTS: self._by_slot, "": by_path}
        for number, (_, _, holds) in enumerate(rules):
            looked_at = _looks_at(holds)
            if looked_at is None:
                self._always |= 1 << number
            for where, name in looked_at or ():
                tables[where][name] = tables[where].get(name, 0) | 1 << number
        self._held: Callable[[Evidence], tuple[Any, ...]] = attrgetter(*by_path, *_ALWAYS)
        self._by_path = (*by_path.values(), *(0 for _ in _ALWAYS))
        self._rules = tuple(rules)
        self._possible: dict[int, tuple[Rule, ...]] = {}  # by their bits: most questions have the same few

    def possible(self, evidence: Evidence) -> tuple[Rule, ...]:
        """Return the rules that may hold, in order."""
        mask, reading = self._always, evidence.reading
        for rules in map(self._by_cue.get, reading.cues.names):
            if rules:
                mask |= rules
        for rules in map(self._by_slot.get, reading.slots.values):
            if rules:
                mask |= rules
        for held in compress(self._by_path, self._held(evidence)):
            mask |= held
        known = self._possible.get(mask)
        if known is None:
            known = tuple([self._rules[number] for number in _bits(mask)])
            if len(self._possible) < _REMEMBERED:
                self._possible[mask] = known
        return known


def _bits(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        mask ^= lowest
        yield lowest.bit_length() - 1


def _looks_at(holds: Any) -> set[tuple[str, str]] | None:
    """Return what a rule looks at before it says no to nothing: (table, name); None when it does not say no, or looks further."""
    noted: set[tuple[str, str]] = set()
    lacking: dict[str, Any] = {spec.name: _Nothing(spec.name, noted) for spec in fields(Evidence)}
    nothing = Evidence(**lacking)
    nothing.__dict__["_filled"] = _Nothing(_SLOTS, noted)
    try:
        return None if holds(nothing) else noted
    except _LooksFurtherError:
        return None


class _LooksFurtherError(Exception):
    """A rule looks at something that cannot lack, before it has said no."""


class _Nothing:
    """What is lacking, at a path of the evidence: notes that it was looked at, and is empty in every way."""

    __hash__ = None  # type: ignore[assignment]  # never in a set

    def __init__(self, path: str, noted: set[tuple[str, str]]) -> None:
        self._path, self._noted = path, noted

    def __getattr__(self, name: str) -> Any:
        path = f"{self._path}.{name}"
        if path not in _KNOWN:
            raise _LooksFurtherError(path)
        return _Nothing(path, self._noted)

    def _note(self) -> None:
        if self._path not in _MAY_LACK:
            raise _LooksFurtherError(self._path)
        self._noted.add(("", self._path))

    def isdisjoint(self, names: Sequence[str]) -> bool:
        """Note cues or slots asked for; there is none."""
        if self._path not in (_CUES, _SLOTS):
            raise _LooksFurtherError(self._path)
        self._noted.update((self._path, name) for name in names)
        return True

    def get(self, name: str, default: Any = None) -> Any:
        """Note a slot asked for; it is not filled."""
        self.isdisjoint((name,))
        return default

    def __bool__(self) -> bool:
        self._note()
        return False

    def __len__(self) -> int:
        self._note()
        return 0

    def __iter__(self) -> Iterator[Any]:
        self._note()
        return iter(())

    def __contains__(self, _: object) -> bool:
        self._note()
        return False

    def __eq__(self, other: object) -> bool:
        self._note()
        if not other:
            raise _LooksFurtherError(self._path)
        return False
