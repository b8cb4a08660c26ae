"""Seams of the channel: parts of the private chat that come before the assistant, and rooms with chats of their own.

A part keeps what it keeps in the books (`catalog_db.journal.books`); it decides with `Talk.decide` or `Handled.within`. It is
named where the channel is put together (`bot.telegram_command.maker`), the first that takes an event has it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from bot.channels.telegram.outgoing import Chore, ConversationState, Handled, Json
from bot.channels.telegram.talk import Talk
from bot.channels.telegram.updates import Event
from catalog_db.journal.books import Books


class Feature(Protocol):
    """A part of the private chat: alerts, lists, notebooks, a person of the staff."""

    def take(self, talk: Talk, event: Event) -> str | None:
        """Answer an event that is ours and return the outcome; None leaves it to the next."""

    def chores(self) -> Sequence[Chore]:
        """Return what is to be done again and again."""

    def export(self, books: Books, chat_id: int) -> Json:
        """Return everything that is kept of a person, to be read by the person; empty when there is nothing."""

    def forget(self, books: Books, chat_id: int) -> None:
        """Delete everything that is kept of a person."""


@runtime_checkable
class Wishing(Protocol):
    """A part that does more than say what the assistant has understood: key of the first thing said → what is done instead."""

    def wishes(self) -> Mapping[str, Callable[[Talk], str]]:
        """Return it; each returns the outcome."""


class Room(Protocol):
    """A part of the channel with chats of its own: groups, inline queries, the staff's group."""

    def takes(self, event: Event) -> bool:
        """Tell whether an event lies here."""

    def handle(self, event: Event, conversation: ConversationState, now: datetime) -> Handled:
        """Answer an event."""

    def chores(self) -> Sequence[Chore]:
        """Return what is to be done again and again."""
