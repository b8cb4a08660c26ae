"""What an utterance fills: constraint names with their values, and the words that are no constraint by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from handlers.understanding.spans import Span


@dataclass(slots=True)
class Slots:
    """What is being filled. `values`: constraint name → value; `because`: constraint name → the words behind it."""

    values: dict[str, Any] = field(default_factory=dict)
    because: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)  # building materials that it lacks
    foreign: list[str] = field(default_factory=list)  # things that are not ours
    goods: list[Span] = field(default_factory=list)  # product words that count, in order
    symptoms: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)  # dimensions that need not be: 不一定要三星 → stars
    no_name_ends: set[int] = field(default_factory=set)  # where a brand's name ends that is an everyday word there
    owners: list[int] = field(default_factory=list)  # where things of other trades end: what follows directly is theirs
    wants: list[int] = field(default_factory=list)  # where something is asked for: 寻个, 要买
    composed: str = ""  # the word that made a narrower kind of the goods: 墙上 of 贴墙上的板子
    made: int = 0  # where a thing begins that is to be made (做橱柜), 0 = none

    @classmethod
    def empty(cls) -> Slots:
        """Make what every utterance begins with: `Slots()`, in a third of the time."""
        slots = object.__new__(cls)
        slots.values, slots.because = {}, {}
        slots.unknown, slots.absent, slots.foreign, slots.goods = [], [], [], []
        slots.symptoms, slots.dropped, slots.owners, slots.wants = [], [], [], []
        slots.no_name_ends, slots.made, slots.composed = set(), 0, ""
        return slots

    def add(self, name: str, *values: str, because: str) -> None:
        """Append values to a list slot."""
        self.values[name] = tuple(dict.fromkeys((*self.values.get(name, ()), *values)))
        self._note(name, because)

    def put(self, name: str, value: Any, because: str) -> None:
        """Set a single-valued slot."""
        self.values[name] = value
        self._note(name, because)

    def set_values(self, attribute: str, values: tuple[str, ...], because: str) -> None:
        """Set the values wanted of an attribute, in place of those said before."""
        self.put("attributes", {**self.values.get("attributes", {}), attribute: values}, because)

    def add_value(self, attribute: str, value: str, because: str) -> None:
        """Add a value to those wanted of an attribute."""
        said = self.values.get("attributes", {}).get(attribute, ())
        self.set_values(attribute, tuple(dict.fromkeys((*said, value))), because)

    def add_choice(self, several: Mapping[str, tuple[str, ...]], because: str) -> None:
        """Add values of one of several attributes that have what was said; which it is, is told by the kind."""
        for name, values in list(several.items())[:1]:
            said = self.values.get("attributes", {}).get(name, ())
            both = tuple(value for value in said if value in values)  # 朝外开,把手在右边: 右外开 is both
            self.set_values(name, both or tuple(dict.fromkeys((*said, *values))), because)
            others = {other: held for other, held in several.items() if other != name}
            if others:
                known = self.values.get("attributes_otherwise", {})
                self.values["attributes_otherwise"] = {**known, name: {**known.get(name, {}), **others}}

    def compose(self, modifier: str) -> None:
        """Note the word that made a narrower kind of the goods; a value that only it stood for is told by the kind: 铝的…板."""
        self.composed = modifier
        if self.because.get("attributes") and self.because["attributes"] in modifier:
            del self.values["attributes"], self.because["attributes"]

    def refuse(self, values: Iterable[tuple[str, list[str]]]) -> None:
        """Refuse values, each with the word that was said."""
        for word, held in values:
            self.add("exclude_features", *held, because=word)

    def _note(self, name: str, because: str) -> None:
        known = self.because.get(name)
        self.because[name] = because if known is None or because in known else f"{known}, {because}"
