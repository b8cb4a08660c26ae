"""长辈模式: an answer as short messages, one idea each, in plain words; the same for every channel.

Every sentence has at most `SENTENCE` characters, a message at most `FACTS` of them below its title, an answer at most
`MESSAGES` messages: the rest waits until the person wants it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import assert_never

from bot.locales import LOCALES, read_pairs
from bot.markdown import Grid, Heading, Items, Line, Paragraph, Part, read_markdown
from bot.traditional import Traditional
from bot.wording import Wording
from handlers.turn import Answer, Block, Card, Entry, Listing, Note, Prose, Say, Table

SENTENCE = 60  # characters
CHOICES = 3
ENTRIES = 3
FACTS = 3  # sentences below a title
MESSAGES = 6

# Small print that nobody misses: how the list was made, that one may say more.
_UNSAID = frozenset({
    "compare.source", "enterprise.facts_only", "guide.how_picked", "faq.not_it", "calculate.change",
    "calculate.change_laid", "savings.tariffs", "ranking.rule", "plan.one_unit_each", "verify.brand_note",
})  # fmt: skip
# What of one thing is said first; the other facts come behind in their order.
_FIRST = frozenset({"label.certificate", "label.price", "label.where"})
_ENDS = re.compile(
    r"(?<=[。！？；!?;])(?![”」』）)])|(?<=[。！？；!?;][”」』）)])(?![，、：,:])|(?<![Nn]o\.)(?<=\.)\s+|\n+"
)
_PAUSES = re.compile(r"(?<=[，、：,:])|(?<=）)|(?<=\) )|(?= [（(])")
_OPENS, _CLOSES = "“「『", "”」』"
_BARE = re.compile(r"[，、：；。,:;\s]+$")

Message = tuple[str, ...]  # lines, each of sentences that are short enough; the first may be a title


def messages_of(answer: Answer, wording: Wording) -> list[Message]:
    """Write an answer and its further answers as messages, all of them: see `MESSAGES`."""
    answers = (answer, *answer.also)
    written: list[Message] = []
    for number, part in enumerate(answers, 1):
        if len(answers) > 1:
            written.append((wording.say("plain.part", number=number),))
        for block in part.blocks:
            written += _block(block, wording)
    return [message for message in written if any(line.strip() for line in message)]


def paragraphs(text: str, wording: Wording) -> list[Message]:
    """Write a text of ours: a message for each of its paragraphs and each few sentences."""
    return [m for paragraph in text.split("\n\n") for m in _in_messages(sentences(paragraph, wording))]


def sentences(text: str, wording: Wording) -> list[str]:
    """Cut a text into plain sentences of at most `SENTENCE` characters."""
    plain = _plain_words(wording.locale).write(text)
    found = (piece.strip() for piece in _parted(_ENDS, plain) if piece.strip())
    return [short for piece in found for short in _shortened(piece) if short.strip("。；;. ")]


def _parted(ends: re.Pattern[str], text: str) -> list[str]:
    """Cut a text where it ends, but never inside what is quoted: a question that is quoted is no sentence of its own."""
    pieces, start, open_, seen = [], 0, 0, 0
    for match in ends.finditer(text):
        passed = text[seen : match.start()]
        open_ = max(0, open_ + sum(passed.count(sign) for sign in _OPENS) - sum(passed.count(sign) for sign in _CLOSES))
        seen = match.start()
        if "\n" in match[0]:
            open_ = 0  # a quotation that is not closed ends with its line
        if not open_:
            pieces.append(text[start : match.start()])
            start = match.end()
    return [*pieces, text[start:]]


def _shortened(sentence: str) -> Iterator[str]:
    """Cut at pauses, as few times as possible; where there is none, at a space or anywhere."""
    if len(sentence) <= SENTENCE:
        yield sentence
        return
    line = ""
    for clause in _clauses(sentence):
        if len(line) + len(clause) <= SENTENCE:
            line += clause
            continue
        yield from filter(None, [_BARE.sub("", line).strip()])
        line = clause.strip()
        while len(line) > SENTENCE:
            at = line.rfind(" ", SENTENCE // 2, SENTENCE)
            at = at if at > 0 else SENTENCE
            yield line[:at].strip()
            line = line[at:].strip()
    yield from filter(None, [line.strip()])


def _clauses(sentence: str) -> list[str]:
    """Cut at pauses; inside of what is quoted only where that alone is too long."""
    found: list[str] = []
    for clause in filter(None, _parted(_PAUSES, sentence)):
        found += [clause] if len(clause) <= SENTENCE else filter(None, _PAUSES.split(clause))
    return found


def title(text: str, wording: Wording) -> str:
    """Write the name of a thing: as it is, one line, cut when it is too long."""
    one = " ".join(wording.written(text).split())
    return one if len(one) <= SENTENCE else one[: SENTENCE - 1] + "…"


def _in_messages(lines: Sequence[str]) -> list[Message]:
    return [tuple(lines[at : at + FACTS]) for at in range(0, len(lines), FACTS)]


def _block(block: Block, wording: Wording) -> list[Message]:
    match block:
        case Say(text):
            return _in_messages(sentences(wording.text(text), wording))
        case Note(text):
            return [] if text.key in _UNSAID else _in_messages(sentences(wording.text(text), wording))
        case Listing(entries):
            return [_entry(entry, wording) for entry in entries[:ENTRIES]]
        case Card():
            rows = sorted(block.rows, key=lambda row: row[0].key not in _FIRST)
            facts = _rows(((wording.text(label), wording.text(value)) for label, value in rows), wording)
            return [(title(block.title, wording), *facts[:FACTS]), *_in_messages(facts[FACTS:])]
        case Table():
            return _columns(block, wording)
        case Prose(heading, markdown):
            head = [(title(heading, wording),)] if heading else []
            return [*head, *_prose(wording.written(markdown), wording)]
    assert_never(block)


def _entry(entry: Entry, wording: Wording) -> Message:
    facts = [short for line in dict.fromkeys(map(wording.text, entry.lines)) for short in sentences(line, wording)]
    name = title(entry.title, wording)
    if entry.number is not None:
        name = wording.say("elders.entry", number=entry.number, title=name)
    return (name[:SENTENCE], *facts[:FACTS])


def _rows(rows: Iterable[tuple[str, str]], wording: Wording) -> list[str]:
    return [
        short
        for label, value in rows
        for short in sentences(wording.say("plain.row", label=label, value=value), wording)
    ]


def _columns(table: Table, wording: Wording) -> list[Message]:
    """Write a comparison thing by thing: what is said of one stands together."""
    found = []
    for at, name in enumerate(table.columns):
        rows = ((wording.text(label), wording.text(values[at])) for label, values in table.rows)
        found.append((title(name, wording), *_rows(rows, wording)[:FACTS]))
    return found


def _prose(markdown: str, wording: Wording) -> list[Message]:
    """Write a text of the catalogue section by section: a heading begins a message."""
    found: list[Message] = []
    heading = ""
    for part in read_markdown(markdown):
        if isinstance(part, Heading):
            heading = title(_text(part.line), wording)
            continue
        for idea in _ideas(part):
            for lines in _in_messages([short for text in idea for short in sentences(text, wording)]):
                found.append((heading, *lines) if heading else lines)
                heading = ""
    return found


def _ideas(part: Part) -> list[list[str]]:
    """Return the texts of a part that belong together: each item of a list is an idea of its own."""
    texts = _texts(part)
    return [[text] for text in texts] if isinstance(part, Items) else [texts]


def _texts(part: Part) -> list[str]:
    match part:
        case Heading(_, line):
            return [_text(line)]
        case Paragraph(lines):
            return [_text(line) for line in lines]
        case Items(items):
            return [_text(item) for item in items]
        case Grid(_, rows):
            return ["，".join(filter(None, map(_text, row))) for row in rows]
    assert_never(part)


def _text(line: Line) -> str:
    return "".join(run.text for run in line)


@lru_cache(maxsize=8)
def _plain_words(locale: str) -> Traditional:
    """Return what puts plain words in the place of words of the trade."""
    file = LOCALES / locale / "plain_words.tsv"
    return Traditional(dict(read_pairs(file)) if file.exists() else {}, {})
