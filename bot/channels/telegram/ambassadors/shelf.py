"""The lists of a person as a talk sees them: looked up beside the books, written within the transaction, shown as of today."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.channels.telegram.ambassadors.equipment import Equipment
from bot.channels.telegram.memory import Asked, session_text
from bot.channels.telegram.talk import Reply, Talk
from catalog_db.journal import lists, neighbours, notebooks
from catalog_db.journal.books import Books
from catalog_db.journal.lists import KeptList
from handlers import kept_list
from handlers.answer_parts.neighbours import county_of
from handlers.certification.overclaims import within_bounds
from handlers.kept_list import Kept
from handlers.phrases.notebooks import without_people
from handlers.phrases.spoken_code import new_code
from handlers.session import Topic
from handlers.turn import Action, Choice, Text, say

Items = tuple[Kept, ...]

_IDS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_ID = 10
_PARTED = re.compile(r"[\s·:：,，-]+")


def items_of(kept: KeptList) -> Items:
    """Return the entries of a list."""
    return tuple(Kept.from_json(item) for item in kept.items)


@dataclass(frozen=True, slots=True)
class Shelf:
    """See the module."""

    equipment: Equipment

    # ---- looking

    def mine(self, talk: Talk) -> list[KeptList]:
        """Return the lists of the notebook that is open, the one used last first."""
        if talk.conversation is None or talk.conversation.books is None:
            return []
        with talk.conversation.books() as books:
            return lists.of_person(books, talk.owner.chat_id, talk.notebook.number)

    def find(self, talk: Talk, list_id: str) -> tuple[KeptList | None, tuple[str, ...]]:
        """Return a list and the names of its owner's notebooks, which nobody else may see."""
        return self._found(talk, lambda books: lists.find(books, list_id))

    def find_code(self, talk: Talk, code: str) -> tuple[KeptList | None, tuple[str, ...]]:
        """Return the list of a spoken code, as `find`."""
        return self._found(talk, lambda books: lists.find_code(books, code))

    def _found(self, talk: Talk, look: Callable[[Books], KeptList | None]) -> tuple[KeptList | None, tuple[str, ...]]:
        if talk.conversation is None or talk.conversation.books is None:
            return None, ()
        with talk.conversation.books() as books:
            kept = look(books)
            if kept is None:
                return None, ()
            names = [one.name for one in notebooks.everything(books, kept.owner) if one.name]
            return kept, tuple(names)

    def blank(self, talk: Talk, name: str) -> KeptList:
        """Make a new list, not written yet."""
        below = self.equipment.below
        made = "".join(_IDS[below(len(_IDS))] for _ in range(_ID))
        return KeptList(made, talk.owner.chat_id, talk.notebook.number, new_code(below), name)

    def name(self, talk: Talk, said: str) -> str:
        """Return what a new list is called: 厨房 → 厨房清单; one that nobody has named: 清单."""
        say = talk.wording.say
        return say("telegram.list.named", name=said) if said else say("telegram.list.default")

    # ---- for others

    def public(self, talk: Talk, kept: KeptList, names: Sequence[str]) -> KeptList:
        """Return a list as anybody else may see it: without the names of neighbours, in its own name and its notes."""
        items = tuple({**item, "note": _public(item["note"], names)} for item in kept.items)
        name = without_people(kept.name, names) or talk.wording.say("telegram.list.default")
        return replace(kept, name=name, items=items)

    # ---- showing

    def reply(self, talk: Talk, kept: KeptList, *, own: bool, head: Sequence[Text] = ()) -> Reply:
        """Make the answer that shows a list as it is today; ordinals mean its entries from now on."""
        items, day = items_of(kept), talk.now.date()
        goods = kept_list.goods_of(self.equipment.catalogue, items)
        choices = _choices(kept, own=own)
        answer = within_bounds(kept_list.answer(kept.name, items, self.equipment.catalogue, goods, day, choices, head))
        after = talk.session.copy()
        listed = tuple(item.ref for item in items if item.kind == "product")
        if listed:
            after.start_topic(Topic(listed=listed, seen=listed, intent="recommend"))
        after.intent = "recommend"
        wording = talk.wording
        after.offered = tuple((wording.text(choice.label), choice.action) for choice in choices)
        asked = Asked((), Action("list.open", (kept.id,)), session_text(talk.session))
        return Reply(answer, asked, after)

    # ---- writing

    def write(
        self, talk: Talk, seen: KeptList, change: Callable[[KeptList], KeptList], done: Callable[[Talk, KeptList], str]
    ) -> str:
        """Change a list within the transaction and say so; when it has changed since it was seen, say that instead."""
        changed, before = change(seen), talk.snapshot()
        outcome = done(talk, changed)

        def within(talk: Talk, books: Books) -> str:
            now = lists.find(books, seen.id) if seen.version else None
            if seen.version and (now is None or now.version != seen.version):
                talk.restore(before)
                talk.say("telegram.list.changed_meanwhile")
                return "list_changed_meanwhile"
            if not seen.version and len(lists.of_person(books, seen.owner)) >= lists.MOST:
                talk.restore(before)
                talk.say("telegram.list.too_many", most=lists.MOST)
                return "list_too_many"
            neighbours.live_in(books, seen.owner, county_of(talk.session.place) if seen.notebook == 0 else None)
            lists.keep(books, changed)
            return outcome

        return talk.decide(within)


def named(mine: Sequence[KeptList], name: str) -> KeptList | None:
    """Return the list of a name, said with or without 清单 at its end; 客厅 is also the list 张大爷·客厅清单, where only one is called so."""
    wanted = _bare_name(name)
    same = next((kept for kept in mine if _bare_name(kept.name) == wanted), None)
    parts = [kept for kept in mine if wanted and wanted in _PARTED.split(_bare_name(kept.name))]
    return same or (parts[0] if len(parts) == 1 else None)


def _bare_name(name: str) -> str:
    return name.strip().removesuffix("清单").strip().casefold()


def _public(note: str, names: Sequence[str]) -> str:
    """Return a note that names nobody, else nothing: what is left of it could still tell who is meant."""
    return note if without_people(note, names) == note.strip() else ""


def _choices(kept: KeptList, *, own: bool) -> tuple[Choice, ...]:
    if not kept.items:
        return ()
    names = ("group", "card", "print", "erase") if own else ("copy", "group")
    want = () if own else (Choice(say("telegram.list.do.want"), Action("want.which", (kept.id,))),)
    return (*want, *(Choice(say(f"telegram.list.do.{name}"), Action(f"list.{name}", (kept.id,))) for name in names))
