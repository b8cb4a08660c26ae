"""Judge one answer against a label: right, an honest choice, the thing named as lacking, or wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from benchmarks.understanding.labels import Key, Label, Under, names
from handlers.context.conditions import constraints_of
from handlers.turn import Action, Answer, Say, Text

GOOD = ("right", "choice", "named")


@dataclass(frozen=True, slots=True)
class Shown:
    """What an answer is about, all parts of it together."""

    intent: str
    categories: frozenset[str]
    offered: frozenset[str]  # categories behind the choices of a question back
    lacking: tuple[str, ...]  # what a not_found says that the catalogue does not have
    products: int


def shown(answer: Answer, word: Callable[[Text], str]) -> Shown:
    """Return what a person would see of an answer and its further parts; `word` makes a sentence of a message key."""
    parts = (answer, *answer.also)
    asking = [part for part in parts if part.intent == "clarify"]
    return Shown(
        intent=answer.intent,
        categories=frozenset(code for part in parts if part.intent != "out_of_scope" for code in part.categories),
        offered=frozenset(code for part in asking for choice in part.choices for code in _codes(choice.action)),
        lacking=tuple(said for part in parts if part.intent == "not_found" for said in _lacking(part, word)),
        products=sum(len(part.products) for part in parts),
    )


def _lacking(answer: Answer, word: Callable[[Text], str]) -> Iterator[str]:
    """Yield what a not_found says is lacking: the words it lists and its first sentence."""
    yield from answer.unknown
    yield from (word(block.text) for block in answer.blocks[:1] if isinstance(block, Say))


def _codes(action: Action) -> Iterator[str]:
    """Yield the categories that a button leads to."""
    if action.name == "search":
        yield from constraints_of(action).categories
    elif action.name in ("browse", "calculate"):
        yield from action.args
    elif action.name == "recommend":
        for pair in action.args:
            name, _, value = pair.partition("=")
            if name == "categories":
                yield from value.split(",")


def judge(seen: Shown, label: Label) -> str:
    """Return right, choice, named, silent (nothing of the trade claimed, no product shown) or wrong.

    Right: every category the answer is about is accepted. Choice: one question back that offers an accepted category.
    Named: not_found says by name that an accepted thing is lacking.
    """
    if seen.categories and seen.categories <= label.codes:
        return "right"
    if seen.offered & label.codes and not seen.categories - label.codes:
        return "choice"
    if names(seen.lacking, label.words):
        return "named"
    return "wrong" if seen.products or seen.categories else "silent"


@dataclass(frozen=True, slots=True)
class Tally:
    """The shares over a labelling."""

    outcomes: Mapping[str, int]  # of the lines labelled `in`
    listed: int  # lines labelled `out` that got products
    out: int
    either: Mapping[str, int]

    @property
    def asked(self) -> int:
        """Return how many lines are labelled `in`."""
        return sum(self.outcomes.values())

    @property
    def good(self) -> int:
        """Return how many of them got the right category or an honest choice."""
        return sum(self.outcomes.get(name, 0) for name in GOOD)


def tally(answers: Mapping[Key, Shown], labels: Mapping[Key, Label]) -> Tally:
    """Judge every labelled line."""
    outcomes: dict[str, Counter[str]] = {"in": Counter(), "out": Counter(), "either": Counter()}
    listed = 0
    for key, label in labels.items():
        seen = answers[key]
        outcomes[label.kind][judge(seen, label)] += 1
        listed += label.kind == "out" and seen.products > 0
    return Tally(outcomes["in"], listed, sum(outcomes["out"].values()), outcomes["either"])


def failures(answers: Mapping[Key, Shown], labels: Mapping[Key, Label]) -> Iterator[tuple[Key, Label, Shown, str]]:
    """Yield the `in` lines without a good answer, and the `out` lines with products."""
    for key, label in labels.items():
        seen = answers[key]
        outcome = judge(seen, label)
        if (label.kind == "in" and outcome not in GOOD) or (label.kind == "out" and seen.products):
            yield key, label, seen, outcome


def accepted(label: Label, under: Under) -> str:
    """Write what a label accepts, the most general codes alone."""
    covered = frozenset(code for code in label.codes for code in under([code]) - {code})
    return "|".join((*sorted(label.codes - covered), *sorted(_words(label.words))))


def _words(words: Iterable[str]) -> Iterator[str]:
    return (f"word:{word}" for word in words)
