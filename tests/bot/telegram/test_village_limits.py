"""What does not count, seen through the channel: too many at once, more than a day allows, who belongs to another, who comes back later."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from catalog_db.journal import points
from tests.bot.telegram.staff_desk import BY_DAY, office
from tests.bot.telegram.village import StillClock, Village

JOINED = ["秀英: /join 张秀英 兰考县张庄村", "小陈 [通过]", "秀英: 我的链接"]


@pytest.fixture(params=["sqlite", "postgresql"])
async def village(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Village]:
    url = request.getfixturevalue(f"{request.param}_journal_url")
    async with office(tmp_path, url, clock=StillClock(BY_DAY.timestamp())) as desk:
        yield Village(desk)


async def ledger(village: Village, who: str) -> list[points.Line]:
    chat_id = village.person(who).chat.chat_id
    found: list[points.Line] = await village.write(lambda books: points.lines(books, books.key(chat_id)))
    return found


def told(village: Village, who: str) -> str:
    return village.person(who).bot_messages()[-1].text


async def test_a_burst_is_refused_with_the_reason_and_whoever_came_is_told_nothing_wrong(village: Village) -> None:
    await village.play([*JOINED, *(f"人{number}: /start {{link 秀英}}" for number in range(11))])
    assert all("村推广员分享的" in village.person(f"人{number}").text() for number in range(10))
    assert "村推广员分享的" not in village.person("人10").text()
    await village.play(["秀英: 积分账"])
    assert "一下来了太多人" in told(village, "秀英")
    await village.play(["+ 11m", "人10: /start {link 秀英}"])
    assert "村推广员分享的" in village.person("人10").text(), "who comes again when it is calm counts"
    burst = [line for line in await ledger(village, "秀英") if line.reason == "points.refused.burst"]
    assert len(burst) == 1 and burst[0].delta == 0


async def test_no_more_than_twenty_points_a_day_and_the_rest_says_why(village: Village) -> None:
    came: list[str] = []
    for number in range(8):
        who = f"人{number}"
        came += [f"{who}: /start {{link 秀英}}", f"{who}: 500以内的马桶", f"{who}: 第一个加到清单", "+ 2m"]
    await village.play([*JOINED, *came, "+ 25h", "* settle", "秀英: 积分账", "* points 秀英"])
    found = await ledger(village, "秀英")
    assert sum(line.delta for line in found) == 20 and "现在 20 分" in told(village, "秀英")
    assert "这一天的分已经到顶" in told(village, "秀英")
    capped = [line for line in found if line.reason == "points.refused.cap"]
    assert sum(line.worth for line in capped) == 8 * 3 - 20 and all(line.delta == 0 for line in capped)


async def test_a_second_link_steals_nobody_and_after_thirty_days_another_may_help(village: Village) -> None:
    await village.play([
        *JOINED, "桂芳: /join 李桂芳 李庄村", "小陈 [通过]", "桂芳: 我的链接",
        "邻居: /start {link 秀英}", "邻居: /start {link 桂芳}", "邻居: 500以内的马桶",
    ])  # fmt: skip
    assert [line.kind for line in await ledger(village, "秀英")] == ["question", "opened"]
    assert [line.reason for line in await ledger(village, "桂芳")] == ["points.refused.taken"]
    await village.play(["+ 744h", "邻居: /start {link 桂芳}", "邻居: 有认证的瓷砖", "+ 25h", "* settle"])
    assert "points.counted.question" in [line.reason for line in await ledger(village, "桂芳")]
    await village.play(["邻居: /start {link 秀英}", "邻居: 三百以内的乳胶漆", "* points 秀英", "* points 桂芳"])
    assert (await ledger(village, "秀英"))[0].reason == "points.refused.taken"


async def test_two_ambassadors_who_open_each_other_count_once_at_most(village: Village) -> None:
    await village.play([
        *JOINED, "桂芳: /join 李桂芳 李庄村", "小陈 [通过]", "桂芳: 我的链接",
        "桂芳: /start {link 秀英}", "秀英: /start {link 桂芳}", "秀英: 500以内的马桶", "秀英: /start {link 秀英}",
        "+ 25h", "* settle", "* points 秀英", "* points 桂芳",
    ])  # fmt: skip
    assert [line.reason for line in await ledger(village, "桂芳")] == ["points.refused.ring"]
    assert "points.refused.self" in [line.reason for line in await ledger(village, "秀英")]
    assert [line.delta for line in [*await ledger(village, "秀英"), *await ledger(village, "桂芳")] if line.delta] == []
