"""Changing a list by words: order, quantities, notes, its name; taking an entry away, deleting the list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.channels.telegram.ambassadors.equipment import Labelled
from bot.channels.telegram.ambassadors.saving import LONGEST_NAME, refused, with_items
from bot.channels.telegram.ambassadors.shelf import Items, Shelf, items_of, named
from bot.channels.telegram.talk import Talk
from catalog_db.journal import lists
from catalog_db.journal.books import Books
from catalog_db.journal.lists import KeptList
from handlers.kept_list import MOST_COUNT, Kept, moved
from handlers.phrases.lists import LAST, amount, ordinal
from handlers.phrases.sentences import Phrase
from handlers.turn import Action


@dataclass(frozen=True, slots=True)
class ListChanges:
    """See the module. Everything is about the list used last."""

    shelf: Shelf

    def rename(self, talk: Talk, phrase: Phrase) -> str | None:
        """Give the list another name."""
        name = phrase.get("name")[:LONGEST_NAME]
        kept = self._current(talk)
        if kept is None or refused(talk, name):
            return "list_none" if kept is None else "list_claim"
        return self.shelf.write(talk, kept, lambda seen: replace(seen, name=name), _renamed)

    def count(self, talk: Talk, phrase: Phrase) -> str | None:
        """Say how many of an entry."""
        many = amount(phrase.get("count"))
        if many is None or many > MOST_COUNT:
            talk.say("telegram.list.how_many")
            return "list_how_many"
        return self._change(talk, phrase, lambda items, at: _replaced(items, at, replace(items[at], count=many)))

    def note(self, talk: Talk, phrase: Phrase) -> str | None:
        """Write a note beside an entry, once it passes the claim check."""
        if refused(talk, phrase.get("note")):
            return "list_claim"
        note = phrase.get("note")
        return self._change(talk, phrase, lambda items, at: _replaced(items, at, replace(items[at], note=note)))

    def move(self, talk: Talk, phrase: Phrase) -> str | None:
        """Put an entry somewhere else."""
        to = ordinal(phrase.get("count"))

        def change(items: Items, at: int) -> Items:
            last = len(items) - 1
            return moved(items, at, last if to in (None, LAST) else min(int(to or 1), last + 1) - 1)

        return self._change(talk, phrase, change)

    def remove(self, talk: Talk, phrase: Phrase) -> str | None:
        """Take an entry away."""
        return self._change(talk, phrase, lambda items, at: items[:at] + items[at + 1 :])

    def ask_erase(self, talk: Talk, phrase: Phrase) -> str | None:
        """Ask before a list is deleted."""
        mine, name = self.shelf.mine(talk), phrase.get("list")
        kept = named(mine, name) if name else next(iter(mine), None)
        return self.erase(talk, kept, sure=False) if kept else None

    def erase(self, talk: Talk, kept: KeptList, *, sure: bool) -> str:
        """Delete a list of one's own; `sure`: it was asked."""
        if kept.owner != talk.owner.chat_id:
            talk.say("telegram.list.not_yours")
            return "list_not_yours"
        if not sure:
            say = talk.wording.say
            rows: list[list[Labelled]] = [
                [(say("telegram.list.erase", name=kept.name), Action("list.erased", (kept.id,)))],
                [(say("telegram.list.keep"), Action("list.keep"))],
            ]
            markup = self.shelf.equipment.markup(talk, rows, everywhere=False)
            talk.say("telegram.list.erase_sure", markup, name=kept.name)
            return "list_erase_asked"
        talk.say("telegram.list.erased", name=kept.name)

        def within(talk: Talk, books: Books) -> str:
            lists.erase(books, kept.id)
            return "list_erased"

        return talk.decide(within)

    def _current(self, talk: Talk) -> KeptList | None:
        kept = next(iter(self.shelf.mine(talk)), None)
        if kept is None:
            talk.say("telegram.list.none")
        return kept

    def _change(self, talk: Talk, phrase: Phrase, change: Callable[[Items, int], Items]) -> str:
        kept = self._current(talk)
        if kept is None:
            return "list_none"
        items, place = items_of(kept), ordinal(phrase.get("which"))
        if place is None or not items or place > len(items):
            talk.say("telegram.list.no_such", count=len(items))
            return "list_no_such"
        changed = change(items, len(items) - 1 if place == LAST else place - 1)
        return self.shelf.write(talk, kept, lambda seen: with_items(seen, changed), self._shown)

    def _shown(self, talk: Talk, kept: KeptList) -> str:
        """Show the list as it stands now."""
        talk.show(self.shelf.reply(talk, kept, own=True))
        return "list_changed"


def _replaced(items: Items, at: int, item: Kept) -> Items:
    return (*items[:at], item, *items[at + 1 :])


def _renamed(talk: Talk, kept: KeptList) -> str:
    talk.say("telegram.list.renamed", name=kept.name)
    return "list_renamed"
