"""The same question about every kind of the catalogue, by each of its names: the kind must not change what is asked."""

from __future__ import annotations

import pytest

from tests.assistants import demonstration
from tests.handlers.conversation import as_json, say

FRAMES = {
    "{}": "recommend",
    "{}多少钱": "recommend",
    "想买{}": "recommend",
    "便宜的{}": "recommend",
    "推荐几款{}": "recommend",
    "买{}要注意什么": "guide",
    "{}怎么选": "guide",
    "有认证的{}": "recommend not_found",
    "三星的{}": "recommend not_found",
    "{}有认证吗": "recommend not_found verify",
    "一百以内的{}": "recommend not_found",
    "最便宜的{}": "recommend ranking",
    "{}销量榜": "ranking recommend",
    "{}哪里有卖": "stores clarify",
    "{}能送货吗": "service",
    "谁给装{}": "service",
}
OWN_KIND = ("recommend", "guide", "not_found")  # answers that must be about the kind named and nothing beside it
NARROWER = {"toilet": {"toilet_smart"}}  # kinds that the catalogue keeps beside one another though one is the other


def differences(frame: str, others: bool) -> list[tuple[str, str, list[str]]]:
    """Ask about every kind by its name, or by all its other names, and return what was answered otherwise."""
    catalogue, wrong = demonstration().catalogue, []
    for category in catalogue.categories.values():
        own = (
            catalogue.under([category.code])
            | set(catalogue.path(category.code))
            | {category.code}
            | NARROWER.get(category.code, set())
        )
        for name in category.synonyms if others else (category.name,):
            found = as_json(say(frame.format(name))[0])
            beside = found["intent"] in OWN_KIND and not (found["categories"] and set(found["categories"]) <= own)
            if found["intent"] not in FRAMES[frame].split() or beside:
                wrong.append((frame.format(name), found["intent"], found["categories"]))
    return wrong


@pytest.mark.parametrize("frame", FRAMES)
def test_a_question_is_answered_alike_for_every_kind(frame: str) -> None:
    assert not differences(frame, others=False)


@pytest.mark.long
@pytest.mark.parametrize("frame", FRAMES)
def test_a_question_is_answered_alike_by_every_other_name(frame: str) -> None:
    assert not differences(frame, others=True)
