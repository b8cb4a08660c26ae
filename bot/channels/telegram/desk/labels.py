"""What a ticket is about and how urgent it is: tags and priority, by command and by button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.channels.telegram.desk.deeds import Deed, Doing, action, restore
from bot.channels.telegram.desk.parts import dirty
from catalog_db.journal import desk
from handlers.turn import Action

PRIORITIES = {"urgent": 1, "normal": 0, "later": -1}
_LONGEST, _MOST, _OFFERED = 8, 8, 6  # characters of a tag, tags of a ticket, tags on buttons
_DIGITS = 4  # more in a row may be somebody's number


def set_priority(deed: Deed, name: str) -> str:
    """Say how urgent a ticket is."""
    if deed.ticket is None or deed.who is None:
        return deed.say("desk.which_ticket")
    desk.change(deed.books, deed.ticket.id, priority=PRIORITIES[name])
    deed.log(name)
    dirty(deed.books, deed.who)
    return deed.say(f"desk.priority.{name}", number=deed.ticket.id)


def tag(deed: Deed, argument: str) -> str:
    """Put tags on a ticket, or take them off: /tag 送货 补货, /tag -送货; without any say which there are."""
    if deed.ticket is None or deed.who is None:
        return deed.say("desk.which_ticket")
    tags = list(deed.ticket.tags.split())
    for word in argument.replace("，", " ").replace("、", " ").split():
        name = word.lstrip("-－").removeprefix("#")
        if word[0] in "-－":
            tags = [one for one in tags if one != name]
        elif not _is_tag(name):
            return deed.say("desk.tag.form", most=_LONGEST)
        elif name not in tags:
            tags.append(name)
    if len(tags) > _MOST:
        return deed.say("desk.tag.full", most=_MOST)
    if argument.strip():
        desk.change(deed.books, deed.ticket.id, tags=" ".join(tags))
        deed.log("tag")
    return deed.say("desk.tag.set", number=deed.ticket.id, tags=tuple(tags)) if tags else deed.say("desk.tag.none")


def _is_tag(name: str) -> bool:
    """Tell whether something is a tag: a short word that is nobody's number."""
    return 0 < len(name) <= _LONGEST and sum(char.isdigit() for char in name) <= _DIGITS


# ---- buttons


def press_urgency(deed: Deed, args: Sequence[str]) -> str:
    """Offer how urgent a ticket can be."""
    number = deed.ticket.id if deed.ticket else 0
    rows = [
        [(deed.desk.home.say(f"desk.button.{name}"), action("urgent", number, name)) for name in PRIORITIES],
        _same(deed),
    ]
    deed.buttons(rows)
    return deed.say("desk.priority.which")


def press_urgent(deed: Deed, args: Sequence[str]) -> str:
    """Take the chosen one."""
    said = set_priority(deed, args[0]) if args and args[0] in PRIORITIES else deed.say("desk.no_ticket")
    restore(deed)
    return said


def press_tags(deed: Deed, args: Sequence[str]) -> str:
    """Offer the tags that are used most here."""
    if deed.ticket is None:
        return deed.say("desk.no_ticket")
    own = deed.ticket.tags.split()
    names = list(dict.fromkeys((*own, *desk.tags_used(deed.books, _OFFERED))))[:_OFFERED]
    if not names:
        return deed.say("desk.tag.how")
    marked = [(deed.desk.home.say("desk.button.tag_on", name=name) if name in own else name, name) for name in names]
    rows = [[(label, action("tagged", deed.ticket.id, name))] for label, name in marked]
    deed.buttons([*rows, _same(deed)])
    return deed.say("desk.tag.which")


def press_tagged(deed: Deed, args: Sequence[str]) -> str:
    """Put a tag on, or take it off."""
    name = args[0] if args else ""
    own = deed.ticket.tags.split() if deed.ticket else []
    said = tag(deed, f"-{name}" if name in own else name)
    restore(deed)
    return said


def _same(deed: Deed) -> list[tuple[str, Action]]:
    return [(deed.desk.home.say("desk.button.same"), action("same", deed.ticket.id if deed.ticket else 0))]


PRESSES: Mapping[str, Doing] = {
    "urgency": press_urgency,
    "urgent": press_urgent,
    "tags": press_tags,
    "tagged": press_tagged,
}
