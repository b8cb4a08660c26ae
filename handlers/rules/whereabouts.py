"""The rules for where something is to be had or happens: pavilions, events, services, shops, and a place said alone.

They are tried after those of `trust` and before those of `shopping`, in this order. Words are in `locales/`.
"""

from __future__ import annotations

from handlers.rules.evidence import Rule
from handlers.rules.shapes import SHORT, SORTS, only_a_place, served_goods
from handlers.stored_questions.matching import SURE

HERE = "goods of a place that is not known"
GOES_ON = "what goes on"
SERVICE = "a service"
SHOP = "a shop"
_SERVICES = ("service.design", "service.measuring", "service.recycling")  # words that mean nothing but the service

WHEREABOUTS_RULES: tuple[Rule, ...] = (
    (
        HERE,
        "clarify",
        lambda e: (
            e.cue("place.own_place", "place.own_province")
            and not e.reading.places
            and not e.session.place
            and not e.cue("ask.stores", "ask.event", "ask.enterprise", "ask.service", "ask.pavilion", "ask.where")
        ),
    ),
    (
        "a pavilion or a pilot region",
        "pavilion",
        lambda e: (
            (e.cue("ask.pavilion") or "pavilion" in e.titles)
            and not (e.cue("store.home_store", "store.super_store") and e.cue("ask.hours", "ask.where", "ask.stores"))
        ),
    ),
    (
        "which lot of pilot regions a place is in",
        "pavilion",
        lambda e: e.cue("ask.pilot") and bool(e.reading.places) and not (e.slot("brands", "enterprises") or e.goods),
    ),
    (
        GOES_ON,
        "event",
        lambda e: (
            (
                (e.cue("ask.event") and not (e.cue("ask.guide") and e.goods and not e.cue("event.live")))
                or (
                    "event" in e.titles
                    and not e.cue("ask.guide", "ask.remedy", "ask.stores", "ask.contact")
                    and not (e.goods and e.cue("ask.want", "ask.know"))  # 墙漆怎么涂 is more than a title's words
                    and (e.cue("ask.takes_part", "calc.add") or not e.reading.slots.symptoms)
                )
            )
            and (e.cue("event.named") or not e.slot("price_min", "price_max", "certified"))
            and (e.goods or "event" in e.titles or e.cue("event.unlisted") or not e.reading.slots.foreign)
        ),
    ),
    (
        SERVICE,
        "service",
        lambda e: (
            (e.cue("ask.service") or (e.cue(*_SERVICES) and e.cue("ask.price") and not e.goods))  # 配色设计多少钱
            and (e.goods or not e.reading.slots.foreign)
            and not e.cue("store.station", "ask.our_fee")
            and not served_goods(e)
            and not (e.skus and e.cue("ask.cert", "aspect.warranty"))  # 最后那个质保几年
            and not (e.goods and e.cue("place.reach"))
        ),
    ),
    (
        SHOP,
        "stores",
        lambda e: (
            e.cue("ask.where", "ask.stores", "ask.hours")
            and not (e.cue("store.station") and e.faq >= SURE)  # 想在村里开个服务站
            and not e.cue("ask.enterprise", *SORTS)
            and (e.goods or not e.reading.slots.foreign)
        ),
    ),
    (
        "which brands there are at all",
        "enterprise",
        lambda e: e.cue("ask.brands") and not (e.wanting_goods or e.session.topic.constraints.categories),
    ),
    ("the same at another place", "stores", lambda e: e.session.intent == "stores" and only_a_place(e)),
    (
        "what goes on at another time",
        "event",
        lambda e: e.cue("time.said") and e.session.intent == "event" and not e.goods and len(e.reading.text) <= SHORT,
    ),
    (
        "what the shops sell",
        "stores",
        lambda e: e.cue("ask.sold") and e.session.intent == "stores" and not e.goods and len(e.reading.text) <= SHORT,
    ),
    ("the same pavilion of another place", "pavilion", lambda e: e.session.intent == "pavilion" and only_a_place(e)),
    ("what goes on at another place", "event", lambda e: e.session.intent == "event" and only_a_place(e)),
    ("the makers of another place", "enterprise", lambda e: e.session.intent == "enterprise" and only_a_place(e)),
    (
        "what is being looked for, to be had there",
        "recommend",
        lambda e: (
            (only_a_place(e) or (e.cue("ask.reach") and bool(e.reading.places) and not e.goods))
            and bool(e.session.topic.constraints.categories)
        ),
    ),
    ("where somebody is", "stores", lambda e: only_a_place(e) and not e.cue("ask.enterprise")),
)
