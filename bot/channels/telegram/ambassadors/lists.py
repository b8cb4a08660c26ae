"""Lists in the private chat: everybody may keep some; they open by button, by link and by a spoken code, as they are today."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.channels.telegram import commands, questions
from bot.channels.telegram.ambassadors.attribution import Came
from bot.channels.telegram.ambassadors.equipment import Equipment, Json, Labelled
from bot.channels.telegram.ambassadors.list_changes import ListChanges
from bot.channels.telegram.ambassadors.neighbours import count_me
from bot.channels.telegram.ambassadors.saving import Saving
from bot.channels.telegram.ambassadors.shelf import Shelf, named
from bot.channels.telegram.keyboards import BACK
from bot.channels.telegram.outgoing import Chore
from bot.channels.telegram.talk import Reply, Talk
from bot.channels.telegram.updates import Command, Event, Pressed, Said
from catalog_db.journal import lists, neighbours, permissions
from catalog_db.journal.books import Books
from catalog_db.journal.lists import KeptList
from handlers.phrases.lists import read_list_words
from handlers.phrases.sentences import Phrase
from handlers.phrases.spoken_code import read_code, shown_code
from handlers.turn import Action, Text, say

WRONG_MOST = 5  # wrong codes
WRONG_SECONDS = 60.0  # within so long
TRIES = "codes"  # the mark of a chat that keeps when wrong codes were said


@dataclass(frozen=True, slots=True)
class Lists:
    """A part of the private chat."""

    equipment: Equipment

    @property
    def shelf(self) -> Shelf:
        """Return the lists as a talk sees them."""
        return Shelf(self.equipment)

    def take(self, talk: Talk, event: Event) -> str | None:
        """Answer what is about lists."""
        if isinstance(event, Command):
            return self._start(talk, event)
        if isinstance(event, Pressed):
            return self._pressed(talk, event)
        if not isinstance(event, Said) or event.edited or event.kind != "text":
            return None
        action = talk.session.action_for(event.text) or talk.memory.own_action(event.text)
        if action is not None:
            return self._do(talk, action, None) if action.name.startswith("list.") else None
        return self._said(talk, event)

    # ---- said

    def _said(self, talk: Talk, event: Said) -> str | None:
        code = read_code(event.text)
        if code is not None:
            return self._code(talk, event, code)
        phrase = read_list_words(event.text)
        run = self._table.get(phrase.op) if phrase else None
        if phrase is None or run is None:
            return None
        if talk.memory.waiting is not None:
            questions.woken(talk)
        return run(talk, phrase)

    @property
    def _table(self) -> dict[str, Callable[[Talk, Phrase], str | None]]:
        saving, changing = Saving(self.shelf), ListChanges(self.shelf)
        return {
            "save": saving.said, "new": saving.new, "show": self._show, "all": self._all, "code": self._tell_code,
            "rename": changing.rename, "count": changing.count, "note": changing.note, "move": changing.move,
            "remove": changing.remove, "erase": changing.ask_erase,
        }  # fmt: skip

    def _show(self, talk: Talk, phrase: Phrase) -> str | None:
        """Show the list of a name, without one the list used last; a name that no list has means something else."""
        mine, name = self.shelf.mine(talk), phrase.get("list")
        found = named(mine, name) if name else next(iter(mine), None)
        if found is None:
            if name:
                return None
            talk.say("telegram.list.none")
            return "list_none"
        talk.show(self.shelf.reply(talk, found, own=True, head=(_code_line(found),)))
        return "list_shown"

    def _all(self, talk: Talk, phrase: Phrase) -> str:
        mine = self.shelf.mine(talk)
        if not mine:
            talk.say("telegram.list.none")
            return "list_none"
        rows: list[list[Labelled]] = [
            [(_label(talk, kept), Action("list.open", (kept.id,)))] for kept in mine[: lists.MOST]
        ]
        talk.say("telegram.list.all", self.equipment.markup(talk, rows, everywhere=False), count=len(mine))
        return "list_all"

    def _tell_code(self, talk: Talk, phrase: Phrase) -> str:
        found = next(iter(self.shelf.mine(talk)), None)
        if found is None:
            talk.say("telegram.list.none")
            return "list_none"
        talk.say("telegram.list.code", name=found.name, code=shown_code(found.code))
        return "list_code"

    # ---- opened by a code or a link

    def _code(self, talk: Talk, event: Said, code: str) -> str:
        """Open the list of a spoken code, as it is today."""
        found, names = self.shelf.find_code(talk, code)
        before = talk.snapshot()
        if found is not None:
            self._open(talk, found, names)
        elif read_code(event.text.strip()) == code and _bare(event.text):
            questions.said(talk, event)  # six characters may be something else: it is answered, and counts as a try
        else:
            talk.say("telegram.list.wrong_code")

        def within(talk: Talk, books: Books) -> str:
            marks = books.marks(talk.owner.chat_id)
            tries = [at for at in marks.get(TRIES, ()) if talk.at - at < WRONG_SECONDS]
            if len(tries) >= WRONG_MOST:
                talk.restore(before)
                talk.say("telegram.list.too_many_tries")
                return "code_refused"
            if found is None:
                books.mark(talk.owner.chat_id, TRIES, [*tries, talk.at])
                return "code_wrong"
            lists.touch(books, found.id)
            self._came(found).by_owner(talk, books, found.owner)
            return "code_opened"

        return talk.decide(within)

    def _start(self, talk: Talk, event: Command) -> str | None:
        """Open the list that a link leads to."""
        action = self.equipment.links.decode(event.argument) if event.name == "start" else None
        if action is None or action.name != "list.open":
            return None
        found, names = self.shelf.find(talk, action.args[0])
        if talk.memory.latest is None and not (found and found.owner == talk.owner.chat_id):
            talk.say("telegram.start", commands.menu(talk))
        if found is None:
            talk.say("telegram.list.erased_by_owner")
            return "list_gone"
        self._open(talk, found, names)

        def within(talk: Talk, books: Books) -> str:
            lists.touch(books, found.id)
            self._came(found).by_owner(talk, books, found.owner)
            return "link_list"

        return talk.decide(within)

    def _came(self, kept: KeptList) -> Came:
        return Came(self.equipment, f"list:{kept.id}")

    def _open(self, talk: Talk, kept: KeptList, names: Sequence[str]) -> None:
        talk.show(self._reply(talk, kept, names))

    def _reply(self, talk: Talk, kept: KeptList, names: Sequence[str]) -> Reply:
        """Show a list to whoever opens it: in full to its owner, without names to everybody else."""
        own = kept.owner == talk.owner.chat_id and kept.notebook == talk.notebook.number
        shown = kept if own else self.shelf.public(talk, kept, names)
        head = (_code_line(kept),) if own else ()
        return self.shelf.reply(talk, shown, own=own, head=head)

    # ---- pressed

    def _pressed(self, talk: Talk, event: Pressed) -> str | None:
        press = self.equipment.read(talk, event)
        shown = talk.memory.find(press.issue) if press else None
        if press and press.action and press.action.name == BACK and shown and shown.back:
            asked = shown.back[0].action
            if asked is None or asked.name != "list.open":
                return None
            talk.acknowledge(event.query_id)
            found, names = self.shelf.find(talk, asked.args[0])
            if found is None:
                talk.say("telegram.list.erased_by_owner")
                return "list_gone"
            talk.show_in(self._reply(talk, found, names), event.message_id, shown, shown.back[1:])
            return "list_back"
        action = self.equipment.action(talk, event, "list.")
        if action is None:
            return None
        return self._do(talk, action, event.query_id)

    def _do(self, talk: Talk, action: Action, query_id: str | None) -> str | None:
        """Do what a button of ours says, pressed or typed."""
        kind = action.name.removeprefix("list.")
        run = self._buttons.get(kind)
        if run is None:
            return None
        if query_id is not None:
            talk.acknowledge(query_id)
        return run(talk, action)

    @property
    def _buttons(self) -> dict[str, Callable[[Talk, Action], str | None]]:
        changing = ListChanges(self.shelf)

        def about(do: Callable[[KeptList, Sequence[str]], str], talk: Talk, action: Action) -> str:
            found, names = self.shelf.find(talk, action.args[0])
            if found is None:
                talk.say("telegram.list.erased_by_owner")
                return "list_gone"
            return do(found, names)

        return {
            "add": Saving(self.shelf).pressed,
            "count_me": count_me,
            "all": lambda talk, _: self._all(talk, Phrase("all")),
            "keep": lambda talk, _: _kept(talk),
            "open": lambda talk, action: about(lambda kept, names: self._opened(talk, kept, names), talk, action),
            "copy": lambda talk, action: about(lambda kept, names: self._copied(talk, kept, names), talk, action),
            "erase": lambda talk, action: about(lambda kept, _: changing.erase(talk, kept, sure=False), talk, action),
            "erased": lambda talk, action: about(lambda kept, _: changing.erase(talk, kept, sure=True), talk, action),
        }

    def _opened(self, talk: Talk, kept: KeptList, names: Sequence[str]) -> str:
        self._open(talk, kept, names)
        return "list_opened"

    def _copied(self, talk: Talk, kept: KeptList, names: Sequence[str]) -> str:
        return Saving(self.shelf).copy(talk, self.shelf.public(talk, kept, names))

    # ---- the rest of a part

    def chores(self) -> Sequence[Chore]:
        """Nothing is done by itself."""
        return ()

    def export(self, books: Books, chat_id: int) -> Json:
        """Return all lists of the person."""
        kept = lists.of_person(books, chat_id)
        if not kept:
            return {}
        own = {"lists": [{"name": one.name, "code": one.code, "items": list(one.items)} for one in kept]}
        counts = permissions.allows(permissions.profile(books, chat_id), neighbours.PURPOSE)
        return own | ({"counted_among_neighbours": lists.counted(books, chat_id)} if counts else {})

    def forget(self, books: Books, chat_id: int) -> None:
        """Delete them."""
        lists.forget(books, chat_id)


def _kept(talk: Talk) -> str:
    talk.say("telegram.list.kept")
    return "list_kept"


def _bare(text: str) -> bool:
    """Tell whether nothing but the code was written."""
    return len(text.strip()) <= 8


def _code_line(kept: KeptList) -> Text:
    return say("list.code", code=shown_code(kept.code))


def _label(talk: Talk, kept: KeptList) -> str:
    return talk.wording.say("telegram.list.label", name=kept.name, count=len(kept.items))
