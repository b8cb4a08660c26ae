"""The private chat: who may ask how much, and which part answers what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.channels.telegram import commands, questions
from bot.channels.telegram.chat_parts import Parts, Spoken
from bot.channels.telegram.deep_links import DeepLinks
from bot.channels.telegram.location import located
from bot.channels.telegram.outgoing import ConversationState, Handled
from bot.channels.telegram.payloads import ANY_NOTEBOOK, Owner, Payloads
from bot.channels.telegram.presses import pressed, typed
from bot.channels.telegram.talk import Talk
from bot.channels.telegram.updates import Command, Event, Fetched, Located, Place, Pressed, Said, Sent
from bot.english import in_chinese
from bot.languages import ENGLISH

# Each person may ask so much at once, and goes on at this pace; a person never gets there, a script does.
BUDGET = 20.0
BUDGET_PER_SECOND = 0.5
RESTED = 3.0  # who goes on asking too fast hears it once, not with every answer that comes in between

_WORDED = frozenset({"voice", "photo", "sticker", "video", "document", "contact"})


@dataclass(frozen=True, slots=True)
class PrivateChat:
    """Answers one person. Keeps nothing: the journal does."""

    parts: Parts
    payloads: Payloads
    links: DeepLinks
    bot_id: int

    def handle(self, event: Event, place: Place, conversation: ConversationState, now: datetime) -> Handled:
        """Answer an event of a private chat."""
        talk = self._begin(
            place.chat_id, conversation, now, None if isinstance(event, Fetched) else _spoken(event, place)
        )
        talk.name = place.name
        if isinstance(event, Pressed) and not self._made(talk, event):
            return talk.handled(pressed(talk, event, self.payloads))
        if not isinstance(event, Fetched) and not spend(talk):
            return talk.handled(_over_budget(talk, event))
        handled = talk.handled(self._answer(talk, event))
        return self.parts.follow(talk, event, handled) if self.parts.follow else handled

    def wake(self, conversation: ConversationState, now: datetime) -> Handled:
        """Answer what waited."""
        talk = self._begin(conversation.chat_id or 0, conversation, now)
        return talk.handled(questions.woken(talk))

    def _begin(self, chat_id: int, conversation: ConversationState, now: datetime, said: Spoken | None = None) -> Talk:
        # A private chat has the number of its person.
        return Talk.begin(self.parts, Owner(self.bot_id, chat_id, chat_id), conversation, now, said)

    def _made(self, talk: Talk, event: Pressed) -> bool:
        """Tell whether we made a button for this person, in whichever notebook."""
        numbers = (talk.notebook.number, ANY_NOTEBOOK, 0, *talk.notebook.names)
        return any(self.payloads.decode(replace(talk.owner, notebook=number), event.data) for number in numbers)

    def _answer(self, talk: Talk, event: Event) -> str:
        taken = (feature.take(talk, event) for feature in self.parts.features)
        outcome = next((outcome for outcome in taken if outcome is not None), None)
        return self._assist(talk, event) if outcome is None else outcome

    def _assist(self, talk: Talk, event: Event) -> str:
        if isinstance(event, Said):
            return self._said(talk, event)
        if isinstance(event, Sent) and event.edited:
            return "edited_media"
        if talk.memory.waiting is not None:
            questions.woken(talk)
        if isinstance(event, Pressed):
            return pressed(talk, event, self.payloads)
        if isinstance(event, Command):
            return commands.command(talk, event, self.links)
        if isinstance(event, Located):
            return located(talk, event)
        return _sent(talk, event) if isinstance(event, Sent) else "ignored"

    def _said(self, talk: Talk, event: Said) -> str:
        if event.around.card and not event.around.forwarded:
            return "own_card"  # put here by way of our inline mode: it says all there is, its button opens the rest
        talk.forwarded = event.around.forwarded
        latest = talk.memory.latest
        own = None if event.edited else talk.memory.own_action(event.text)
        if own is not None and latest is not None:
            return typed(talk, latest, own)
        return questions.said(talk, _in_chinese(talk, event))


def _in_chinese(talk: Talk, event: Said) -> Said:
    """Put a key of the menu, or a short request in English, into the words that we understand."""
    asked = commands.asked_by_menu(event.text, talk.parts.wordings)
    if asked is None and talk.memory.locale == ENGLISH and talk.session.action_for(event.text) is None:
        asked = in_chinese(event.text)
    return replace(event, text=asked) if asked else event


def _spoken(event: Event, place: Place) -> Spoken:
    return Spoken(place.language, event.text if isinstance(event, Said) else "")


def spend(talk: Talk) -> bool:
    """Take one from the person's budget; False when nothing is left."""
    memory = talk.memory
    left = BUDGET if memory.left is None else memory.left + (talk.at - memory.left_at) * BUDGET_PER_SECOND
    memory.left, memory.left_at = min(left, BUDGET), talk.at
    if memory.left < 1:
        return False
    memory.left -= 1
    memory.warned = memory.warned and memory.left < RESTED
    return True


def _over_budget(talk: Talk, event: Event) -> str:
    """Say it once; a button is acknowledged all the same."""
    if isinstance(event, Pressed):
        talk.acknowledge(event.query_id, "telegram.slow_down")
    elif not talk.memory.warned:
        talk.say("telegram.slow_down")
    talk.memory.warned = True
    return "over_budget"


def _sent(talk: Talk, event: Sent) -> str:
    """Say what we cannot do with a thing that is no text, and how to go on."""
    talk.say(f"telegram.media.{event.kind if event.kind in _WORDED else 'other'}")
    return f"media_{event.kind}"
