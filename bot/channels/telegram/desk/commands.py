"""The staff's commands. In a topic they mean its ticket; elsewhere the number comes first: /claim 42."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from bot.channels.telegram.desk import answering, deeds, labels, learning, logbook, measuring, sampling, staffing
from bot.channels.telegram.desk.deeds import Deed, Prepared
from bot.channels.telegram.desk.parts import Desk, text_message
from bot.channels.telegram.desk.school import Judgement
from bot.channels.telegram.outgoing import Outgoing
from bot.channels.telegram.updates import Command
from catalog_db.journal import desk, desk_posts, desk_staff
from catalog_db.journal.books import Books
from catalog_db.journal.desk import Ticket
from handlers.understanding.word_tables import expression

_NUMBER = re.compile(r"№\s?(\d{1,12})")
_FIRST = re.compile(r"[#№]?(\d{1,12})\b\s*(.*)", re.DOTALL)
_UNITS = {"h": 60, "小时": 60, "d": 1440, "天": 1440}
_MOST_LINES = 25
_LONGEST = 3800


def number_in(text: str) -> int | None:
    """Return the number of the ticket in a title of ours."""
    found = _NUMBER.search(text)
    return int(found[1]) if found else None


@dataclass(frozen=True, slots=True)
class Order:
    """A command: the right it needs, whether it means a ticket, what it does with what follows it.

    `bare`: nothing but another ticket's number may follow, so that /close 42 never closes the ticket of the topic it is written in.
    """

    right: str
    ticket: bool
    run: Callable[[Deed, str], str]
    bare: bool = False


def prepare(parts: Desk, books: Books, event: Command) -> Prepared | Judgement | None:
    """Do beside the writer what takes long: figures are gathered and drawn. The right is asked now and again when it is sent."""
    run = _PREPARED.get(event.name)
    order = ORDERS.get(event.name)
    if run is None or order is None or staffing.allowed(books, event.place.user_id, order.right) is None:
        return None
    return run(parts, books, event)


def command(parts: Desk, books: Books, event: Command, prepared: Prepared | Judgement | None = None) -> list[Outgoing]:
    """Do a command of the staff, and say what came of it where it was given. Nothing of it leaves the group."""
    if event.to not in (None, parts.username.lower()):
        return []  # another bot is spoken to
    order = ORDERS.get(event.name) or (
        Order("canned", False, partial(_canned, event.name)) if _is_name(event.name) else None
    )
    if order is None:
        return [_said(parts, event, parts.say("desk.unknown_command"))]
    author = staffing.allowed(books, event.place.user_id, order.right)
    if author is None:
        return [_said(parts, event, parts.say("desk.refused.command"))]
    replied = event.around.reply_to
    deed = Deed(parts, books, event.place, author, reply_to=replied, place_reply_user=event.around.reply_user)
    deed.picture = event.file.file_id if event.file else None
    if isinstance(prepared, Judgement):
        deed.judgement = prepared
    else:
        deed.prepared = prepared
    argument = _place(deed, event, order)
    if order.ticket and deed.ticket is None:
        return [_said(parts, event, parts.say("desk.which_ticket"))]
    text = order.run(deed, argument)
    return [*([_said(parts, event, text)] if text else []), *deed.calls]


def _place(deed: Deed, event: Command, order: Order) -> str:
    """Find the ticket that is meant; return what is left of the argument."""
    thread = event.place.thread_id
    who = desk.person_in(deed.books, event.place.chat_id, thread) if thread is not None else None
    if who is None and deed.reply_to is not None:
        item = desk_posts.by_message(deed.books, event.place.chat_id, deed.reply_to)
        who = desk.person_of(deed.books, item.person) if item else None
    first = _FIRST.fullmatch(event.argument) if order.ticket else None
    if first and (who is None or order.bare):
        return first[2] if deeds.with_ticket(deed, int(first[1])) else event.argument
    if who is not None and who.room == event.place.chat_id:
        deed.who, deed.ticket = who, desk.latest(deed.books, who.key)
    return event.argument


def _said(parts: Desk, event: Command, text: str) -> Outgoing:
    params = text_message(text[:_LONGEST], None, event.place.thread_id)
    params["reply_parameters"] = {"message_id": event.message_id, "allow_sending_without_reply": True}
    return Outgoing("sendMessage", params, event.place.chat_id)


def _is_name(name: str) -> bool:
    """Tell whether a command can be the name of a canned answer."""
    return name.replace("_", "").isalnum()


def _canned(name: str, deed: Deed, argument: str) -> str:
    return answering.canned(deed, name, argument)


# ---- one ticket


def _give(deed: Deed, argument: str) -> str:
    name = argument.strip().lstrip("@")
    found = [one for one in desk_staff.colleagues(deed.books) if name and name in (one.name, str(one.user_id))]
    near = found or [one for one in desk_staff.colleagues(deed.books) if name and name in one.name]
    if len(near) != 1:
        return deed.say("desk.no_colleague")
    return deeds.give(deed, near[0])


def _snooze(deed: Deed, argument: str) -> str:
    found = expression("time_span").fullmatch(argument.strip()) if argument.strip() else None
    if argument.strip() and found is None:
        return deed.say("desk.snooze_form")
    minutes = int(found[1]) * _UNITS.get(found[2] or "", 1) if found else deeds.RESTS[0]
    return deeds.snooze(deed, minutes)


def _note(deed: Deed, argument: str) -> str:
    if deed.who is None or deed.ticket is None or not argument:
        return deed.say("desk.note_form")
    body = {"text": argument}
    desk_posts.add(
        deed.books, deed.who, deed.ticket.id, "note", "text", body, author=deed.author.key, state="done"
    )  # fmt: skip
    deed.log("note")
    return deed.say("desk.noted")


def _who(deed: Deed, argument: str) -> str:
    ticket = deed.ticket
    owner = desk_staff.colleague_of(deed.books, ticket.owner) if ticket else None
    deed.log("who")
    if ticket is None or owner is None:
        return deed.say("desk.nobody_has_it", number=ticket.id if ticket else 0)
    return deed.say("desk.who_has_it", number=ticket.id, name=owner.name)


def _history(deed: Deed, argument: str) -> str:
    """Show what was written in a ticket; who looks is logged."""
    if deed.ticket is None:
        return deed.say("desk.which_ticket")
    deed.log("history")
    lines = [
        deed.say(f"desk.history.{item.way}", at=f"{deed.desk.moment(item.at):%m-%d %H:%M}", text=item.text or item.kind)
        for item in desk_posts.of_ticket(deed.books, deed.ticket.id)
        if item.way != "desk"
    ]
    return "\n".join([deed.say("desk.history", number=deed.ticket.id), *lines[-_MOST_LINES:]])


def _log(deed: Deed, argument: str) -> str:
    """Show who did and saw what."""
    number = deed.ticket.id if deed.ticket else None
    entries = desk_staff.logged(deed.books, number, _MOST_LINES)
    deed.log("log")
    lines = []
    for at, key, action, ticket in entries:
        one = desk_staff.colleague_of(deed.books, key)
        name = one.name if one else deed.say("desk.nameless")
        lines.append(
            deed.say(
                "desk.log.line",
                at=f"{deed.desk.moment(at):%m-%d %H:%M}",
                name=name,
                action=logbook.in_words(deed.desk, action),
                number=ticket or "-",
            )
        )
    return "\n".join([deed.say("desk.log"), *lines])


def press_log(deed: Deed, args: Sequence[str]) -> str:
    """Show the log of a ticket in its topic."""
    if not args or not args[0].isdigit() or not deeds.with_ticket(deed, int(args[0])):
        return deed.say("desk.no_ticket")
    deed.post(_log(deed, ""))
    return deed.say("desk.log.shown")


# ---- the room


def _line(deed: Deed, ticket: Ticket) -> str:
    owner = desk_staff.colleague_of(deed.books, ticket.owner)
    minutes = int((deed.books.now - ticket.opened_at) // 60)
    said = deed.say(
        "desk.queue.line", number=ticket.id, reason=deed.say(f"desk.reason.{ticket.reason}"), minutes=minutes,
        name=owner.name if owner else deed.say("desk.queue.nobody"),
    )  # fmt: skip
    said = deed.say("desk.queue.tagged", line=said, tags=tuple(ticket.tags.split())) if ticket.tags else said
    return deed.say("desk.title.urgent", title=said) if ticket.priority > 0 else said


def _queue(deed: Deed, argument: str) -> str:
    wanted = argument.strip().removeprefix("#")
    every = desk.unclosed(deed.books, deed.place.chat_id)
    found = [one for one in every if not wanted or wanted in one.tags.split()]
    found.sort(key=lambda one: (-one.priority, one.id))
    deed.log("queue")
    head = deed.say(
        "desk.queue" if found else "desk.queue.empty",
        count=len(found),
        backlog=desk_posts.backlog(deed.books, deed.place.chat_id),
    )
    return "\n".join([head, *(_line(deed, ticket) for ticket in found[:_MOST_LINES])])


def _mine(deed: Deed, argument: str) -> str:
    found = desk.unclosed(deed.books, None, deed.author.key)
    return "\n".join(
        [deed.say("desk.mine", count=len(found)), *(_line(deed, ticket) for ticket in found[:_MOST_LINES])]
    )


def _duty(deed: Deed, argument: str) -> str:
    there = desk_staff.on_duty(deed.books)
    busy = desk_staff.workload(deed.books)
    names = tuple(deed.say("desk.duty.one", name=one.name, count=busy.get(one.key, 0)) for one in there)
    return deed.say("desk.duty", names=names) if names else deed.say("desk.nobody_on_duty")


def _on(deed: Deed, argument: str) -> str:
    desk_staff.set_duty(deed.books, deed.author.key, duty=True)
    deed.log("on")
    return deed.say("desk.on", name=deed.author.name)


def _off(deed: Deed, argument: str) -> str:
    desk_staff.set_duty(deed.books, deed.author.key, duty=False)
    deed.log("off")
    mine = desk.unclosed(deed.books, None, deed.author.key)
    return deed.say("desk.off", name=deed.author.name, count=len(mine))


def _help(deed: Deed, argument: str) -> str:
    return deed.say(f"desk.help.{deed.author.role}")


def _stats_prepared(parts: Desk, books: Books, event: Command) -> Prepared:
    days = _days(event.argument)
    found = measuring.figures(parts, books, days)
    return measuring.worded(parts, found, days), {"photo": measuring.chart(found, days, parts.moment(books.now))}


def _csv_prepared(parts: Desk, books: Books, event: Command) -> Prepared:
    days = _days(event.argument)
    return parts.say("desk.csv", days=days), {"document": measuring.table(parts, books, days)}


def _days(argument: str) -> int:
    return min(365, int(argument)) if argument.isdigit() and int(argument) > 0 else measuring.DAYS


def _send_prepared(deed: Deed, argument: str) -> str:
    if deed.prepared is None:
        return deed.say("desk.refused.command")
    caption, file = deed.prepared
    method = "sendPhoto" if "photo" in file else "sendDocument"
    thread = {"message_thread_id": deed.place.thread_id} if deed.place.thread_id is not None else {}
    deed.calls.append(Outgoing(method, {**file, "caption": caption[:1024], **thread}, deed.place.chat_id))
    deed.log("stats" if "photo" in file else "csv")
    return ""


def _judged(parts: Desk, books: Books, event: Command) -> Judgement | None:
    thread = event.place.thread_id
    who = desk.person_in(books, event.place.chat_id, thread) if thread is not None else None
    ticket = desk.latest(books, who.key) if who else None
    return learning.judged(parts, books, event.name, event.argument, ticket.id if ticket else None)


def _words(deed: Deed, argument: str) -> str:
    return deed.prepared[0] if deed.prepared else deed.say("desk.refused.command")


_PREPARED: dict[str, Callable[[Desk, Books, Command], Prepared | Judgement | None]] = {
    "stats": _stats_prepared,
    "csv": _csv_prepared,
    "faq": _judged,
    "revise": _judged,
    "alias": _judged,
    "learn": lambda parts, books, event: (learning.looked(parts, books), {}),
    "try": lambda parts, books, event: (learning.tried(parts, event.argument), {}),
}


# ---- colleagues


def _invite(deed: Deed, argument: str) -> str:
    """Invite one person, named by number or by a reply, once, for three days."""
    role, _, rest = argument.partition(" ")
    number = int(rest) if rest.strip().isdigit() else deed.place_reply_user
    if role not in desk_staff.ROLES or number is None:
        return deed.say("desk.invite_form")
    token = deed.desk.token()
    desk_staff.invite(deed.books, token, number, role, deed.author.key)
    deed.log("invite", role)
    link = f"https://t.me/{deed.desk.username}?start={staffing.LINK}{token}"
    return deed.say("desk.invited", role=deed.say(f"desk.role.{role}"), number=str(number), link=link)


def _dismiss(deed: Deed, argument: str) -> str:
    number = int(argument) if argument.strip().isdigit() else deed.place_reply_user
    one = desk_staff.colleague(deed.books, number) if number is not None else None
    if one is None:
        return deed.say("desk.no_colleague")
    if desk_staff.is_last_lead(deed.books, one):
        return deed.say("desk.last_lead")
    desk_staff.appoint(deed.books, one.user_id, one.name, desk_staff.NO_ROLE, deed.author.key)
    desk.release(deed.books, one.key)
    deed.log("dismiss")
    return deed.say("desk.dismissed", name=one.name)


ORDERS: dict[str, Order] = {
    "claim": Order("claim", True, lambda deed, _: deeds.claim(deed), bare=True),
    "give": Order("give", True, _give),
    "snooze": Order("snooze", True, _snooze),
    "close": Order("close", True, lambda deed, _: deeds.close(deed), bare=True),
    "back": Order("back", True, lambda deed, _: deeds.close(deed, "back"), bare=True),
    "reopen": Order("reopen", True, lambda deed, _: deeds.reopen(deed), bare=True),
    "urgent": Order("urgent", True, lambda deed, _: labels.set_priority(deed, "urgent"), bare=True),
    "normal": Order("urgent", True, lambda deed, _: labels.set_priority(deed, "normal"), bare=True),
    "later": Order("urgent", True, lambda deed, _: labels.set_priority(deed, "later"), bare=True),
    "tag": Order("tag", True, labels.tag),
    "sample": Order("sample", False, sampling.sample),
    "recall": Order("recall", True, lambda deed, _: deeds.recall(deed)),
    "note": Order("note", True, _note),
    "who": Order("who", True, _who, bare=True),
    "history": Order("history", True, _history, bare=True),
    "log": Order("log", False, _log),
    "queue": Order("queue", False, _queue),
    "mine": Order("mine", False, _mine),
    "duty": Order("duty", False, _duty),
    "on": Order("on", False, _on),
    "off": Order("off", False, _off),
    "invite": Order("invite", False, _invite),
    "dismiss": Order("dismiss", False, _dismiss),
    "faq": Order("faq", False, lambda deed, _: learning.propose(deed, "faq")),
    "alias": Order("alias", False, lambda deed, _: learning.propose(deed, "alias")),
    "revise": Order("revise", False, lambda deed, _: learning.propose(deed, "revise")),
    "taught": Order("taught", False, learning.taught),
    "untaught": Order("untaught", False, learning.untaught),
    "learn": Order("learn", False, _words),
    "try": Order("try", False, _words),
    "stats": Order("stats", False, _send_prepared),
    "csv": Order("csv", False, _send_prepared),
    "answer": Order("answer", False, answering.put),
    "unanswer": Order("unanswer", False, answering.drop),
    "answers": Order("answers", False, answering.every),
    "help": Order("help", False, _help),
}
