"""Is a brand or a maker certified? Answered unit by unit: certificates bind a maker, a type and a site, never a brand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from catalog_db.records import Product
from handlers.answer_parts.choices import look_choices
from handlers.answer_parts.product_facts import GREEN, scheme_name
from handlers.certification.parts import (
    SHOWN,
    categories_of,
    certified_if_any,
    schemes_asked,
    shown_numbers,
    trust_note,
    with_prices,
)
from handlers.certification.verdicts import Verdict, line_of, verdicts_of
from handlers.turn import Answer, Block, Entry, Listing, Note, Say, Text, Turn, say
from handlers.understanding.interpretation import Constraints

MOST_JUDGED = 200  # products of a brand whose certificates are looked at when none is in force
MOST_VERDICTS = 20


def handle(turn: Turn) -> Answer:
    asked = turn.meaning.constraints
    makers = tuple(dict.fromkeys((*turn.meaning.enterprises, *asked.enterprises)))
    schemes = schemes_asked(turn)
    of_brand = asked.but(
        certified=False, schemes=(), stars=(), min_stars=None, enterprises=makers if not asked.brands else ()
    )
    everything = of_brand.query(turn.day, limit=1)
    held = of_brand.but(certified=not schemes, schemes=schemes).query(turn.day, limit=SHOWN)
    total, found = turn.catalogue.count(everything), turn.catalogue.search(held)
    products = turn.catalogue.products(hit.sku for hit in found.hits)
    judged = {p.sku: verdicts_of(turn.catalogue, p, turn.day, schemes) for p in products}
    lapsed = turn.meaning.cues & {"cert.stopped", "term.lapsed"}
    if total and (not found.total or lapsed):
        answer = _brand_without(turn, total, of_brand, schemes, found.total)
        if answer.products or not found.total:
            return with_prices(turn, answer, everything)
    return with_prices(turn, _brand_answer(turn, total, found.total, products, judged), everything)


def _brand_without(turn: Turn, total: int, of_brand: Constraints, schemes: tuple[str, ...], valid: int) -> Answer:
    """Say that nothing of a brand holds such a certificate now, and name every certificate that it had or has instead.

    With `valid` products that hold one, those are told by number, and the certificates that are none any more are named.
    """
    everything = turn.catalogue.search(of_brand.query(turn.day, limit=MOST_JUDGED))
    products = turn.catalogue.products(hit.sku for hit in everything.hits)
    # Only products that ever held a certificate are judged: each judgement of another looks for one beside it.
    held = turn.catalogue.certificates_of_many([p.sku for p in products])
    holders = [p for p in products if held.get(p.sku)]
    lapsed = {p.sku: verdicts_of(turn.catalogue, p, turn.day, schemes) for p in holders}
    if valid:
        lapsed = {sku: [v for v in found if v.status != "valid"] for sku, found in lapsed.items()}
    lapsed = {sku: found for sku, found in lapsed.items() if found and found[0].certificate is not None}
    other = {p.sku: verdicts_of(turn.catalogue, p, turn.day) for p in holders} if schemes else {}
    other = {sku: found for sku, found in other.items() if found[0].status == "valid"}
    named = {**other, **lapsed}
    shown = [p for p in products if p.sku in named][:SHOWN]
    others = any(
        found[0].status == "valid" for found in lapsed.values()
    )  # of another kind: 有证 means the green one here
    scheme = scheme_name(schemes[0] if schemes else GREEN) if schemes or others else say("verify.any_scheme")
    blocks: list[Block] = [Say(say("verify.brand_lacks", names=_names(turn), total=total, scheme=scheme))]
    if valid:
        key = "verify.brand_all" if valid == total else "verify.brand_some"
        blocks = [Say(say(key, names=_names(turn), total=total, certified=valid, rest=total - valid))]
    if shown:
        head = "verify.brand_lapsed" if lapsed else "verify.brand_other"
        blocks += [
            *([] if valid else [Say(say(head))]),
            Listing(tuple(_state_entry(turn, p, named[p.sku], i) for i, p in enumerate(shown, 1))),
        ]
    flat = [found[0] for found in lapsed.values()] or [Verdict(None, "none", None, schemes[0] if schemes else None)]
    codes = turn.meaning.constraints.categories
    return Answer(
        "verify",
        blocks=(*blocks, Note(say("verify.brand_note")), trust_note(turn)),
        choices=look_choices(shown, turn.catalogue) or (certified_if_any(turn, codes[0]) if codes else ()),
        categories=codes or categories_of(turn, [p.sku for p in products]),
        filters={"brands": list(turn.meaning.constraints.brands)} if turn.meaning.constraints.brands else {},
        products=tuple(p.sku for p in shown),
        certificates=shown_numbers(flat),
        verdicts=tuple(v.data() for v in flat[:MOST_VERDICTS]),
    )


def _state_entry(turn: Turn, product: Product, found: list[Verdict], number: int) -> Entry:
    lines = tuple(line_of(verdict, turn.catalogue, turn.day) for verdict in found[:2])
    return Entry(product.title, lines, ref=("product", product.sku), number=number)


def _brand_answer(
    turn: Turn, total: int, certified_total: int, products: Sequence[Product], judged: dict[str, list[Verdict]]
) -> Answer:
    names: tuple[str | Text, ...] = _names(turn)
    values: dict[str, Any] = {
        "names": names,
        "total": total,
        "certified": certified_total,
        "rest": total - certified_total,
    }
    key = "all" if certified_total == total else "some"
    flat = [v for verdicts in judged.values() for v in verdicts if v.status == "valid"]
    if not flat:
        flat = [Verdict(None, "none")]
    entries = tuple(
        Entry(p.title, (line_of(judged[p.sku][0], turn.catalogue, turn.day),), ref=("product", p.sku), number=i)
        for i, p in enumerate(products, 1)
    )
    blocks: list[Block] = [Say(say(f"verify.brand_{key}" if total else "verify.brand_nothing", **values))]
    if entries:
        blocks.append(Listing(entries))
    codes = turn.meaning.constraints.categories
    return Answer(
        "verify",
        blocks=(*blocks, Note(say("verify.brand_note")), trust_note(turn)),
        choices=look_choices(products, turn.catalogue) or (certified_if_any(turn, codes[0]) if codes else ()),
        categories=turn.meaning.constraints.categories or categories_of(turn, [p.sku for p in products]),
        filters={"brands": list(turn.meaning.constraints.brands)} if turn.meaning.constraints.brands else {},
        products=tuple(p.sku for p in products),
        certificates=shown_numbers(flat),
        verdicts=tuple(v.data() for v in flat),
    )


def _names(turn: Turn) -> tuple[str, ...]:
    asked = turn.meaning.constraints
    brands = tuple(turn.catalogue.brands[b].name for b in asked.brands if b in turn.catalogue.brands)
    makers = (*turn.meaning.enterprises, *asked.enterprises)
    return brands or tuple(
        turn.catalogue.enterprises[e].name for e in dict.fromkeys(makers) if e in turn.catalogue.enterprises
    )
