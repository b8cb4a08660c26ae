"""What the desk does by itself: albums that are complete, topics never heard of, late answers, titles, what is kept no longer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.telegram.desk import delivery, pump, tickets
from bot.channels.telegram.desk.panel import CHOICES
from bot.channels.telegram.desk.parts import Desk, dirty, tell_topic, text_message
from bot.channels.telegram.outgoing import Chore, Outgoing
from catalog_db.journal import desk, desk_learning, desk_posts, desk_reviews, desk_staff, desk_telling
from catalog_db.journal.books import Books
from catalog_db.journal.desk import Ticket

CALL_AGAIN_SECONDS = 900.0
_DAY = 86_400.0


def of(parts: Desk) -> Sequence[Chore]:
    """Return the chores of a desk."""
    return (Posting(parts), Calling(parts), Keeping(parts), Restoring(parts))


@dataclass(frozen=True, slots=True)
class Posting:
    """Let go what has waited long enough."""

    desk: Desk
    every: float = 1.0

    def __call__(self, books: Books) -> Sequence[Outgoing]:
        """Post what is due."""
        calls: list[Outgoing] = []
        for room, key in desk_posts.ready_albums(books):
            desk.lock(books, room)
            who, ticket = desk.person_of(books, key), desk.latest(books, key)
            pending = desk_posts.pending_of(books, key)
            if who is not None and ticket is not None and pending:
                calls += delivery.send(self.desk, books, who, ticket, pending)
        for room in self.desk.settings.rooms:
            if not desk_posts.backlog(books, room) and not desk.untitled(books, room, 1):
                continue
            desk.lock(books, room)
            calls += pump.pump(self.desk, books, room) or pump.retitle(self.desk, books, room)
        return calls


@dataclass(frozen=True, slots=True)
class Calling:
    """Call the group when a first answer is late or a rest is over."""

    desk: Desk
    every: float = 10.0

    def __call__(self, books: Books) -> Sequence[Outgoing]:
        """Call for what is overdue, in the ticket's own topic and once for the group."""
        late: dict[int, list[Ticket]] = {}
        for due in self._due(books):
            desk.lock(books, due.room)
            ticket = desk.ticket(books, due.id) or due
            if ticket.state == "closed" or ticket.called_at != due.called_at:
                continue  # somebody was quicker
            who = desk.person_of(books, ticket.person) if ticket.person else None
            if who is None or ticket.room not in self.desk.settings.rooms:
                continue
            rested = ticket.snoozed_until is not None
            desk.change(books, ticket.id, called_at=books.now, snoozed_until=None)
            dirty(books, who)
            key = "desk.rest_over" if rested else "desk.late"
            tell_topic(
                books,
                who,
                ticket,
                self.desk.say(key, number=ticket.id),
                **{CHOICES: [["claim", "claim", str(ticket.id)]]},
            )
            late.setdefault(ticket.room, []).append(ticket)
        return [call for room, found in late.items() for call in self._called(books, room, found)]

    def _due(self, books: Books) -> list[Ticket]:
        if not self.desk.settings.is_open(self.desk.moment(books.now)):
            return []
        return desk.overdue(books, books.now - CALL_AGAIN_SECONDS)

    def _called(self, books: Books, room: int, late: list[Ticket]) -> list[Outgoing]:
        """Name the late tickets to the whole group, with how much waits to be posted."""
        numbers = tuple(str(ticket.id) for ticket in late)
        names = tuple(one.name for one in desk_staff.on_duty(books)) or (self.desk.say("desk.nobody_on_duty"),)
        text = self.desk.say(
            "desk.late.group", numbers=numbers, count=len(late), names=names, backlog=desk_posts.backlog(books, room)
        )
        return [Outgoing("sendMessage", text_message(text), room), *pump.pump(self.desk, books, room)]


@dataclass(frozen=True, slots=True)
class Keeping:
    """Keep what is kept no longer than it may be; take up tickets from the time when there was no group."""

    desk: Desk
    every: float = 60.0

    def __call__(self, books: Books) -> Sequence[Outgoing]:
        """Delete what is old and the topics of who is forgotten; post what had nowhere to go."""
        before = books.now - self.desk.settings.days * _DAY
        desk.purge(books, before)
        desk_posts.purge(books, books.now - 7 * _DAY)
        desk_staff.purge_log(books, before)
        desk_reviews.purge(books, before)
        desk_telling.purge(books, before)
        calls = [
            Outgoing("deleteForumTopic", {"message_thread_id": thread}, room, critical=False)
            for room, thread in desk.take_erasures(books)
        ]
        for ticket in desk.homeless(books, self.desk.settings.rooms):
            calls += tickets.house(self.desk, books, ticket)
        return calls


@dataclass(frozen=True, slots=True)
class Restoring:
    """Put words and answers that people approved back into the catalogue when an import has left them out."""

    desk: Desk
    every: float = 5.0

    def ahead(self) -> None:
        """Take over what was imported meanwhile."""
        self.desk.school.refresh()

    def __call__(self, books: Books) -> Sequence[Outgoing]:
        """Look whether all of them stand there."""
        live = desk_learning.in_state(books, "live")
        if live and self.desk.school.astray(live, books.now):
            self.desk.school.restore_behind(live, books.now)
        return ()
