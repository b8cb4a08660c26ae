"""In whose notebook a question was handed over: the answer of the staff bears the neighbour's name and is found there again.

While a person of the staff has the conversation of one notebook, the others go on with the assistant. A mark of the chat keeps
ticket → notebooks, and nothing of it reaches the staff: a neighbour's name stays in the notebook.
"""

from __future__ import annotations

from catalog_db.journal import desk_posts, notebooks
from catalog_db.journal.books import Books

MARK = "desk.notebooks"
_MOST = 20  # tickets, the newest
_UNSAID = frozenset({"held", "waiting", "failed", "recalled"})


def keep(books: Books, chat_id: int, ticket: int, notebook: int, *, goes_on: bool) -> None:
    """Note in which notebook a ticket was opened. `goes_on`: a question of another notebook was added to one that is open."""
    kept = _kept(books, chat_id)
    before = kept.pop(str(ticket), [notebooks.OWN]) if goes_on else []
    kept.pop(str(ticket), None)
    found = [*(one for one in before if one != notebook), notebook]
    if found != [notebooks.OWN]:
        kept[str(ticket)] = found
    _write(books, chat_id, dict(list(kept.items())[-_MOST:]))


def drop(books: Books, chat_id: int, notebook: int) -> None:
    """Let the tickets of an erased notebook be nobody's."""
    kept = {ticket: [one for one in of if one != notebook] for ticket, of in _kept(books, chat_id).items()}
    _write(books, chat_id, {ticket: of for ticket, of in kept.items() if of})


def is_of(books: Books, chat_id: int, ticket: int, notebook: int) -> bool:
    """Tell whether a ticket was opened in a notebook; one that none is noted for belongs to one's own."""
    return notebook in _kept(books, chat_id).get(str(ticket), [notebooks.OWN])


def names_of(books: Books, chat_id: int, ticket: int) -> tuple[str, ...]:
    """Return the neighbours whom a ticket is about; nobody for one's own, and when the notebook is gone."""
    names = (books.marks(chat_id).get(notebooks.MARK) or {}).get("names", {})
    return tuple(names[str(one)] for one in _kept(books, chat_id).get(str(ticket), ()) if str(one) in names)


def last_answer(books: Books, chat_id: int, notebook: int) -> str | None:
    """Return what the staff answered last to a question of this notebook, in words; None when nothing."""
    tickets = (int(ticket) for ticket, of in _kept(books, chat_id).items() if notebook in of)
    items = [item for ticket in tickets for item in desk_posts.of_ticket(books, ticket)]
    said = [item for item in items if item.way == "out" and item.text and item.state not in _UNSAID]
    return max(said, key=lambda item: item.id).text if said else None


def _kept(books: Books, chat_id: int) -> dict[str, list[int]]:
    return dict(books.marks(chat_id).get(MARK) or {})


def _write(books: Books, chat_id: int, kept: dict[str, list[int]]) -> None:
    if kept != _kept(books, chat_id):
        books.mark(chat_id, MARK, kept or None)
