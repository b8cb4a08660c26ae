"""The ambassadors' parts of the channel, in the order in which they are asked."""

from __future__ import annotations

from bot.channels.telegram.ambassadors.equipment import Equipment
from bot.channels.telegram.ambassadors.joining import Approvals, Joining
from bot.channels.telegram.ambassadors.lists import Lists
from bot.channels.telegram.ambassadors.notebooks import Notebooks
from bot.channels.telegram.ambassadors.sharing import Sharing
from bot.channels.telegram.features import Feature, Room


def ambassador_parts(equipment: Equipment) -> tuple[tuple[Feature, ...], tuple[Room, ...]]:
    """Make the parts of the private chat and the rooms. Notebooks come first: buttons of another one end there."""
    return (Notebooks(equipment), Sharing(equipment), Lists(equipment), Joining(equipment)), (Approvals(equipment),)
