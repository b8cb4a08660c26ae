"""The rules for talk about the talk, adverts, what is asked of the last ones, stored questions asked word by word, and things side by side.

They are tried before those of `reckoning`, and in this order. What costs most (`faq`) is asked for last in a rule. Words are in `locales/`.
"""

from __future__ import annotations

from handlers.control import CUES as CONTROL_CUES
from handlers.rules.evidence import QUALITIES, Rule
from handlers.rules.question_bars import VERY_LIKE, WORD_BY_WORD
from handlers.rules.shapes import (
    SHORT,
    goods_against,
    may_be_stored,
    most_saving,
    only_amounts,
    only_pointing,
    shopping,
    sorts_beside,
    stores_asked,
    two_values,
    wonders,
)
from handlers.stored_questions.matching import NEAR, SURE

OF_THE_TALK = "about the conversation itself"
_BUT_CERTIFIED = tuple(name for name in QUALITIES if name != "certified")  # 证书 alone asks for no certified goods

TALK_RULES: tuple[Rule, ...] = (
    ("nothing was said", "clarify", lambda e: not any(map(str.isalnum, e.reading.text))),
    ("an instruction to the machine", "out_of_scope", lambda e: e.cue("chat.injection") and not e.goods),
    (
        "a person is wanted",
        "handoff",
        lambda e: (
            (e.cue("human.want", "ask.handover") and not e.cue("chat.who", "ask.labour"))
            or (e.cue("human.fake") and not e.cue("chat.who", "ask.guide", "ask.howcheck") and not wonders(e))
            or (e.cue("human.address") and not e.goods)
        ),
    ),
    (
        OF_THE_TALK,
        "control",
        lambda e: (
            e.cue(*CONTROL_CUES)
            and not e.goods
            and not (e.skus and e.cue("ask.detail"))  # 头一个说详细点
            and not (
                e.cue("op.undo", "op.reset")
                and (
                    e.slot("certified", "schemes")
                    or e.reading.certificate_numbers  # LJ3-24-05506为什么撤销
                    or e.skus
                    or e.cue(
                        "ask.meaning", "ask.cert", "cert.stopped", "term.lapsed", "ask.service", "service.delivery"
                    )
                    or e.faq >= SURE
                    or (e.cue("op.reset") and e.cue("q.yesno") and len(e.reading.text) > SHORT)  # 发票能重来不
                )
            )
        ),
    ),
    (
        "a song, a dance or a share with one of our words",
        "out_of_scope",
        lambda e: e.cue("chat.off") and not e.cue("ask.price", "ask.cert", "ask.have", "ask.want"),
    ),
    (
        "an advert of a named thing",
        "verify",
        lambda e: (
            e.cue("ad.said") and (bool(e.skus) or e.slot("brands", "enterprises")) and not e.reading.certificate_numbers
        ),
    ),
    ("an advert", "glossary", lambda e: e.cue("ad.said") and not e.reading.certificate_numbers),
    ("a certificate number", "verify", lambda e: bool(e.reading.certificate_numbers)),
    (
        "what the certificate of the last one says",
        "verify",
        lambda e: (
            (e.cue("ask.certinfo") or (e.cue("ask.verify") and len(e.reading.text) <= SHORT))
            and not e.goods
            and not e.slot(*_BUT_CERTIFIED)  # 证书啥时候到期
            and not e.reading.residue
            and not e.reading.places
            and bool(e.skus or e.session.topic.focus or e.session.topic.listed)
        ),
    ),
    (
        "who makes the last one",
        "enterprise",
        lambda e: (
            e.cue("ask.enterprise") and not e.wanting and bool(e.session.topic.focus) and len(e.reading.text) <= SHORT
        ),
    ),
    (
        "which of the last ones is better",
        "compare",
        lambda e: (
            e.cue("ask.compare")
            and not e.cue("ask.meaning")
            and not e.wanting
            and len(e.session.topic.listed) > 1
            and len(e.reading.text) <= SHORT
        ),
    ),
    (
        "a stored question, almost word by word",
        "faq",
        lambda e: (
            not e.skus
            and may_be_stored(e, WORD_BY_WORD)
            and not (shopping(e) and (e.goods or e.session.topic.listed))
            and not stores_asked(e)
            and e.faq >= (VERY_LIKE if goods_against(e) else WORD_BY_WORD)
        ),
    ),
    ("an accusation and nothing else", "smalltalk", lambda e: e.cue("chat.accused")),
    (
        "how much is saved",
        "savings",
        lambda e: (
            e.cue("ask.savings")
            and not (most_saving(e) or e.cue("ask.ranking"))
            and (e.wanting or e.session.intent == "savings" or bool(e.session.topic.focus or e.session.topic.listed))
        ),
    ),
    (
        "the saving in money",
        "savings",
        lambda e: e.cue("savings.in_money") and e.session.intent == "savings",
    ),
    (
        "the saving goes on with another number",
        "savings",
        lambda e: e.session.intent == "savings" and only_amounts(e) and not e.cue("ask.price"),
    ),
    (
        "two named things side by side",
        "compare",
        lambda e: (
            len(e.skus) >= 2
            and (
                e.cue("ask.compare", "ask.better")
                or (e.cue("ref.pair") and e.session.intent == "compare" and only_pointing(e))  # 那2和4呢
            )
        ),
    ),
    (
        "two named pairs",
        "compare",
        lambda e: e.cue("ref.pair") and len(e.skus) >= 2 and not e.cue("ask.cert", "ask.price"),
    ),
    (
        "another brand beside the running one",
        "compare",
        lambda e: (
            e.cue("ask.compare")
            and e.slot("brands")
            and not e.goods
            and not e.skus
            and not set(e.reading.slots.values.get("brands", ())) <= set(e.session.topic.constraints.brands)
            and bool(e.session.topic.constraints.brands)
        ),
    ),
    (
        "two brands or kinds side by side",
        "compare",
        lambda e: (
            e.cue("ask.compare", "ask.better", "op.or")
            and not (e.pointed and e.skus)  # 第一个是地砖还是墙砖
            and not (e.cue("ask.more_so") and two_values(e))  # 窗户三玻跟双玻哪个保温
            and (
                len(e.reading.slots.values.get("brands", ())) >= 2
                or len(e.reading.slots.values.get("categories", ())) >= 2
            )
        ),
    ),
    (
        "sorts of one kind side by side",
        "compare",
        lambda e: (
            e.cue("ask.compare")
            and not e.cue("ask.guide")
            and sorts_beside(e)
            and e.faq < NEAR
            and e.guided < SURE  # 暖气片铜铝的好还是钢的好 has a guide of its own
        ),
    ),
    (
        "a kind beside one that we lack",
        "compare",
        lambda e: (
            e.cue("ask.compare", "ask.better", "op.or")
            and e.slot("categories")
            and bool(e.slot("wider") or e.reading.slots.absent)
            and len(e.reading.slots.goods) > 1
            and not e.skus
        ),
    ),
    (
        "the best of the last list",
        "compare",
        lambda e: e.cue("ask.compare", "ask.better") and e.cue("ref.these", "ref.both") and len(e.skus) >= 2,
    ),
)
