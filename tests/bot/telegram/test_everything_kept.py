"""/export and /forget against a dump of every table there is: all that is kept is exported, and after it nothing is left.

The tables are read from the database itself, so that one added tomorrow is looked at too. All sealed values are opened.
"""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import MetaData, create_engine, select

from bot.channels.telegram.keys import KeyRing, load_keys
from catalog_db.journal import ambassadors, lists, permissions, wants
from catalog_db.journal.books import Books
from catalog_db.journal.keeping import _SEALED
from tests.bot.telegram.code_pictures import pictures
from tests.bot.telegram.staff_desk import Office, office

PURPOSES = sorted({purpose for *_, purpose in _SEALED})
# What the person tells, each in another place. All of it is looked for.
SEEDS = (
    "甲家大院的马桶", "乙家的瓷砖", "丁家打电话", "戊家补一句", "己秀英", "庚县辛村", "壬大爷", "癸家清单", "子家留名", "丑家姑娘",
)  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue(f"{request.param}_journal_url")


def dump(desk: Office) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, with what is sealed opened."""
    ring = KeyRing(load_keys(desk.folder / "key"))
    engine, found = create_engine(desk.url), MetaData()
    try:
        found.reflect(engine)
        with engine.connect() as connection:
            return {
                name: [{key: opened(ring, value) for key, value in row.items()} for row in rows]
                for name, table in found.tables.items()
                if (rows := connection.execute(select(table)).mappings().all())
            }
    finally:
        engine.dispose()


def opened(ring: KeyRing, value: Any) -> Any:
    """A value as it can be read: a sealed one opened, a pseudonym as its hex."""
    if not isinstance(value, (bytes, memoryview)):
        return value
    sealed = bytes(value)
    for purpose in PURPOSES:
        try:
            plain = ring.open(sealed, purpose)
        except ValueError:
            continue
        return (zlib.decompress(plain) if plain[:1] == b"x" else plain).decode("utf-8", "surrogatepass")
    return sealed.hex()


def traces(rows: dict[str, list[dict[str, Any]]], *marks: str) -> dict[str, list[str]]:
    """Where marks stand: table → which of them."""
    texts = {name: json.dumps(found, ensure_ascii=False, default=str) for name, found in rows.items()}
    hits = {name: [mark for mark in marks if mark in text] for name, text in texts.items()}
    return {name: found for name, found in hits.items() if found}


async def in_books(desk: Office, deed: Callable[[Books], Any]) -> Any:
    return await asyncio.wrap_future(desk.service.journal.write(deed, desk.server.hub.clock.now()))


async def live(desk: Office, name: str) -> Any:
    """Use all there is: the private chat, a group, inline, lists, notebooks, alerts, news, an ambassador's own, the staff."""
    user = desk.server.user(name, language="zh-hans")
    talk, group = desk.server.private(user), desk.server.group("村", [user])

    async def write(line: str) -> None:
        desk.pass_time(10)
        await talk.send_text(line)
        await desk.settled()

    me = talk.chat.chat_id
    await write("有认证的马桶，甲家大院的马桶要三星的")
    await in_books(desk, lambda books: _own(books, me))
    await write("帮壬大爷看看500以内的马桶")
    await write("第一个加到癸家清单")
    await write("回到我自己")
    for purpose in permissions.PURPOSES:
        await in_books(desk, lambda books, p=purpose: permissions.allow(books, me, p, "zh_Hans_CN", given=True))
    await in_books(
        desk, lambda books: permissions.watch(books, me, "category", "tile_floor", ["x"], "zh_Hans_CN", None)
    )
    desk.server.bot.flags["can_read_all_group_messages"] = True
    await group.member(user).send_text("@lvxuan_bot 乙家的瓷砖")
    inline = desk.server.inline(user)
    await inline.wait_for_results(await inline.query("丙家的门窗"))
    await desk.settled()
    await talk.send_photo(next(iter(pictures(["DEMO-LJ-25-190102"], 1)))[2])
    await desk.settled()
    await write("人工，丁家打电话")
    topic = desk.topic_of(name)
    await desk.at("小陈", topic).send_text("您好，丑家姑娘来接")
    await desk.settled()
    await write("戊家补一句")
    return talk


def _own(books: Books, chat_id: int) -> None:
    """What an ambassador has, and what somebody wants of a list of another."""
    asking = ambassadors.ask(books, chat_id, f"ref{chat_id}"[-8:], "己秀英", "庚县辛村")
    ambassadors.decide(books, asking, "approved")
    wants.want(books, "another", chat_id, "product:x", 2, "子家留名")


async def test_all_that_is_kept_is_exported_and_after_forget_nothing_is_left(tmp_path, url: str) -> None:
    async with office(tmp_path, url) as desk:
        talk = await live(desk, "辰婶")
        other = await live(desk, "巳叔")
        me, bot = talk.chat.chat_id, desk.server.bot.me.user_id
        ring = KeyRing(load_keys(desk.folder / "key"))
        keys = [ring.pseudonym(f"{bot}:{name}").hex() for name in _names(desk, me)]
        before = dump(desk)
        kept = traces(before, *SEEDS, *keys)
        assert {seed for found in kept.values() for seed in found} >= set(SEEDS), "each was kept somewhere"
        assert "丙家的门窗" not in str(before), "what is typed inline is not kept"
        await in_books(desk, lambda books: lists.of_person(books, me))

        await talk.send_text("/export")
        await desk.settled()
        files = [m.body["document"]["file_id"] for m in talk.bot_messages() if m.body.get("document")]
        exported = desk.server.bot.files[files[-1]].content.decode()
        own = {name: rows for name, rows in before.items() if name not in _WAITING}
        for seed in SEEDS:
            if traces(own, seed):
                assert seed in exported, (seed, traces(own, seed))

        await talk.send_text("/forget")
        await desk.settled()
        await asyncio.sleep(0)
        after = dump(desk)
        left = traces(after, *keys, "辰婶", f'"{me}"', f'"chat": {me}')
        assert {name: found for name, found in left.items() if name not in _STAYS} == {}, _shown(after, left, keys)
        assert _rows_of(after, keys[0], "journal_conversations") in ([], [_EMPTY])
        assert traces(after, *SEEDS), "the other person's are still there"
        await other.send_text("/forget")
        await desk.settled()
        gone = dump(desk)
        assert traces(gone, *SEEDS) == {}, _shown(gone, traces(gone, *SEEDS), list(SEEDS))


# What waits to be handled or sent, and goes with it.
_WAITING = frozenset({"journal_updates", "journal_outgoing"})
# The chat itself: its pseudonym and sealed number, so that the word that all is forgotten can be sent; nothing else of it.
_STAYS = frozenset({"journal_conversations", "journal_updates"})
_EMPTY: dict[str, Any] = {"session": None, "kept": None}


def _names(desk: Office, me: int) -> Iterator[str]:
    """The names of a person's conversations."""
    yield str(me)
    yield f"user:{me}"
    for chat in desk.server.bot.chats.values():
        if not chat.is_private:
            yield f"{chat.chat_id}:{me}"


def _rows_of(rows: dict[str, list[dict[str, Any]]], key: str, table: str) -> list[dict[str, Any]]:
    return [{name: row[name] for name in _EMPTY} for row in rows.get(table, ()) if key in (row["key"], row["chat"])]


def _shown(rows: dict[str, list[dict[str, Any]]], left: dict[str, list[str]], marks: list[str]) -> str:
    """The rows that should not be there."""
    return "\n".join(
        f"{table}: {text[:600]}"
        for table in left
        for row in rows[table]
        if any(mark in (text := json.dumps(row, ensure_ascii=False, default=str)) for mark in (*marks, *left[table]))
    )
