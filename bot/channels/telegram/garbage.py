"""The collector of garbage, in a process that goes on running."""

from __future__ import annotations

import gc

_COLLECT_AFTER = (10_000, 20, 20)  # new objects, and rounds of the younger generations


def leave_alone_what_stays() -> None:
    """Keep the collector from looking again and again through what the start has made, which stays: each look through all of
    it stops everybody for a tenth of a second.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)
