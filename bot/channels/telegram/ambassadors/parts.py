"""The ambassadors' parts of the channel, in the order in which they are asked."""

from __future__ import annotations

from bot.channels.telegram.ambassadors.account import Account
from bot.channels.telegram.ambassadors.approvals import Approvals
from bot.channels.telegram.ambassadors.attribution import Attribution
from bot.channels.telegram.ambassadors.board import Board
from bot.channels.telegram.ambassadors.brief import Brief
from bot.channels.telegram.ambassadors.equipment import Equipment
from bot.channels.telegram.ambassadors.joining import Joining
from bot.channels.telegram.ambassadors.lists import Lists
from bot.channels.telegram.ambassadors.notebooks import Notebooks
from bot.channels.telegram.ambassadors.sharing import Sharing
from bot.channels.telegram.ambassadors.wanting import Wanting
from bot.channels.telegram.chat_parts import Follow
from bot.channels.telegram.features import Feature, Room


def ambassador_parts(equipment: Equipment) -> tuple[tuple[Feature, ...], tuple[Room, ...], Follow]:
    """Make the parts of the private chat, the rooms, and what follows every answer.

    Notebooks come first: buttons of another one end there.
    """
    attribution = Attribution(equipment)
    features: tuple[Feature, ...] = (
        Notebooks(equipment), Sharing(equipment), Wanting(equipment), Lists(equipment), attribution, Account(equipment), Board(equipment),
        Brief(equipment), Joining(equipment),
    )  # fmt: skip
    return features, (Approvals(equipment),), attribution.follow
