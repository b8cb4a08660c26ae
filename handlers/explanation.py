"""Explain an answer step by step: what was read, which word or rule filled each slot, what was searched."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.context.conditions import answer_filters
from handlers.context.slot_reasons import KEPT, WHY
from handlers.turn import Answer, Text, say
from handlers.understanding.interpretation import Interpretation


def explain(meaning: Interpretation, answer: Answer) -> tuple[Text, ...]:
    """Return the steps in order, each a Text for a person who mends words or files a report."""
    return tuple(_steps(meaning, answer))


def _steps(meaning: Interpretation, answer: Answer) -> Iterator[Text]:
    yield say("explain.read", text=meaning.text)
    yield from _words_read(meaning)
    if meaning.cues:
        yield say("explain.cues", cues=tuple(sorted(meaning.cues)))
    yield say("explain.intent", intent=meaning.intent, rule=meaning.rule)
    for name, value in answer_filters(meaning.constraints).items():
        yield _condition(meaning, name, str(value))
    if meaning.constraints.categories:
        yield _condition(meaning, "categories", ", ".join(meaning.constraints.categories))
    if meaning.skus:
        yield _products(meaning)
    if meaning.residue:
        yield say("explain.residue", words=meaning.residue)
    yield say(
        "explain.answer",
        intent=answer.intent,
        total=answer.total if answer.total is not None else "-",
        shown=len(answer.products),
    )


def _condition(meaning: Interpretation, name: str, value: str) -> Text:
    """Say a condition with the words behind it, or that it stands from before."""
    because = meaning.because.get(f"{WHY}{name}", meaning.because.get(name, KEPT))
    if because == KEPT:
        return say("explain.slot_kept", name=name, value=value)
    return say("explain.slot", name=name, value=value, because=because)


def _products(meaning: Interpretation) -> Text:
    """Say which products are meant and by which word, or that they were spoken of before."""
    if not meaning.skus_said:
        return say("explain.products_kept", skus=meaning.skus)
    return say("explain.products", skus=meaning.skus, said=meaning.skus_said)


def _words_read(meaning: Interpretation) -> Iterator[Text]:
    """Yield the words, amounts and places that were found."""
    for span in meaning.spans:
        if span.kind in ("function", "tail", "unit"):
            continue
        said = meaning.normalised.said(span.start, span.end)
        yield say(
            f"explain.word.{span.tier}",
            said=said,
            surface=span.surface,
            kind=span.kind,
            concept=span.concept,
            how=span.how,
        )
    for quantity in meaning.quantities:
        low = "" if quantity.low is None else quantity.low
        high = "" if quantity.high is None else quantity.high
        yield say(
            "explain.amount",
            said=meaning.text[quantity.start : quantity.end],
            dimension=quantity.dimension,
            low=low,
            high=high,
            rule=quantity.rule,
        )
    for place in meaning.places:
        yield say("explain.place", said=place.surface, codes=place.adcodes)
