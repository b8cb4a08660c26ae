"""What a word of certification means, in three plain sentences at most; for catalogues without a stored answer to it."""

from __future__ import annotations

from handlers.claims import find_claims, kinds
from handlers.list_rules import LABEL
from handlers.turn import Action, Answer, Choice, Note, Say, Turn, say

# The words that we can explain, by lexicon concept; the texts are glossary.* in the wording.
TERMS = (
    "green_building_material", "green_product", "environmental_label", "water_saving", "energy_saving", "low_carbon", "carbon_neutral",
    "stars", "water_efficiency_label", "energy_efficiency_label", "formaldehyde", "dual_carbon", "labels", "claim", "countryside", "lapsed", "issuer", "missing",
)  # fmt: skip

_MOST_CLAIMS = 2


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
    if "water_grade_max" in turn.meaning.because or "grade.water" in turn.meaning.cues:
        named.add("water_efficiency_label")
    if "energy_grade_max" in turn.meaning.because or "grade.energy" in turn.meaning.cues:
        named.add("energy_efficiency_label")
    if "term.lapsed" in turn.meaning.cues:
        named = {"lapsed"}
    elif "ask.paid_label" in turn.meaning.cues:
        named = {"issuer"}
    elif "human.fake" in turn.meaning.cues:
        named = {"missing"}
    elif turn.meaning.cues & {"ask.verify", "ask.howcheck", "claim.said", "ad.said"}:
        named = {"claim"}
    return tuple(term for term in TERMS if term in named)


def handle(turn: Turn) -> Answer:
    """Explain each term named, at most two."""
    claims = kinds(find_claims(turn.question.text, asked=True))[:_MOST_CLAIMS]
    terms = terms_of(turn)[:2] or (() if claims else ("green_building_material",))
    blocks = (
        *(Say(found[0].why) for _, found in claims),
        *(Say(say(f"glossary.{term}")) for term in terms),
    )
    turn.session.data[LABEL] = list(turn.meaning.constraints.schemes)
    return Answer(
        intent="faq",
        blocks=(*blocks, Note(say("glossary.official"))),
        choices=(
            Choice(say("choice.certified_all"), Action("recommend", ("certified=1",))),
            Choice(say("choice.how_to_check"), Action("example", ("choice.how_to_check",))),
        ),
    )
