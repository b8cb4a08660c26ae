"""Files that we make ourselves, as JSON values until they are sent: {"filename": …, "base64": …} among the parameters."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import aiohttp

_KEYS = {"filename", "base64"}


def upload(filename: str, content: bytes) -> dict[str, str]:
    """Return a file as a JSON value, which the journal can keep."""
    return {"filename": filename, "base64": base64.b64encode(content).decode()}


def has_upload(params: Mapping[str, Any]) -> bool:
    """Tell whether a file is among the parameters."""
    return any(_is_upload(value) for value in params.values())


def form_of(params: Mapping[str, Any]) -> aiohttp.FormData:
    """Return the form that carries the files; other values as the Bot API takes them in forms."""
    form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
    for name, value in params.items():
        if _is_upload(value):
            content = base64.b64decode(value["base64"])
            form.add_field(name, content, filename=value["filename"], content_type="application/octet-stream")
        else:
            form.add_field(name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    return form


def _is_upload(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == _KEYS
