"""Putting something on a list: a product, a guide, a calculation with its assumptions, a whole list that somebody shared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from bot.channels.telegram.ambassadors.equipment import Json
from bot.channels.telegram.ambassadors.neighbours import COUNT_ME, may_ask
from bot.channels.telegram.ambassadors.shelf import Items, Shelf, items_of, named
from bot.channels.telegram.talk import Talk
from bot.wording import Wording
from catalog_db.journal.lists import KeptList
from handlers.certification.claims import find_claims
from handlers.certification.overclaims import title_within_bounds
from handlers.kept_list import MOST, Kept, kept_calculation, kept_guide, kept_product, with_item
from handlers.phrases.lists import LAST, ordinal
from handlers.phrases.sentences import Phrase
from handlers.turn import Action, Answer, Note, Say

LONGEST_NAME = 24
_HINTS = frozenset({"calculate.change", "calculate.change_laid"})  # what else may be said: of no use on a list
_KINDS = {"p": "product", "g": "guide", "c": "calculation"}


def offers_saving(wording: Wording, answer: Answer) -> Sequence[tuple[str, Action]]:
    """Return the button under an answer that can be kept: one product, a guide, a calculation."""
    label = wording.say("telegram.list.save")
    if answer.intent == "calculate" and answer.quantities:
        return ((label, Action("list.add", ("c",))),)
    if answer.intent == "guide" and answer.guides:
        return ((label, Action("list.add", ("g", answer.guides[0]))),)
    if answer.intent in ("detail", "verify") and len(answer.products) == 1:
        return ((label, Action("list.add", ("p", answer.products[0]))),)
    return ()


@dataclass(frozen=True, slots=True)
class Saving:
    """See the module."""

    shelf: Shelf

    def pressed(self, talk: Talk, action: Action) -> str:
        """Keep what the button under an answer names."""
        kind, *ref = action.args
        item = self._calculation(talk) if kind == "c" else self._item(talk, _KINDS.get(kind, ""), ref[0])
        return self._keep(talk, item, "")

    def said(self, talk: Talk, phrase: Phrase) -> str:
        """Keep what a sentence means: the entry of that ordinal, else what was shown last."""
        if refused(talk, phrase.get("list")):
            return "list_claim"
        place = ordinal(phrase.get("which"))
        listed = talk.session.topic.listed
        if place is not None:
            sku = listed[-1 if place == LAST else place - 1] if listed and place <= len(listed) else None
            if sku is None:
                talk.say("telegram.list.which")
                return "list_which"
            return self._keep(talk, self._item(talk, "product", sku), phrase.get("list"))
        return self._keep(talk, self._latest(talk), phrase.get("list"))

    def new(self, talk: Talk, phrase: Phrase) -> str:
        """Begin a list."""
        name = self.shelf.name(talk, phrase.get("list")[:LONGEST_NAME])
        if refused(talk, name):
            return "list_claim"
        blank = self.shelf.blank(talk, name)
        return self.shelf.write(talk, blank, lambda kept: kept, _begun)

    def copy(self, talk: Talk, shared: KeptList) -> str:
        """Keep a list that somebody shared as one's own, with what is true today beside it."""
        day = talk.now.date()
        items = tuple(self._renewed(talk, item, day) for item in items_of(shared))
        blank = replace(self.shelf.blank(talk, shared.name), items=tuple(item.to_json() for item in items))
        return self.shelf.write(talk, blank, lambda kept: kept, _copied)

    def _renewed(self, talk: Talk, item: Kept, day: date) -> Kept:
        fresh = self._item(talk, item.kind, item.ref) if item.ref else None
        return replace(fresh, count=item.count, note=item.note) if fresh else item

    # ---- what is meant

    def _item(self, talk: Talk, kind: str, ref: str) -> Kept | None:
        make = {"product": kept_product, "guide": kept_guide}.get(kind)
        return make(self.shelf.equipment.catalogue, ref, talk.now.date()) if make else None

    def _latest(self, talk: Talk) -> Kept | None:
        """Make an entry of what was shown last, when that is one thing."""
        latest = talk.memory.latest
        if latest is None or (latest.asked.action and latest.asked.action.name.startswith("list.")):
            return None
        answer = talk.again(latest.asked, talk.session.place).answer
        if answer.intent == "calculate" and answer.quantities:
            return self._calculated(talk, answer)
        if answer.intent == "guide" and answer.guides:
            return self._item(talk, "guide", answer.guides[0])
        return self._item(talk, "product", answer.products[0]) if len(answer.products) == 1 else None

    def _calculation(self, talk: Talk) -> Kept | None:
        latest = talk.memory.latest
        if latest is None or latest.intent != "calculate":
            return None
        return self._calculated(talk, talk.again(latest.asked, talk.session.place).answer)

    def _calculated(self, talk: Talk, answer: Answer) -> Kept:
        words = talk.wording.text
        texts = [block.text for block in answer.blocks if isinstance(block, (Say, Note))]
        said = [words(text) for text in texts if text.key not in _HINTS]
        return kept_calculation(said[:3], talk.now.date())

    # ---- keeping

    def _keep(self, talk: Talk, item: Kept | None, name: str) -> str:
        if item is None:
            talk.say("telegram.list.which")
            return "list_which"
        mine = self.shelf.mine(talk)
        seen = named(mine, name) if name else next(iter(mine), None)
        seen = seen or self.shelf.blank(talk, self.shelf.name(talk, name[:LONGEST_NAME]))
        items = with_item(items_of(seen), item)
        if len(items) > MOST:
            talk.say("telegram.list.full", most=MOST)
            return "list_full"
        return self.shelf.write(talk, seen, lambda kept: with_items(kept, items), partial(self._saved, item=item))

    def _saved(self, talk: Talk, kept: KeptList, item: Kept) -> str:
        place = next(n for n, old in enumerate(items_of(kept), 1) if old == item or (item.ref and old.ref == item.ref))
        title = title_within_bounds(str(item.told.get("title", "")))
        talk.say("telegram.list.saved", self._count_me(talk, kept), title=title, name=kept.name, place=place)
        return "list_saved"

    def _count_me(self, talk: Talk, kept: KeptList) -> Json | None:
        """Offer to be counted among the neighbours with the first product of a list, not with each."""
        if sum(item.kind == "product" for item in items_of(kept)) != 1 or not may_ask(talk):
            return None
        rows = [[(talk.wording.say("neighbours.count_me"), COUNT_ME)]]
        return self.shelf.equipment.markup(talk, rows, everywhere=False)


def with_items(kept: KeptList, items: Items) -> KeptList:
    """Return a list with other entries."""
    return replace(kept, items=tuple(item.to_json() for item in items))


def refused(talk: Talk, text: str) -> bool:
    """Stop a text of somebody's own that claims what nobody may claim: name it, say why, offer what holds."""
    claims = find_claims(text)
    if not claims:
        return False
    words = talk.wording.text
    said = tuple(dict.fromkeys(claim.said for claim in claims))
    talk.say("telegram.list.claim", said=said, why=words(claims[0].why), offer=words(claims[0].offer))
    return True


def _begun(talk: Talk, kept: KeptList) -> str:
    talk.say("telegram.list.begun", name=kept.name)
    return "list_begun"


def _copied(talk: Talk, kept: KeptList) -> str:
    talk.say("telegram.list.copied", name=kept.name, count=len(kept.items))
    return "list_copied"
