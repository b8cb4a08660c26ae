"""Notebooks for neighbours: each has its own conversation; what is said stands below the neighbour's name while it is open.

The answer is made beside the books; the decision asks them again, then the notebook that was left is kept and the chat goes on
in the other one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.channels.telegram import questions
from bot.channels.telegram.ambassadors.equipment import Equipment, Json, Labelled, is_ambassador
from bot.channels.telegram.desk import notebook_tickets
from bot.channels.telegram.outgoing import Chore
from bot.channels.telegram.talk import Talk
from bot.channels.telegram.updates import Event, Pressed, Said
from catalog_db.journal import ambassadors, lists, notebooks
from catalog_db.journal.books import Books
from catalog_db.journal.notebooks import MOST, OWN, Notebook
from handlers.answer_parts.choices import shorten
from handlers.phrases.notebooks import LONGEST_NAME, read_notebook
from handlers.phrases.sentences import Phrase
from handlers.turn import Action

_NUMBERS = 1 << 24  # a number is never used again: a button of an erased notebook opens nothing
_ROW = 2
_SHOWN = 20  # names in the list of notebooks
_ANSWER = 300  # characters of what the staff answered


@dataclass(frozen=True, slots=True)
class Notebooks:
    """A part of the private chat."""

    equipment: Equipment

    def take(self, talk: Talk, event: Event) -> str | None:
        """Answer what is about notebooks."""
        if not is_ambassador(talk) and not talk.notebook.names:
            return self._hint(talk, event)
        if isinstance(event, Said) and not event.edited and event.kind == "text":
            phrase = read_notebook(event.text, talk.notebook.names.values())
            return self._said(talk, event, phrase) if phrase else None
        return self._pressed(talk, event) if isinstance(event, Pressed) else None

    def _hint(self, talk: Talk, event: Event) -> str | None:
        """Say what notebooks are for to somebody who asks for one in so many words; a question is answered like any other."""
        phrase = read_notebook(event.text) if isinstance(event, Said) and not event.edited else None
        if phrase is None or phrase.op != "open" or phrase.get("rest"):
            return None
        talk.say("telegram.notebook.only_ambassadors")
        return "notebook_not_offered"

    # ---- said

    def _said(self, talk: Talk, event: Said, phrase: Phrase) -> str | None:
        if talk.session.action_for(event.text) is not None or (talk.memory.own_action(event.text)):
            return None  # the label of a button under the last answer
        run = self._table.get(phrase.op)
        if run is None or (phrase.op in ("close", "erase", "rename") and not self._meant(talk, phrase)):
            return None
        if talk.memory.waiting is not None:
            questions.woken(talk)
        return run(talk, event, phrase)

    @property
    def _table(self) -> dict[str, Callable[[Talk, Said, Phrase], str | None]]:
        return {
            "open": self._open, "home": lambda talk, _, __: self._go(talk, OWN), "close": self._close,
            "rename": self._rename, "erase": self._ask_erase, "list": lambda talk, _, __: self._list(talk),
            "where": lambda talk, _, __: self._list(talk),
        }  # fmt: skip

    def _meant(self, talk: Talk, phrase: Phrase) -> bool:
        """Tell whether a notebook is meant that is there: the one named, else the open one."""
        return self._named(talk, phrase) is not None

    def _named(self, talk: Talk, phrase: Phrase) -> int | None:
        name = phrase.get("old") or (phrase.get("name") if phrase.op in ("close", "erase") else "")
        return _number(talk, name) if name else talk.notebook.number or None

    def _open(self, talk: Talk, event: Said, phrase: Phrase) -> str | None:
        """Open the notebook of a neighbour, a new one where there is none; answer what was asked along with it."""
        name, rest = phrase.get("name")[:LONGEST_NAME], phrase.get("rest")
        number = _number(talk, name)
        if number is None:
            if not is_ambassador(talk):
                return None
            if len(talk.notebook.names) >= MOST:
                talk.say("telegram.notebook.full", most=MOST)
                return "notebook_full"
            number = self.equipment.below(_NUMBERS) + 1
        before = talk.snapshot()
        found = self._turn(talk, number, {**talk.notebook.names, number: name})
        if not rest:
            self._welcome(talk, new=found.new)
        elif questions.said(talk, replace(event, text=rest)) == "waiting":
            questions.woken(talk)  # nothing more comes: the sentence named the neighbour and the question
        return talk.decide(lambda talk, books: _committed(talk, books, found, before))

    def _go(self, talk: Talk, number: int) -> str:
        """Open a notebook that is there, or one's own conversation."""
        before = talk.snapshot()
        if number == talk.notebook.number:
            self._welcome(talk, new=False)
            return "notebook_there"
        found = self._turn(talk, number, talk.notebook.names)
        self._welcome(talk, new=False)
        return talk.decide(lambda talk, books: _committed(talk, books, found, before))

    def _turn(self, talk: Talk, number: int, names: Mapping[int, str]) -> _Turned:
        """Turn the talk to a notebook; nothing is written yet."""
        kept = None
        if number == talk.notebook.number:
            return _Turned(number, number, names.get(number, ""), None, new=False)
        if talk.conversation is not None and talk.conversation.books is not None:
            with talk.conversation.books() as books:
                kept = notebooks.find(books, talk.owner.chat_id, number)
        last, new = talk.notebook.number, number not in talk.notebook.names and number != OWN
        left = talk.turn_to(number, names, kept.context if kept else None)
        return _Turned(last, number, names.get(number, ""), left, new=new)

    def _welcome(self, talk: Talk, *, new: bool) -> None:
        name, asked = talk.notebook.name, talk.session.questions[-1:]
        answered = self._answered(talk) if name is not None and not new else None
        if name is None:
            talk.say("telegram.notebook.own", self._buttons(talk))
        elif new:
            talk.say("telegram.notebook.new", self._buttons(talk), name=name)
        elif asked or answered:
            key = "telegram.notebook.answered" if answered else "telegram.notebook.again"
            said = {"asked": asked[0] if asked else answered, "answered": answered or ""}
            talk.say(key, self._buttons(talk), name=name, **said)
        else:
            talk.say("telegram.notebook.open", self._buttons(talk), name=name)

    def _answered(self, talk: Talk) -> str | None:
        """Return what the staff answered last to a question of the notebook that is open."""
        if notebook_tickets.MARK not in talk.marks or talk.conversation is None or talk.conversation.books is None:
            return None
        with talk.conversation.books() as books:
            answer = notebook_tickets.last_answer(books, talk.owner.chat_id, talk.notebook.number)
        return shorten(answer, _ANSWER) if answer else None

    def _close(self, talk: Talk, event: Said, phrase: Phrase) -> str | None:
        """Close a notebook: it stays, and one goes on for oneself."""
        number = self._named(talk, phrase)
        if number is not None and number != talk.notebook.number:
            talk.say("telegram.notebook.closed_already", name=talk.notebook.names[number])
            return "notebook_closed"
        return self._go(talk, OWN)

    def _rename(self, talk: Talk, event: Said, phrase: Phrase) -> str | None:
        number, name = self._named(talk, phrase), phrase.get("name")[:LONGEST_NAME]
        if number is None or not name:
            talk.say("telegram.notebook.rename_how")
            return "notebook_rename_how"
        if _number(talk, name) not in (None, number):
            talk.say("telegram.notebook.taken", name=name)
            return "notebook_taken"
        old, names = talk.notebook.names[number], {**talk.notebook.names, number: name}
        talk.notebook = replace(talk.notebook, names=names)
        talk.say("telegram.notebook.renamed", old=old, name=name)

        def within(talk: Talk, books: Books) -> str:
            kept = notebooks.find(books, talk.owner.chat_id, number)
            notebooks.keep(books, talk.owner.chat_id, replace(kept or Notebook(number, name), name=name))
            notebooks.mark(books, talk.owner.chat_id, talk.notebook.number)
            return "notebook_renamed"

        return talk.decide(within)

    def _ask_erase(self, talk: Talk, event: Said, phrase: Phrase) -> str | None:
        number = self._named(talk, phrase)
        if number is None:
            return None
        name = talk.notebook.names[number]
        say = talk.wording.say
        rows: list[list[Labelled]] = [
            [(say("telegram.notebook.erase", name=name), Action("notebook.erase", (str(number),)))],
            [(say("telegram.notebook.keep"), Action("notebook.keep"))],
        ]
        talk.say("telegram.notebook.erase_sure", self.equipment.markup(talk, rows), name=name)
        return "notebook_erase_asked"

    def _list(self, talk: Talk) -> str:
        if not talk.notebook.names:
            talk.say("telegram.notebook.none")
            return "notebook_none"
        names = tuple(list(talk.notebook.names.values())[:_SHOWN])
        where = talk.notebook.name or talk.wording.say("telegram.notebook.myself")
        talk.say("telegram.notebook.list", self._buttons(talk), names=names, count=len(talk.notebook.names), open=where)
        return "notebook_list"

    def _buttons(self, talk: Talk) -> Json | None:
        """Make the buttons that switch: every notebook that is not open, and one's own."""
        say = talk.wording.say
        others = [(number, name) for number, name in talk.notebook.names.items() if number != talk.notebook.number]
        to = [
            (say("telegram.notebook.to", name=name), Action("notebook.open", (str(number),)))
            for number, name in others[:_SHOWN]
        ]
        rows = [to[at : at + _ROW] for at in range(0, len(to), _ROW)]
        if talk.notebook.number != OWN:
            rows.append([(say("telegram.notebook.home"), Action("notebook.open", (str(OWN),)))])
        return self.equipment.markup(talk, rows)

    # ---- pressed

    def _pressed(self, talk: Talk, event: Pressed) -> str | None:
        if self.equipment.read(talk, event) is None:
            return self._elsewhere(talk, event)
        action = self.equipment.action(talk, event, "notebook.")
        if action is None:
            return None
        talk.acknowledge(event.query_id)
        number = int(action.args[0]) if action.args else OWN
        if action.name == "notebook.list":
            return self._list(talk)
        if action.name == "notebook.keep":
            talk.say("telegram.notebook.kept")
            return "notebook_kept"
        if number != OWN and number not in talk.notebook.names:
            talk.say("telegram.notebook.gone")
            return "notebook_gone"
        if talk.memory.waiting is not None:
            questions.woken(talk)
        return self._erase(talk, number) if action.name == "notebook.erase" else self._go(talk, number)

    def _elsewhere(self, talk: Talk, event: Pressed) -> str:
        """Do nothing for a button of another notebook but say whose it is, and offer to turn there."""
        numbers = (OWN, *talk.notebook.names)
        decode = self.equipment.payloads.decode
        number = next(n for n in numbers if decode(replace(talk.owner, notebook=n), event.data) is not None)
        say = talk.wording.say
        name = talk.notebook.names.get(number) or say("telegram.notebook.myself")
        talk.acknowledge(event.query_id, "telegram.notebook.elsewhere", alert=True)
        label = say("telegram.notebook.to", name=name) if number else say("telegram.notebook.home")
        rows = [[(label, Action("notebook.open", (str(number),)))]]
        where = talk.notebook.name or say("telegram.notebook.myself")
        talk.say("telegram.notebook.elsewhere_whose", self.equipment.markup(talk, rows), name=name, open=where)
        return "notebook_elsewhere"

    def _erase(self, talk: Talk, number: int) -> str:
        name, before = talk.notebook.names[number], talk.snapshot()
        found = self._turn(talk, OWN, talk.notebook.names) if number == talk.notebook.number else None
        names = {n: other for n, other in talk.notebook.names.items() if n != number}
        talk.notebook = replace(talk.notebook, names=names)
        talk.say("telegram.notebook.erased", self._buttons(talk), name=name)

        def within(talk: Talk, books: Books) -> str:
            if found is not None:
                _committed(talk, books, found, before)
            notebooks.erase(books, talk.owner.chat_id, number)
            lists.forget(books, talk.owner.chat_id, number)
            notebook_tickets.drop(books, talk.owner.chat_id, number)
            notebooks.mark(books, talk.owner.chat_id, talk.notebook.number)
            return "notebook_erased"

        return talk.decide(within)

    # ---- the rest of a part

    def chores(self) -> Sequence[Chore]:
        """Nothing is done by itself."""
        return ()

    def export(self, books: Books, chat_id: int) -> Json:
        """Return the notebooks that are not open; the open one is the chat itself."""
        kept = notebooks.everything(books, chat_id)
        return {"notebooks": [{"name": one.name, "kept": one.context} for one in kept]} if kept else {}

    def forget(self, books: Books, chat_id: int) -> None:
        """Delete all of them."""
        notebooks.forget(books, chat_id)


@dataclass(frozen=True, slots=True)
class _Turned:
    """A talk that was turned to another notebook. `left`: the one that was open, None when it is the same."""

    last: int
    number: int
    name: str
    left: Json | None
    new: bool


def _committed(talk: Talk, books: Books, turned: _Turned, before: Talk) -> str:
    """Write what turning to another notebook changes. A new one takes an ambassador who is one at this moment."""
    chat_id = talk.owner.chat_id
    if turned.new:
        who = ambassadors.find(books, chat_id)
        if who is None or who.state != "approved":
            talk.restore(before)
            talk.say("telegram.notebook.not_now")
            return "notebook_refused"
    if turned.left is not None:
        last = before.notebook.names.get(turned.last, "")
        notebooks.keep(books, chat_id, Notebook(turned.last, last, turned.left))
    if turned.number != OWN:
        notebooks.keep(books, chat_id, Notebook(turned.number, turned.name))
    notebooks.mark(books, chat_id, turned.number)
    return "notebook_new" if turned.new else "notebook_opened" if turned.number else "notebook_own"


def _number(talk: Talk, name: str) -> int | None:
    """Return the notebook of a name."""
    return next((number for number, known in talk.notebook.names.items() if known == name), None)
