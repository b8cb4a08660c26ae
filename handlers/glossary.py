"""What a word of certification means, in three plain sentences at most; for catalogues without a stored answer to it."""

from __future__ import annotations

from handlers.turn import Action, Answer, Choice, Note, Say, Turn, say

# The words that we can explain, by lexicon concept; the texts are glossary.* in the wording.
TERMS = (
    "green_building_material", "green_product", "environmental_label", "water_saving", "energy_saving", "low_carbon", "carbon_neutral",
    "stars", "water_efficiency_label", "energy_efficiency_label", "formaldehyde", "dual_carbon", "labels", "claim", "countryside", "lapsed",
)  # fmt: skip


def terms_of(turn: Turn) -> tuple[str, ...]:
    """Return the terms that the question names, in the order of the table."""
    named = {cue.removeprefix("term.") for cue in turn.meaning.cues if cue.startswith("term.")}
    named |= set(turn.meaning.constraints.schemes)
    if turn.meaning.constraints.stars or turn.meaning.constraints.min_stars:
        named.add("stars")
    if turn.meaning.constraints.formaldehyde:
        named.add("formaldehyde")
    if "ask.subsidy" in turn.meaning.cues:
        named = {"countryside"}
    if turn.meaning.cues & {"ask.verify", "ask.howcheck"}:
        named = {"claim"}
    return tuple(term for term in TERMS if term in named)


def handle(turn: Turn) -> Answer:
    """Explain each term named, at most two."""
    terms = terms_of(turn)[:2] or ("green_building_material",)
    blocks = tuple(Say(say(f"glossary.{term}")) for term in terms)
    return Answer(
        intent="faq",
        blocks=(*blocks, Note(say("glossary.official"))),
        choices=(
            Choice(say("choice.certified_all"), Action("recommend", ("certified=1",))),
            Choice(say("choice.how_to_check"), Action("example", ("choice.how_to_check",))),
        ),
    )
