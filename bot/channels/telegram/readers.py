"""How somebody reads wherever we meet: what the private chat knows of language and 长辈模式 holds in groups, cards and at the desk.

Of the private chat only that much is read, never what was talked about there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.telegram.outgoing import ConversationState
from bot.channels.telegram.rich import clean
from bot.channels.telegram.talk import Talk
from bot.elders import paragraphs
from bot.languages import Wordings, locale_for
from bot.wording import Wording
from catalog_db.journal.books import Books
from catalog_db.journal.persons import aside


@dataclass(frozen=True, slots=True)
class Reader:
    """`locale`: of the last answer, "" when there was none; `chosen`: by the person, or ""; `place`: the county that was told."""

    locale: str = ""
    chosen: str = ""
    simple: bool = False
    place: str | None = None

    def locale_for(self, code: str | None, text: str, last: str = "") -> str:
        """Return the locale to answer in; `last`: of the last answer where we are now."""
        return locale_for(code, self.chosen, text, last or self.locale)

    def wording(self, wordings: Wordings) -> Wording:
        """Return the words for what is said without being asked."""
        return wordings.of(self.locale or wordings.first.locale, simple=self.simple)

    def texts(self, text: str, wordings: Wordings) -> list[str]:
        """Cut a text into messages: one, in 长辈模式 as many as there are ideas."""
        if not self.simple:
            return [clean(text)]
        return [clean("\n".join(lines)) for lines in paragraphs(text, self.wording(wordings))]


NOBODY = Reader()


def reader_in(books: Books, user_id: int) -> Reader:
    """Return how somebody reads; `NOBODY` for who never wrote to us in private."""
    private = aside(books, str(user_id))
    if private is None:
        return NOBODY
    return _reader(private.session or {}, private.kept)


def reader_now(talk: Talk) -> Reader:
    """Return how somebody reads who is writing to us in private."""
    return Reader(talk.wording.locale, talk.memory.chosen, talk.session.simple, talk.session.place)


def reader_of(conversation: ConversationState, user_id: int | None) -> Reader:
    """Return the same for an update that lies outside the private chat."""
    if conversation.books is None or user_id is None:
        return NOBODY
    with conversation.books() as books:
        return reader_in(books, user_id)


def _reader(session: Mapping[str, Any], kept: Mapping[str, Any]) -> Reader:
    locale, chosen = kept.get("language") or ("", "")
    place = session.get("place")
    return Reader(str(locale), str(chosen), bool(session.get("simple")), place if isinstance(place, str) else None)
