"""The category tree as a file tells it: loops of parents are rejected, unknown parents and related codes left out."""

from __future__ import annotations

from catalog_db.loading.checking import Values

Found = list[tuple[int, Values]]  # line, values


def loops(rows: dict[str, str | None]) -> dict[str, list[str]]:
    """Find the codes that stand on a loop of parents: code → the loop, beginning and ending with it.

    >>> loops({"a": "b", "b": "a", "c": "a", "d": None})
    {'a': ['a', 'b', 'a'], 'b': ['b', 'a', 'b']}
    """
    found: dict[str, list[str]] = {}
    done: set[str] = set()
    for code in rows:
        trail: dict[str, None] = {}
        current: str | None = code
        while current is not None and current in rows and current not in trail and current not in done:
            trail[current] = None
            current = rows[current]
        if current is not None and current in trail:
            steps = list(trail)
            circle = steps[steps.index(current) :]
            for index, member in enumerate(circle):
                found[member] = [*circle[index:], *circle[:index], member]
        done.update(trail)
    return found
