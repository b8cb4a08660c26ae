"""Which tokens of a question tell what it is about, and when two questions share no more than a name.

Not for scoring: `matching` weighs what is shared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.stored_questions.words import KIND
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from handlers.stored_questions.words import QuestionWords

_MEANING = "=意思"
_DIFFERENCE = "=区别"
_CHOICE = "=怎么选"


def tells(token: str) -> bool:
    """Tell whether a token is a word of more meaning than what questions are asked with."""
    return token[0] == "=" and token[1:] not in signs("asking")


def only_its_name(asked: frozenset[str], wording: frozenset[str], common: frozenset[str], told: frozenset[str]) -> bool:
    """Tell whether what a thing is, or how its kind is chosen, is asked, and a stored question asks something else of it.

    绿色建材是什么 is no 绿色建材为什么贵, 地板怎么选 no 地暖上的地板怎么选.
    """
    if _MEANING in asked and _MEANING not in told and _DIFFERENCE not in told:
        return sum(map(tells, common)) <= 1
    if _CHOICE not in common:
        return False
    more = [token for token in asked if tells(token) and not token.startswith(KIND) and token != _CHOICE]
    return not more and any(map(tells, wording - common))


def happens_to_another(asked: QuestionWords, wording: QuestionWords, common: frozenset[str]) -> bool:
    """Tell whether one word is shared, of a thing that the stored question does not know: 骨头咯吱响 is no 地板咯吱响."""
    if sum(map(tells, common)) != 1 or not asked.pairs.isdisjoint(wording.pairs):
        return False
    if any(token.startswith(KIND) for token in asked.tokens) or not any(map(tells, wording.tokens - common)):
        return False
    return any(common.isdisjoint(pair) for pair in asked.pairs)
