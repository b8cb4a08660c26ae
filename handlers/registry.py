"""Which handler answers which intent: one table. Handlers are imported when they are first needed."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from handlers.turn import INTENTS, Answer, Turn

Handler = Callable[[Turn], Answer]

ROUTES = (
    "control",
    "glossary",
    "unwritten",
    "lapsing",
    "goes_with",
    "why",
)  # handlers beside the intents: what they answer is one of the intents


def prepare() -> None:
    """Import every handler now, for a program that goes on running: the first answers are as quick as the others."""
    for name in (*INTENTS, *ROUTES):
        handler_for(name)


def handler_for(name: str) -> Handler:
    """Return the handler of an intent or route. Raises KeyError for a name that is none."""
    if name not in INTENTS and name not in ROUTES:
        raise KeyError(name)
    handle: Handler = import_module(f"handlers.{name}").handle
    return handle
