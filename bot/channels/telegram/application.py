"""The Telegram channel put together: an update comes in, the chat it belongs to answers. Nothing here talks to the network.

What lies in no room (`features.Room`) and in no private chat is acknowledged and otherwise left alone.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.channels.exchange import Responder
from bot.channels.telegram.arrivals import BotIdentity
from bot.channels.telegram.chat_parts import Follow, Handoff, Parts
from bot.channels.telegram.deep_links import DeepLinks
from bot.channels.telegram.features import Feature, Room, Wishing
from bot.channels.telegram.group_links import GroupLinks
from bot.channels.telegram.groups import GroupRoom
from bot.channels.telegram.keyboards import Keyboards, Under, nothing_under
from bot.channels.telegram.keys import Keys
from bot.channels.telegram.outgoing import Chore, ConversationState, Handled, Json, Outgoing
from bot.channels.telegram.payloads import Payloads
from bot.channels.telegram.plain_texts import read_plain_text
from bot.channels.telegram.private import PrivateChat
from bot.channels.telegram.requests import acknowledgement, message
from bot.channels.telegram.rich import rich
from bot.channels.telegram.talk import Talk
from bot.channels.telegram.updates import InlineAsked, InlineChosen, Other, Pressed, Reported, Unreadable, read_update
from bot.languages import Wordings, locale_of_code
from bot.wording import Wording
from handlers.turn import Answer


def build_assistant_handler(
    assistant: Responder, wording: Wording, keys: Keys, me: BotIdentity,
    features: tuple[Feature, ...] = (), rooms: tuple[Room, ...] = (), under: Under = nothing_under,
    handoff: Handoff | None = None, follow: Follow | None = None,
    beside: Callable[[Talk, Answer, str | None], Answer] | None = None,
) -> AssistantHandler:  # fmt: skip
    """Make the handler of a bot with its parts, which are asked in this order. `under`: see `Keyboards`; `follow`, `beside`: see `Parts`."""
    payloads = payloads_of(keys)
    links = links_of(keys, me.bot_id)
    wordings = Wordings(wording)
    keyboards = Keyboards(payloads, links, me.username, under)
    features = (*features, GroupLinks(links))
    wishes = {key: do for part in features if isinstance(part, Wishing) for key, do in part.wishes().items()}
    parts = Parts(assistant, keyboards, wording, wordings, features, wishes, handoff)
    private = PrivateChat(replace(parts, follow=follow, beside=beside), payloads, links, me.bot_id)
    # In a group lists and tickets are nobody else's business.
    plain = Parts(assistant, Keyboards(payloads, links, me.username), wording, wordings)
    groups = GroupRoom(plain, payloads, links, me, _derived(keys.pseudonyms))
    return AssistantHandler(private, (*rooms, groups), wordings)


def payloads_of(keys: Keys) -> Payloads:
    """Make what signs the buttons of a bot."""
    return Payloads([_derived(seal) for seal in keys.seals])


def links_of(keys: Keys, bot_id: int) -> DeepLinks:
    """Make the links of a bot: with the key that is never changed, for links are printed."""
    return DeepLinks(_derived(keys.pseudonyms), bot_id)


def _derived(key: bytes) -> bytes:
    """Return a key for signing: one key never serves two purposes."""
    return hmac.digest(key, b"lvxuan signatures", "sha256")


class AssistantHandler:
    """An `outgoing.Handler`."""

    def __init__(self, private: PrivateChat, rooms: Sequence[Room], wordings: Wordings) -> None:
        self._private = private
        self._rooms = tuple(rooms)
        self._wordings = wordings

    def handle(self, update: Json, conversation: ConversationState, now: datetime) -> Handled:
        """Answer one update."""
        event = read_plain_text(update) or read_update(update)
        if isinstance(event, Unreadable):
            return Handled(outgoing=self._acknowledged(event.query_id, now), outcome="unreadable")
        room = next((room for room in self._rooms if room.takes(event)), None)
        if room is not None:
            return room.handle(event, conversation, now)
        if isinstance(event, Other):
            return Handled(outcome=f"ignored_{event.kind}")
        if isinstance(event, (InlineAsked, InlineChosen, Reported)):
            return Handled(outcome="ignored_report" if isinstance(event, Reported) else "ignored_inline")
        if event.place.private:
            return self._private.handle(event, event.place, conversation, now)
        query_id = event.query_id if isinstance(event, Pressed) else None
        return Handled(outgoing=self._acknowledged(query_id, now), outcome="ignored_group")

    def wake(self, conversation: ConversationState, now: datetime) -> Handled:
        """Answer what was kept waiting."""
        return self._private.wake(conversation, now)

    def chores(self) -> Sequence[Chore]:
        """Return what the parts do again and again."""
        parts: list[Feature | Room] = [*self._private.parts.features, *self._rooms]
        return [chore for part in parts for chore in part.chores()]

    def apologise(self, update: Json, conversation: ConversationState, now: datetime) -> Handled:
        """Say that it did not work."""
        event = read_update(update)
        if isinstance(event, (Pressed, Unreadable)):
            code = event.place.language if isinstance(event, Pressed) else None
            failed = self._words(code).say("telegram.press.failed")
            return Handled(outgoing=self._acknowledged(event.query_id, now, failed), outcome="failed")
        if isinstance(event, (Other, InlineAsked, InlineChosen, Reported)) or not event.place.private:
            return Handled(outcome="failed")
        sorry = Outgoing(
            "sendMessage",
            message(rich(self._words(event.place.language).say("channel.failed")), None),
            event.place.chat_id,
        )
        return Handled(outgoing=(sorry,), outcome="failed")

    def _words(self, code: str | None) -> Wording:
        return self._wordings.of(locale_of_code(code))

    def _acknowledged(self, query_id: str | None, now: datetime, said: str | None = None) -> Sequence[Outgoing]:
        if query_id is None:
            return ()
        text = {"text": said} if said else {}
        return (acknowledgement({"callback_query_id": query_id, **text}, now),)
