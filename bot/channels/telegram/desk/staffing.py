"""Rights: who may do what, asked for each action in the transaction that does it; how somebody is let in.

A role is bound to a person's number. Whoever speaks as the group (an anonymous administrator) is nobody here.
"""

from __future__ import annotations

from bot.channels.telegram.desk.parts import Desk
from bot.channels.telegram.talk import Talk
from catalog_db.journal import desk_staff
from catalog_db.journal.books import Books
from catalog_db.journal.desk_staff import Colleague

LINK = "desk-"  # what the payload of an invitation's link begins with

_SEES = frozenset({"lead", "agent", "auditor"})
_ANSWERS = frozenset({"lead", "agent"})
_LEADS = frozenset({"lead"})
_AUDITS = frozenset({"lead", "auditor"})

RIGHTS: dict[str, frozenset[str]] = {
    "reply": _ANSWERS, "note": _SEES, "claim": _ANSWERS, "give": _ANSWERS, "gave": _ANSWERS, "same": _ANSWERS,
    "snooze": _ANSWERS, "rest": _ANSWERS, "close": _ANSWERS, "back": _ANSWERS, "reopen": _ANSWERS, "recall": _ANSWERS,
    "send": _ANSWERS, "take": _ANSWERS, "again": _ANSWERS, "draft": _ANSWERS, "post": _ANSWERS, "on": _ANSWERS, "off": _ANSWERS,
    "who": _SEES, "queue": _SEES, "mine": _SEES, "log": _SEES, "history": _SEES, "stats": _SEES, "help": _SEES, "duty": _SEES,
    "csv": _AUDITS, "audit": _AUDITS, "invite": _LEADS, "dismiss": _LEADS, "answers": _SEES, "answer": _ANSWERS,
    "unanswer": _LEADS, "canned": _ANSWERS, "try": _SEES, "learn": _SEES, "faq": _ANSWERS, "alias": _ANSWERS,
    "approve": _LEADS, "refuse": _LEADS, "urgent": _ANSWERS, "urgency": _ANSWERS, "tag": _ANSWERS, "tags": _ANSWERS,
    "tagged": _ANSWERS, "sample": _AUDITS, "judge": _AUDITS, "taught": _SEES, "revise": _ANSWERS, "untaught": _LEADS,
    "join.yes": _ANSWERS, "join.no": _ANSWERS, "join.stop": _ANSWERS, "points.grant": _LEADS, "points.uphold": _LEADS,
}  # fmt: skip


def allowed(books: Books, user_id: int | None, action: str) -> Colleague | None:
    """Return who acts, when they may; None for everybody else."""
    who = desk_staff.colleague(books, user_id) if user_id is not None else None
    return who if who is not None and who.role in RIGHTS.get(action, frozenset()) else None


def accepted(parts: Desk, talk: Talk, books: Books, token: str) -> str:
    """Take an invitation in the private chat of the one whom it is bound to."""
    role = desk_staff.accept(books, token, talk.owner.user_id, talk.name)
    if role is None:
        talk.say("desk.invitation.none")
        return "desk_invitation_refused"
    desk_staff.note(books, books.key(talk.owner.user_id), "accept", detail=role)
    talk.say("desk.invitation.taken", role=parts.say(f"desk.role.{role}"))
    return "desk_invitation_taken"
