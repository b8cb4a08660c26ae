"""How codes that people copy are compared: certificate numbers and models."""

from __future__ import annotations

import unicodedata

_NUMBER_NOISE = str.maketrans("", "", "-. \t\n\r\u00a0\u3000‐‑‒–—−·")  # spaces, hyphens of every length, dots
_MODEL_NOISE = str.maketrans("", "", "- \t\n\r\u00a0\u3000‐‑‒–—−_/")


def fold_number(number: str) -> str:
    """Fold a certificate number: NFKC, upper case, without spaces, hyphens and dots."""
    return unicodedata.normalize("NFKC", number).upper().translate(_NUMBER_NOISE)


def fold_model(model: str) -> str:
    """Fold a model: NFKC, upper case, without spaces, hyphens and slashes."""
    return unicodedata.normalize("NFKC", model).upper().translate(_MODEL_NOISE)
