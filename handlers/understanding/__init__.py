"""From what was said to what was meant: deterministic, offline, every result with its evidence."""
