"""Proposals in the staff group: /faq, /alias, /learn, /try, and the lead's word on them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.telegram.desk.deeds import Deed, action
from bot.channels.telegram.desk.parts import Desk, text_message
from bot.channels.telegram.desk.school import Judgement
from bot.channels.telegram.outgoing import Outgoing, Report
from catalog_db.journal import desk_learning, desk_staff
from catalog_db.journal.books import Books

DAYS = 30
LEARN = "learn"  # the conversation and the first word of a tag: an approved proposal is to be put into the catalogue
KEPT_DAYS = 365  # after that somebody looks at it anew
_LONGEST, _SHORT = 3500, 40


def judged(parts: Desk, books: Books, kind: str, argument: str, ticket: int | None) -> Judgement | None:
    """Work out beside the writer what a proposal would change; None when it is not one."""
    question, _, answer = argument.replace("＝", "=", 1).partition("=")
    pair = (question.strip(), answer.strip())
    if kind == "revise":
        known = desk_learning.proposal(books, int(pair[0])) if pair[0].isdigit() else None
        is_taught = known is not None and (known.kind, known.state) == ("faq", "live")
        return parts.school.revise(known, pair[1]) if known is not None and is_taught and pair[1] else None
    if not argument and ticket is not None and kind == "faq":
        pair = desk_learning.exchanged(books, ticket) or ("", "")
    return parts.school.judge(kind, *pair) if all(pair) else None


def propose(deed: Deed, kind: str) -> str:
    """Keep a proposal and show it with what it would change; or say why it is none."""
    judgement = deed.judgement
    if judgement is None:
        return deed.say(f"desk.learn.form.{kind}")
    if judgement.refusal is not None:
        return judgement.refusal
    kind = "faq" if kind == "revise" else kind
    until = deed.books.now + KEPT_DAYS * 86_400.0 if kind == "faq" else None
    found = desk_learning.propose(deed.books, kind, judgement.question, judgement.answer, deed.author.key, until)
    deed.log(kind, str(found.id))
    home = deed.desk.home
    text = home.say(
        f"desk.learn.proposed.{kind}",
        question=found.question,
        answer=found.answer,
        name=deed.author.name,
        version=found.version,
    )
    buttons = [[
        (home.say("desk.button.approve"), action("approve", found.id)), (home.say("desk.button.refuse"), action("refuse", found.id)),
    ]]  # fmt: skip
    deed.post("\n".join([text, *judgement.effect])[:_LONGEST], buttons)
    return ""


def taught(deed: Deed, argument: str) -> str:
    """List what the staff taught: the version, who answers for it, until when it holds."""
    found = [one for one in desk_learning.in_state(deed.books, "live") if argument.strip() in one.question + one.answer]
    lines = []
    for one in found:
        owner = desk_staff.colleague_of(deed.books, one.owner)
        over = one.expires_at is not None and one.expires_at <= deed.books.now
        until = deed.desk.moment(one.expires_at).date() if one.expires_at is not None else None
        key = "desk.taught.over" if over else "desk.taught.faq" if one.kind == "faq" else "desk.taught.alias"
        lines.append(deed.say(
            key, number=one.id, question=one.question, answer=one.answer[:_SHORT], version=one.version,
            name=owner.name if owner else deed.say("desk.nameless"), until=until or "",
        ))  # fmt: skip
    return "\n".join([deed.say("desk.taught", count=len(found)), *lines])[:_LONGEST]


def untaught(deed: Deed, argument: str) -> str:
    """Take something that was taught out again."""
    number = int(argument) if argument.strip().isdigit() else 0
    if not desk_learning.expire(deed.books, number):
        return deed.say("desk.taught.form")
    deed.log("untaught", str(number))
    return deed.say("desk.taught.gone", number=number)


def approve(deed: Deed, args: Sequence[str]) -> str:
    """Let a proposal go live: it is put into the catalogue when the group has been told."""
    number = int(args[0]) if args and args[0].isdigit() else 0
    if not desk_learning.decide(deed.books, number, "open", "approved", deed.author.key):
        return deed.say("desk.sent_already")
    found = desk_learning.proposal(deed.books, number)
    deed.log("approve", str(number))
    deed.buttons([])
    text = deed.desk.home.say(
        "desk.learn.approved", question=found.question if found else "", name=deed.author.name
    )  # fmt: skip
    params = text_message(text, None, deed.place.thread_id)
    deed.calls.append(Outgoing("sendMessage", params, deed.place.chat_id, report=Report(LEARN, f"{LEARN} {number}")))
    return deed.say("desk.learn.soon")


def refuse(deed: Deed, args: Sequence[str]) -> str:
    """Do without a proposal."""
    number = int(args[0]) if args and args[0].isdigit() else 0
    if not desk_learning.decide(deed.books, number, "open", "refused", deed.author.key):
        return deed.say("desk.sent_already")
    deed.log("refuse", str(number))
    deed.buttons([])
    return deed.say("desk.learn.refused")


def number_of(tag: str) -> int | None:
    """Return the proposal that a report speaks of."""
    name, _, number = tag.partition(" ")
    return int(number) if name == LEARN and number.isdigit() else None


def publish(parts: Desk, books: Books, number: int) -> bool:
    """Put an approved proposal into the catalogue, beside the writer; tell whether there was one."""
    found = desk_learning.proposal(books, number)
    if found is None or found.state not in ("approved", "live"):
        return False
    parts.school.publish(found)
    return True


def looked(parts: Desk, books: Books) -> str:
    """Show what was asked often and is not answered by the bot."""
    parts.school.restore(desk_learning.in_state(books, "live"), books.now)
    lines = parts.school.speaking(parts.wording).groups(
        desk_learning.answered(books, books.now - DAYS * 86_400.0), DAYS
    )
    return "\n".join([parts.say("desk.learn", days=DAYS), *lines])[:_LONGEST]


def tried(parts: Desk, argument: str) -> str:
    """Show how a sentence is read and matched."""
    return (
        "\n".join(parts.school.speaking(parts.wording).tried(argument))[:_LONGEST]
        if argument
        else parts.say("desk.try.form")
    )
