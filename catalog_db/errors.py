"""What can go wrong around the catalogue, as keys that a channel words.

CatalogueError          something named by `key` is wrong; `values` name the culprit
├── DatabaseError       the database cannot be opened, read or written
└── LoadError           nothing of a source could be read, or the import had to be given up
"""

from __future__ import annotations


class CatalogueError(Exception):
    """An error with a key of `locales/*/import-reasons.tsv` and the values of its sentence."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key, values)
        self.key = key
        self.values = values

    def __str__(self) -> str:
        return f"{self.key} ({', '.join(f'{name}={value}' for name, value in self.values.items())})"


class DatabaseError(CatalogueError):
    """The database cannot be opened, read or written."""


class LoadError(CatalogueError):
    """Nothing of the source could be read, or the import was given up; the catalogue is as it was."""
