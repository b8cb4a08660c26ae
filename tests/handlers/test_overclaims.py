"""Claims that nobody may make: found in any spelling, not where they are denied, and never in what we say ourselves."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.wording import load_wording
from handlers.certification.claims import find_claims, kinds
from handlers.understanding.word_tables import WORDS, rows
from tests.assistants import demonstration

CASES = [(text, said.split()) for text, said in rows(Path(__file__).parent / "claims.tsv")]
OF_CLAIMS = ("claims.", "advert.")  # sentences that speak of claims


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_claims_are_found_and_denials_are_none(text: str, expected: list[str]) -> None:
    found = find_claims(text)
    assert [claim.kind for claim in found] == expected
    assert all(text[claim.start : claim.end] == claim.said for claim in found)


def test_every_kind_is_shown_by_a_case_and_has_its_sentences() -> None:
    known = {kind for kind, *_ in rows(WORDS / "claims.tsv") if not kind.endswith(("before", "after"))}
    assert {kind for _, expected in CASES for kind in expected} == known
    wording = load_wording()
    for claim in find_claims("".join(f"{text}\n" for text, _ in CASES)):
        assert wording.text(claim.why) != wording.text(claim.offer)


def test_what_is_only_asked_or_reported_is_found_when_wanted() -> None:
    assert not find_claims("老板说零甲醛，是不是国家推荐的？")
    assert [claim.said for claim in find_claims("老板说零甲醛，是不是国家推荐的？", asked=True)] == [
        "零甲醛",
        "国家推荐",
    ]
    assert not find_claims("别信零甲醛", asked=True)


def test_a_claim_far_down_a_long_text_is_found_where_it_stands() -> None:
    text = "今天赶集，天气不错。\n" * 400 + "国家推荐的好漆"
    claim = find_claims(text)[0]
    assert text[claim.start : claim.end] == "国家推荐"


def test_claims_of_a_kind_stand_together() -> None:
    grouped = kinds(find_claims("零甲醛，国家推荐，无毒无害"))
    assert [(kind, [claim.said for claim in claims]) for kind, claims in grouped] == [
        ("zero", ["零甲醛", "无毒无害"]), ("authority", ["国家推荐"]),
    ]  # fmt: skip


def test_nothing_that_we_say_is_such_a_claim() -> None:
    said = {key: text for key, text in load_wording().messages.items() if not key.startswith(OF_CLAIMS)}
    said |= {faq.id: faq.answer for faq in demonstration().catalogue.faqs.values()}
    said |= {guide.id: guide.body for guide in demonstration().catalogue.guides.values()}
    wrong = {key: [claim.said for claim in found] for key, text in said.items() if (found := find_claims(text))}
    assert not wrong


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.one_of(st.sampled_from("零甲醛国家推荐最好 ·，。0%别信★"), st.characters()), max_size=60))
def test_claims_of_any_text_lie_in_it_in_order(text: str) -> None:
    end = 0
    for claim in find_claims(text):
        assert claim.start >= end
        assert text[claim.start : claim.end] == claim.said
        end = claim.end
