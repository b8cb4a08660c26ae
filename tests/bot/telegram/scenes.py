"""Play the scenes of tests/bot/golden/scenes: what happens in groups, inline, with pictures and adverts, for four readers.

A line is `what: argument`: see `_DEEDS`. Each reader has chosen a language in the private chat before; `big` is 长辈模式.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.botapi_server.driving import Conversation
from bot.botapi_server.groups import GroupChat
from bot.languages import ENGLISH, SIMPLIFIED, TRADITIONAL, Wordings
from bot.wording import load_wording
from catalog_db.journal import broadcasts, permissions
from catalog_db.journal.books import Books
from tests.assistants import demonstration
from tests.bot.telegram.dialogs import press, say
from tests.bot.telegram.private_chat import Bot, buttons_of
from tests.bot.telegram.test_pictures import code, plain_photo
from tests.bot.transcripts import GOLDEN

WORDINGS = Wordings(load_wording())
READERS = {"hans": SIMPLIFIED, "hant": TRADITIONAL, "en": ENGLISH, "big": SIMPLIFIED}
PAUSE = 60.0  # seconds between two deeds
_PAYLOAD = re.compile(r"(\?start=)[A-Za-z0-9_-]+")


@dataclass
class Scene:
    """One reader in the private chat, and in a group that is made when it is needed."""

    bot: Bot
    reader: str
    talk: Conversation
    lines: list[str]
    group: GroupChat | None = None

    @property
    def member(self) -> Conversation:
        """The reader in the group."""
        if self.group is None:
            self.group = self.bot.server.group("柳河村", [self.talk.user, self.bot.server.user("李二")])
        return self.group.member(self.talk.user)

    def text(self) -> str:
        """What was seen: the scene's own lines, the private chat from where it began, the group."""
        shown = [*self.lines, *self.talk.transcript()]
        if self.group is not None:
            shown += ["— 柳河村 —", *self.group.transcript()]
        return _PAYLOAD.sub(r"\1…", "\n".join(shown)) + "\n"


def scenes() -> list[str]:
    return sorted(file.stem for file in (GOLDEN / "scenes").glob("*.txt"))


async def play(bot: Bot, name: str, reader: str) -> str:
    """Play a scene; return what was seen."""
    bot.server.bot.flags["can_read_all_group_messages"] = True
    scene = Scene(bot, reader, await reading(bot, reader), [])
    for line in (GOLDEN / "scenes" / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            deed, _, argument = line.partition(":")
            bot.pass_time(PAUSE)
            await _DEEDS[deed](scene, argument.strip())
            await bot.settled()
    return scene.text()


async def reading(bot: Bot, reader: str) -> Conversation:
    """The private chat of somebody who has chosen to read so; its transcript begins behind that."""
    talk = bot.server.private(bot.server.user("王婶", language="zh-hans"))
    if READERS[reader] != SIMPLIFIED:
        offered = await say(bot, talk, "/language")
        wanted = WORDINGS.first.say(f"language.name.{READERS[reader]}")
        await press(bot, talk, offered, next(b for b in buttons_of(offered) if b["text"] == wanted))
    if reader == "big":
        await say(bot, talk, "/big")
    talk.chat.events.clear()
    talk.replies()
    return talk


async def _delivered(scene: Scene, talk: Conversation, deed: Awaitable[Any]) -> None:
    """Wait until something of the bot has come into a chat."""
    before = talk.delivered
    await deed
    await talk.wait_until(lambda: talk.delivered > before, what=f"an answer in:\n{talk.text()}")


async def _group(scene: Scene, line: str) -> None:
    await _delivered(scene, scene.member, scene.member.send_text(f"@lvxuan_bot {line}".strip()))


async def _reply(scene: Scene, line: str) -> None:
    member = scene.member
    await _delivered(scene, member, member.send_text(line, reply_to=member.bot_messages()[-1]))


async def _reply_photo(scene: Scene, line: str) -> None:
    from bot.botapi_server.files import keep_file, media_body

    member, account = scene.member, scene.bot.server.bot
    stored = keep_file(account, "photo", "p.jpg", "image/jpeg", plain_photo())
    content = {"photo": media_body("photo", stored, {})}
    await _delivered(scene, member, member.send(content, reply_to=member.bot_messages()[-1]))


async def _command(scene: Scene, line: str) -> None:
    await _delivered(scene, scene.member, scene.member.send_text(f"{line}@lvxuan_bot"))


async def _inline(scene: Scene, line: str) -> None:
    inline = scene.bot.server.inline(scene.talk.user)
    asked = await inline.query(line)
    await inline.wait_for_results(asked)
    answer = asked.answer or {}
    scene.lines.append(f"@lvxuan_bot {line}  ({answer['button']['text']})")
    for result in answer["results"][:3]:
        described = result.get("description", "").replace("\n", " / ")
        said = re.sub("<[^>]+>", "", result["input_message_content"]["message_text"])
        buttons = [b for row in result.get("reply_markup", {}).get("inline_keyboard", []) for b in row]
        scene.lines += [f"  {result['title']} — {described}", *(f"    {part}" for part in said.split("\n"))]
        scene.lines += [f"    [{b['text']}]" for b in buttons]


async def _photo(scene: Scene, line: str) -> None:
    picture = plain_photo() if line == "blank" else code(line)
    await _delivered(scene, scene.talk, scene.talk.send_photo(picture))


async def _say(scene: Scene, line: str) -> None:
    await _delivered(scene, scene.talk, scene.talk.send_text(line))


async def _pin(scene: Scene, line: str) -> None:
    latitude, longitude = map(float, line.split())
    await _delivered(scene, scene.talk, scene.talk.send_location(latitude, longitude))


async def _voice(scene: Scene, line: str) -> None:
    await _delivered(scene, scene.talk, scene.talk.send_voice())


async def _press(scene: Scene, key: str) -> None:
    label = WORDINGS.of(READERS[scene.reader], simple=scene.reader == "big").say(key)
    message = next(m for m in reversed(scene.talk.bot_messages()) if any(b["text"] == label for b in buttons_of(m)))
    await _delivered(scene, scene.talk, scene.talk.press(message, label))


async def _tap(scene: Scene, key: str) -> None:
    """Press a button whose answer comes in the place of its message."""
    label = WORDINGS.of(READERS[scene.reader], simple=scene.reader == "big").say(key)
    message = next(m for m in reversed(scene.talk.bot_messages()) if any(b["text"] == label for b in buttons_of(m)))
    await press(scene.bot, scene.talk, message, next(b for b in buttons_of(message) if b["text"] == label))


async def _simple_tap(scene: Scene, key: str) -> None:
    """Press what only 长辈模式 shows."""
    if scene.reader == "big":
        await _tap(scene, key)


async def _edit(scene: Scene, line: str) -> None:
    """Change what was said last; its answer changes where it stands."""
    own = next(m for m in reversed(scene.talk.chat.visible()) if not m.from_bot)
    answer = scene.talk.bot_messages()[-1]
    before = answer.edits
    await scene.talk.edit(own, line)
    await scene.talk.wait_until(lambda: answer.edits > before, what="the changed answer")


def _file(kind: str) -> Callable[[Scene, str], Awaitable[None]]:
    async def send(scene: Scene, line: str) -> None:
        await _delivered(scene, scene.talk, scene.talk.send_file(kind, b"....", filename=line))

    return send


async def _contact(scene: Scene, line: str) -> None:
    await _delivered(scene, scene.talk, scene.talk.send_contact(line))


async def _album(scene: Scene, line: str) -> None:
    async def both() -> None:
        for _ in range(2):
            await scene.talk.send_file("photo", plain_photo(), filename="p.jpg", album="7")

    await _delivered(scene, scene.talk, both())


async def _news(scene: Scene, guide: str) -> None:
    """Let the reader allow news, and an operator send a guide."""
    chat_id, found = scene.talk.chat.chat_id, demonstration().catalogue.guides[guide]

    def planned(books: Books) -> int:
        permissions.allow(books, chat_id, "news", READERS[scene.reader], given=True)
        return broadcasts.plan(books, found.title, {}, books.now, guide)

    journal = scene.bot.service.journal
    await _delivered(scene, scene.talk, asyncio.wrap_future(journal.write(planned, scene.bot.service.clock.now())))


async def _cheaper(scene: Scene, line: str) -> None:
    """What the reader watches has cost more until now."""
    journal, now = scene.bot.service.journal, scene.bot.service.clock.now()
    with journal.reading(now) as books:
        [watch] = list(permissions.watched(books, scene.talk.chat.chat_id))
    told = {**watch.told, "price": "99999"}
    changed = journal.write(lambda books: permissions.looked(books, watch, told, "before", None), now)
    await _delivered(scene, scene.talk, asyncio.wrap_future(changed))


async def _forward(scene: Scene, line: str) -> None:
    seller = scene.bot.server.user("卖家")
    market = scene.bot.server.group("集市", [seller])
    market.kick_bot()
    message = await market.member(seller).send_text(line)
    await _delivered(scene, scene.talk, scene.talk.forward(message))


_DEEDS: dict[str, Callable[[Scene, str], Awaitable[None]]] = {
    "group": _group,
    "reply": _reply,
    "reply photo": _reply_photo,
    "command": _command,
    "inline": _inline,
    "photo": _photo,
    "voice": _voice,
    "say": _say,
    "pin": _pin,
    "press": _press,
    "tap": _tap,
    "simple tap": _simple_tap,
    "edit": _edit,
    "sticker": _file("sticker"),
    "video": _file("video"),
    "document": _file("document"),
    "contact": _contact,
    "album": _album,
    "news": _news,
    "cheaper": _cheaper,
    "forward": _forward,
}
