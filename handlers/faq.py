"""A stored answer to a paraphrase of its question; when two are near, both are offered; when none is, it says so."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.answer_parts.choices import handoff_choice, shorten, unique
from handlers.answer_parts.place_matching import touches
from handlers.context.in_other_words import IN_OTHER_WORDS
from handlers.rules.lists import LABEL
from handlers.rules.told import SOMEWHAT
from handlers.stored_questions.matching import (
    CLEAR,
    FAIR,
    LEAST,
    LIKE,
    MARGIN,
    STRONG,
    SURE,
    FaqMatch,
    least_for,
    matcher_of,
)
from handlers.stored_questions.meanings import BETTER, SEVERAL, Meant, meanings_of
from handlers.turn import Action, Answer, Choice, Note, Prose, Say, Turn, say

OFFERED = 4
_ALONE = 0.44  # of a stored question that is the answer where no other comes so near
_FAR_BELOW = 0.22
_WELL_SAID = 0.7  # of a stored question where a quality of goods is asked for by its own word


def handle(turn: Turn) -> Answer:
    """Answer from the stored questions, or ask which of the near ones is meant."""
    if turn.meaning.chosen in turn.catalogue.faqs:
        return stored(turn, turn.meaning.chosen)
    if turn.meaning.rule == IN_OTHER_WORDS:
        return _in_other_words(turn)
    offered = turn.meaning.rule == SOMEWHAT
    least = min(LIKE, least_for(turn.meaning.cues)) if offered else least_for(turn.meaning.cues)
    found = matcher_of(turn.catalogue).match(turn.meaning.normalised, turn.meaning.spans, least)
    matches = [match for match in found if _there(turn, match)]
    if not matches:
        return _nothing()
    best, second = matches[0], matches[1].score if len(matches) > 1 else 0.0
    fair = min(FAIR, least) if least == LEAST else FAIR
    clear = best.score - second >= MARGIN if best.score >= SURE else best.score >= fair and best.score - second >= CLEAR
    clear |= not offered and best.score >= _ALONE and _stands_alone(turn, best)
    if best.score < SURE:
        meant = _meant(turn)
        if meant.clear(*BETTER) and (len(matches) == 1 or len(meant.words) >= SEVERAL):
            best, clear, offered = meant.matches[0], True, False
    if "ask.bears" in turn.meaning.cues and best.score < _WELL_SAID:
        clear = False  # 热水器冬天好用不 is near 热水器冬天结冰怎么办, which says nothing of it
    if best.score < STRONG and _of_other_goods(turn, best):
        clear = False  # 冬天上冻咋办 after water heaters is no question about mortar
        matches.sort(key=lambda match: _of_other_goods(turn, match))
    return stored(turn, best.id) if clear and not offered else _which(turn, matches)


def _in_other_words(turn: Turn) -> Answer:
    """Answer what only the meanings of the words point to, or offer what comes near."""
    meant = _meant(turn)
    matches = meant.near() or meant.matches[:1]
    if not matches:
        return _nothing()
    return stored(turn, matches[0].id) if len(matches) == 1 or meant.clear() else _which(turn, matches)


def _meant(turn: Turn) -> Meant:
    """Return the stored questions of the place that may be meant in other words."""
    found = meanings_of(turn.catalogue).meant(turn.meaning.text)
    return found._replace(matches=[match for match in found.matches if _there(turn, match)])


def _of_other_goods(turn: Turn, match: FaqMatch) -> bool:
    """Tell whether a stored question is about goods of other families than those that are spoken of, and the question names none."""
    catalogue, running = turn.catalogue, turn.session.topic.constraints.categories
    about = [code for code in catalogue.faqs[match.id].categories if code in catalogue.categories]
    if not (running and about) or turn.meaning.constraints.categories not in ((), running):
        return False
    family = {catalogue.path(code)[0] for code in running if code in catalogue.categories}
    return bool(family) and not any(catalogue.path(code)[0] in family for code in about)


def _stands_alone(turn: Turn, best: FaqMatch) -> bool:
    """Tell whether no other stored question comes anywhere near: 放了一冬的水泥结疙瘩了还使得吗."""
    found = matcher_of(turn.catalogue).match(turn.meaning.normalised, turn.meaning.spans, best.score - _FAR_BELOW)
    return not any(match.id != best.id and _there(turn, match) for match in found)


def stored(turn: Turn, faq_id: str) -> Answer:
    """Give one stored answer."""
    faq = turn.catalogue.faqs[faq_id]
    turn.session.data[LABEL] = list(turn.meaning.constraints.schemes)
    return Answer(
        "faq",
        blocks=(Prose(faq.question, faq.answer, ref=("faq", faq.id)), Note(say("faq.not_it"))),
        choices=(*_related(turn, faq_id), handoff_choice()),
        categories=tuple(c for c in faq.categories if c in turn.catalogue.categories),
        faqs=(faq.id,),
    )


def _related(turn: Turn, faq_id: str) -> tuple[Choice, ...]:
    """Offer another stored question of the same category."""
    faq = turn.catalogue.faqs[faq_id]
    if not faq.categories:
        return ()
    others = [f for f in turn.catalogue.faqs.values() if f.id != faq_id and set(f.categories) & set(faq.categories)]
    return unique(
        Choice(say("faq.choice", question=shorten(f.question, 20)), Action("faq", (f.id,))) for f in others[:2]
    )


def _there(turn: Turn, match: FaqMatch) -> bool:
    adcode = turn.catalogue.faqs[match.id].adcode
    return not adcode or turn.meaning.place is None or touches(adcode, turn.meaning.place)


def _which(turn: Turn, matches: Sequence[FaqMatch]) -> Answer:
    faqs = [turn.catalogue.faqs[m.id] for m in matches[:OFFERED]]
    choices = unique(Choice(say("faq.choice", question=shorten(f.question, 20)), Action("faq", (f.id,))) for f in faqs)
    return Answer(
        "clarify",
        blocks=(Say(say("faq.did_you_mean")),),
        choices=(*choices, handoff_choice()),
        categories=turn.meaning.constraints.categories,  # what is asked next is about them
        faqs=tuple(f.id for f in faqs[:1]),
    )


def _nothing() -> Answer:
    return Answer("not_found", blocks=(Say(say("faq.none")),), choices=(handoff_choice(),))
