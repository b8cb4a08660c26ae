"""Which certificates run out soon: of everything, or of the kind, brand or maker named; the soonest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from catalog_db.certification import in_force
from catalog_db.records import Certificate, Product
from handlers.answer_parts.choices import look_choices
from handlers.certification.parts import SHOWN, schemes_asked, trust_note
from handlers.certification.verdicts import EXPIRES_SOON_DAYS, Verdict, line_of
from handlers.turn import Answer, Block, Entry, Listing, Say, Turn, say


def handle(turn: Turn) -> Answer:
    """List the products whose certificates run out within the days in which one is said to run out soon."""
    found = _running_out(turn)
    products = [product for product, _ in found]
    verdicts = [Verdict(product.sku, "valid", certificate) for product, certificate in found]
    entries = tuple(
        Entry(product.title, (line_of(verdict, turn.catalogue, turn.day),), ref=("product", product.sku), number=i)
        for i, (product, verdict) in enumerate(zip(products, verdicts, strict=True), 1)
    )
    key = "verify.soon" if entries else "verify.soon_none"
    blocks: list[Block] = [Say(say(key, days=EXPIRES_SOON_DAYS)), *((Listing(entries),) if entries else ())]
    return Answer(
        "verify",
        blocks=(*blocks, trust_note(turn)),
        choices=look_choices(products, turn.catalogue),
        categories=turn.meaning.constraints.categories,
        products=tuple(product.sku for product in products),
        certificates=tuple(dict.fromkeys(certificate.number for _, certificate in found)),
        verdicts=tuple(verdict.data() for verdict in verdicts),
    )


def _running_out(turn: Turn) -> list[tuple[Product, Certificate]]:
    """Return the first of the products meant, each with its certificate that runs out first; the soonest first."""
    schemes = schemes_asked(turn)
    seen: set[str] = set()
    found: list[tuple[Product, Certificate]] = []
    for several in _running_out_in_turn(turn):
        first: dict[str, Certificate] = {}
        for certificate in several:
            if in_force(certificate, turn.day) and (not schemes or certificate.scheme in schemes):
                first |= {sku: certificate for sku in certificate.skus if sku not in first and sku not in seen}
        seen.update(first)
        found.extend((product, first[product.sku]) for product in _meant(turn, list(first)))
        if len(found) >= SHOWN:
            break
    return found[:SHOWN]


def _running_out_in_turn(turn: Turn) -> Iterator[list[Certificate]]:
    """Yield the certificates that run out soon as they are read, the soonest first."""
    until = turn.day + timedelta(days=EXPIRES_SOON_DAYS)
    after = (turn.day, "")
    while several := turn.catalogue.certificates_running_out(until, after):
        yield several
        after = (several[-1].expires_on, several[-1].number)


def _meant(turn: Turn, skus: Sequence[str]) -> list[Product]:
    """Return the first of those products that the question is about, in the order given."""
    asked = turn.meaning.constraints.but(certified=False, schemes=(), stars=(), min_stars=None, limit=None, sort=None)
    makers = tuple(dict.fromkeys((*turn.meaning.enterprises, *asked.enterprises)))
    wanted = asked.but(enterprises=makers if not asked.brands else (), text="", title_words=())
    found = {
        hit.sku for hit in turn.catalogue.search(wanted.query(turn.day, skus=tuple(skus), limit=len(skus) or 1)).hits
    }
    return turn.catalogue.products([sku for sku in skus if sku in found][:SHOWN])
