"""Passing on a list or a product: a text to paste, a picture, a sheet to print. Nobody's name leaves a notebook with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot import shared
from bot.channels.telegram.ambassadors.equipment import Equipment, Json, ref_of
from bot.channels.telegram.ambassadors.shelf import Items, Shelf, items_of, named
from bot.channels.telegram.deep_links import through
from bot.channels.telegram.outgoing import Chore, Outgoing
from bot.channels.telegram.render import MESSAGE
from bot.channels.telegram.rich import rich
from bot.channels.telegram.talk import Talk
from bot.channels.telegram.updates import Event, Pressed, Said
from bot.channels.telegram.uploads import upload
from bot.shared import Shared
from bot.typeface import STAND_IN, missing
from bot.wording import Wording
from catalog_db.journal.books import Books
from catalog_db.journal.lists import KeptList
from handlers.kept_list import Kept, kept_guide, kept_pavilion, kept_product
from handlers.phrases.lists import read_list_words
from handlers.phrases.spoken_code import shown_code
from handlers.turn import Action, Answer

_WAYS = ("group", "card", "print")


def offers_sharing(wording: Wording, answer: Answer) -> Sequence[tuple[str, Action]]:
    """Return the button under the answer that shows one pavilion."""
    if answer.intent != "pavilion" or len(answer.pavilions) != 1:
        return ()
    return ((wording.say("telegram.list.do.group"), Action("share.pavilion", (answer.pavilions[0],))),)


@dataclass(frozen=True, slots=True)
class Sharing:
    """A part of the private chat."""

    equipment: Equipment

    def take(self, talk: Talk, event: Event) -> str | None:
        """Pass on what a button or a sentence means."""
        if isinstance(event, Pressed):
            return self._pressed(talk, event)
        if not isinstance(event, Said) or event.edited or event.kind != "text":
            return None
        typed = talk.session.action_for(event.text)
        own = talk.memory.own_action(event.text)
        if own is not None and own.name == "share.pavilion":
            return self._pavilion(talk, own)
        if typed is not None:
            return self._list(talk, typed) if typed.name.removeprefix("list.") in _WAYS else None
        phrase = read_list_words(event.text)
        if phrase is None or phrase.op not in _WAYS:
            return None
        return self._meant(talk, phrase.op, phrase.get("list"))

    def _pressed(self, talk: Talk, event: Pressed) -> str | None:
        action = self.equipment.action(talk, event, "share.")
        if action is not None:
            talk.acknowledge(event.query_id)
            return self._pavilion(talk, action)
        action = self.equipment.action(talk, event, "list.")
        if action is None or action.name.removeprefix("list.") not in _WAYS:
            return None
        talk.acknowledge(event.query_id)
        return self._list(talk, action)

    # ---- what is meant

    def _list(self, talk: Talk, action: Action) -> str:
        shelf = Shelf(self.equipment)
        kept, names = shelf.find(talk, action.args[0])
        if kept is None:
            talk.say("telegram.list.erased_by_owner")
            return "list_gone"
        return self._pass_on(
            talk, action.name.removeprefix("list."), self._of_list(talk, shelf.public(talk, kept, names))
        )

    def _pavilion(self, talk: Talk, action: Action) -> str:
        """Pass on the pavilion whose button was pressed."""
        found = kept_pavilion(self.equipment.catalogue, action.args[0], talk.now.date())
        if found is None:
            talk.say("telegram.list.erased_by_owner")
            return "share_gone"
        return self._pass_on(talk, "group", self._of_thing(talk, (found,)))

    def _meant(self, talk: Talk, way: str, name: str) -> str | None:
        """Pass on the list of a name, else the one thing that was shown last, else the list used last."""
        shelf = Shelf(self.equipment)
        mine = shelf.mine(talk)
        kept = named(mine, name) if name else None
        if name and kept is None:
            return None
        items = self._shown_last(talk) if kept is None else ()
        if items:
            return self._pass_on(talk, way, self._of_thing(talk, items))
        kept = kept or next(iter(mine), None)
        if kept is None:
            talk.say("telegram.share.nothing")
            return "share_nothing"
        return self._list(talk, Action(f"list.{way}", (kept.id,)))

    def _shown_last(self, talk: Talk) -> Items:
        """Return the product or guide that was shown last, when it was one."""
        latest, day, catalogue = talk.memory.latest, talk.now.date(), self.equipment.catalogue
        if latest is None or latest.intent not in ("detail", "verify", "guide", "pavilion"):
            return ()
        answer = talk.again(latest.asked, talk.session.place).answer
        found: Kept | None
        if answer.intent == "guide" and answer.guides:
            found = kept_guide(catalogue, answer.guides[0], day)
        elif answer.intent == "pavilion":
            found = kept_pavilion(catalogue, answer.pavilions[0], day) if len(answer.pavilions) == 1 else None
        else:
            found = kept_product(catalogue, answer.products[0], day) if len(answer.products) == 1 else None
        return (found,) if found else ()

    # ---- in words

    def _of_list(self, talk: Talk, kept: KeptList) -> Shared:
        link = self._link(Action("list.open", (kept.id,)))
        return self._words(talk, kept.name, items_of(kept), shown_code(kept.code), link)

    def _of_thing(self, talk: Talk, items: Items) -> Shared:
        kind = {"product": "show_product", "guide": "guide", "pavilion": "pavilion"}[items[0].kind]
        link = self._link(through(ref_of(talk), Action(kind, (items[0].ref,))))
        link = link or self._link(Action(kind, (items[0].ref,)))
        return self._words(talk, str(items[0].told["title"]), items, "", link)

    def _words(self, talk: Talk, name: str, items: Items, code: str, link: str) -> Shared:
        equipment = self.equipment
        wording = talk.parts.wordings.of(talk.wording.locale)  # read by others, to whom 长辈模式 says nothing
        return shared.shared(
            name, items, equipment.catalogue, talk.now.date(), wording, code=code, link=link,
            bot=f"@{equipment.me.username}", days=equipment.rules.touch_days if ref_of(talk) else 0,
        )  # fmt: skip

    def _link(self, action: Action) -> str:
        payload = self.equipment.links.encode(action)
        return f"https://t.me/{self.equipment.me.username}?start={payload}" if payload else ""

    # ---- the ways

    def _pass_on(self, talk: Talk, way: str, made: Shared) -> str:
        ways: dict[str, Callable[[Talk, Shared], None]] = {"group": _text, "card": self._card, "print": self._sheet}
        ways[way](talk, made)
        if made.stopped:
            talk.say("telegram.share.stopped", stopped=made.stopped)
        lacking = missing("".join(made.texts)) if way != "group" else ()
        if lacking:
            talk.say("telegram.share.missing", characters=lacking, sign=STAND_IN)
        return f"shared_{way}"

    def _card(self, talk: Talk, made: Shared) -> None:
        from bot.share_card import MOST_ENTRIES, card

        say, left = talk.wording.say, len(made.entries) - MOST_ENTRIES
        more = say("share.more", count=left) if left > 0 else ""
        picture = upload(say("telegram.share.card.file"), card(made, more, say("share.brand")))
        talk.outgoing.append(Outgoing("sendPhoto", {"photo": picture}, talk.owner.chat_id))

    def _sheet(self, talk: Talk, made: Shared) -> None:
        from bot.share_sheet import sheet

        say = talk.wording.say
        printed = sheet(made, lambda number: say("share.page", number=number))
        talk.send_file(say("telegram.share.sheet.file"), printed, say("telegram.share.sheet"))

    # ---- the rest of a part

    def chores(self) -> list[Chore]:
        """Nothing is done by itself."""
        return []

    def export(self, books: Books, chat_id: int) -> Json:
        """Nothing is kept."""
        return {}

    def forget(self, books: Books, chat_id: int) -> None:
        """Nothing is kept."""


def _text(talk: Talk, made: Shared) -> None:
    """Send the text to paste, below a word of our own: it has no heading, for it leaves the chat."""
    talk.say("telegram.share.text")
    for page in shared.pasted(made.texts, MESSAGE):
        talk.pass_on(rich(page))
