"""Guides, rankings, plans, stored answers, small talk, and a person wanted."""

from __future__ import annotations

import pytest

from handlers.stored_questions.matching import NEAR, SURE, matcher_of
from handlers.understanding.normalise import normalise


def test_a_guide_comes_with_certified_picks(ask):
    answer = ask("guide", "乳胶漆怎么选", categories=("latex",))
    assert answer.guides[0] == "g1"
    assert answer.products == ("p1",)


def test_trends_are_told_as_dated(ask, text_of):
    answer = ask("guide", "最近流行什么")
    assert answer.guides[0] == "g2"
    assert "不是现在的" in text_of(answer)


def test_a_guide_out_of_season_is_not_shown(ask):
    answer = ask("guide", "地砖怎么选", categories=("tile",))
    assert answer.intent == "not_found"
    assert answer.guides == ()


def test_picks_hold_what_else_is_asked(ask):
    from decimal import Decimal

    assert ask("guide", "乳胶漆怎么选", categories=("latex",), price_max=Decimal(100)).products == ()


def test_a_ranking_states_rule_period_and_date(ask, text_of):
    answer = ask("ranking", "马桶销量榜", categories=("toilet",), sort="sales")
    assert answer.rankings == ("r1",)
    assert answer.products == ("t1", "t2")  # t3 is off sale
    text = text_of(answer)
    assert "按销量从多到少" in text and "2026-10" in text and "2026年11月2日" in text


def test_a_ranking_keeps_only_the_certified_when_asked(ask):
    answer = ask("ranking", "有证的口碑榜", categories=("latex",), sort="rating", certified=True)
    assert answer.products == ("p1",)
    assert answer.filters["certified"] is True


def test_no_such_ranking_offers_the_list_sorted(ask):
    answer = ask("ranking", "地砖销量榜", categories=("tile",), sort="sales")
    assert answer.intent == "not_found"
    assert answer.choices[0].action.args == ("categories=tile", "sort=sales")


def test_all_rankings_without_a_category(ask):
    assert ask("ranking", "有哪些榜").rankings == ("r1", "r2")


def test_a_plan_takes_only_what_is_certified(ask, text_of):
    from decimal import Decimal

    answer = ask("plan", "卫生间一套", scenes=("卫生间",), budget=Decimal(2000))
    assert answer.plans == ("n1",)
    assert answer.products == ("p1", "t1")
    assert answer.cost == Decimal(967)
    assert "没找到有证的：合页" in text_of(answer) and "还剩 1033 元" in text_of(answer)


def test_a_plan_over_the_budget_says_so(ask, text_of):
    from decimal import Decimal

    answer = ask("plan", "卫生间一套", scenes=("卫生间",), budget=Decimal(500))
    assert answer.cost is not None and answer.cost > 500
    assert "超出预算" in text_of(answer)


def test_an_unknown_scene_is_asked_back(ask):
    assert ask("plan", "要布置个猪圈").intent == "clarify"


# --- stored answers

PARAPHRASES = {"下错单了怎么撤": "q1", "新装的坐便器啥时候能用": "q2", "天冷能不能刷墙": "q3", "订单能取消吗": "q1"}
STRANGERS = [
    "推荐三个马桶",
    "乳胶漆多少钱",
    "寿光有店吗",
    "马桶",
    "第二个",
    "三百以内的灯",
    "今天天气怎么样",
    "",
    "取消",
]


@pytest.mark.parametrize("said", PARAPHRASES)
def test_paraphrases_are_found(ask, said):
    assert ask("faq", said).faqs == (PARAPHRASES[said],)


@pytest.mark.parametrize("said", STRANGERS)
def test_other_questions_are_left_alone(catalogue, said):
    assert all(m.score < SURE for m in matcher_of(catalogue).match(normalise(said)))


def test_every_stored_wording_finds_its_own_answer(catalogue):
    for faq in catalogue.faqs.values():
        for said in (faq.question, *faq.similar):
            best = matcher_of(catalogue).match(normalise(said))[0]
            assert (best.id, best.score >= SURE) == (faq.id, True)


def test_nothing_near_is_said(ask):
    answer = ask("faq", "月亮上能不能种土豆")
    assert answer.intent == "not_found"
    assert NEAR < SURE


# --- small talk and a person


@pytest.mark.parametrize("said", ["你好", "谢谢", "你会什么", "你是谁", "再见", "傻子"])
def test_small_talk_has_words_for_each(ask, text_of, said):
    answer = ask("smalltalk", said)
    assert answer.intent == "smalltalk"
    assert text_of(answer)


def test_capability_comes_with_three_examples(ask):
    assert len(ask("smalltalk", "你会什么").choices) == 3


def test_a_request_for_a_person_is_kept(ask, session, text_of):
    answer = ask("handoff", "找个人", brands=("b1",))
    assert [request["text"] for request in session.data["handoff"]] == ["找个人"]
    text = text_of(answer)
    assert "12315" in text and "010-00000001" in text


# --- every button

EVERY = [
    ("verify", "有证吗", {"skus": ("p3",)}),
    ("verify", "LJ-25-0002", {"certificate_numbers": ("LJ-25-0002",)}),
    ("detail", "多少钱", {"skus": ("t1",)}),
    ("compare", "", {"skus": ("t1", "t2")}),
    ("compare", "", {"brands": ("b1", "b2")}),
    ("guide", "怎么选", {"categories": ("latex",)}),
    ("ranking", "有哪些榜", {}),
    ("stores", "哪里有店", {}),
    ("pavilion", "山东馆", {}),
    ("enterprise", "有哪些厂", {}),
    ("faq", "订单能取消吗", {}),
    ("calculate", "20平的房间刷墙", {"categories": ("latex",)}),
    ("calculate", "要几桶", {}),
    ("savings", "省多少", {}),
    ("plan", "来一套", {}),
    ("event", "有活动吗", {}),
    ("service", "能送吗", {}),
    ("smalltalk", "你好", {}),
    ("handoff", "找人", {}),
]
ACTIONS = {
    "show_product",
    "verify_product",
    "verify_number",
    "compare",
    "recommend",
    "guide",
    "faq",
    "ranking",
    "stores",
    "services",
    "pavilion",
    "enterprise",
    "event",
    "plan",
    "calculate",
    "savings",
    "example",
    "handoff",
}


@pytest.mark.parametrize(("intent", "said", "meaning"), EVERY)
def test_buttons_are_short_different_and_known(ask, wording, intent, said, meaning):
    answer = ask(intent, said, **meaning)
    labels = [wording.text(choice.label) for choice in answer.choices]
    assert len(set(labels)) == len(labels)
    assert all(len(label) <= 20 for label in labels), labels
    assert {choice.action.name for choice in answer.choices} <= ACTIONS
    if answer.intent == "clarify":
        assert 2 <= len(labels) <= 6


def test_words_that_tell_as_much_count_alike_whatever_their_order(catalogue):
    matcher = matcher_of(catalogue)
    most = max(matcher._weights[token] for token in matcher._telling)
    one, other, *_ = sorted(token for token in matcher._telling if matcher._weights[token] == most)
    less = min(matcher._telling, key=lambda token: (matcher._weights[token], token))
    assert matcher._subject(frozenset({one, less, other})) == {one, other}
    assert matcher._subject(frozenset({"=never:asked"})) == frozenset()
