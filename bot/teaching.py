"""`lvxuan misses` and `lvxuan lexicon try`: what was not understood, and what a new alias would change."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.bootstrap import LOCALE, ZONE
from bot.locales import LOCALES
from bot.wording import Wording
from catalog_db.past_questions import PastQuestions
from catalog_db.places import load_places
from handlers.context.conditions import conditions
from handlers.dialogue import Dialogue
from handlers.registry import ROUTES
from handlers.session import Session
from handlers.turn import INTENTS, Question
from handlers.understanding.lexicon import LexiconEntry
from handlers.understanding.normalise import folded

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from catalog_db.database import Database

_MOST_SHOWN = 40


class TeachingError(ValueError):
    """An alias that cannot be tried; `key` is worded for the operator."""

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def list_misses(database: Database, wording: Wording, today: date, days: int) -> list[str]:
    """Return the lines of `lvxuan misses`."""
    misses = PastQuestions(database).misses(today - timedelta(days=days))
    if not misses:
        return [wording.say("misses.none", days=days)]
    lines = [wording.say("misses.head", days=days, count=len(misses))]
    lines += [
        wording.say("misses.line", word=miss.word, count=miss.count, last=miss.last, examples=miss.examples)
        for miss in misses
    ]
    return lines


def write_case(file: Path, text: str, intent: str | None, categories: Sequence[str]) -> None:
    """Append a missed question to a case file, with what should have come back."""
    case: dict[str, object] = {"text": text}
    if intent:
        case["intent"] = intent
    if categories:
        case["categories"] = list(categories)
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps(case, ensure_ascii=False) + "\n")


def try_alias(catalogue: Catalogue, database: Database, wording: Wording, alias: str, now: datetime) -> list[str]:
    """Return what an alias (洋泥=水泥) would change among the past questions. Raises TeachingError for one that cannot be."""
    surface, _, meant = alias.partition("=")
    entry = entry_of(catalogue, surface.strip(), meant.strip())
    before = Dialogue(catalogue, LOCALES / LOCALE)
    after = Dialogue(catalogue, LOCALES / LOCALE, (entry,))
    lines = [wording.say("try.means", alias=entry.surface, meaning=meant.strip())]
    known = before.reader.lexicon.entries_for(entry.surface)
    if known:
        lines.append(
            wording.say(
                "try.known", alias=entry.surface, meanings=tuple(name_of(catalogue, e.kind, e.concept) for e in known)
            )
        )
    past = PastQuestions(database).recent()
    changed = [line for one in past if (line := _change(one.text, before, after, wording, now)) is not None]
    key = "try.changed" if changed else "try.unchanged"
    lines.append(wording.say(key, count=len(changed), total=len(past)))
    return [*lines, *changed[:_MOST_SHOWN]]


def entry_of(catalogue: Catalogue, surface: str, meant: str) -> LexiconEntry:
    """Make the entry: what is meant is a category, a brand, or a quality that products of the catalogue have."""
    if not surface or not meant:
        raise TeachingError("try.form")
    word = folded(meant)
    for category in catalogue.categories.values():
        if word in (category.code, *(folded(name) for name in (category.name, *category.synonyms))):
            return LexiconEntry(folded(surface), "category", category.code)
    for brand in catalogue.brands.values():
        if word in (brand.id, *(folded(name) for name in (brand.name, *brand.aliases))):
            return LexiconEntry(folded(surface), "brand", brand.id)
    vocabulary = catalogue.vocabulary
    for kind, words in (("feature", vocabulary.features), ("scene", vocabulary.scenes), ("color", vocabulary.colors)):
        if meant in words:
            return LexiconEntry(folded(surface), kind, meant)
    raise TeachingError("try.unknown", meaning=meant)


def intent_in_words(wording: Wording, intent: str) -> str:
    """Return what a question was taken for as people say it; a name that is none of ours as it is."""
    return wording.say(f"intent.{intent}") if intent in (*INTENTS, *ROUTES) else intent


def name_of(catalogue: Catalogue, kind: str, concept: str) -> str:
    """Return what a word means by its name: of a category and a brand the catalogue's, else the concept itself."""
    if kind == "category" and concept in catalogue.categories:
        return catalogue.categories[concept].name
    if kind == "brand" and concept in catalogue.brands:
        return catalogue.brands[concept].name
    return concept


def _change(text: str, before: Dialogue, after: Dialogue, wording: Wording, now: datetime) -> str | None:
    old, new = (_reading(dialogue, text, wording, now) for dialogue in (before, after))
    return None if old == new else wording.say("try.line", text=text, before=old, after=new)


def _reading(dialogue: Dialogue, text: str, wording: Wording, now: datetime) -> str:
    """Say in one line how a question is read: what is asked, of which categories, under which conditions."""
    meaning = dialogue.understand(Question(text, now.astimezone(ZONE)), Session())
    names = [
        dialogue.catalogue.categories[code].name
        for code in meaning.constraints.categories
        if code in dialogue.catalogue.categories
    ]
    filters = [wording.text(one) for one in conditions(meaning.constraints, dialogue.catalogue, load_places())]
    read = intent_in_words(wording, meaning.intent)
    return wording.say("try.read", intent=read, what=(*names, *filters)) if names or filters else read
