"""The key file, which lies outside the database, and what it seals.

The file is JSON: `pseudonyms`, one key for the names of chats, and `seals`, the keys for contents, the newest first. It is
made on the first run, readable by its owner only. Whoever loses it loses the conversations; nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_KEY_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16
_NAME_BYTES = 4


class KeyFileError(Exception):
    """The key file cannot be used; the message names it and says why."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What the file holds."""

    pseudonyms: bytes
    seals: tuple[bytes, ...]

    def with_new_seal(self) -> Keys:
        """Return the keys with one more, which seals from now on; the older ones still open."""
        return Keys(self.pseudonyms, (secrets.token_bytes(_KEY_BYTES), *self.seals))

    def newest_only(self) -> Keys:
        """Return the keys without those that seal no more."""
        return Keys(self.pseudonyms, self.seals[:1])


class KeyRing:
    """Seals with AES-256-GCM: name of the key (4 bytes), nonce (12), ciphertext and tag. A `journal.records.Sealer`."""

    def __init__(self, keys: Keys) -> None:
        self._pseudonyms = keys.pseudonyms
        self._ciphers = {_name(key): AESGCM(key) for key in keys.seals}
        self._newest = _name(keys.seals[0])

    def seal(self, content: bytes, purpose: str) -> bytes:
        """Encrypt; only the same purpose opens it again."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return self._newest + nonce + self._ciphers[self._newest].encrypt(nonce, content, purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """Decrypt what `seal` made. Raises ValueError when no key fits or a bit was changed."""
        name, rest = sealed[:_NAME_BYTES], sealed[_NAME_BYTES:]
        cipher = self._ciphers.get(name)
        if cipher is None or len(rest) < _NONCE_BYTES + _TAG_BYTES:
            raise ValueError("sealed with a key that is not in the key file")
        try:
            return cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], purpose.encode())
        except InvalidTag:
            raise ValueError("sealed content was changed, or is of another purpose") from None

    def pseudonym(self, name: str) -> bytes:
        """Return the same 16 bytes for the same name, which nobody can undo without the key."""
        return hashlib.blake2b(name.encode(), key=self._pseudonyms, digest_size=16).digest()


def _name(key: bytes) -> bytes:
    return hashlib.sha256(b"name of a key" + key).digest()[:_NAME_BYTES]


def make_keys() -> Keys:
    """Draw new keys."""
    return Keys(secrets.token_bytes(_KEY_BYTES), (secrets.token_bytes(_KEY_BYTES),))


def load_keys(path: Path) -> Keys:
    """Read the key file; make it when there is none. Raises KeyFileError."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_new(path, make_keys())
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise KeyFileError(f"{path}: others may read the key file; run: chmod 600 {path}")
        value = json.loads(path.read_text("utf-8"))
        keys = Keys(_decoded(value["pseudonyms"]), tuple(_decoded(key) for key in value["seals"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KeyFileError(f"{path}: no key file ({type(error).__name__})") from error
    if not keys.seals:
        raise KeyFileError(f"{path}: no key file (it holds no key)")
    return keys


def save_keys(path: Path, keys: Keys) -> None:
    """Replace the key file in one step."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    _write(fresh, keys)
    fresh.replace(path)


def _write_new(path: Path, keys: Keys) -> None:
    """Make the file; when another process was faster, its file stays."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        _write(fresh, keys)
        os.link(fresh, path)
    except FileExistsError:
        pass
    except OSError as error:
        raise KeyFileError(f"{path}: the key file cannot be made ({error.strerror})") from error
    finally:
        fresh.unlink(missing_ok=True)


def _write(path: Path, keys: Keys) -> None:
    value = {"pseudonyms": _encoded(keys.pseudonyms), "seals": [_encoded(key) for key in keys.seals]}
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(value, file)
        file.flush()
        os.fsync(file.fileno())


def _encoded(key: bytes) -> str:
    return base64.b64encode(key).decode()


def _decoded(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != _KEY_BYTES:
        raise ValueError(f"a key has {len(key)} bytes, not {_KEY_BYTES}")
    return key
