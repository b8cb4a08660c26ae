"""How far each call under way has come, in a file beside the database that outlives a killed process.

The journal says that a message was about to be sent, and that takes a commit. What lies between that and the next commit is told
here: whether the call has left at all, and whether it was answered. A page of a mapped file is the system's as soon as it is written,
so a process that is killed leaves behind where it stood. A power cut does not: a file of an earlier run of the machine tells nothing.
There are only numbers in it.
"""

from __future__ import annotations

import mmap
import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

SLOTS = 256  # calls at the same time; the sender has fewer
_MAGIC = b"lvxuan1\n"
_HEAD = 64
_SLOT = struct.Struct("<qdqq")  # message, when it was stored, the platform's number, stage
_STAGE = struct.Struct("<q")
_STAGE_AT = _SLOT.size - _STAGE.size
_SIZE = _HEAD + SLOTS * _SLOT.size
_BOOT = Path("/proc/sys/kernel/random/boot_id")

Stage = Literal["left", "landed", "refused"]
_STAGES: tuple[Stage, ...] = ("left", "landed", "refused")  # 0 is an empty slot

Key = tuple[int, float]  # of a message: its number, which comes again when it is deleted, and when it was stored


@dataclass(frozen=True, slots=True)
class Flight:
    """left: nobody has seen an answer. landed: it was carried out; `number`: of the message there. refused: it was not."""

    stage: Stage
    number: int | None = None


class Flights:
    """The file of one bot; without a path nothing outlives the process. `complete`: what is not in it has certainly not left."""

    def __init__(self, path: Path | None = None) -> None:
        boot = _boot() if path is not None else b""
        self._lasts = bool(boot)
        self._map, self.complete = (mmap.mmap(-1, _SIZE), False) if path is None else _opened(path, _MAGIC + boot)
        self.complete = self.complete and self._lasts
        self._slots: dict[Key, int] = {}
        self._free = list(range(SLOTS))
        for slot in range(SLOTS):
            number, stored_at, _, stage = _SLOT.unpack_from(self._map, _at(slot))
            if 0 < stage <= len(_STAGES):
                self._slots[number, stored_at] = slot
                self._free.remove(slot)

    def leave(self, key: Key) -> None:
        """Note that a call is being made from now on. Raises RuntimeError when there are too many."""
        slot = self._slots.get(key)
        if slot is None:
            if not self._free:
                raise RuntimeError("too many calls under way")
            slot = self._slots[key] = self._free.pop()
        _SLOT.pack_into(self._map, _at(slot), *key, 0, 0)
        self._set(slot, "left")

    def land(self, key: Key, number: int | None) -> None:
        """Note that a call was carried out, and the platform's number of the message."""
        slot = self._slots.get(key)
        if slot is not None:
            _SLOT.pack_into(self._map, _at(slot), *key, number or 0, 1)
            self._set(slot, "landed")

    def refuse(self, key: Key) -> None:
        """Note that a call was not carried out."""
        slot = self._slots.get(key)
        if slot is not None:
            self._set(slot, "refused")

    def forget(self, key: Key) -> None:
        """Note that the journal knows what became of a call."""
        slot = self._slots.pop(key, None)
        if slot is not None:
            _STAGE.pack_into(self._map, _at(slot) + _STAGE_AT, 0)
            self._free.append(slot)

    def of(self, key: Key) -> Flight | None:
        """Tell how far a call has come; None: it has not left, if the file is `complete`."""
        slot = self._slots.get(key)
        if slot is None:
            return None
        _, _, number, stage = _SLOT.unpack_from(self._map, _at(slot))
        return Flight(_STAGES[stage - 1], number or None)

    def begin_anew(self) -> None:
        """Forget all calls: the journal has taken over what an earlier process left."""
        for key in list(self._slots):
            self.forget(key)
        self.complete = self._lasts

    def close(self) -> None:
        """Let go of the file."""
        self._map.close()

    def _set(self, slot: int, stage: Stage) -> None:
        _STAGE.pack_into(self._map, _at(slot) + _STAGE_AT, _STAGES.index(stage) + 1)


def _opened(path: Path, head: bytes) -> tuple[mmap.mmap, bool]:
    """Map a file, and tell whether this run of the machine has written it; anything else in it is wiped out."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        ours = file.read(len(head)) == head and os.fstat(file.fileno()).st_size == _SIZE
        if not ours:
            file.truncate(0)
        file.truncate(_SIZE)
        mapped = mmap.mmap(file.fileno(), _SIZE)
    mapped[: len(head)] = head
    return mapped, ours


def _at(slot: int) -> int:
    return _HEAD + slot * _SLOT.size


def _boot() -> bytes:
    """Return what this run of the machine is known by; nothing where the system does not tell."""
    try:
        return _BOOT.read_bytes().strip()[: _HEAD - len(_MAGIC)]
    except OSError:
        return b""
