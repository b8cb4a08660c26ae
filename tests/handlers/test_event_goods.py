"""讲到的产品都有证吗, and campaigns of every year: on the bundled catalogue, with the time given."""

from __future__ import annotations

from datetime import datetime

import pytest

from catalog_db.certification import certified
from handlers.context.time_windows import window_of
from handlers.session import Session
from handlers.turn import Answer, Question
from tests.assistants import DAY, NOW, demonstration

PARTS = demonstration()


def talked(*lines: str) -> Answer:
    session = Session()
    for line in lines:
        answer, session = PARTS.assistant.respond(Question(line, NOW), session)
    return answer


def test_goods_that_an_event_names_are_checked_one_by_one() -> None:
    answer = talked("太阳能路灯新品上市是哪天", "讲到的产品都有证吗")
    assert answer.intent == "event" and answer.products == PARTS.catalogue.events["ev08"].skus
    said = "\n".join(
        PARTS.wording.text(line) for block in answer.blocks for e in getattr(block, "entries", ()) for line in e.lines
    )
    for sku in answer.products:
        evidence = PARTS.catalogue.certificates_of(sku)
        held = [one.number for one in evidence if certified([one], DAY)]
        assert not held or any(number in said for number in held)


def test_an_event_that_names_none_says_so_and_counts_its_kinds() -> None:
    answer = talked("今晚有直播吗", "讲的那些有认证吗")
    keys = [block.text.key for block in answer.blocks]  # type: ignore[union-attr]
    assert keys == ["event.goods_unnamed", "event.kind_certified", "event.send_number", "verify.source"]
    assert answer.products == ()


def test_without_an_event_before_the_words_mean_nothing_of_the_kind() -> None:
    assert talked("讲到的产品都有证吗").intent != "event"


@pytest.mark.parametrize(
    ("now", "text", "first", "last"),
    [
        ("2026-11-22", "618有啥活动", "2027-06-01", "2027-06-20"), ("2026-06-20", "618还有活动吗", "2026-06-01", "2026-06-20"),
        ("2026-06-21", "六一八有活动吗", "2027-06-01", "2027-06-20"), ("2026-11-11", "双十一有啥", "2026-11-01", "2026-11-11"),
        ("2026-12-13", "双十二活动", "2027-12-01", "2027-12-12"),
    ],
)  # fmt: skip
def test_a_campaign_of_every_year_is_the_one_that_is_not_over(now: str, text: str, first: str, last: str) -> None:
    window = window_of(text, datetime.fromisoformat(f"{now}T10:00:00+08:00"))
    assert window is not None and (f"{window.start:%Y-%m-%d}", f"{window.end:%Y-%m-%d}") == (first, last)


def test_an_expired_offer_is_not_among_those_of_a_campaign() -> None:
    answer = talked("双十一有啥活动")
    ended = {e.id for e in PARTS.catalogue.events.values() if e.ends_at and e.ends_at < NOW}
    assert not ended & set(answer.events)


def test_an_amount_is_no_campaign() -> None:
    assert window_of("1618元的马桶", NOW) is None
