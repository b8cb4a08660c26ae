"""Structured logs: one JSON object a line, without token, text or personal data.

What is logged is chosen where it is logged: names of events, kinds and classes of errors. What follows is the second net: the
token is struck out of every value, whoever wrote it.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from typing import Any

import structlog

from bot.settings import Secret

_ANY_TOKEN = re.compile(r"\b\d{5,}:[A-Za-z0-9_-]{20,}")
_STRUCK = "[token]"


class Scrubber:
    """Strikes tokens out of what is logged."""

    def __init__(self, token: Secret) -> None:
        self._token = token

    def scrub(self, value: Any) -> Any:
        """Return a value without tokens."""
        if isinstance(value, str):
            return _ANY_TOKEN.sub(_STRUCK, value.replace(self._token.reveal(), _STRUCK))
        return value

    def __call__(self, _: Any, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        """Scrub an event of structlog."""
        return {name: self.scrub(value) for name, value in event.items()}


class _Lines:
    """Writes lines to standard error. A log that cannot be written (disk full, reader gone) stops nothing else."""

    def __init__(self, *_: Any) -> None:
        pass

    def msg(self, line: str) -> None:
        with suppress(OSError, ValueError):
            print(line, file=sys.stderr, flush=True)

    debug = info = warning = error = msg


class _ScrubbingFilter(logging.Filter):
    """The same for the logs of libraries."""

    def __init__(self, scrubber: Scrubber) -> None:
        super().__init__()
        self._scrubber = scrubber

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self._scrubber.scrub(record.getMessage()), ()
        record.exc_info = record.exc_text = None  # a trace may show what people wrote
        return True


def configure(token: Secret, level: int = logging.INFO) -> None:
    """Send logs to standard error, ours as JSON, those of libraries from warnings on."""
    scrubber = Scrubber(token)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            scrubber,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_Lines,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_ScrubbingFilter(scrubber))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
