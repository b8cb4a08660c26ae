"""What the Telegram channel consists of: its features, in the order in which they are asked, and its rooms."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING

from bot.bootstrap import ZONE, now
from bot.channels.telegram.ambassadors.equipment import Equipment
from bot.channels.telegram.ambassadors.neighbours import beside
from bot.channels.telegram.ambassadors.parts import ambassador_parts
from bot.channels.telegram.ambassadors.saving import offers_saving
from bot.channels.telegram.ambassadors.sharing import offers_sharing
from bot.channels.telegram.application import build_assistant_handler, links_of, payloads_of
from bot.channels.telegram.desk.feature import DeskFeature, HeldMedia
from bot.channels.telegram.desk.hours import DeskSettings
from bot.channels.telegram.desk.parts import Desk
from bot.channels.telegram.desk.room import DeskRoom
from bot.channels.telegram.desk.school import School
from bot.channels.telegram.desk.shelf import CatalogueShelf
from bot.channels.telegram.desk.telling import Telling
from bot.channels.telegram.inline import InlineRoom
from bot.channels.telegram.news import News
from bot.channels.telegram.permissions import Permissions, offers_watching
from bot.channels.telegram.pictures import Pictures
from bot.channels.telegram.preferences import Preferences
from bot.channels.telegram.sheets import Sheets
from bot.languages import Wordings
from catalog_db.journal.point_rules import Rules
from handlers.alerts import NIGHT, Quiet

if TYPE_CHECKING:
    from bot.bootstrap import Parts
    from bot.channels.exchange import Responder
    from bot.channels.telegram.arrivals import BotIdentity
    from bot.channels.telegram.chat_parts import Follow
    from bot.channels.telegram.keyboards import Under
    from bot.channels.telegram.keys import Keys
    from bot.channels.telegram.outgoing import Handler


def _today() -> date:
    return now().date()


@dataclass(frozen=True)
class Assembly:
    """How a bot is set up; `handler` puts it together. The fields are those of `telegram_command.maker`."""

    parts: Parts
    desk_settings: DeskSettings | None
    assistant: Responder | None
    rules: Rules | None
    quiet_hours: tuple[time, time] | None
    operators: frozenset[int]
    brief_hour: int

    def handler(self, me: BotIdentity, keys: Keys) -> Handler:
        """Make the handler of the bot that goes by this identity and seals with these keys."""
        parts, payloads, wordings = self.parts, payloads_of(keys), Wordings(self.parts.wording)
        links, keep_up = links_of(keys, me.bot_id), parts.assistant.keep_up
        desk = self._desk(me, keys, wordings)
        front = DeskFeature(desk)
        news = News(wordings, payloads, me.bot_id, self._quiet)
        telling = Telling(news, parts.catalogue, parts.assistant, keep_up, _today)
        equipment = Equipment(
            payloads, links, wordings, parts.catalogue, me,
            rules=self.rules or Rules(), brief_hour=self.brief_hour, quiet=self._quiet,
        )  # fmt: skip
        features, rooms, follow = ambassador_parts(equipment)
        # Who is with a person of the staff speaks to nobody else; what nobody reads is kept for one.
        own = (Permissions(news, parts.catalogue, keep_up), Preferences(payloads), telling)
        files = (Sheets(self.operators, payloads), Pictures(links, payloads, me.username))
        return build_assistant_handler(
            self.assistant or parts.assistant,
            parts.wording,
            keys,
            me,
            (*own, front, *features, *files, HeldMedia(front)),
            (*rooms, DeskRoom(desk), InlineRoom(parts.assistant, links, wordings, me)),
            _all_under(offers_watching, telling.offers, offers_saving, offers_sharing),
            front,
            _both(follow, telling.follow),
            beside,
        )

    @property
    def _quiet(self) -> Quiet:
        return Quiet(*self.quiet_hours) if self.quiet_hours else NIGHT

    def _desk(self, me: BotIdentity, keys: Keys, wordings: Wordings) -> Desk:
        parts = self.parts
        return Desk(
            self.desk_settings or DeskSettings(),
            wordings,
            payloads_of(keys),
            me.bot_id,
            me.username,
            ZONE,
            lambda: secrets.token_urlsafe(16),
            CatalogueShelf(parts.catalogue, parts.wording, _today),
            School(parts.catalogue, parts.assistant, parts.wording, now),
        )


def _both(first: Follow, second: Follow) -> Follow:
    """Return what lets one part, and then another, add to the transaction of an update."""
    return lambda talk, event, handled: second(talk, event, first(talk, event, handled))


def _all_under(*parts: Under) -> Under:
    """Return what offers under an answer whatever one of the parts does."""
    return lambda wording, answer: [way for part in parts for way in part(wording, answer)]
