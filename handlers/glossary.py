"""What a word of certification means, in three plain sentences at most; for catalogues without a stored answer to it."""

from __future__ import annotations

from handlers.certification.claims import find_claims, kinds
from handlers.rules.lists import LABEL
from handlers.turn import Action, Answer, Choice, Note, Say, Turn, say

# The words that we can explain, by lexicon concept; the texts are glossary.* in the wording.
TERMS = (
    "green_building_material", "green_product", "environmental_label", "water_saving", "energy_saving", "low_carbon", "carbon_neutral",
    "unchecked", "outside", "states", "lifetime", "report", "low_star", "howcheck", "mismatch", "slip", "source", "listed", "stars", "water_efficiency_label", "energy_efficiency_label", "formaldehyde", "dual_carbon", "ccc", "labels", "claim", "countryside", "lapsed", "issuer", "missing",
    "avoid", "praise", "smell", "soon", "without", "pending", "qr", "dearer", "warrants", "ours", "our_fee",
)  # fmt: skip

_MOST_CLAIMS = 2
# What is asked in a frame of its own, and the one text that answers it; the first that was said decides.
_ALONE = {
    "ask.our_fee": "our_fee", "cert.soon": "soon", "term.ours": "ours", "ask.one_covers": "mismatch",
    "term.dearer": "dearer",
    "term.star_level": "stars", "term.without": "without", "term.compulsory": "ccc", "term.pending": "pending", "term.qr": "qr", "term.genuine": "howcheck",
    "term.unchecked": "unchecked", "term.outside": "outside", "term.states": "states", "term.lifetime": "lifetime",
    "term.no_proof": "claim", "term.mismatch": "mismatch", "term.slip": "slip", "term.benefit": "green_building_material", "term.listed": "listed", "term.look": "labels",
    "term.source": "source", "term.report": "report", "term.pass_slip": "report", "term.low_star": "low_star", "term.body": "issuer", "term.lapsed": "lapsed", "cert.stopped": "states",
    "ask.label_so": "warrants", "ask.avoid": "avoid", "term.praise": "praise", "term.smell": "smell", "ask.paid_label": "issuer", "human.fake": "missing", "ask.howcheck": "howcheck",
    "ask.verify": "claim", "claim.said": "claim", "ad.said": "claim",
}  # fmt: skip


def terms_of(turn: Turn) -> tuple[str, ...]:
    """Return the terms that the question names, in the order of the table."""
    cues = turn.meaning.cues
    if "ask.verify" in cues and turn.meaning.constraints.formaldehyde:
        return ("formaldehyde", "claim")
    for cue, term in _ALONE.items():
        if cue in cues:
            return (term,)
    if "ask.subsidy" in cues:
        return ("countryside",)
    named = {cue.removeprefix("term.") for cue in cues if cue.startswith("term.")}
    named |= set(turn.meaning.constraints.schemes)
    if turn.meaning.constraints.stars or turn.meaning.constraints.min_stars:
        named.add("stars")
    if turn.meaning.constraints.formaldehyde:
        named.add("formaldehyde")
    for term in ("water", "energy"):
        if f"{term}_grade_max" in turn.meaning.because or f"grade.{term}" in cues:
            named.add(f"{term}_efficiency_label")
    return tuple(term for term in TERMS if term in named)


def handle(turn: Turn) -> Answer:
    """Explain each term named, at most two."""
    claims = kinds(find_claims(turn.question.text, asked=True))[:_MOST_CLAIMS]
    terms = terms_of(turn)[:2] or (() if claims else ("green_building_material",))
    blocks = (
        *(Say(found[0].why) for _, found in claims),
        *(Say(say(f"glossary.{term}")) for term in terms),
    )
    told = "howcheck" in terms
    ways = () if told else (Choice(say("choice.how_to_check"), Action("example", ("choice.how_to_check",))),)
    turn.session.data[LABEL] = list(turn.meaning.constraints.schemes)
    return Answer(
        intent="faq",
        blocks=blocks if told else (*blocks, Note(say("glossary.official"))),
        choices=(Choice(say("choice.certified_all"), Action("recommend", ("certified=1",))), *ways),
    )
