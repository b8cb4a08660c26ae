"""What the staff do with a ticket, by command or by button. Each returns what is said to who did it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.channels.telegram.desk import delivery, panel, tickets
from bot.channels.telegram.desk.parts import ANYBODY, Buttons, Desk, dirty, tell_topic, text_message
from bot.channels.telegram.desk.school import Judgement
from bot.channels.telegram.outgoing import Outgoing
from bot.channels.telegram.updates import Place
from catalog_db.journal import desk, desk_posts, desk_staff
from catalog_db.journal.books import Books
from catalog_db.journal.desk import Person, Ticket
from catalog_db.journal.desk_posts import Item
from catalog_db.journal.desk_staff import Colleague
from handlers.turn import Action

RESTS = (15, 60, 180)  # minutes offered by the button
_LONGEST_REST = 7 * 24 * 60
_SHOWN = 15


Prepared = tuple[str, dict[str, Any]]  # words and a file, made beside the writer


@dataclass(slots=True)
class Deed:
    """Somebody of the staff does something, in a place; `who` and `ticket`: what it is done with. `calls`: what it leads to."""

    desk: Desk
    books: Books
    place: Place
    author: Colleague
    who: Person | None = None
    ticket: Ticket | None = None
    message_id: int | None = None  # of the pressed button
    reply_to: int | None = None
    place_reply_user: int | None = None  # who wrote what is replied to
    prepared: Prepared | None = None
    judgement: Judgement | None = None
    picture: str | None = None  # the photo that a command is the caption of
    calls: list[Outgoing] = field(default_factory=list)

    def log(self, action: str, detail: str = "") -> None:
        """Log that it was done."""
        desk_staff.note(self.books, self.author.key, action, self.ticket.id if self.ticket else None, detail)

    def say(self, key: str, **values: Any) -> str:
        """Word an answer."""
        return self.desk.say(key, **values)

    def post(self, text: str, buttons: Buttons = ()) -> None:
        """Write something where it was done."""
        markup = self.markup(buttons) if buttons else None
        self.calls.append(Outgoing("sendMessage", text_message(text, markup, self.place.thread_id), self.place.chat_id))

    def markup(self, buttons: Buttons) -> dict[str, Any]:
        """Make buttons for where it was done."""
        return self.desk.markup(self.place.chat_id, ANYBODY, buttons, self.books.now)

    def buttons(self, rows: Buttons) -> None:
        """Put other buttons under the message whose button was pressed."""
        if self.message_id is not None:
            markup = self.desk.markup(self.place.chat_id, ANYBODY, rows, self.books.now)
            params = {"message_id": self.message_id, "reply_markup": markup}
            self.calls.append(Outgoing("editMessageReplyMarkup", params, self.place.chat_id, critical=False))


def action(name: str, *args: object) -> Action:
    """Return a button of the staff."""
    return Action(f"desk.{name}", tuple(str(one) for one in args))


def with_ticket(deed: Deed, number: int) -> bool:
    """Take a ticket of this room up; False when there is none here."""
    ticket = desk.ticket(deed.books, number)
    if ticket is None or ticket.room != deed.place.chat_id or ticket.person is None:
        return False
    deed.ticket, deed.who = ticket, desk.person_of(deed.books, ticket.person)
    return deed.who is not None


Doing = Callable[[Deed, Sequence[str]], str]


def press(deed: Deed, name: str, args: Sequence[str], further: Mapping[str, Doing]) -> str:
    """Do what a button says, `further` ones too. The right to was asked for."""
    by_item = _ITEM_PRESSES.get(name)
    if by_item is not None:
        return by_item(deed, args)
    if not args or not args[0].isdigit() or not with_ticket(deed, int(args[0])):
        return deed.say("desk.no_ticket")
    run = _PRESSES.get(name) or further.get(name)
    return run(deed, args[1:]) if run else deed.say("desk.no_ticket")


# ---- having a ticket


def claim(deed: Deed) -> str:
    """Take a ticket that nobody has."""
    ticket, who = deed.ticket, deed.who
    if ticket is None or who is None or ticket.state == "closed":
        return deed.say("desk.is_closed")
    if ticket.state == "owned" and ticket.owner == deed.author.key:
        return deed.say("desk.claimed.already", number=ticket.id)
    if not desk.claim(deed.books, ticket.id, deed.author.key):
        owner = desk_staff.colleague_of(deed.books, (desk.ticket(deed.books, ticket.id) or ticket).owner)
        return deed.say("desk.claimed.by_other", name=owner.name if owner else deed.say("desk.nameless"))
    deed.log("claim")
    dirty(deed.books, who)
    _tell_claimed(deed, who)
    return deed.say("desk.claimed.you", number=ticket.id)


def _tell_claimed(deed: Deed, who: Person) -> None:
    """Tell the person who is there now."""
    person = deed.desk.to_person(deed.books, who.chat_id)
    named = deed.author.name.startswith(person.say("desk.staff"))  # who calls themselves so is not called so twice
    key = "desk.claimed.named" if named else "desk.claimed.person"
    deed.calls += person.tell(person.say(key, name=deed.author.name))


def give(deed: Deed, to: Colleague) -> str:
    """Let somebody else have a ticket."""
    ticket, who = deed.ticket, deed.who
    if ticket is None or who is None or ticket.state == "closed":
        return deed.say("desk.is_closed")
    if to.role not in ("lead", "agent"):
        return deed.say("desk.cannot_answer", name=to.name)
    desk.change(deed.books, ticket.id, state="owned", owner=to.key, snoozed_until=None)
    deed.log("give", to.key.hex()[:8])
    dirty(deed.books, who)
    said = deed.desk.home.say("desk.given.topic", name=deed.author.name, to=to.name, number=ticket.id)
    tell_topic(deed.books, who, ticket, said)
    return deed.say("desk.given.you", to=to.name)


def _press_give(deed: Deed, args: Sequence[str]) -> str:
    deed.buttons(panel.colleagues(deed.desk.home, deed.books, deed.ticket.id if deed.ticket else 0))
    return deed.say("desk.give_whom")


def _press_gave(deed: Deed, args: Sequence[str]) -> str:
    to = next((one for one in desk_staff.colleagues(deed.books) if args and one.key.hex().startswith(args[0])), None)
    if to is None:
        return deed.say("desk.no_colleague")
    said = give(deed, to)
    restore(deed)
    return said


def _press_same(deed: Deed, args: Sequence[str]) -> str:
    restore(deed)
    return deed.say("desk.unchanged")


def restore(deed: Deed) -> None:
    """Put the ticket's own buttons back."""
    item = (
        desk_posts.by_message(deed.books, deed.place.chat_id, deed.message_id) if deed.message_id is not None else None
    )
    if item is not None and deed.message_id is not None:
        carried = desk_posts.of_post(deed.books, item.post or 0, item.person) or [item]
        shown = next((one for one in carried if panel.PANEL in one.body), None)
        if shown is not None:
            deed.buttons(panel.panel(deed.desk.home, shown))


def snooze(deed: Deed, minutes: int) -> str:
    """Put a ticket aside for some time."""
    ticket, who = deed.ticket, deed.who
    if ticket is None or who is None or ticket.state == "closed":
        return deed.say("desk.is_closed")
    minutes = min(max(1, minutes), _LONGEST_REST)
    until = deed.books.now + 60.0 * minutes
    desk.change(deed.books, ticket.id, snoozed_until=until, called_at=None)
    deed.log("snooze", str(minutes))
    dirty(deed.books, who)
    return deed.say("desk.snoozed", until=f"{deed.desk.moment(until) + timedelta(0):%H:%M}")


def _press_snooze(deed: Deed, args: Sequence[str]) -> str:
    number = deed.ticket.id if deed.ticket else 0
    say = deed.desk.home.say
    rests = [(say("desk.button.rest", minutes=minutes), action("rest", number, minutes)) for minutes in RESTS]
    deed.buttons([rests, [(say("desk.button.same"), action("same", number))]])
    return deed.say("desk.snooze_how_long")


def _press_rest(deed: Deed, args: Sequence[str]) -> str:
    said = snooze(deed, int(args[0]) if args and args[0].isdigit() else RESTS[0])
    restore(deed)
    return said


def close(deed: Deed, key: str = "closed") -> str:
    """End a ticket; the assistant has the conversation again, and both sides are told."""
    ticket, who = deed.ticket, deed.who
    if ticket is None or who is None or ticket.state == "closed":
        return deed.say("desk.is_closed")
    pending = desk_posts.pending_of(deed.books, who.key)
    deed.calls += delivery.send(deed.desk, deed.books, who, ticket, pending) if pending else []
    fresh = desk.ticket(deed.books, ticket.id) or ticket
    deed.calls += tickets.close(deed.desk, deed.books, who, fresh, "staff", key)
    deed.log("close" if key == "closed" else "back")
    return deed.say("desk.closed.you", number=ticket.id)


def reopen(deed: Deed) -> str:
    """Go on with a ticket that was closed."""
    ticket, who = deed.ticket, deed.who
    if ticket is None or who is None or ticket.state != "closed":
        return deed.say("desk.is_open")
    fresh, how = desk.begin(deed.books, who, ticket.reason, None)
    if how == "same":  # there is a newer one, which somebody may have
        return deed.say("desk.has_newer", number=fresh.id)
    first = (
        {"answered_at": ticket.answered_at} if how == "reopened" else {}
    )  # nobody asked anew: the first answer stays that
    desk.change(deed.books, fresh.id, state="owned", owner=deed.author.key, assistant=False, **first)
    deed.ticket = desk.ticket(deed.books, fresh.id)
    deed.log("reopen" if how == "reopened" else "open")
    dirty(deed.books, who)
    _tell_claimed(deed, who)
    return deed.say("desk.reopened.you", number=fresh.id)


# ---- what was written


def _press_send(deed: Deed, args: Sequence[str]) -> str:
    """Send after all what was held back: the ticket is opened again, or taken over, by who presses."""
    item = _held(deed, args)
    if item is None or deed.ticket is None or deed.who is None:
        return deed.say("desk.sent_already")
    if deed.ticket.state == "closed":
        reopen(deed)
    elif deed.ticket.state == "open":
        claim(deed)
    elif deed.ticket.owner != deed.author.key:
        give(deed, deed.author)
    ticket = desk.ticket(deed.books, deed.ticket.id) or deed.ticket
    # A drafted answer is known by the post that showed it: who replies to that may take it back.
    source = item.source if item.source is not None else deed.message_id
    desk_posts.change(deed.books, [item.id], ticket=ticket.id, source=source)
    group = [item]
    if item.album:
        held = desk_posts.of_album(deed.books, item.person, item.album)
        group = [one for one in held if one.state == "held"]
    deed.calls += delivery.send(deed.desk, deed.books, deed.who, ticket, group)
    deed.log("send")
    deed.buttons([])
    return deed.say("desk.sent")


def _held(deed: Deed, args: Sequence[str]) -> Item | None:
    item = desk_posts.one(deed.books, int(args[0])) if args and args[0].isdigit() else None
    if item is None or (item.way, item.state) != ("out", "held") or item.room != deed.place.chat_id:
        return None
    latest = desk.latest(deed.books, item.person)
    return item if latest is not None and with_ticket(deed, latest.id) else None


def _press_again(deed: Deed, args: Sequence[str]) -> str:
    """Send once more what did not arrive, or of which nobody knows."""
    post = desk_posts.post(deed.books, int(args[0])) if args and args[0].isdigit() else None
    carried = desk_posts.of_post(deed.books, post.id, post.person) if post else []
    if not carried or carried[0].state not in ("failed", "unknown") or not with_ticket(deed, carried[0].ticket):
        return deed.say("desk.sent_already")
    if deed.ticket is None or deed.who is None:
        return deed.say("desk.no_ticket")
    deed.calls += delivery.send(deed.desk, deed.books, deed.who, deed.ticket, carried)
    deed.log("again")
    deed.buttons([])
    return deed.say("desk.sent")


def recall(deed: Deed) -> str:
    """Take back an answer that the person has: the one replied to."""
    who, number = deed.who, deed.reply_to
    place = deed.place.chat_id
    item = desk_posts.by_source(deed.books, who.key, "out", number, place) if who and number is not None else None
    if who is None or item is None or item.state not in ("done", "posted", "waiting", "held"):
        return deed.say("desk.recall.which")
    deed.calls += delivery.recall(deed.books, who, item)
    deed.log("recall")
    return deed.say("desk.recall.done")


def _press_note(deed: Deed, args: Sequence[str]) -> str:
    """Ask for a note: what is written in reply never leaves."""
    if deed.ticket is None or deed.who is None:
        return deed.say("desk.no_ticket")
    text = deed.desk.home.say("desk.note.here", number=deed.ticket.id)
    tell_topic(deed.books, deed.who, deed.ticket, text, **{panel.NOTE: deed.ticket.id})
    return deed.say("desk.note.how")


_PRESSES: dict[str, Callable[[Deed, Sequence[str]], str]] = {
    "claim": lambda deed, args: claim(deed),
    "give": _press_give,
    "gave": _press_gave,
    "same": _press_same,
    "snooze": _press_snooze,
    "note": _press_note,
    "rest": _press_rest,
    "close": lambda deed, args: close(deed),
    "back": lambda deed, args: close(deed, "back"),
    "reopen": lambda deed, args: reopen(deed),
}
_ITEM_PRESSES: dict[str, Callable[[Deed, Sequence[str]], str]] = {"send": _press_send, "again": _press_again}
