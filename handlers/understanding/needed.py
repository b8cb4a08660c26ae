"""What a pattern cannot do without: characters of which one at least stands in every text that it matches.

Most patterns of cues cannot match most questions; looking for one of their characters is a hundred times cheaper than
trying them, and a pattern that was never tried is never compiled. Where nothing certain can be said, nothing is claimed.
"""

from __future__ import annotations

_STANDS_FOR_MORE = frozenset("dDwWsSbBAZ")  # \d, \s … : classes and places, not characters


def needed_characters(pattern: str) -> frozenset[str]:
    """Return characters one of which is in every match of a regular expression; empty when none is certain.

    Reads what the tables of words use: groups, look-arounds, classes, alternatives and repetitions. Not for patterns
    with flags, with a reference to a group or in verbose writing: () is returned for these.
    """
    if "(?P=" in pattern or "(?i" in pattern or "(?x" in pattern or "(?(" in pattern:
        return frozenset()
    found, end = _alternatives(pattern, 0)
    return found if end == len(pattern) else frozenset()


def _alternatives(pattern: str, at: int) -> tuple[frozenset[str], int]:
    """Read up to the closing bracket of a group: one of the branches matches, so all of them must need something."""
    branches = []
    while True:
        found, at = _sequence(pattern, at)
        branches.append(found)
        if at >= len(pattern) or pattern[at] == ")":
            break
        at += 1
    return (frozenset().union(*branches) if all(branches) else frozenset()), at


def _sequence(pattern: str, at: int) -> tuple[frozenset[str], int]:
    """Read one branch: each of its parts is needed, the one with the fewest characters tells most."""
    best: frozenset[str] = frozenset()
    while at < len(pattern) and pattern[at] not in "|)":
        found, at = _part(pattern, at)
        may_lack, at = _repetition(pattern, at)
        if found and not may_lack and (not best or len(found) < len(best)):
            best = found
    return best, at


def _part(pattern: str, at: int) -> tuple[frozenset[str], int]:
    char = pattern[at]
    if char == "(":
        return _group(pattern, at)
    if char == "[":
        return _class(pattern, at)
    if char == "\\":
        escaped = pattern[at + 1]
        return frozenset() if escaped in _STANDS_FOR_MORE or escaped.isdigit() else frozenset(escaped), at + 2
    return frozenset() if char in ".^$" else frozenset(char), at + 1


def _group(pattern: str, at: int) -> tuple[frozenset[str], int]:
    """Read a group; what a look-around sees need not be there or stands outside the match."""
    inside, looks = at + 1, False
    if pattern.startswith("(?P<", at):
        inside = pattern.index(">", at) + 1
    elif pattern.startswith("(?:", at):
        inside = at + 3
    elif pattern.startswith("(?", at):
        inside, looks = at + (4 if pattern[at + 2] == "<" else 3), True
    found, end = _alternatives(pattern, inside)
    return frozenset() if looks else found, end + 1


def _class(pattern: str, at: int) -> tuple[frozenset[str], int]:
    """Read [abc]; a class with a range, an escape or a refusal needs nothing certain."""
    end = pattern.index("]", at + 2)
    while pattern[end - 1] == "\\":
        end = pattern.index("]", end + 1)
    inside = pattern[at + 1 : end]
    plain = not (inside.startswith("^") or "-" in inside or "\\" in inside)
    return frozenset(inside) if plain else frozenset(), end + 1


def _repetition(pattern: str, at: int) -> tuple[bool, int]:
    """Tell whether what stands before may be lacking altogether, and where reading goes on."""
    may_lack = False
    while at < len(pattern) and pattern[at] in "?*+{":
        if pattern[at] == "{":
            end = pattern.index("}", at)
            may_lack = may_lack or pattern[at + 1 : end].split(",", maxsplit=1)[0] in ("", "0")
            at = end + 1
        else:
            may_lack = may_lack or pattern[at] in "?*"
            at += 1
    return may_lack, at
