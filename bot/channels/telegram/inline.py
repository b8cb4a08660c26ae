"""Inline mode: what is typed after our name in any chat gives cards to put there; each opens what is true on that day.

A card is complete without its link: name, certificate with its date, price with its date. It speaks the language of whoever puts it
there, so Telegram may keep no answer for others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol
from urllib.parse import urlsplit

from bot.channels.telegram.arrivals import BotIdentity
from bot.channels.telegram.deep_links import DeepLinks
from bot.channels.telegram.outgoing import Chore, ConversationState, Handled, Json, Outgoing
from bot.channels.telegram.readers import reader_of
from bot.channels.telegram.rich import join, line, rich, to_html
from bot.channels.telegram.updates import Event, InlineAsked, InlineChosen
from bot.english import in_chinese
from bot.languages import ENGLISH, Wordings
from bot.wording import Wording
from handlers.cards import FoundCard, FoundCards
from handlers.certification.overclaims import title_within_bounds
from handlers.turn import Action, Question

PAGE = 20  # cards at a time: Telegram takes 50, a phone in a village shows four
QUERY_SECONDS = 25  # Telegram gives a query up after 30
CACHED_SECONDS = 300
PRIVATE = "inline"  # payload of the button above the cards: nothing to open
_TITLE = 100  # characters of a title or line in the list of results; phones show half of it


class CardFinder(Protocol):
    """Finds cards, `handlers.assistant.Assistant`."""

    def cards(self, question: Question, offset: int, most: int) -> FoundCards:
        """Find a page of cards."""


@dataclass(frozen=True, slots=True)
class InlineRoom:
    """Answers inline queries. Keeps nothing."""

    finder: CardFinder
    links: DeepLinks
    wordings: Wordings
    me: BotIdentity

    def takes(self, event: Event) -> bool:
        """Tell whether an event is an inline query or what was chosen of one."""
        return isinstance(event, (InlineAsked, InlineChosen))

    def chores(self) -> Sequence[Chore]:
        """Return nothing: queries are only ever answered."""
        return ()

    def handle(self, event: Event, conversation: ConversationState, now: datetime) -> Handled:
        """Answer a query; what was chosen is only counted."""
        if not isinstance(event, InlineAsked):
            return Handled(outcome="inline_chosen")
        offset = int(event.offset) if event.offset.isascii() and event.offset.isdigit() else 0
        reader = reader_of(conversation, event.user_id)
        wording = self.wordings.of(reader.locale_for(event.language, event.text))
        text = (in_chinese(event.text) if wording.locale == ENGLISH else None) or event.text
        found = self.finder.cards(Question(text, now, reader.place), offset, PAGE)
        results = [self._result(card, now, wording) for card in found.cards] or (
            [] if offset else [self._other_words(event.text, wording)]
        )
        after = offset + len(found.cards)
        params = {
            "inline_query_id": event.query_id,
            "results": results,
            "cache_time": _cache_seconds(now),
            "is_personal": True,
            "next_offset": str(after) if found.cards and after < found.total else "",
            "button": {"text": wording.say("inline.private"), "start_parameter": PRIVATE},
        }
        expires = now + timedelta(seconds=QUERY_SECONDS)
        sent = Outgoing("answerInlineQuery", params, None, "answer_callback", critical=False, expires_at=expires)
        return Handled(outgoing=(sent,), outcome="inline" if found.cards else "inline_nothing")

    def _result(self, card: FoundCard, now: datetime, wording: Wording) -> Json:
        product = card.product
        title = line(title_within_bounds(card.product.title))
        certificate, price = wording.text(card.certificate), wording.text(card.price)
        note = wording.say("inline.note", day=now.date())
        said = join((rich(title, "b"), rich(certificate), rich(price), rich(note, "blockquote")), "\n")
        result: Json = {
            "type": "article",
            "id": hashlib.sha256(product.sku.encode()).hexdigest()[:32],
            "title": title[:_TITLE] or "·",
            "description": "\n".join((line(certificate)[:_TITLE], line(price)[:_TITLE])),
            "input_message_content": _content(to_html(said)),
        }
        payload = self.links.encode(Action("show_product", (product.sku,)))
        if payload:
            button = {
                "text": wording.say("inline.today"),
                "url": f"https://t.me/{self.me.username}?start={payload}",
            }
            result["reply_markup"] = {"inline_keyboard": [[button]]}
        if product.image_url and urlsplit(product.image_url).scheme == "https":
            result["thumbnail_url"] = product.image_url
        return result

    def _other_words(self, text: str, wording: Wording) -> Json:
        """Offer other words where nothing was found: an empty list looks as if we were not there."""
        asked = line(text)[:30]
        return {
            "type": "article",
            "id": "other-words",
            "title": wording.say("inline.other_words", text=asked),
            "description": wording.say("inline.other_words.how"),
            "input_message_content": _content(to_html(rich(wording.say("inline.how", name=self.me.username)))),
        }


def _content(html: str) -> Json:
    return {"message_text": html, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}


def _cache_seconds(now: datetime) -> int:
    """Return how long Telegram may keep an answer: never past midnight, when certificates begin and lapse."""
    midnight = datetime.combine(now.date() + timedelta(days=1), time.min, now.tzinfo)
    return max(0, min(CACHED_SECONDS, int((midnight - now).total_seconds())))
