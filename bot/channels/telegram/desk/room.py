"""The staff's side of the desk: a `features.Room` for the staff groups and for the reports of posts.

What takes long is done beside the writer; everything is decided in the transaction (`heard`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.channels.telegram.desk import commands, learning, pump, reports
from bot.channels.telegram.desk.deeds import Prepared
from bot.channels.telegram.desk.heard import Heard
from bot.channels.telegram.desk.parts import Desk, post_of
from bot.channels.telegram.desk.school import Judgement
from bot.channels.telegram.outgoing import Chore, ConversationState, Handled
from bot.channels.telegram.readers import reader_of
from bot.channels.telegram.updates import Command, Event, Place, Reported, Said
from bot.languages import SPOKEN, locale_of_code
from catalog_db.journal import desk, desk_learning
from catalog_db.journal.books import Books
from handlers.certification.claims import find_claims


@dataclass(frozen=True, slots=True)
class DeskRoom:
    """See the module."""

    desk: Desk

    def takes(self, event: Event) -> bool:
        """Tell whether an event lies in a staff group, or is a report."""
        if isinstance(event, Reported):
            return post_of(event.tag) is not None or learning.number_of(event.tag) is not None
        place: Place | None = getattr(event, "place", None)
        return place is not None and place.chat_id in self.desk.settings.rooms

    def handle(self, event: Event, conversation: ConversationState, now: datetime) -> Handled:
        """Answer an event: everything is decided in the transaction."""
        if isinstance(event, Reported):
            self._publish(event, conversation)
            return Handled(outcome="desk", within=lambda books: self._told(books, event))
        place: Place | None = getattr(event, "place", None)
        if place is None:  # `takes` has seen to it
            return Handled(outcome="desk")
        speaking = self._speaking(place, conversation)
        claims = find_claims(event.text) if isinstance(event, Said) else ()
        heard = Heard(self.desk, speaking, claims, self._prepared(speaking, event, conversation))
        room = place.chat_id
        return Handled(outcome="desk", within=lambda books: self._decided(books, room, heard, event, now))

    def _speaking(self, place: Place, conversation: ConversationState) -> Desk:
        """Return the desk in the language of who acts: the one chosen in private, else that of Telegram."""
        chosen = reader_of(conversation, place.user_id).chosen
        return self.desk.to(chosen if chosen in SPOKEN else locale_of_code(place.language))

    def _prepared(self, speaking: Desk, event: Event, conversation: ConversationState) -> Prepared | Judgement | None:
        """Do beside the writer what takes long."""
        if conversation.books is None or not isinstance(event, Command):
            return None
        with conversation.books() as books:
            return commands.prepare(speaking, books, event)

    def _publish(self, event: Reported, conversation: ConversationState) -> None:
        """Let what the lead approved be known to the assistant."""
        number = learning.number_of(event.tag)
        if number is not None and conversation.books is not None:
            with conversation.books() as books:
                learning.publish(self.desk, books, number)

    def chores(self) -> Sequence[Chore]:
        """Return nothing: the feature names what is done again and again."""
        return ()

    def _told(self, books: Books, event: Reported) -> Handled:
        """Go on from a report."""
        number = learning.number_of(event.tag)
        if number is None:
            return Handled(outgoing=tuple(reports.reported(self.desk, books, event)), outcome="desk_report")
        if desk_learning.decide(books, number, "approved", "live"):
            desk_learning.supersede(books, number)
        return Handled(outcome="desk_learned")

    def _decided(self, books: Books, room: int, heard: Heard, event: Event, now: datetime) -> Handled:
        desk.lock(books, room)
        calls = heard.calls(books, event, now)
        outcome = f"desk_{type(event).__name__.lower()}"
        return Handled(outgoing=(*calls, *pump.pump(self.desk, books, room)), outcome=outcome)
