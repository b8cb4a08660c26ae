"""What the parts of the ambassadors have in common: making and reading their buttons, knowing who is one."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.channels.telegram.arrivals import BotIdentity
from bot.channels.telegram.deep_links import DeepLinks
from bot.channels.telegram.payloads import ANY_NOTEBOOK, Owner, Payloads, Press, next_issue
from bot.channels.telegram.talk import Talk
from bot.channels.telegram.updates import Pressed
from bot.languages import Wordings
from catalog_db.catalog import Catalogue
from catalog_db.journal import ambassadors
from catalog_db.journal.point_rules import Rules
from handlers.alerts import NIGHT, Quiet
from handlers.turn import Action

Json = dict[str, Any]
Labelled = tuple[str, Action]


def chance(below: int) -> int:
    """Return a number that nobody guesses."""
    return secrets.randbelow(below)


@dataclass(frozen=True, slots=True)
class Equipment:
    """What every part is given. `wordings`: staff are spoken to in the first, people in their own. `below`: chance, for numbers that nobody may guess."""

    payloads: Payloads
    links: DeepLinks
    wordings: Wordings
    catalogue: Catalogue
    me: BotIdentity
    below: Callable[[int], int] = field(default=chance)
    rules: Rules = field(default_factory=Rules)
    brief_hour: int = 8  # Asia/Shanghai
    quiet: Quiet = NIGHT  # nobody is told anything

    def read(self, talk: Talk, event: Pressed) -> Press | None:
        """Return what a button does that belongs here: made in the notebook that is open, or for all of them."""
        for owner in (talk.owner, replace(talk.owner, notebook=ANY_NOTEBOOK)):
            press = self.payloads.decode(owner, event.data)
            if press is not None:
                return press
        return None

    def action(self, talk: Talk, event: Pressed, prefix: str) -> Action | None:
        """Return the action of a button of ours: its name begins with `prefix`."""
        press = self.read(talk, event)
        if press is None:
            return None
        shown, action = talk.memory.find(press.issue), press.action
        if press.kept is not None and shown is not None and press.kept < len(shown.spare):
            action = shown.spare[press.kept]
        return action if action and action.name.startswith(prefix) else None

    def markup(self, talk: Talk, rows: Sequence[Sequence[Labelled]], *, everywhere: bool = True) -> Json | None:
        """Make buttons. `everywhere`: they work whichever notebook is open; otherwise only in this one."""
        owner = replace(talk.owner, notebook=ANY_NOTEBOOK) if everywhere else talk.owner
        talk.memory.issue = next_issue(talk.memory.issue, talk.now)
        return self.keyboard(owner, talk.memory.issue, rows)

    def keyboard(self, owner: Owner, issue: int, rows: Sequence[Sequence[Labelled]]) -> Json | None:
        """Make buttons for anybody. Actions must be short enough for a button."""
        made = [
            [{"text": label, "callback_data": self.payloads.encode(owner, issue, action, [])} for label, action in row]
            for row in rows
            if row
        ]
        return {"inline_keyboard": made} if made else None


def is_ambassador(talk: Talk) -> bool:
    """Tell whether the person is an approved ambassador, as far as the chat is marked."""
    return bool((talk.marks.get(ambassadors.MARK) or {}).get("state") == "approved")


def ref_of(talk: Talk) -> str | None:
    """Return the short name of an approved ambassador."""
    return str(talk.marks[ambassadors.MARK]["ref"]) if is_ambassador(talk) else None
