"""Who may do what at the desk: every command and button, every role, everywhere; nobody gets in but by an invitation of their own."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from bot.channels.telegram.desk.commands import ORDERS
from bot.channels.telegram.desk.staffing import RIGHTS
from catalog_db.journal import desk, desk_staff
from catalog_db.journal.books import Books
from catalog_db.journal.store import Journal
from tests.bot.telegram.staff_desk import Office, office
from tests.catalog_db.journal.conftest import START, Bench, bench

__all__ = ["bench"]

COMMANDS = [name for name in ORDERS if name not in ("help",)]
ARGUMENTS = {"give": "小刘", "snooze": "30", "note": "备注", "invite": "agent 1", "dismiss": "1"}


def _state(office_: Office) -> list[tuple[object, ...]]:
    """What of the desk would be different after something was done."""
    with office_.service.journal.reading(0) as books:
        tickets = [(one.state, one.owner, one.snoozed_until) for one in desk.tickets_where(books)]
        people = [(one.key, one.role, one.duty) for one in desk_staff.colleagues(books)]
        return [*tickets, *people, *desk_staff.logged(books, most=500)]


async def test_nobody_without_a_role_does_anything_anywhere(tmp_path: Path) -> None:
    """R10: every command × every role that may not × private chat, village group, forum, anonymous administrator."""
    async with office(tmp_path) as at:
        aunt = at.person()
        await aunt.send_text("人工")
        await at.settled()
        topic = at.topic_of("王婶")
        village = at.server.group("柳河村", [at.staff["路人"], aunt.user, at.staff["小陈"]], bot_rights=())
        before = _state(at)
        heard = len(aunt.bot_messages())
        places = [
            at.at("路人", topic), at.at("路人"), village.member(at.staff["路人"]), village.member(at.staff["小陈"]),
            at.room.member(at.staff["老赵"], topic=topic, anonymous=True), at.room.member(at.staff["老赵"], anonymous=True),
            at.server.private(at.staff["路人"]),
        ]  # fmt: skip
        for place in places:
            for name in COMMANDS:
                await place.send_text(f"/{name} 1 {ARGUMENTS.get(name, '')}".strip())
        for place in places[:1] + places[4:5]:
            await place.send_text("大姐，我是客服")
        await at.settled(60)
        assert _state(at) == before
        assert len(aunt.bot_messages()) == heard


async def test_the_roles_of_the_staff_end_where_they_end(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        aunt = at.person()
        await aunt.send_text("人工")
        await at.settled()
        topic = at.topic_of("王婶")
        heard = len(aunt.bot_messages())
        for who, role in (("审计员", "auditor"), ("小陈", "agent")):
            for name, order in ORDERS.items():
                if role not in RIGHTS[order.right]:
                    count = len(at.posts(topic))
                    await at.at(who, topic).send_text(f"/{name} {ARGUMENTS.get(name, '')}".strip())
                    await at.settled()
                    assert at.posts(topic)[count:][0].text == "这个命令您不能用。", (who, name)
        await at.at("审计员", topic).send_text("我说一句")
        await at.settled()
        assert len(aunt.bot_messages()) == heard and "只能看" in at.posts(topic)[-1].text


async def test_buttons_are_for_who_may_press_them(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        aunt = at.person()
        await aunt.send_text("人工")
        await at.settled()
        topic = at.topic_of("王婶")
        panel = at.posts(topic)[0]
        for who in ("路人", "审计员"):
            pressed = await at.at(who, topic).press(panel, "我来接")
            assert (await at.at(who, topic).wait_for_answer(pressed)).get("text") == "这个您不能按"
        data = panel.body["reply_markup"]["inline_keyboard"][-2][0]["callback_data"]
        forged = await at.at("小陈", topic).press_data(panel, data[:-1] + "9")
        assert "归您了" not in str((await at.at("小陈", topic).wait_for_answer(forged)).get("text"))
        pressed = await at.at("小陈", topic).press(panel, "我来接")
        assert (await at.at("小陈", topic).wait_for_answer(pressed)).get("text") == "№1 归您了"
        pressed = await at.at("小刘", topic).press(panel, "我来接")
        assert (await at.at("小刘", topic).wait_for_answer(pressed)).get("text") == "小陈先接了"
        await at.at("小刘", topic).send_text("我也说一句")
        await at.settled()
        assert "我也说一句" not in aunt.text()
        held = at.posts(topic)[-1]
        await at.at("小刘", topic).wait_for_answer(await at.at("小刘", topic).press(held, "转给我"))
        await at.settled()
        assert aunt.bot_messages()[-1].text == "我也说一句"


async def test_an_invitation_is_good_once_for_one_person(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        guest, thief = at.staff["路人"], at.server.user("小偷")
        await at.at("老赵").send_text(f"/invite agent {guest.user_id}")
        await at.settled()
        link = next(m.text for m in at.room.chat.visible() if m.from_bot and "start=desk-" in m.text)
        payload = re.search(r"start=(\S+)", link)
        assert payload is not None and len(payload[1]) <= 64
        stolen = at.server.private(thief)
        await stolen.start(payload[1])
        await at.settled()
        assert "用不了" in stolen.text()
        own = at.server.private(guest)
        await own.start(payload[1])
        await own.start(payload[1])
        await at.settled()
        assert own.text().count("您现在是客服了") == 1 and own.text().count("用不了") == 1
        aunt = at.person()
        await aunt.send_text("人工")
        await at.settled()
        await at.at("路人", at.topic_of("王婶")).send_text("我来答")
        await at.settled()
        assert aunt.bot_messages()[-1].text == "我来答"
        await at.at("老赵").send_text(f"/dismiss {guest.user_id}")
        await at.at("路人", at.topic_of("王婶")).send_text("再说一句")
        await at.settled()
        assert aunt.bot_messages()[-1].text == "我来答"


async def test_an_old_invitation_and_one_of_a_lead_who_is_none_any_more_are_refused(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        for number, wait in ((1, 4 * 86_400.0), (2, 0.0)):
            guest = at.server.user(f"新人{number}")
            await at.at("老赵").send_text(f"/invite agent {guest.user_id}")
            await at.settled()
            links = [m.text for m in at.room.chat.visible() if m.from_bot and "start=desk-" in m.text]
            payload = re.search(r"start=(\S+)", links[-1])
            assert payload is not None
            at.pass_time(wait)
            if number == 2:
                await at.appoint("小陈", "lead")
                await at.at("小陈").send_text(f"/dismiss {at.staff['老赵'].user_id}")
                await at.settled()
            talk = at.server.private(guest)
            await talk.start(payload[1])
            await at.settled()
            assert "用不了" in talk.text()


# ---- one owner


@pytest.fixture
def journal(bench: Bench) -> Journal:
    return bench.open()


async def test_of_two_who_claim_at_once_one_has_it_a_thousand_times(journal: Journal) -> None:
    """Both claims are under way at the same time; on PostgreSQL in different connections."""

    def begin(books: Books, number: int) -> int:
        who = desk.welcome(books, number, "人", None)
        return desk.begin(books, who, "want", None)[0].id

    def claim(books: Books, ticket: int, who: bytes) -> bool:
        desk.lock(books, ticket)  # not the same room: the ticket's own row must decide
        return desk.claim(books, ticket, who)

    owners = (b"a" * 16, b"b" * 16)
    numbers = [await asyncio.wrap_future(journal.write(lambda b, n=n: begin(b, 1000 + n), START)) for n in range(1000)]
    both = [
        [journal.write(lambda b, t=ticket, o=owner: claim(b, t, o), START) for owner in owners] for ticket in numbers
    ]
    got = [[future.result() for future in pair] for pair in both]
    assert all(sum(pair) == 1 for pair in got)
    with journal.reading(START) as books:
        found = {one.id: one.owner for one in desk.tickets_where(books, most=2000)}
    assert all(found[ticket] == owners[pair.index(True)] for ticket, pair in zip(numbers, got, strict=True))


@pytest.mark.parametrize("rounds", [1, pytest.param(84, marks=pytest.mark.long)])
async def test_two_presses_within_the_same_moment_give_one_owner(tmp_path: Path, journal_url: str, rounds: int) -> None:
    """Twelve tickets at once, through the strict server and the whole desk; in the long form a thousand and eight times."""

    def let_go(books: Books) -> None:
        for ticket in desk.unclosed(books):
            desk.change(books, ticket.id, state="open", owner=None)

    async with office(tmp_path, journal_url) as at:
        for number in range(12):
            await at.person(f"人{number}").send_text("人工")
        await at.settled()

        async def race(number: int) -> list[str]:
            topic = at.topic_of(f"人{number}")
            panel, one, two = at.posts(topic)[0], at.at("小陈", topic), at.at("小刘", topic)
            presses = await asyncio.gather(one.press(panel, "我来接"), two.press(panel, "我来接"))
            return [str((await one.wait_for_answer(press)).get("text")) for press in presses]

        first = 0
        for _ in range(rounds):
            for said in await asyncio.gather(*(race(number) for number in range(12))):
                assert sum("归您了" in text for text in said) == 1 and sum("先接了" in text for text in said) == 1
                first += "归您了" in said[0]
            with at.service.journal.reading(0) as books:
                owned = desk.unclosed(books)
            assert len(owned) == 12 and all(one.state == "owned" and one.owner for one in owned)
            await asyncio.wrap_future(at.service.journal.write(let_go, 0))
            await at.settled()  # names and panels that the claims changed are the next round's delay
        print(f"{12 * rounds} races, the first to press had {first} of them")
