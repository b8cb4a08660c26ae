"""Groups: answered only when addressed, shortly, each person with a context of their own; the rest stays unheard.

What is not said to us never comes here: `arrivals` drops it before it is written.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.channels.telegram import commands, questions
from bot.channels.telegram.arrivals import BotIdentity
from bot.channels.telegram.chat_parts import Parts
from bot.channels.telegram.deep_links import DeepLinks
from bot.channels.telegram.group_talk import GroupTalk
from bot.channels.telegram.outgoing import Chore, ConversationState, Handled, Outgoing
from bot.channels.telegram.payloads import Owner, Payloads
from bot.channels.telegram.presses import pressed
from bot.channels.telegram.private import spend
from bot.channels.telegram.readers import reader_of
from bot.channels.telegram.requests import message
from bot.channels.telegram.updates import Command, Event, GuestAsked, Located, Other, Place, Pressed, Said, Sent
from bot.english import in_chinese
from bot.languages import ENGLISH
from handlers.turn import Action

_PLAIN_COMMANDS = {"start": "group.hello", "help": "group.hello", "privacy": "group.privacy"}
_PRIVATE = frozenset({"export"})  # answered where nobody else reads


@dataclass(frozen=True, slots=True)
class GroupRoom:
    """Every group but the staff's. Keeps nothing: the journal does."""

    parts: Parts
    payloads: Payloads
    links: DeepLinks
    me: BotIdentity
    key: bytes

    def takes(self, event: Event) -> bool:
        """Tell whether an event lies in a group."""
        place = getattr(event, "place", None)
        return isinstance(place, Place) and not place.private and place.chat_id != self.me.staff_chat_id

    def chores(self) -> Sequence[Chore]:
        """Return nothing: a group is only ever answered."""
        return ()

    def handle(self, event: Event, conversation: ConversationState, now: datetime) -> Handled:
        """Answer an event of a group."""
        if isinstance(event, GuestAsked):
            return self._guest(event, conversation, now)
        if isinstance(event, Other):
            return self._hello(event, conversation)
        place: Place = event.place  # type: ignore[union-attr]  # `takes` has seen it
        talk = self._begin(event, place, conversation, now)
        if isinstance(event, Pressed):
            return talk.handled(self._pressed(talk, event))
        if not spend(talk):
            return talk.handled("over_budget")
        return talk.handled(self._answer(talk, event))

    # ---- what happens

    def _answer(self, talk: GroupTalk, event: Event) -> str:
        if isinstance(event, Command):
            return self._command(talk, event)
        if isinstance(event, Said):
            return self._said(talk, replace(event, text=self.without_name(event.text)))
        if isinstance(event, Located):
            talk.say("group.location")
            return "group_location"
        if isinstance(event, Sent) and not event.edited:
            talk.say("group.media")
            return f"media_{event.kind}"
        return "ignored"

    def _command(self, talk: GroupTalk, event: Command) -> str:
        if event.name == "ask" and event.argument:
            return _question(talk, event.argument, event.message_id, event.date)
        if event.name == "forget":
            return commands.forget(talk)
        known = _PLAIN_COMMANDS.get(event.name) or ("group.private" if event.name in _PRIVATE else None)
        if known is None and event.to is None and event.name != "ask":
            return "ignored_command"  # of another bot, perhaps
        talk.say(known or "group.hello", name=self.me.username)
        return f"group_{event.name}" if known else "group_help"

    def _said(self, talk: GroupTalk, event: Said) -> str:
        if not event.text:
            talk.say("group.hello", name=self.me.username)
            return "group_hello"
        if event.edited:
            outcome = questions.said(talk, event)
            if outcome != "edited_late" or _answered(talk, event.message_id):
                return outcome
        return _question(talk, event.text, event.message_id, event.date)

    def _pressed(self, talk: GroupTalk, event: Pressed) -> str:
        if self.payloads.decode(talk.owner, event.data) is None:
            talk.acknowledge(event.query_id, "group.press.other")
            return "press_forged"
        if not spend(talk):
            talk.acknowledge(event.query_id, "telegram.slow_down")
            return "over_budget"
        return pressed(talk, event, self.payloads)

    def _hello(self, event: Other, conversation: ConversationState) -> Handled:
        """Say once how to call us when we come into a group, in the language of who took us there."""
        place = event.place
        if place is None or self.me.bot_id not in event.joined:
            return Handled(outcome=f"ignored_{event.kind}")
        locale = reader_of(conversation, place.user_id).locale_for(place.language, "")
        said = self.parts.wordings.of(locale).say("group.joined", name=self.me.username)
        return Handled(outgoing=(Outgoing("sendMessage", {"text": said}, place.chat_id),), outcome="group_joined")

    def _guest(self, event: GuestAsked, conversation: ConversationState, now: datetime) -> Handled:
        """Answer where we are no member: one message, through the query that named us."""
        talk = self._begin(event, event.place, conversation, now)
        text = self.without_name(event.text)
        outcome = "guest_hello"
        said = {"text": talk.wording.say("group.hello", name=self.me.username)}
        if text and spend(talk):
            reply = talk.ask(_understood(talk, text))
            said = message(talk.page(reply), None)
            talk.session, outcome = reply.after, f"guest_{reply.answer.intent}"
        content = {"message_text": said.pop("text"), **said}
        result = {
            "type": "article", "id": "answer", "title": talk.wording.say("group.guest"),
            "input_message_content": content,
        }  # fmt: skip
        params = {"guest_query_id": event.query_id, "result": result}
        talk.outgoing.append(Outgoing("answerGuestQuery", params, None, "answer_callback", critical=False))
        return talk.handled(outcome)

    # ---- who and where

    def without_name(self, text: str) -> str:
        """Take our name out of what was said."""
        name = rf"(?<![\w@])@{re.escape(self.me.username)}(?!\w)[，,：:]?"
        return " ".join(re.sub(name, " ", text, flags=re.IGNORECASE | re.ASCII).split(" ")).strip()

    def _begin(self, event: Event, place: Place, conversation: ConversationState, now: datetime) -> GroupTalk:
        user = place.user_id
        owner = Owner(self.me.bot_id, place.chat_id, user or 0)
        state = conversation if user is not None else ConversationState(conversation.bot_id, conversation.chat_id)
        talk = GroupTalk.begin(self.parts, owner, state, now)
        assert isinstance(talk, GroupTalk)  # noqa: S101 - for the type checker: `begin` makes what it is called on
        talk.reply_to = getattr(event, "message_id", None) if not isinstance(event, Pressed) else None
        talk.thread_id, talk.anonymous = place.thread_id, user is None
        reader = reader_of(conversation, user)  # what was chosen in the private chat holds here too
        memory, text = talk.memory, getattr(event, "text", "") or getattr(event, "argument", "")
        memory.chosen, memory.locale = reader.chosen, reader.locale_for(place.language, text, memory.locale)
        talk.session.simple = reader.simple
        if user is not None:
            talk.prefix = self._prefix(user)
            talk.link = partial(self._link, place.chat_id, user)
        return talk

    def _prefix(self, user: int) -> str:
        digest = hmac.digest(self.key, f"names of messages {user}".encode(), "sha256")
        return base64.urlsafe_b64encode(digest[:6]).decode()

    def _link(self, chat_id: int, user: int, issue: int) -> str | None:
        payload = self.links.encode(Action("asked", (f"{-chat_id}_{user}_{issue}",)))
        return f"https://t.me/{self.me.username}?start={payload}" if payload else None


def _question(talk: GroupTalk, text: str, message_id: int, date: datetime) -> str:
    """Answer at once: in a group nobody waits for the other half of a sentence, which may never be said to us."""
    reply = talk.ask(_understood(talk, text))
    if questions.erases(reply.answer):
        return commands.forget(talk)
    talk.show(reply, said=[[(message_id, text)]], at=date.timestamp())
    return reply.answer.intent


def _understood(talk: GroupTalk, text: str) -> str:
    """Put a short request in English into the words that we understand."""
    if talk.memory.locale != ENGLISH or talk.session.action_for(text) is not None:
        return text
    return in_chinese(text) or text


def _answered(talk: GroupTalk, message_id: int) -> bool:
    """Tell whether a message may have been answered before what we remember; a newer one was not said to us before."""
    known = [number for shown in talk.memory.shown for parts in shown.said for number, _ in parts]
    return bool(known) and message_id < min(known)
