"""What is passed on of a list: everything in words that hold without a link and on another day, free of claims nobody may make.

The same facts go into a text to paste, a picture and a printed sheet; dates are written out, for nobody knows when they are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.markdown import Items, read_markdown
from bot.plain import utf16_length
from bot.wording import Wording
from catalog_db.catalog import Catalogue
from catalog_db.certification import certified
from catalog_db.records import Guide
from handlers import kept_list
from handlers.answer_parts.product_facts import certificate_line
from handlers.certification.claims import find_claims
from handlers.kept_list import Goods, Kept
from handlers.turn import Money, Text, say

_POINTS = 6  # of a guide: one screen


@dataclass(frozen=True, slots=True)
class SharedEntry:
    """One entry in words: its title and its lines, the certificate first. `holds`: a certificate is in force on the day."""

    title: str
    lines: tuple[str, ...]
    holds: bool = False


@dataclass(frozen=True, slots=True)
class Shared:
    """What is passed on. `code`: as people read it; `link`: may be left away; `stopped`: words that were taken out of titles."""

    name: str
    head: str
    changed: tuple[str, ...]
    entries: tuple[SharedEntry, ...]
    totals: tuple[str, ...]
    code: str
    code_line: str
    check: str
    disclosure: str
    link: str
    stopped: tuple[str, ...]

    @property
    def titles(self) -> tuple[str, ...]:
        """Return the titles of the entries, numbered where there are several."""
        if len(self.entries) == 1:
            return (self.entries[0].title,)
        return tuple(f"{number}. {entry.title}" for number, entry in enumerate(self.entries, 1))

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the text to paste: pieces that belong together, one for each entry."""
        entries = (
            "\n".join((title, *(f"   {line}" if len(self.entries) > 1 else line for line in entry.lines)))
            for title, entry in zip(self.titles, self.entries, strict=True)
        )
        ending = (*self.totals, self.code_line, self.check, self.disclosure, self.link)
        head = "\n".join((self.head, *self.changed))
        return (head, *entries, "\n".join(line for line in ending if line))


def shared(
    name: str, items: Sequence[Kept], catalogue: Catalogue, day: date, wording: Wording,
    *, code: str = "", link: str = "", bot: str = "", days: int = 0,
) -> Shared:  # fmt: skip
    """Put a list in words as it is on the day. `bot`: the name people look for; `days`: so long a person counts for who shares it, 0: for nobody."""
    goods = kept_list.goods_of(catalogue, items)
    stopped: list[str] = []

    def plain(text: str) -> str:
        kept, found = without_claims(text)
        stopped.extend(found)
        return kept

    changed = tuple(
        plain(wording.say("list.change", text=text)) for text in kept_list.changes(items, catalogue, goods, day)
    )
    entries = tuple(
        SharedEntry(
            plain(title),
            tuple(plain(wording.text(line)) for line in lines),
            certified(goods.certificates.get(item.ref, ()), day),
        )
        for item, (title, lines) in ((item, _entry(item, catalogue, goods, day)) for item in items)
    )
    say_ = wording.say
    lone = items[0] if len(items) == 1 and not code else None  # a thing by itself is its own heading
    return Shared(
        name=plain(name),
        head=say_("share.head.thing", day=day) if lone else say_("share.head", name=plain(name), day=day),
        changed=changed,
        entries=entries,
        totals=tuple(wording.text(text) for text in _totals(items, goods, day)),
        code=code,
        code_line=say_("share.code", code=code, bot=bot) if code else say_(_bot_line(lone), bot=bot, name=plain(name)),
        check=say_("share.check"),
        disclosure=say_("share.disclosure", days=days) if days else "",
        link=link,
        stopped=tuple(dict.fromkeys(stopped)),
    )


def without_claims(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a text without the claims that nobody may make, and what they were."""
    claims = find_claims(text)
    for claim in reversed(claims):
        text = text[: claim.start] + text[claim.end :]
    return " ".join(text.split(" ")).strip(), tuple(claim.said for claim in claims)


def _entry(item: Kept, catalogue: Catalogue, goods: Goods, day: date) -> tuple[str, tuple[Text, ...]]:
    """Return title and lines of an entry; what may be gone tomorrow has its date."""
    entry = kept_list.entry(1, item, catalogue, goods, day)
    guide = catalogue.guides.get(item.ref) if item.kind == "guide" else None
    if guide is not None:
        return entry.title, (*(say("list.line", text=line) for line in _points(guide)), *entry.lines)
    product = goods.products.get(item.ref) if item.kind == "product" else None
    if product is None or product.withdrawn:
        return entry.title, entry.lines
    lines: list[Text] = [certificate_line(goods.certificates.get(item.ref, ()), day)]
    if product.price is None:
        lines.append(say("fact.price.unknown"))
    else:
        lines.append(say("share.price", price=Money(product.price, product.unit), seen=product.price_on or day))
    return entry.title, (*lines, *entry.lines[2:])


def _points(guide: Guide) -> Iterator[str]:
    """Return what a guide says: its summary and its points, each a line, without links."""
    if guide.summary:
        yield guide.summary
    parts = [part for part in read_markdown(guide.body) if isinstance(part, Items)]
    for part in parts[:1]:
        for number, item in enumerate(part.items[:_POINTS], 1):
            yield f"{number}. {''.join(run.text for run in item)}"


def _bot_line(lone: Kept | None) -> str:
    return "share.bot" if lone is None or lone.kind == "product" else "share.bot.thing"


def _totals(items: Sequence[Kept], goods: Goods, day: date) -> Iterator[Text]:
    """Say what a list comes to, with the day: nobody knows when it is read."""
    amount, unknown = kept_list.total(items, goods)
    if amount:
        yield say("share.total", cost=Money(amount), day=day)
    if unknown:
        yield say("list.total_without", count=unknown)


def pasted(texts: Sequence[str], most: int) -> Iterator[str]:
    """Fill messages of at most `most` UTF-16 units with pieces of a text, none torn that fits by itself."""
    page = ""
    for text in texts:
        longer = f"{page}\n\n{text}" if page else text
        if utf16_length(longer) > most and page:
            yield page
            longer = text
        while utf16_length(longer) > most:
            yield longer[: most // 2]
            longer = longer[most // 2 :]
        page = longer
    if page:
        yield page
