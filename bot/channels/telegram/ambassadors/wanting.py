"""接龙 in the private chat: whoever opens a list says what they want of it; its owner sees how many, and names only with consent."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.telegram.ambassadors.equipment import Equipment, Json, Labelled
from bot.channels.telegram.ambassadors.shelf import Shelf, items_of
from bot.channels.telegram.outgoing import Chore
from bot.channels.telegram.talk import Talk
from bot.channels.telegram.updates import Event, Pressed, Said
from bot.wording import Wording
from catalog_db.journal import wants
from catalog_db.journal.books import Books
from catalog_db.journal.lists import KeptList
from catalog_db.journal.wants import Want
from handlers.answer_parts.choices import shorten
from handlers.kept_list import Kept
from handlers.phrases.lists import read_list_words
from handlers.turn import Action

_OFFERED = 8  # entries to choose from
_COUNTS = (1, 2, 3, 5)
_LONGEST = 20  # characters of a name
_CALCULATES = frozenset("=+-@\t\r")  # what a spreadsheet would take for a formula


@dataclass(frozen=True, slots=True)
class Wanting:
    """A part of the private chat."""

    equipment: Equipment

    def take(self, talk: Talk, event: Event) -> str | None:
        """Answer what is about wanting something of a list."""
        if isinstance(event, Pressed):
            action = self.equipment.action(talk, event, "want.")
            if action is None:
                return None
            talk.acknowledge(event.query_id)
            return self._do(talk, action)
        return self._said(talk, event) if isinstance(event, Said) and not event.edited else None

    def _said(self, talk: Talk, event: Said) -> str | None:
        typed = talk.session.action_for(event.text)
        if typed is not None:
            return self._do(talk, typed) if typed.name.startswith("want.") else None
        phrase = read_list_words(event.text)
        if phrase is None or phrase.op != "wanted":
            return None
        kept = next(iter(Shelf(self.equipment).mine(talk)), None)
        if kept is None:
            talk.say("telegram.list.none")
            return "list_none"
        return self._tell(talk, kept)

    def _do(self, talk: Talk, action: Action) -> str | None:
        kept, _ = Shelf(self.equipment).find(talk, action.args[0])
        if kept is None:
            talk.say("telegram.list.erased_by_owner")
            return "list_gone"
        if action.name == "want.which":
            return self._which(talk, kept)
        if action.name == "want.back":
            return self._withdraw(talk, kept)
        place = int(action.args[1])
        items = items_of(kept)
        if place >= len(items):
            talk.say("telegram.want.gone")
            return "want_gone"
        if action.name == "want.count":
            return self._count(talk, kept, items[place], place)
        return self._want(talk, kept, items[place], int(action.args[2]), named=action.args[3] == "y")

    # ---- whoever wants something

    def _which(self, talk: Talk, kept: KeptList) -> str:
        items = items_of(kept)[:_OFFERED]
        if len(items) == 1:
            return self._count(talk, kept, items[0], 0)
        rows: list[list[Labelled]] = [
            [(shorten(f"{place + 1}. {item.told.get('title', '')}", 28), Action("want.count", (kept.id, str(place))))]
            for place, item in enumerate(items)
        ]
        talk.say("telegram.want.which", self.equipment.markup(talk, rows))
        return "want_which"

    def _count(self, talk: Talk, kept: KeptList, item: Kept, place: int) -> str:
        """Ask how many, and for consent: each button says whether the name goes along."""
        say = talk.wording.say
        rows: list[list[Labelled]] = [
            [
                (
                    say(f"telegram.want.{key}", count=count),
                    Action("want.yes", (kept.id, str(place), str(count), letter)),
                )
                for count in _COUNTS
            ]
            for key, letter in (("named", "y"), ("unnamed", "n"))
        ]
        talk.say(
            "telegram.want.how_many", self.equipment.markup(talk, rows), title=item.told.get("title", ""),
            name=talk.name[:_LONGEST],
        )  # fmt: skip
        return "want_how_many"

    def _want(self, talk: Talk, kept: KeptList, item: Kept, count: int, *, named: bool) -> str:
        name = talk.name[:_LONGEST] if named else None

        def within(talk: Talk, books: Books) -> str:
            if not wants.want(books, kept.id, talk.owner.chat_id, _item(item), count, name):
                talk.say("telegram.want.full")
                return "want_full"
            row: list[Labelled] = [(talk.wording.say("telegram.want.withdraw"), Action("want.back", (kept.id,)))]
            key = "telegram.want.noted_named" if named else "telegram.want.noted"
            talk.say(key, self.equipment.markup(talk, [row]), title=item.told.get("title", ""), count=count)
            return "want_noted"

        return talk.decide(within)

    def _withdraw(self, talk: Talk, kept: KeptList) -> str:
        def within(talk: Talk, books: Books) -> str:
            gone = wants.withdraw(books, kept.id, talk.owner.chat_id)
            talk.say("telegram.want.withdrawn" if gone else "telegram.want.nothing")
            return "want_withdrawn"

        return talk.decide(within)

    # ---- its owner

    def _tell(self, talk: Talk, kept: KeptList) -> str:
        """Say how many want what, and give it as tables; asked by the owner only, for the lists are the owner's."""
        if talk.conversation is None or talk.conversation.books is None:
            return "want_told"
        with talk.conversation.books() as books:
            found = wants.of_list(books, kept.id)
        say = talk.wording.say
        if not found:
            talk.say("telegram.want.none", name=kept.name)
            return "want_none"
        titles = {_item(item): str(item.told.get("title", "")) for item in items_of(kept)}
        lines = []
        for item in dict.fromkeys(one.item for one in found):
            of_it = [one for one in found if one.item == item]
            names = tuple(one.name for one in of_it if one.name) or say("telegram.want.nobody_named")
            title = titles.get(item) or say("telegram.want.off_the_list")
            lines.append(
                say(
                    "telegram.want.line",
                    title=title,
                    count=sum(one.count for one in of_it),
                    people=len(of_it),
                    names=names,
                )
            )
        talk.say("telegram.want.told", name=kept.name, lines="\n".join(lines))
        table = list(_table(found, titles, talk.wording))
        talk.send_file(say("telegram.want.csv"), _csv(table), say("telegram.want.caption"))
        talk.send_file(say("telegram.want.xlsx"), _xlsx(table), say("telegram.want.caption"))
        return "want_told"

    # ---- the rest of a part

    def chores(self) -> Sequence[Chore]:
        """Nothing is done by itself."""
        return ()

    def export(self, books: Books, chat_id: int) -> Json:
        """Return what the person said to want."""
        found = wants.of_person(books, chat_id)
        return {"wants": [{"item": one.item, "count": one.count, "name": one.name} for one in found]} if found else {}

    def forget(self, books: Books, chat_id: int) -> None:
        """Delete it."""
        wants.forget(books, chat_id)


def _item(item: Kept) -> str:
    return f"{item.kind}:{item.ref or item.told.get('title', '')}"[:80]


def _table(found: Sequence[Want], titles: dict[str, str], wording: Wording) -> Sequence[Sequence[str | int]]:
    say = wording.say
    head: list[str | int] = [say(f"telegram.want.column.{name}") for name in ("what", "count", "who")]
    rows: list[list[str | int]] = [
        [_plain(titles.get(one.item, one.item)), one.count, _plain(one.name or say("telegram.want.unnamed_one"))]
        for one in found
    ]
    return [head, *rows]


def _plain(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in _CALCULATES else text


def _csv(table: Sequence[Sequence[str | int]]) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerows(table)
    return written.getvalue().encode("utf-8-sig")  # with its mark: spreadsheets open it as what it is


def _xlsx(table: Sequence[Sequence[str | int]]) -> bytes:
    import xlsxwriter

    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(table):
            sheet.write_row(number, 0, row)
        sheet.set_column(0, 0, 40)
    return written.getvalue()
