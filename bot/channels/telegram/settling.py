"""Buttons that change the books and say so: both in the transaction of the press."""

from __future__ import annotations

from collections.abc import Callable

from bot.channels.telegram.talk import Talk
from catalog_db.journal import permissions
from catalog_db.journal.books import Books


def settle(talk: Talk, change: Callable[[Books], object], key: str, outcome: str) -> str:
    """Change the books, and say that it was done; return the outcome."""

    def within(talk: Talk, books: Books) -> str:
        change(books)
        talk.say(key)
        return outcome

    return talk.decide(within)


def forbid(talk: Talk, purpose: str, key: str, outcome: str) -> str:
    """Take a permission back."""
    chat_id, locale = talk.owner.chat_id, talk.wording.locale
    return settle(talk, lambda books: permissions.allow(books, chat_id, purpose, locale, given=False), key, outcome)
