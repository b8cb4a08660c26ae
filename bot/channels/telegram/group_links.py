"""私聊看全部: an answer that was cut in a group is shown whole in the private chat, as it is today.

It is also what keeps of a person in groups: what is exported, and that it goes with /forget (`chats.forget` sees to that).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.channels.telegram import commands
from bot.channels.telegram.deep_links import DeepLinks
from bot.channels.telegram.memory import Asked, Memory, session_text
from bot.channels.telegram.outgoing import Chore, Json
from bot.channels.telegram.talk import Talk
from bot.channels.telegram.updates import Command, Event
from catalog_db.journal.books import Books
from catalog_db.journal.persons import aside, asides
from handlers.session import Session

_NAME = re.compile(r"(\d{1,20})_(\d{1,20})_(\d{1,10})")


class GroupLinks:
    """A `features.Feature`."""

    def __init__(self, links: DeepLinks) -> None:
        self._links = links

    def take(self, talk: Talk, event: Event) -> str | None:
        """Open the answer that a link from a group leads to."""
        if not isinstance(event, Command) or event.name != "start" or not event.argument:
            return None
        action = self._links.decode(event.argument)
        found = _NAME.fullmatch(action.args[0]) if action and action.name == "asked" else None
        if found is None:
            return None
        if talk.conversation is None or talk.conversation.books is None:
            return None
        group, user, issue = (int(part) for part in found.groups())
        with talk.conversation.books() as books:
            asked = _asked(books, f"{-group}:{user}", issue)
        if asked is None:
            talk.say("group.link.gone", commands.menu(talk))
            return "group_link_gone"
        if user != talk.owner.user_id:  # somebody else in the group: the question, not the talk around it
            asked = Asked(asked.texts, asked.action, session_text(Session()))
        talk.say("group.link", commands.menu(talk))
        talk.show(talk.again(asked, talk.session.place))
        return "group_link"

    def chores(self) -> Sequence[Chore]:
        """Return nothing."""
        return ()

    def export(self, books: Books, chat_id: int) -> Json:
        """Return what is kept of a person in groups and inline queries."""
        kept = [{"session": one.session, "chat": one.kept} for one in asides(books, chat_id) if one.session or one.kept]
        return {"groups": kept} if kept else {}

    def forget(self, books: Books, chat_id: int) -> None:
        """Do nothing more: what is kept in groups goes with everything else of the person."""


def _asked(books: Books, name: str, issue: int) -> Asked | None:
    found = aside(books, name)
    if found is None:
        return None
    shown = Memory.from_json(found.kept).find(issue)
    return shown.asked if shown else None
