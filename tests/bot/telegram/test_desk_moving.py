"""Tickets from a time without a staff group, and of a group that is left: they go on where there is one, whole and in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.botapi_server.groups import GroupChat
from bot.channels.telegram.desk.hours import DeskSettings
from tests.bot.telegram.staff_desk import Office, office


async def _configured(at: Office, rooms: list[GroupChat]) -> None:
    """Begin again with other staff groups, as an operator does who changes the setting."""
    at.rooms = rooms
    at.settings = DeskSettings(tuple(room.chat.chat_id for room in rooms))
    await at.restart()


@pytest.mark.parametrize("asks_again", [False, True])
async def test_a_ticket_kept_without_a_group_goes_to_one_that_is_set_up_later(
    tmp_path: Path, journal_url: str, asks_again: bool
) -> None:
    """By itself within a minute, or at once when the person asks again."""
    async with office(tmp_path, journal_url) as at:
        groups = at.rooms
        await _configured(at, [])
        aunt, uncle = at.person("王婶"), at.person("李叔")
        for person, words in ((aunt, "墙掉灰"), (uncle, "瓷砖裂了")):
            await person.send_text(words)
            await at.settled()
            await person.send_text("人工")
            await at.settled()
            assert "没有人值班" in person.text()
        await _configured(at, groups)
        if asks_again:
            await aunt.send_text("人工")
            await uncle.send_text("人工")
        else:
            at.pass_time(70)
        await at.until(lambda: len(at.topics()) == 2)
        await at.settled()
        for name, words, other in (("王婶", "人工", "瓷砖"), ("李叔", "人工", "掉灰")):
            posts = at.posts(at.topic_of(name))
            assert f"{name} 找人" in posts[0].text and posts[0].reply_markup is not None
            assert words in at.text(at.topic_of(name)) and other not in at.text(at.topic_of(name))
            assert len([one for one in at.topics() if name in one.name]) == 1
        before = len(uncle.bot_messages())
        await at.at("小陈", at.topic_of("王婶")).send_text("我们上班了，您说")
        await at.settled()
        assert aunt.bot_messages()[-1].text == "我们上班了，您说"
        assert len(uncle.bot_messages()) == before
        await aunt.send_text("还是掉灰")
        await at.settled()
        assert "还是掉灰" in at.text(at.topic_of("王婶"))
