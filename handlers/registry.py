"""Which handler answers which intent: one table. Handlers are imported when they are first needed."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from handlers.turn import INTENTS, Answer, Turn

Handler = Callable[[Turn], Answer]

# An intent whose answer lives in another intent's module.
_MODULES = {"clarify": "handlers.clarify", "not_found": "handlers.not_found", "out_of_scope": "handlers.out_of_scope"}


def handler_for(intent: str) -> Handler:
    """Return the handler of an intent. Raises KeyError for a name that is none."""
    if intent not in INTENTS:
        raise KeyError(intent)
    handle: Handler = import_module(_MODULES.get(intent, f"handlers.{intent}")).handle
    return handle
