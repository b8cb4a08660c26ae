"""Answering fast: drafts of stored answers and canned ones. Each is shown in the topic first and leaves by a tap; whoever wants
other words copies the text and writes them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.channels.telegram.desk import deeds, saying
from bot.channels.telegram.desk.context import SKUS
from bot.channels.telegram.desk.deeds import Deed
from bot.channels.telegram.desk.panel import DRAFTS
from bot.channels.telegram.outgoing import Outgoing
from catalog_db.journal import desk_answers, desk_posts
from catalog_db.journal.desk_answers import Canned
from handlers.stored_questions.initials import initials
from handlers.turn import Action

_SLOT = re.compile(r"\{(\w+)\}")
_OWN_NAMES = ("补充", "姓名", "单号")  # what is filled in without the catalogue
_MOST = 5
_CAPTION = 1024
_BETWEEN = "\n\n"


def draft(deed: Deed, args: Sequence[str]) -> str:
    """Show the draft of a stored answer, as it would be sent."""
    item = (
        desk_posts.one(deed.books, int(args[0])) if len(args) == 2 and args[0].isdigit() and args[1].isdigit() else None
    )
    faqs = item.body.get(DRAFTS, []) if item and item.room == deed.place.chat_id else []
    found = deed.desk.shelf.draft(faqs[int(args[1])]) if int(args[1]) < len(faqs) else None
    if item is None or found is None or not deeds.with_ticket(deed, item.ticket):
        return deed.say("desk.draft.gone")
    _show(deed, found.answer, None, deed.say("desk.draft.source", question=found.question, source=found.source))
    deed.log("draft", found.faq)
    return deed.say("desk.draft.shown")


def _show(deed: Deed, text: str, picture: str | None, source: str) -> None:
    """Post an answer as it will be, with the button that sends it."""
    if deed.who is None or deed.ticket is None:
        return
    why = saying.stopped(deed.desk.wording, text)
    if why is not None:  # also a title of the catalogue may claim too much
        deed.post(deed.say("desk.draft.stopped", why=why))
        return
    body = {"text": text, "say": True, "picture": picture, SKUS: _skus(deed)}
    number = desk_posts.add(
        deed.books, deed.who, deed.ticket.id, "out", "photo" if picture else "text", body, author=deed.author.key, state="held"
    )  # fmt: skip
    deed.post(source)
    buttons = [[(deed.say("desk.button.as_it_is"), Action("desk.send", (str(number),)))]]
    if picture is None:
        deed.post(text, buttons)
        return
    markup = deed.markup(buttons)
    params = {"photo": picture, "caption": text[:_CAPTION], "reply_markup": markup}
    thread = {"message_thread_id": deed.place.thread_id} if deed.place.thread_id is not None else {}
    deed.calls.append(Outgoing("sendPhoto", params | thread, deed.place.chat_id))


# ---- canned answers


def canned(deed: Deed, names: str, argument: str) -> str:
    """Show what several names mean together: /yl_sh 100平."""
    found: list[Canned] = []
    for name in names.split("_")[:_MOST]:
        fitting = desk_answers.named(deed.books, name)
        if not fitting:
            return deed.say("desk.unknown_command")
        if len(fitting) > 1 and fitting[0].code != name:
            return deed.say("desk.canned.several", names=tuple(one.code for one in fitting))
        found.append(fitting[0])
    if deed.ticket is None or deed.who is None:
        return deed.say("desk.which_ticket")
    own = (argument, deed.who.name, str(deed.ticket.id))
    values = deed.desk.shelf.values(_skus(deed)) | dict(zip(_OWN_NAMES, own, strict=True))
    texts = [_filled(one.text, values) for one in found]
    missing = sorted({name for text in texts for name in _SLOT.findall(text)})
    if missing:
        return deed.say("desk.canned.missing", names=tuple(missing), known=_names(deed))
    picture = next((one.picture for one in found if one.picture), None)
    _show(deed, _BETWEEN.join(texts), picture, deed.say("desk.canned.shown", names=tuple(one.code for one in found)))
    deed.log("canned", names)
    return ""


def _names(deed: Deed) -> tuple[str, ...]:
    """Return everything that can be filled in."""
    return (*_OWN_NAMES, *deed.desk.shelf.names())


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda slot: values.get(slot[1]) or slot[0], text)


def _skus(deed: Deed) -> list[str]:
    """Return the products that were spoken of when the person asked."""
    if deed.ticket is None:
        return []
    kept = [item.body[SKUS] for item in desk_posts.of_ticket(deed.books, deed.ticket.id) if item.body.get(SKUS)]
    return list(kept[-1]) if kept else []


def put(deed: Deed, argument: str) -> str:
    """Keep an answer: /answer 用量 一桶能刷…; as the caption of a photo it keeps the photo."""
    name, _, text = argument.partition(" ")
    if not name or not text.strip() or "_" in name:
        return deed.say("desk.answer.form")
    why = saying.stopped(deed.desk.wording, text)
    if why is not None:
        return deed.say("desk.answer.stopped", why=why)
    short = initials(name)
    desk_answers.put(deed.books, name, short, text.strip(), deed.picture, deed.author.key)
    deed.log("answer", short)
    said = deed.say("desk.answer.kept", name=name, initials=short)
    known = _names(deed)
    strange = tuple(dict.fromkeys(slot for slot in _SLOT.findall(text) if slot not in known))
    return f"{said}\n{deed.say('desk.answer.strange', names=strange, known=known)}" if strange else said


def drop(deed: Deed, argument: str) -> str:
    """Delete an answer."""
    gone = desk_answers.drop(deed.books, argument.strip())
    deed.log("unanswer")
    return deed.say("desk.answer.dropped" if gone else "desk.answer.unknown", name=argument.strip())


def every(deed: Deed, argument: str) -> str:
    """List what there is, with the letters to call it by."""
    wanted = argument.strip()
    found = [
        one
        for one in desk_answers.every(deed.books)
        if wanted in one.code or wanted in one.initials or wanted in one.text
    ]
    lines = [deed.say("desk.answers.line", name=one.code, initials=one.initials, text=one.text[:30]) for one in found]
    return "\n".join([deed.say("desk.answers", count=len(found)), *lines[:30]])
