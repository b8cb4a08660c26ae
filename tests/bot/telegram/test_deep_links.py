"""Links that open the bot at a thing: today's truth, no forgery, no right."""

from __future__ import annotations

import random
import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.application import links_of
from bot.channels.telegram.deep_links import LIMIT, DeepLinks
from bot.channels.telegram.keys import make_keys
from handlers.turn import Action
from tests.assistants import demonstration
from tests.bot.telegram.private_chat import Bot, buttons_of, running_bot

LINKS = DeepLinks(b"k" * 32, 700000000)
ALLOWED = re.compile(r"[A-Za-z0-9_-]{1,64}")
things = st.sampled_from(["show_product", "guide", "pavilion"])


@given(things, st.text(st.characters(codec="utf-8"), min_size=1, max_size=30))
def test_a_link_opens_what_it_was_made_for(kind, name):
    payload = LINKS.encode(Action(kind, (name,)))
    if payload is None:
        assert len(name.encode()) > 30, "only long names have no room"
    else:
        assert ALLOWED.fullmatch(payload) and len(payload) <= LIMIT
        assert LINKS.decode(payload) == Action(kind, (name,))


def test_a_list_keeps_its_conditions():
    action = Action("recommend", ("categories=paint_interior", "certified=1", "price_max=300"))
    payload = LINKS.encode(action)
    assert payload is not None and ALLOWED.fullmatch(payload)
    assert LINKS.decode(payload) == action


@pytest.mark.parametrize(
    "action",
    [
        Action("forget"),
        Action("handoff"),
        Action("search", ("{}",)),
        Action("show_product"),
        Action("recommend", ("batch=1",)),
    ],
)
def test_nothing_else_can_be_linked(action):
    assert LINKS.encode(action) is None


@given(st.text(max_size=70))
def test_made_up_links_open_nothing(payload):
    assert LINKS.decode(payload) is None


def test_a_link_of_another_bot_or_kind_opens_nothing():
    payload = LINKS.encode(Action("show_product", ("YS110123",)))
    assert payload is not None
    assert DeepLinks(b"k" * 32, 700000001).decode(payload) is None
    assert DeepLinks(b"x" * 32, 700000000).decode(payload) is None
    assert LINKS.decode(payload.replace("p", "g", 1)) is None
    assert LINKS.decode(payload[:-1] + "4") is None


def test_links_outlive_a_change_of_keys():
    keys = make_keys()
    payload = links_of(keys, 1).encode(Action("guide", ("g1",)))
    assert payload is not None
    assert links_of(keys.with_new_seal().newest_only(), 1).decode(payload) == Action("guide", ("g1",))


def forged(rng: random.Random, good: list[str]) -> str:
    payload = rng.choice(good)
    at = rng.randrange(len(payload))
    letters = string.ascii_letters + string.digits + "_-"
    return rng.choice(
        [
            payload[:at] + rng.choice(letters) + payload[at + 1 :],
            payload[:at],
            payload + rng.choice(letters),
            "".join(rng.choice(letters) for _ in range(rng.randrange(1, 65))),
            "x" * 65,
            "推广员王婶",
            "ref_7",
            "admin",
            payload.swapcase(),
            "1p" + payload[2:13] + "YS110101",
            payload + " " + payload,
            "\u202e" + payload,
        ]
    )


async def _open_forged(bot: Bot, times: int) -> None:
    """Follow forged links; each gets the notice and a polite word, none opens anything."""
    links = links_of(bot.keys, 700000000)
    catalogue = demonstration().catalogue
    wanted = [
        Action("show_product", ("YS110123",)),
        Action("guide", ("overview_paint",)),
        Action("pavilion", (next(iter(catalogue.pavilions)),)),
    ]
    good = [payload for action in wanted if (payload := links.encode(action))]
    rng = random.Random(9)
    tried = [payload for payload in (forged(rng, good) for _ in range(times)) if payload not in good]
    opened = 0
    for number in range(0, len(tried), 15):
        aunt = bot.talk(f"路人{number}")
        for payload in tried[number : number + 15]:
            await aunt.start(payload)
        if number % 300 == 0:
            await bot.settled()
        opened += sum("认证：" in message.body["text"] for message in aunt.replies())
    await bot.settled()
    calls = [call for call in bot.server.calls if call.method == "sendMessage"]
    assert opened == 0
    unknown = demonstration().wording.say("telegram.link.unknown")
    assert sum(call.parameters["text"] == unknown for call in calls) == len([p for p in tried if p.strip()])
    hellos = sum(call.parameters["text"].startswith("您好") for call in calls)
    assert len(calls) == hellos + len([p for p in tried if p.strip()]), "nothing but notices and polite words"


async def test_forged_links_open_nothing(tmp_path):
    async with running_bot(tmp_path) as bot:
        await _open_forged(bot, 200)


@pytest.mark.long
async def test_ten_thousand_forged_links(tmp_path):
    async with running_bot(tmp_path) as bot:
        await _open_forged(bot, 10_000)


async def test_links_open_product_list_guide_and_pavilion_as_they_are_today(tmp_path):
    async with running_bot(tmp_path) as bot:
        links = links_of(bot.keys, 700000000)
        catalogue = demonstration().catalogue
        pavilion = next(iter(catalogue.pavilions.values()))
        for action, expected in (
            (Action("show_product", ("YS110123",)), catalogue.product("YS110123").title),
            (Action("recommend", ("categories=paint_interior", "certified=1", "price_max=300")), "13 款"),
            (Action("guide", ("overview_paint",)), catalogue.guides["overview_paint"].title),
            (Action("pavilion", (pavilion.id,)), pavilion.name),
        ):
            payload = links.encode(action)
            assert payload is not None
            aunt = bot.talk(action.name)
            await aunt.start(payload)
            _, opened = await aunt.wait_for_replies(2)
            assert expected in opened.body["text"]


async def test_a_link_to_what_is_gone_says_so(tmp_path):
    async with running_bot(tmp_path) as bot:
        payload = links_of(bot.keys, 700000000).encode(Action("show_product", ("GONE1",)))
        aunt = bot.talk()
        await aunt.start(payload or "")
        _, opened = await aunt.wait_for_replies(2)
        assert opened.body["text"]
        assert "认证：" not in opened.body["text"]


async def test_the_link_on_a_card_opens_the_card_for_somebody_else(tmp_path):
    async with running_bot(tmp_path) as bot:
        aunt, uncle = bot.talk(), bot.talk("李师傅")
        answer = await aunt.ask("有认证的内墙乳胶漆")
        await aunt.press(answer, "第1个")
        await aunt.wait_for_edit(answer)
        [link] = [
            b["copy_text"]["text"] for b in buttons_of(answer) if "t.me" in b.get("copy_text", {}).get("text", "")
        ]
        await uncle.start(link.partition("?start=")[2])
        _, opened = await uncle.wait_for_replies(2)
        assert opened.body["text"] == answer.body["text"]
