"""您转的这条: what an advert says, checked piece by piece: numbers, products, brands, then what nobody may claim."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from catalog_db.certification import stars, state
from catalog_db.records import Certificate, Product
from handlers.answer_parts.choices import handoff_choice, look_choices, short_name
from handlers.certification.claims import kinds
from handlers.certification.pasted import Pasted
from handlers.certification.verdicts import Verdict, line_of, verdicts_of
from handlers.turn import Action, Answer, Block, Choice, Entry, Listing, Note, Say, Text, Turn, say
from handlers.understanding.interpretation import Constraints

MOST_PRODUCTS = 6
MOST_NUMBERS = 8
MOST_BRANDS = 4
MOST_CHOICES = 6
_MOST_WORDS = 6  # words of one kind of claim that are repeated
_LISTED = 3  # products of a certificate that are named


@dataclass(slots=True)
class _Checked:
    """What the checks led to."""

    entries: list[Entry] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)


def check(turn: Turn, pasted: Pasted) -> Answer:
    """Check what stands in an advert."""
    products = turn.catalogue.products(pasted.skus[:MOST_PRODUCTS])
    done = _Checked()
    for number in pasted.numbers[:MOST_NUMBERS]:
        _number(turn, number, products, pasted, done)
    for product in products:
        _product(turn, product, pasted, done)
    own = {product.brand for product in products}
    for brand in [brand for brand in pasted.brands if brand not in own][:MOST_BRANDS]:
        _brand(turn, brand, done)
    shown = [product for product in products if product.shown]
    turn.session.topic.focus = tuple(product.sku for product in shown[:4])
    return Answer(
        "verify",
        blocks=tuple(_blocks(turn, pasted, done)),
        choices=(*done.choices, *look_choices(shown, turn.catalogue), handoff_choice())[:MOST_CHOICES],
        categories=tuple(dict.fromkeys(product.category for product in products)),
        products=tuple(product.sku for product in shown),
        certificates=tuple(dict.fromkeys(v.certificate.number for v in done.verdicts if v.certificate)),
        verdicts=tuple(verdict.data() for verdict in done.verdicts),
    )


def _blocks(turn: Turn, pasted: Pasted, done: _Checked) -> Iterator[Block]:
    yield Say(say("advert.head"))
    if done.entries:
        yield Listing(tuple(done.entries))
    if pasted.certified and not pasted.numbers:
        yield Say(say("advert.no_number"))
    claims = tuple(
        Entry(say_words(words), (say(f"claims.why.{kind}"),))
        for kind, found in kinds(list(pasted.claims))
        if (words := tuple(dict.fromkeys(claim.said for claim in found)))
    )
    if claims:
        yield Say(say("advert.claims", count=len({claim.said for claim in pasted.claims})))
        yield Listing(claims)
    elif done.entries:
        yield Say(say("advert.no_claims"))
    yield Say(say("advert.advice"))
    yield Note(say("verify.source", day=turn.day))


def say_words(words: tuple[str, ...]) -> str:
    """Repeat the words of a claim as they stood there, in quotes."""
    return "".join(f"“{' '.join(word.split())}”" for word in words[:_MOST_WORDS])


def _number(turn: Turn, number: str, products: list[Product], pasted: Pasted, done: _Checked) -> None:
    certificate = turn.catalogue.certificate(number)
    if certificate is None:
        near = turn.catalogue.certificates_near(number)
        done.verdicts.append(Verdict(None, "unknown_number"))
        key = "verify.unknown_number_near" if near else "verify.unknown_number"
        done.entries.append(Entry(number, (say(key, number=number),)))
        done.choices += [
            Choice(say("verify.choice.number", number=c.number), Action("verify_number", (c.number,))) for c in near
        ]
        return
    verdict = Verdict(None, state(certificate, turn.day), certificate)
    done.verdicts.append(verdict)
    lines = [line_of(verdict, turn.catalogue, turn.day), _covers(turn, certificate)]
    lines += [
        say("verify.not_this_one", name=short_name(product, turn.catalogue))
        for product in products
        if product.sku not in certificate.skus
    ]
    if verdict.status == "valid" and certificate.grade and pasted.stars and certificate.grade not in pasted.stars:
        lines.append(say("advert.other_stars", held=say(f"stars.{certificate.grade}")))
    done.entries.append(Entry(certificate.number, tuple(lines)))


def _covers(turn: Turn, certificate: Certificate) -> Text:
    maker = turn.catalogue.enterprises.get(certificate.enterprise or "")
    holder = maker.name if maker else say("verify.holder_unknown")
    named = turn.catalogue.products(certificate.skus)
    if not named:
        return say("verify.names_nothing", holder=holder)
    titles = tuple(p.title if p.shown else say("verify.off_sale_title", title=p.title) for p in named[:_LISTED])
    return say("verify.covers", holder=holder, total=len(named), titles=titles)


def _product(turn: Turn, product: Product, pasted: Pasted, done: _Checked) -> None:
    verdicts = verdicts_of(turn.catalogue, product, turn.day)
    done.verdicts += verdicts
    lines = [line_of(verdict, turn.catalogue, turn.day) for verdict in verdicts]
    held = stars(turn.catalogue.certificates_of(product.sku), turn.day)
    if pasted.stars and held is not None and held not in pasted.stars:
        lines.append(say("advert.other_stars", held=say(f"stars.{held}")))
    if not product.shown:
        lines.append(say("verify.off_sale"))
    if all(verdict.status != "valid" for verdict in verdicts):
        missing = {verdict.status for verdict in verdicts} & {"none", "not_covered"}
        lines.append(say("verify.do.none" if missing else "verify.do.lapsed"))
    done.entries.append(Entry(product.title, tuple(lines), ref=("product", product.sku)))


def _brand(turn: Turn, brand: str, done: _Checked) -> None:
    """Say of a brand how many of its kinds hold a certificate; it never has one as a whole."""
    known = turn.catalogue.brands.get(brand)
    if known is None:
        return
    of_brand = Constraints(brands=(brand,))
    total = turn.catalogue.count(of_brand.query(turn.day))
    certified = turn.catalogue.count(of_brand.but(certified=True).query(turn.day))
    line = say("advert.brand", total=total, certified=certified) if certified else say("advert.brand_none", total=total)
    done.entries.append(Entry(known.name, (line, say("verify.brand_note"))))
