"""JSON as the journal keeps it: without spaces, and packed where that is worth it, for states repeat themselves."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

_LONG = 700  # bytes; what is longer is packed
_PACKED = b"x"  # the first byte of what zlib packs; JSON begins with another one
_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def write(value: Mapping[str, Any]) -> bytes:
    """Write JSON values. Raises TypeError, ValueError: they are none."""
    text = _written(value).encode("utf-8", "surrogatepass")
    return zlib.compress(text, 1) if len(text) > _LONG else text


def read(text: bytes) -> Json:
    """Read what `write` made. Raises ValueError."""
    plain = zlib.decompress(text) if text[:1] == _PACKED else text
    found: Json = json.loads(plain.decode("utf-8", "surrogatepass"))
    return found
