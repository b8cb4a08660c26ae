"""Is this certificate, this product or this brand certified? Told with state, dates, source and the official way to check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from catalog_db.certification import stars, state
from catalog_db.records import Certificate, Product
from catalog_db.search.query import ProductQuery
from handlers.answer_parts.choices import asking, certified_choice, handoff_choice, look_choices, short_name
from handlers.answer_parts.product_facts import GREEN, scheme_name
from handlers.certification import brands as brand_certificates
from handlers.certification.parts import (
    SHOWN,
    categories_of,
    certified_if_any,
    schemes_asked,
    shown_numbers,
    trust_note,
    with_prices,
)
from handlers.certification.shared import said_of_sharing, sharing
from handlers.certification.verdicts import Verdict, line_of, verdicts_of
from handlers.rules.certificates import SHARED
from handlers.turn import Action, Answer, Block, Choice, Entry, Listing, Say, Text, Turn, say

MOST_PRODUCTS = 4  # products verified in one answer
MOST_VARIANTS = 6  # of a series
GRADED_LABELS = ("water_grade", "energy_grade")


def handle(turn: Turn) -> Answer:
    """Verify what was named, the most definite first: a number, a product, a brand or maker, a category."""
    meaning = turn.meaning
    if meaning.certificate_numbers:
        return _numbers(turn)
    if meaning.rule == SHARED and (products := sharing(turn)):
        return _side_by_side(turn, products, said_of_sharing(turn, products))
    if meaning.skus:
        return with_prices(turn, _products(turn))
    if meaning.constraints.brands or meaning.enterprises or meaning.constraints.enterprises:
        return brand_certificates.handle(turn)
    if meaning.constraints.categories:
        return _category(turn)
    return _everything(turn) if "ask.all_certified" in meaning.cues else _what(turn)


# --- by number


@dataclass(slots=True)
class _Found:
    """What the numbers asked about led to."""

    blocks: list[Block] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    certificates: list[str] = field(default_factory=list)
    products: list[str] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def _numbers(turn: Turn) -> Answer:
    found = _Found()
    for number in dict.fromkeys(turn.meaning.certificate_numbers):
        certificate = turn.catalogue.certificate(number)
        if certificate is None:
            _unknown_number(turn, number, found)
        else:
            _known_number(turn, certificate, found)
    return Answer(
        "verify",
        blocks=(*found.blocks, trust_note(turn)),
        choices=tuple(found.choices[:6]),
        categories=categories_of(turn, found.products),
        certificates=tuple(dict.fromkeys(found.certificates)),
        products=tuple(dict.fromkeys(found.products)),
        verdicts=tuple(v.data() for v in found.verdicts),
    )


def _unknown_number(turn: Turn, number: str, found: _Found) -> None:
    near = turn.catalogue.certificates_near(number)
    found.verdicts.append(Verdict(None, "unknown_number"))
    key = "verify.unknown_number_near" if near else "verify.unknown_number"
    found.blocks.append(Say(say(key, number=number.strip().upper())))
    found.choices += [
        Choice(say("verify.choice.number", number=c.number), Action("verify_number", (c.number,))) for c in near
    ]


def _known_number(turn: Turn, certificate: Certificate, found: _Found) -> None:
    status = state(certificate, turn.day)
    asked = [p for p in turn.catalogue.products(turn.meaning.skus) if p.sku not in certificate.skus]
    named = turn.catalogue.products(certificate.skus)
    shown = [p for p in named if p.shown][:SHOWN]
    found.certificates.append(certificate.number)
    found.products += [p.sku for p in shown]
    found.verdicts.append(Verdict(shown[0].sku if len(named) == 1 and shown else None, status, certificate))
    found.blocks.append(Say(line_of(Verdict(None, status, certificate), turn.catalogue, turn.day)))
    found.blocks += _of_another_kind(turn, certificate)
    found.blocks.append(_covers(turn, certificate, named))
    for product in asked:
        verdict = Verdict(product.sku, "not_covered", certificate)
        found.verdicts.append(verdict)
        found.blocks.append(Say(say("verify.not_this_one", name=short_name(product, turn.catalogue))))
    found.choices += look_choices(shown, turn.catalogue)


def _of_another_kind(turn: Turn, certificate: Certificate) -> list[Block]:
    """Say that a certificate is not of the kind asked about: a water-saving one is no green building material one."""
    asked = schemes_asked(turn)
    if not asked or certificate.scheme in asked:
        return []
    return [Say(say("verify.number_of_other", scheme=scheme_name(certificate.scheme), asked=scheme_name(asked[0])))]


def _covers(turn: Turn, certificate: Certificate, named: Sequence[Product]) -> Block:
    """Say what a certificate is for: its products, or that it names none and so proves nothing."""
    maker = turn.catalogue.enterprises.get(certificate.enterprise or "")
    holder = maker.name if maker else say("verify.holder_unknown")
    if not named:
        return Say(say("verify.names_nothing", holder=holder))
    titles = tuple(p.title if p.shown else say("verify.off_sale_title", title=p.title) for p in named[:SHOWN])
    return Say(say("verify.covers", holder=holder, total=len(named), titles=titles))


# --- by product


def _products(turn: Turn) -> Answer:
    """Judge the products named, each by itself; of a series named all its variants."""
    if turn.meaning.constraints.series and len(turn.meaning.skus) > 1:
        return _series(turn)
    return _side_by_side(turn, turn.catalogue.products(turn.meaning.skus[:MOST_PRODUCTS]))


def _side_by_side(turn: Turn, products: Sequence[Product], head: Text | None = None) -> Answer:
    """Judge each product by itself; `head` is said first."""
    schemes = schemes_asked(turn)
    judged = {p.sku: verdicts_of(turn.catalogue, p, turn.day, schemes) for p in products}
    flat = [v for verdicts in judged.values() for v in verdicts]
    others = any(v.status == "valid" for v in flat)  # what another one holds is not to be taken for unknown
    entries = tuple(_entry(turn, p, judged[p.sku], schemes, beside=others) for p in products)
    return Answer(
        "verify",
        blocks=(*((Say(head),) if head else ()), Listing(entries), trust_note(turn)),
        choices=_after_products(turn, products, flat),
        categories=tuple(dict.fromkeys(p.category for p in products)),
        products=tuple(p.sku for p in products if p.shown),
        certificates=shown_numbers(flat),
        verdicts=tuple(v.data() for v in flat),
    )


def _series(turn: Turn) -> Answer:
    """Judge the variants of a series each by itself, those with a certificate in force first; never yes or no for all."""
    schemes = schemes_asked(turn)
    products = turn.catalogue.products(turn.meaning.skus)
    verdicts = {p.sku: verdicts_of(turn.catalogue, p, turn.day, schemes) for p in products}
    held = {sku for sku, found in verdicts.items() if any(verdict.status == "valid" for verdict in found)}
    counted: dict[str, Any] = {"total": len(products), "certified": len(held), "rest": len(products) - len(held)}
    key = "all" if len(held) == len(products) else "some" if held else "none"
    head = say(f"verify.series_{key}", name="、".join(turn.meaning.constraints.series), **counted)
    shown = sorted(products, key=lambda p: p.sku not in held)[:MOST_VARIANTS]
    return _side_by_side(turn, shown, head)


def _entry(
    turn: Turn, product: Product, verdicts: Sequence[Verdict], schemes: Sequence[str], *, beside: bool = False
) -> Entry:
    """Judge one product; `beside` another that has a certificate."""
    lines = [line_of(v, turn.catalogue, turn.day, beside=beside) for v in verdicts]
    lines += _stars_compared(turn, product)
    lines += _other_evidence(turn, product, verdicts, schemes)
    lines += _what_to_do(turn, product, verdicts)
    return Entry(product.title, tuple(lines), ref=("product", product.sku))


def _stars_compared(turn: Turn, product: Product) -> list[Text]:
    """Say how many stars it has when others were named (是三星吧)."""
    asked = turn.meaning.constraints
    wanted = asked.stars or ((asked.min_stars,) if asked.min_stars else ())
    held = stars(turn.catalogue.certificates_of(product.sku), turn.day)
    if not wanted or held is None or held in wanted or (asked.min_stars and held >= asked.min_stars):
        return []
    return [say("verify.other_stars", held=say(f"stars.{held}"))]


def _other_evidence(turn: Turn, product: Product, verdicts: Sequence[Verdict], schemes: Sequence[str]) -> list[Text]:
    """Tell apart what is no certificate of the scheme asked about: other schemes, graded labels, a place on a list."""
    lines: list[Text] = []
    if any(v.status == "valid" for v in verdicts):
        return lines
    held = [
        c
        for c in turn.catalogue.certificates_of(product.sku)
        if c.scheme not in schemes and state(c, turn.day) == "valid"
    ]
    if schemes:
        lines += [say("verify.other_scheme", scheme=scheme_name(c.scheme), number=c.number) for c in held]
    for name in GRADED_LABELS:
        if grade := getattr(product, name):
            lines.append(say(f"verify.label.{name}", grade=grade))
    lines += _listed(turn, product)
    if turn.catalogue.certification_class(product.category) is None and (not schemes or GREEN in schemes):
        category = turn.catalogue.categories.get(product.category)
        lines.append(say("verify.category_not_covered", category=category.name if category else product.category))
    return lines


def _listed(turn: Turn, product: Product) -> list[Text]:
    brand = turn.catalogue.brands.get(product.brand or "")
    maker = turn.catalogue.enterprises.get(brand.enterprise or "") if brand else None
    return [say("verify.on_list_only", batch=maker.batch)] if maker and maker.batch else []


def _what_to_do(turn: Turn, product: Product, verdicts: Sequence[Verdict]) -> list[Text]:
    if not product.shown:
        return [say("verify.off_sale")]
    statuses = {v.status for v in verdicts}
    if "valid" in statuses:
        return []
    return [say("verify.do.none" if statuses & {"none", "not_covered"} else "verify.do.lapsed")]


def _after_products(turn: Turn, products: Sequence[Product], verdicts: Sequence[Verdict]) -> tuple[Choice, ...]:
    choices = look_choices(products, turn.catalogue)
    if not products or any(v.status == "valid" for v in verdicts):
        return choices
    return (*choices, *certified_if_any(turn, products[0].category))


# --- by category


def _category(turn: Turn) -> Answer:
    """Say whether the certification covers a kind of product at all, and how many of it are certified here."""
    asked = turn.meaning.constraints
    code = asked.categories[0]
    schemes = schemes_asked(turn)
    name = turn.catalogue.categories[code].name
    kind = turn.catalogue.certification_class(code)
    found = turn.catalogue.search(asked.but(certified=not schemes, schemes=schemes).query(turn.day, limit=SHOWN))
    products = turn.catalogue.products(hit.sku for hit in found.hits)
    covered = [c for c in turn.catalogue.children(code) if turn.catalogue.covered([c])]
    head = say("verify.category_not_covered", category=name)
    if kind:
        head = say("verify.category_covered", category=name, kind=kind)
    elif covered:
        kinds = tuple(turn.catalogue.categories[c].name for c in covered)
        head = say("verify.category_partly", category=name, kinds=kinds)
    key = "verify.category_count" if found.total else "verify.category_count_none"
    sold = turn.catalogue.count(asked.but(certified=False, schemes=()).query(turn.day, limit=1))
    count = say(key, category=name, total=found.total, sold=sold)
    verdicts = [v for p in products for v in verdicts_of(turn.catalogue, p, turn.day, schemes) if v.status == "valid"]
    entries = tuple(_entry(turn, p, verdicts_of(turn.catalogue, p, turn.day, schemes), schemes) for p in products)
    return Answer(
        "verify",
        blocks=(Say(head), Say(count), *((Listing(entries),) if entries else ()), trust_note(turn)),
        choices=certified_if_any(turn, code),
        categories=asked.categories,
        products=tuple(p.sku for p in products),
        certificates=shown_numbers(verdicts),
        verdicts=tuple(v.data() for v in verdicts or [Verdict(None, "none")]),
    )


# --- nothing named


def _everything(turn: Turn) -> Answer:
    """Say how many of all that is sold here are certified: 你们卖的都有证吗."""
    sold = turn.catalogue.count(ProductQuery(turn.day))
    held = turn.catalogue.count(ProductQuery(turn.day, certified=True))
    key = "verify.everything" if held < sold else "verify.everything_all"
    return Answer(
        "verify",
        blocks=(Say(say(key, sold=sold, held=held, rest=sold - held)), trust_note(turn)),
        choices=(Choice(say("choice.certified_all"), Action("recommend", ("certified=1",))),) if held else (),
    )


def _what(turn: Turn) -> Answer:
    """Ask what is to be checked, showing how."""
    codes = [c for c in turn.catalogue.children() if certified_if_any(turn, c)][:3]
    choices = tuple(certified_choice(turn.catalogue, c) for c in codes)
    return Answer(
        "clarify",
        blocks=(Say(say("verify.what")), trust_note(turn)),
        choices=(*choices, handoff_choice(), *(() if choices else (asking("capability"),))),
    )
