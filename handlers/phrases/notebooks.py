"""What is said about a neighbour's notebook: open, home, rename, close, erase, list, where. The sentences: `notebooks.tsv`.

A neighbour is named as people do: 张大爷, 隔壁王婶, 老李家, 三叔; any other name counts where the sentence speaks of a notebook or
where it has one already. Nothing here knows whose notebooks there are: the channel gives the names.
"""

from __future__ import annotations

from collections.abc import Iterable

from handlers.phrases.sentences import Phrase, phrases

LONGEST_NAME = 12
_HOUSE = "家"  # 张大爷家 is 张大爷's house: the same notebook


def read_notebook(text: str, known: Iterable[str] = ()) -> Phrase | None:
    """Return what a sentence says about notebooks: op, and `name`, `old`, `rest` where they are said; None for any other."""
    phrase = phrases("notebooks").read(text, known)
    if phrase is None:
        return None
    return Phrase(phrase.op, {key: _plain(value) if key != "rest" else value for key, value in phrase.values.items()})


def without_people(text: str, known: Iterable[str] = ()) -> str:
    """Return a text without the names of neighbours: 王姐·厨房清单 → 厨房清单. `known`: names that have a notebook."""
    return phrases("notebooks").without("named", text, known)


def _plain(name: str) -> str:
    """Return a name without the house: 张大爷家 → 张大爷, but 老李家 stays."""
    bare = name.removesuffix(_HOUSE)
    return (bare if len(bare) > 2 else name)[:LONGEST_NAME]
