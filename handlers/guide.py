"""How to choose: the buying guide of a category, scene or word, trend guides, each with certified picks of the day."""

from __future__ import annotations

from collections.abc import Sequence

from catalog_db.records import Guide
from catalog_db.search.query import ProductQuery
from handlers.answer_parts.choices import certified_choice, handoff_choice, shorten, unique
from handlers.answer_parts.guides_of_day import guides_of_day
from handlers.answer_parts.product_facts import certificate_line, price_line
from handlers.stored_questions.matching import reader_of
from handlers.stored_questions.title_words import title_scores
from handlers.turn import Action, Answer, Block, Choice, Entry, Listing, Note, Prose, Say, Turn, say
from handlers.understanding.word_tables import signs

PICKS = 3
OTHERS = 3
OWN_CATEGORY = 8.0  # a guide of the category itself, against one of a parent or child
NEAR_CATEGORY = 4.0
SCENE = 3.0
KIND = 6.0  # a trend when trends are asked for, a buying guide otherwise
ROOM = 4.0  # a title that names the room asked for, or another one
LEAST = 3.0


def handle(turn: Turn) -> Answer:
    """Show the guide that fits best, with picks; without one, say so and offer the list."""
    if turn.meaning.chosen in turn.catalogue.guides:
        return opened(turn, turn.meaning.chosen)
    scores = _scores(turn)
    ranked = sorted(
        (g for g in scores if scores[g] >= LEAST), key=lambda g: (-round(scores[g], 3), -_since(turn, g), g)
    )
    if not ranked:
        return _nothing(turn)
    return opened(turn, ranked[0], others=ranked[1 : 1 + OTHERS])


def _since(turn: Turn, guide_id: str) -> int:
    """Return the day since which a guide is shown: of two that fit alike the newer goes first."""
    since = turn.catalogue.guides[guide_id].shown_from
    return since.toordinal() if since else 0


def opened(turn: Turn, guide_id: str, others: Sequence[str] = ()) -> Answer:
    """Show one guide with certified picks of its categories."""
    guide = turn.catalogue.guides[guide_id]
    picks = _picks(turn, guide)
    blocks: list[Block] = [Prose(guide.title, _body(guide), ref=("guide", guide.id))]
    if guide.kind == "trend":
        blocks.append(Note(say("guide.trend_dated")))
    if picks:
        blocks += [Say(say("guide.picks", day=turn.day)), Listing(_entries(turn, picks)), Note(say("guide.how_picked"))]
    return Answer(
        "guide",
        blocks=tuple(blocks),
        choices=_choices(turn, guide, others),
        categories=turn.meaning.constraints.categories
        or tuple(c for c in guide.categories if c in turn.catalogue.categories),
        guides=(guide.id, *others),
        products=tuple(picks),
        filters={"certified": True} if picks else {},
    )


def _body(guide: Guide) -> str:
    return f"{guide.summary}\n\n{guide.body}" if guide.summary and guide.summary not in guide.body else guide.body


def _scores(turn: Turn) -> dict[str, float]:
    named = [g for g in turn.catalogue.guides.values() if any(scene in turn.meaning.text for scene in g.scenes)]
    guides = {g.id: g for g in (*guides_of_day(turn.catalogue, turn.day), *named)}  # 梅雨 is asked about in winter too
    words = {i: (g.title, g.summary or "", *g.scenes) for i, g in guides.items()}
    scores = title_scores(turn.meaning.text, words, reader_of(turn.catalogue))
    trends = "guide.trend" in turn.meaning.cues
    for i, guide in guides.items():
        points = _category_points(turn, guide) + SCENE * bool(set(turn.meaning.constraints.scenes) & set(guide.scenes))
        seasonal = trends and guide in named  # 梅雨天墙返潮 names the season
        other = turn.meaning.constraints.categories and guide.categories and not _category_points(turn, guide)
        if other and not seasonal:
            scores.pop(i, None)  # of something else
            continue
        points += SCENE * seasonal
        if trends == (guide.kind == "trend") and (points or trends):
            points += KIND
        if points:
            scores[i] = scores.get(i, 0.0) + points + _room_points(turn, guide) + SCENE * _seasonal(turn, guide)
    return scores


def _seasonal(turn: Turn, guide: Guide) -> bool:
    """Tell whether a scene of a guide is spoken of in other words: 入冬 of 过冬."""
    reader = reader_of(turn.catalogue)
    said = {token for token in reader.read(turn.meaning.text).tokens if token[0] == "="}
    return bool(said) and not said.isdisjoint(reader.read_known(" ".join(guide.scenes)).tokens)


def _room_points(turn: Turn, guide: Guide) -> float:
    """Return what a guide gains by a title that names the room asked for, and loses by one that names another."""
    rooms, text = turn.catalogue.vocabulary.scenes, turn.meaning.text
    asked = {*turn.meaning.constraints.scenes, *(room for room in rooms if room in text)}
    if any(sign in text for sign in signs("roof_said")):
        asked |= signs("roof")  # 楼顶防水 is one word of ours and names no room
    named = {scene for scene in {*rooms, *signs("roof")} if scene in guide.title}
    if not asked or not named:
        return 0.0
    return ROOM if asked & named else -ROOM


def _category_points(turn: Turn, guide: Guide) -> float:
    asked = turn.meaning.constraints.categories
    if set(asked) & set(guide.categories):
        return OWN_CATEGORY
    family = turn.catalogue.under(asked) | {step for code in asked for step in turn.catalogue.path(code)}
    return NEAR_CATEGORY if family & set(guide.categories) else 0.0


def _picks(turn: Turn, guide: Guide) -> list[str]:
    """Return certified products that satisfy what else was asked, of the category asked for (else of the guide's); the guide's own first."""
    asked = turn.meaning.constraints
    kin = turn.catalogue.under(asked.categories) & turn.catalogue.under(guide.categories)
    codes = asked.categories if asked.categories and kin else guide.categories
    if kin and set(guide.categories) <= set(turn.catalogue.under(asked.categories)):
        codes = guide.categories  # of water pipes, not of all that has to do with water
    if not codes:
        return []
    wanted = asked.but(
        categories=tuple(codes), certified=True, adcode=asked.adcode or turn.meaning.place, text="", title_words=()
    )
    found = turn.catalogue.search(wanted.query(turn.day, limit=PICKS)).hits
    named = turn.catalogue.search(wanted.query(turn.day, skus=guide.skus, limit=PICKS)).hits if guide.skus else ()
    return list(dict.fromkeys(hit.sku for hit in (*named, *found)))[:PICKS]


def _entries(turn: Turn, skus: Sequence[str]) -> tuple[Entry, ...]:
    held = turn.catalogue.certificates_of_many(skus)
    return tuple(
        Entry(
            p.title,
            (certificate_line(held[p.sku], turn.day), price_line(p, turn.day)),
            ref=("product", p.sku),
            number=i,
        )
        for i, p in enumerate(turn.catalogue.products(skus), 1)
    )


def _choices(turn: Turn, guide: Guide, others: Sequence[str]) -> tuple[Choice, ...]:
    codes = [c for c in guide.categories if c in turn.catalogue.categories]
    more = [certified_choice(turn.catalogue, c) for c in codes[:2] if _has_certified(turn, c)]
    guides = [
        Choice(say("guide.choice", title=shorten(turn.catalogue.guides[g].title, 18)), Action("guide", (g,)))
        for g in others
    ]
    return unique((*more, *guides))


def _has_certified(turn: Turn, code: str) -> bool:
    return turn.catalogue.count(ProductQuery(turn.day, categories=(code,), certified=True)) > 0


def _nothing(turn: Turn) -> Answer:
    """Say that there is no guide for it, and offer what there is."""
    codes = turn.meaning.constraints.categories
    products = tuple(
        certified_choice(turn.catalogue, c)
        for c in codes[:1]
        if c in turn.catalogue.categories and _has_certified(turn, c)
    )
    guides = guides_of_day(turn.catalogue, turn.day)[:OTHERS]
    return Answer(
        "not_found",
        blocks=(
            Say(
                say("guide.none_for", category=turn.catalogue.categories[codes[0]].name) if codes else say("guide.none")
            ),
        ),
        choices=unique(
            (
                *products,
                *(Choice(say("guide.choice", title=shorten(g.title, 18)), Action("guide", (g.id,))) for g in guides),
                handoff_choice(),
            )
        ),
        categories=codes,
    )
