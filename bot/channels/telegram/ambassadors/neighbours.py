"""What neighbours keep: told beside a product from five people of the county on; who wants to be counted says so with one tap."""

from __future__ import annotations

from bot.channels.telegram.talk import Talk
from catalog_db.journal import lists, neighbours, permissions
from catalog_db.journal.books import Books
from handlers.answer_parts.neighbours import county_of, products_of, with_neighbours
from handlers.turn import Action, Answer

COUNT_ME = Action("list.count_me")


def beside(talk: Talk, answer: Answer, place: str | None) -> Answer:
    """Say of the products of an answer how many neighbours keep them, where the person's county is known."""
    county, skus = county_of(place), products_of(answer)
    if county is None or not skus or talk.conversation is None or talk.conversation.books is None:
        return answer
    with talk.conversation.books() as books:
        return with_neighbours(answer, county, neighbours.count(books, county, skus))


def may_ask(talk: Talk) -> bool:
    """Tell whether to offer to be counted: in one's own notebook, in a known county, as long as it was not agreed to."""
    given = talk.marks.get(permissions.PROFILE) or {}
    return (
        talk.notebook.number == 0
        and county_of(talk.session.place) is not None
        and not permissions.allows(given, neighbours.PURPOSE)
    )


def count_me(talk: Talk, action: Action) -> str:
    """Count a person from now on, in the county that is known now."""

    def within(talk: Talk, books: Books) -> str:
        permissions.allow(books, talk.owner.chat_id, neighbours.PURPOSE, talk.wording.locale, given=True)
        settle(talk, books)
        talk.say("neighbours.agreed", fewest=neighbours.FEWEST)
        return "neighbours_agreed"

    return talk.decide(within)


def settle(talk: Talk, books: Books) -> None:
    """Count a person by what is allowed, kept and known at this moment."""
    neighbours.live_in(books, talk.owner.chat_id, county_of(talk.session.place))
    lists.count_in(books, talk.owner.chat_id)
