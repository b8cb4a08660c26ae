"""What passing a list on costs: ./run bench sharing. CPU time of the thread, the least of several passes, the bundled catalogue."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from bot.bootstrap import build, load_demonstration
from bot.channels.telegram.keys import KeyRing, make_keys
from bot.channels.telegram.render import MESSAGE, pages
from bot.settings import load_settings
from bot.share_card import MOST_ENTRIES, card
from bot.share_sheet import sheet
from bot.shared import pasted, shared
from catalog_db.journal import lists
from catalog_db.journal.lists import KeptList
from catalog_db.journal.opening import open_journal
from catalog_db.search.query import ProductQuery
from handlers import kept_list
from handlers.kept_list import Kept, kept_product
from handlers.phrases.spoken_code import read_code

DAY = date(2026, 11, 22)
ENTRIES = 50
PASSES = 15


def least(work: Callable[[], object]) -> float:
    """Return the least milliseconds of the thread."""
    found = []
    for _ in range(PASSES):
        began = time.thread_time()
        work()
        found.append(time.thread_time() - began)
    return min(found) * 1000


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="lvxuan-bench-") as name:
        folder = Path(name)
        url = f"sqlite:///{(folder / 'catalogue.db').as_posix()}"
        load_demonstration(url, DAY)
        parts = build(load_settings({"database_url": url}, environ={"LVXUAN_HOME": name}, folder=folder), DAY)
        hits = parts.catalogue.search(ProductQuery(DAY, limit=ENTRIES)).hits
        items = tuple(kept for hit in hits if (kept := kept_product(parts.catalogue, hit.sku, DAY)))[:ENTRIES]
        link = "https://t.me/lvxuan_bot?start=1kABCDEFGHIJKabcdefghij"

        def made() -> list[str]:
            words = shared(
                "清单", items, parts.catalogue, DAY, parts.wording, code="8K3 F7M", link=link, bot="@lvxuan_bot"
            )
            return list(pasted(words.texts, MESSAGE))

        words = shared("清单", items, parts.catalogue, DAY, parts.wording, code="8K3 F7M", link=link, bot="@lvxuan_bot")
        print(f"a list of {len(items)} products as text to paste: {least(made):.1f} ms")
        for count in (1, MOST_ENTRIES):
            few = shared("清单", items[:count], parts.catalogue, DAY, parts.wording, code="8K3 F7M", link=link)
            print(f"a card of {count}: {least(lambda few=few: card(few)):.1f} ms, {len(card(few)) // 1000} kB")  # type: ignore[misc]
        print(f"a sheet of {len(items)}: {least(lambda: sheet(words)):.1f} ms")

        journal = open_journal(f"sqlite:///{(folder / 'journal.db').as_posix()}", KeyRing(make_keys()), 700)
        stored = KeptList("abcdefghij", 1, 0, "8K3F7M", "清单", tuple(item.to_json() for item in items))
        journal.write(lambda books: lists.keep(books, stored), 0.0).result()

        def opened() -> object:
            code = read_code("口令 8k3-f7m")
            with journal.reading(0.0) as books:
                kept = lists.find_code(books, code or "")
            assert kept is not None
            found = tuple(Kept.from_json(item) for item in kept.items)
            goods = kept_list.goods_of(parts.catalogue, found)
            return pages(kept_list.answer(kept.name, found, parts.catalogue, goods, DAY), parts.wording)

        print(f"a code opened, {len(items)} products with what changed: {least(opened):.1f} ms")
        journal.close()


if __name__ == "__main__":
    main()
