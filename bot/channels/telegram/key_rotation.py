"""A new seal for the whole journal."""

from __future__ import annotations

from pathlib import Path

from bot.channels.telegram.keys import KeyRing, load_keys, save_keys
from catalog_db.journal.opening import open_journal


def rotate_keys(path: Path, database_url: str, bot_id: int) -> int:
    """Seal the whole journal with a new key, and forget the old one; return how many values were sealed anew.

    Polling and webhook must be stopped. When it breaks off, run it again: the key file opens both states. Raises
    KeyFileError, JournalError, DatabaseError.
    """
    keys = load_keys(path).with_new_seal()
    ring = KeyRing(keys)
    journal = open_journal(database_url, ring, bot_id)
    try:
        save_keys(path, keys)
        changed = journal.reseal(ring).result()
    finally:
        journal.close()
    save_keys(path, keys.newest_only())
    return changed
