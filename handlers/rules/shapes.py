"""What an utterance looks like to the rules: a bare kind, a bare number, a noun with what describes it, only a place, only a short question."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from handlers.context.superlatives import most_of_a_figure
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from handlers.rules.evidence import Evidence

SORTS = (
    "sort.price_asc",
    "sort.price_desc",
    "sort.sales",
    "sort.rating",
    "sort.growth",
    "sort.water_saving",
    "sort.energy_saving",
    "sort.carbon_saving",
)
RELATIVE = (
    "rel.cheaper", "rel.dearer", "rel.bigger", "rel.smaller", "rel.step", "rel.morestars", "rel.over", "op.reverse", "op.others", "ask.more",
)  # fmt: skip
# What goods are chosen by, and what asks for a list of them.
_CHOSEN = (
    "brands", "exclude_brands", "certified", "schemes", "stars", "min_stars", "price_min", "price_max", "exclude_features", "color",
    "size", "capacity", "attributes", "features", "wishes", "formaldehyde", "grade", "series", "batch", "exclude_categories", "budget", "materials",
)  # fmt: skip
_WANTED = (
    "ask.want", "ask.have", "ask.which", "ask.price", "ask.cert", "ask.recommend", "ask.look", "ask.buyable", "ask.guide", "ask.plan",
    "ask.stores", "ask.where", "ask.howmany", "want.heard", "want.part",
)  # fmt: skip
_HAD = frozenset({"category", "product", "brand", "feature", "color", "scheme", "grade", "material", "series"})
_OF = tuple(signs("of"))
_OF_A_PRODUCT = ("size", "power", "pipe", "volume", "mass")
_LATIN_WORD = re.compile("[a-z]{2}")
FEW_MORE = 3  # characters beside a place or a product word that still make it a bare one: 安吉的, 看马桶呢
_BARE_STEP = 4  # characters of 小的呢, 那大的呢
_BESIDE_A_NUMBER = 2  # characters that still make it a bare one: 八百的
SHORT = 8  # characters: no room for a question of one's own beside a quality
LONGER = 14  # characters of a question that a cue of its own makes plain


def counts(e: Evidence) -> bool:
    """Tell whether an amount was said that is no price and no number alone: 三桶, 20平, 两遍."""
    return any(
        q.dimension in ("count", "area", "coats", "rooms", "length", "time", "floors", "percent")
        for q in e.reading.quantities
    )


def sized(e: Evidence) -> bool:
    """Tell whether the size of something to be done was said."""
    quantities = e.reading.quantities
    return (
        any(q.dimension in ("area", "rooms") for q in quantities)
        or sum(q.dimension == "length" for q in quantities) > 1
    )


def what_goods(e: Evidence) -> bool:
    """Tell whether it is asked which goods of a kind to take for a piece of work: 家里刷墙用什么漆, but not 瓷砖掉了用啥粘."""
    cue, goods = e.reading.cues.first("ask.remedy"), e.reading.slots.goods
    if cue is None or not e.slot("categories") or not e.reading.slots.symptoms:
        return False
    return not goods or (len(goods) == 1 and goods[0].start == cue.end)


def goods_against(e: Evidence) -> bool:
    """Tell whether goods are asked for against a trouble or for a piece of work, not what to do: 窗户漏风用啥堵, 灯闪的话买哪款."""
    if not e.reading.slots.symptoms or what_goods(e):
        return bool(e.reading.slots.symptoms)
    return e.cue("ask.want", "ask.which", "ask.recommend", "want.heard") or what_to_take(e)


def what_to_take(e: Evidence) -> bool:
    """Tell whether it is asked what to take, not what to do: 用啥, but not 咋办."""
    said = (e.reading.text[cue.start : cue.end] for cue in e.reading.cues.of("ask.remedy"))
    return any(word not in signs("what_to_do") for word in said)


def only_spoken_of(e: Evidence) -> bool:
    """Tell whether something happens to goods or at home and no goods are wanted: 卧室门合不上, 往桶里倒水没事吧,漆太干."""
    if e.skus or e.pointed or e.area or e.slot(*_CHOSEN) or bare_kind(e) or said_of_goods(e) or goods_against(e):
        return False
    if e.cue("op.wish", *_WANTED, *SORTS) or any(sign in e.reading.text for sign in signs("wish_begun")):
        return False
    asked = asking(e) or e.cue("q.yesno")
    return asked or (bool(e.reading.slots.symptoms) and not e.cue("who.named"))  # 刘婶家房顶漏水 asks for help


def two_values(e: Evidence) -> bool:
    """Tell whether two values of one property are named: R10和R11, 双玻三玻."""
    return any(len(values) > 1 for values in e.reading.slots.values.get("attributes", {}).values())


def may_be_stored(e: Evidence, least: float) -> bool:
    """Tell whether a stored question may fit so well and no sum is asked for; where goods are named, whoever asks further finds out."""
    return (e.goods or e.faq >= least) and not e.area


def only_amounts(e: Evidence) -> bool:
    """Tell whether amounts were said and no goods, no product and no quality."""
    return not e.goods and not e.skus and not e.qualities and counts(e)


def shopping(e: Evidence) -> bool:
    """Tell whether goods are asked for outright, though a stored question uses the same words."""
    return e.shopping


def wants_goods(e: Evidence) -> bool:
    if e.reading.scope.out and (e.goods or e.session.topic.constraints.categories):
        return True  # 马桶不要250坑距的; 不是强化的,实木的 after 地板
    asks = e.cue("aspect.size", "ask.how", "ask.meaning", "ask.compare", "ask.guide", "ask.better")
    if asks:
        return False
    if not e.goods:
        refining = (e.qualities or e.cue(*RELATIVE)) and len(e.reading.text) <= SHORT
        running = bool(e.session.topic.constraints.categories) and len(e.reading.text) <= LONGER
        refining = refining or (running and e.qualities and e.cue("ask.look"))  # 那有绿色建材认证的给我看看
        told = len(e.reading.text) <= SHORT or e.cue("want.heard")  # 窗子漏风想换个严实的
        return refining or (bool(e.reading.slots.symptoms) and e.cue("ask.want") and told)
    if e.reading.slots.values.get("categories") and any(q.dimension in _OF_A_PRODUCT for q in e.reading.quantities):
        return True  # 马桶320坑距
    return (
        _of_a_figure(e)
        or bare_kind(e)
        or priced(e)
        or noun_phrase(e)
        or e.qualities
        or e.cue("ask.want", *SORTS, *RELATIVE)
        or had(e)
        or most_of_a_figure(e.reading.text)  # 灯泡哪个瓦数最大
    )


def _of_a_figure(e: Evidence) -> bool:
    """Tell whether goods of a bare figure were said: 瓷砖吧,800的."""
    numbers = [q for q in e.reading.quantities if q.dimension == "number"]
    return len(numbers) == 1 and e.reading.text[numbers[0].end :] in (*_OF, *signs("one_of_a_number"))


def most_saving(e: Evidence) -> bool:
    """Tell whether a saving is only named to say which one saves most: 最减碳的热水器."""
    orders = e.reading.cues.of(*SORTS)
    return bool(orders) and all(
        any(order.start <= cue.start and cue.end <= order.end for order in orders)
        for cue in e.reading.cues.of("ask.savings")
    )


def sorts_beside(e: Evidence) -> bool:
    """Tell whether sorts of one kind were named side by side: 人造石和石英石哪个硬, 直冲的和虹吸的马桶哪个不堵."""
    if e.skus or not e.slot("categories", "wider") or len(e.reading.slots.values.get("categories", ())) > 1:
        return False
    if any(sign in e.reading.text for sign in signs("choosing")):
        return False  # 树脂瓦和琉璃瓦选哪个 asks how to choose
    words = {span.surface for span in e.reading.slots.goods}
    valued = any(len(values) > 1 for values in e.reading.slots.values.get("attributes", {}).values())
    return len(words) > 1 or (valued and bool(e.reading.slots.goods))


def noun_phrase(e: Evidence) -> bool:
    """Tell whether all that was said is a thing with what describes it, and nothing is asked: 老人起夜用的灯."""
    return said_of_goods(e) and not asking(e)


def said_of_goods(e: Evidence) -> bool:
    """Tell whether everything said describes the goods at its end: 要能装地暖的地板."""
    goods = e.reading.slots.goods
    return bool(goods) and goods[-1].end == len(e.reading.text) and e.reading.text[: goods[-1].start].endswith(_OF)


def asking(e: Evidence) -> bool:
    """Tell whether something is asked for by a word of asking: how, why, which."""
    return any(name.startswith("ask.") for name in e.reading.cues.names)


def served_goods(e: Evidence) -> bool:
    """Tell whether a service only describes goods that are asked for: 城里能送、三星的马桶,八百以内."""
    text, goods, served = e.reading.text, e.reading.slots.goods, e.reading.cues.of("ask.service")
    if said_of_goods(e):
        return True
    if not (goods and served) or not text[: goods[-1].start].endswith(_OF):
        return False
    ends = goods[-1].end == len(text) or text[goods[-1].end] in signs("clause_end")
    return ends and e.qualities and all(cue.end < goods[-1].start for cue in served)


def had(e: Evidence) -> bool:
    """Tell whether something of ours is asked to be had: 有隔音的窗吗, but not 太阳能有热水吗."""
    return any(
        cue.end - cue.start <= FEW_MORE
        or any(span.kind in _HAD and span.start < cue.end and cue.start < span.end for span in e.reading.found.spans)
        or cue.start < e.reading.slots.goods[-1].start
        for cue in e.reading.cues.of("ask.have")
        if e.reading.slots.goods
    )


def priced(e: Evidence) -> bool:
    """Tell whether nothing but the price of a kind is asked: 底漆什么价."""
    cues = e.reading.cues.of("ask.price")
    said = sum(span.end - span.start for span in e.reading.slots.goods)
    return bool(cues) and len(e.reading.text) - said - max(cue.end - cue.start for cue in cues) <= 1


def existence(e: Evidence) -> bool:
    """Tell whether it is asked whether something is there, and no more: 有没有304不锈钢水龙头."""
    goods = e.reading.slots.goods
    begins = any(cue.start == 0 for cue in e.reading.cues.of("ask.have"))
    return begins and bool(goods) and goods[-1].end == len(e.reading.text)


def quality_had(e: Evidence) -> bool:
    """Tell whether goods with a property are asked for, whatever trouble was told before: 地漏返味,有防臭的没."""
    return e.cue("want.heard") and e.cue("ask.have") and e.slot("features")


def bare_kind(e: Evidence) -> bool:
    """Tell whether hardly more than a kind was named: 要不要软水机."""
    goods = e.reading.slots.goods
    asked = e.reading.cues.of("ask.fact", "ask.bears", "ask.how_done")
    if asked and goods and all(cue.start >= goods[-1].end for cue in asked):
        return False  # 墙漆刷几遍, 地砖怕冻不 ask something to know of them
    said = sum(span.end - span.start for span in goods)
    return e.goods and not e.reading.residue and len(e.reading.text) - said <= FEW_MORE


def only_a_place(e: Evidence) -> bool:
    """Tell whether nothing but a place was said: 安吉的, 我在寿光."""
    places = e.reading.places
    if not places:
        return False
    told = [(place.start, place.end) for place in places]
    told += [
        (cue.start, cue.end) for cue in e.reading.cues.of("place.elsewhere", "place.moved", "ask.look")
    ]  # 换个地方,我在嘉祥
    rest = len(e.reading.text) - sum(end - start for start, end in told)
    return rest <= FEW_MORE and not e.wanting and not e.reading.residue


def bare_number(e: Evidence) -> bool:
    """Tell whether the utterance is a number with next to nothing around it: 改成500, 八百的."""
    numbers = [q for q in e.reading.quantities if q.dimension == "number"]
    return len(numbers) == 1 and (
        e.cue("op.replace", "op.accept", "op.also")
        or len(e.reading.text) - (numbers[0].end - numbers[0].start) <= _BESIDE_A_NUMBER
        or e.reading.text[numbers[0].end :] in signs("one_of_a_number")  # 600的那种, 两百的有吗
        or bool(e.reading.scope.corrected)
    )


def happening(e: Evidence) -> bool:
    """Tell whether something unknown to us is told of a thing: 地板中间拱起来一条."""
    goods = e.reading.slots.goods
    return bool(goods) and any(e.reading.text.find(word, goods[-1].end) >= 0 for word in e.reading.residue)


def only_named_so(e: Evidence) -> bool:
    """Tell whether all qualities said are in the name of the goods: 指纹锁."""
    because = e.reading.slots.because
    name = because.get("categories", "")
    told = [slot for slot in ("features", "attributes", "scenes", "color") if e.slot(slot)]
    return bool(told) and not e.cue("op.exclude", "op.refuse_limit") and all(because.get(s, "") in name for s in told)


def strange(e: Evidence) -> bool:
    """Tell whether words stand there that are none of ours and nothing asks for a list: 三星s9二手机, 证书收藏册."""
    unknown = bool(e.reading.residue) or bool(e.reading.slots.foreign) or _LATIN_WORD.search(e.reading.text) is not None
    unknown = unknown or any(span.kind == "tail" and span.concept == "accessory" for span in e.reading.found.spans)
    return unknown and not e.cue("ask.have", "ask.which", "ask.want", "ask.cert")


def wish_of_unknown(e: Evidence) -> bool:
    """Tell whether nothing but an order is wished of a word that is none of ours: 便宜的防浆料 is no question about cheap things."""
    return bool(e.cue(*SORTS) and e.reading.residue) and not (e.goods or asking(e))


def wonders(e: Evidence) -> bool:
    """Tell whether it is asked what a missing certificate means, by somebody who has bought nothing yet: 没证书是不是假货."""
    return e.cue("q.yesno") and e.slot("certified", "schemes") and not e.cue("human.bought")


def not_ours(e: Evidence) -> bool:
    """Tell whether something of other trades is asked for: nothing of ours is named, or only to say more of it."""
    named = e.slot("categories", "wider") or e.reading.slots.symptoms
    return bool(e.reading.slots.foreign) and (not named or _ends_foreign(e))


def _ends_foreign(e: Evidence) -> bool:
    """Tell whether the last noun is none of ours and our goods only say more of it: 大理石长方茶几, 玻璃上贴假花."""
    text, goods = e.reading.text, e.reading.slots.goods
    if not (e.reading.slots.foreign and goods) or e.skus or any(n.startswith("ask.") for n in e.reading.cues.names):
        return False
    last = e.reading.found.spans[-1]
    of_others = last.kind == "other_goods" and last.end == len(text) and last.concept not in signs("activity")
    between = text[goods[-1].end : last.start]
    return of_others and last.start >= goods[-1].end and not any(sign in between for sign in signs("side_by_side"))


def makers_of_goods(e: Evidence) -> bool:
    """Tell whether who makes goods was named by them: 涂料厂, 河南的地板厂."""
    cue = e.reading.cues.first("maker.of_goods")
    return cue is not None and any(span.end == cue.start for span in e.reading.slots.goods)


def makers_asked(e: Evidence) -> bool:
    """Tell whether makers are asked for, not only spoken of: 你们收了厂家多少钱 wants no list of all of them."""
    told = e.wanting or e.slot("enterprises", "batch") or e.reading.places or e.session.place or e.session.topic.focus
    asked = e.cue("ask.which", "ask.have", "ask.want", "ask.count", "ask.place") or not e.cue("q.yesno", "ask.price")
    return bool(
        told or (asked and len(e.reading.text) <= LONGER and not e.reading.residue) or len(e.reading.text) <= SHORT
    )


def only_cues(e: Evidence) -> bool:
    """Tell whether nothing but a short question was said, about nothing that it names: 多少钱, 那多少钱."""
    several = counts(e) and any(q.value != 1 for q in e.reading.quantities)  # 多少钱一桶 counts nothing
    told = e.wanting or e.reading.residue or e.reading.places or e.reading.slots.foreign or several
    told = told or any(span.kind == "block" for span in e.reading.found.spans)  # 玻璃水多少钱
    return len(e.reading.text) <= SHORT and not told


def of_what_is_looked_for(e: Evidence) -> bool:
    """Tell whether a short question about nothing that it names has a kind that it can be about: 要几桶 after paint was listed."""
    return bool(e.session.topic.constraints.categories) and only_cues(e)


def asks_again(e: Evidence) -> bool:
    """Tell whether it is only asked whether there is what is looked for: 有吗, 有没有."""
    return of_what_is_looked_for(e) and e.reading.cues.names <= {"ask.have", "ask.takes_part", "ask.want", "q.yesno"}


def only_named(e: Evidence) -> bool:
    """Tell whether nothing was said but words that are none of ours with a word or so: 婚庆公司."""
    return len(e.reading.text) - sum(len(word) for word in e.reading.residue) <= FEW_MORE - 1


def only_pointing(e: Evidence) -> bool:
    """Tell whether a thing was named and nothing asked about it: 麦垛秋呢."""
    return not any(name.startswith(("ask.", "rel.", "sort.", "aspect.")) for name in e.reading.cues.names)


def other_size(e: Evidence) -> bool:
    """Tell whether a larger or smaller variant of what was spoken of was named and is known: 小的呢."""
    return bool(e.skus) and not e.pointed and e.cue("rel.bigger", "rel.smaller") and len(e.reading.text) <= _BARE_STEP


def stores_asked(e: Evidence) -> bool:
    """Tell whether shops are asked for, of a place or a kind."""
    return e.cue("ask.stores") and (bool(e.reading.places) or e.goods)


def bare_thing(e: Evidence) -> bool:
    """Tell whether nothing but the product itself was named, so that 有证吗 asks about it and not for a list."""
    named = e.slot("brands", "enterprises", "series") and not e.slot("price_min", "price_max")
    return bool(e.skus) or (named and not _certified_ones(e))


def _certified_ones(e: Evidence) -> bool:
    """Tell whether the certified ones of some goods are asked for: 推荐三款某某的瓷砖胶,有证书的."""
    text, asks = e.reading.text, e.cue("q.yesno", "ask.verify")
    ends = any(text.endswith(sign + of) for sign in signs("certificate") for of in signs("of"))
    return e.goods and ends and not asks and (e.cue("ask.want") or any(sign in text for sign in signs("clause_end")))


def asks_whether_so(e: Evidence) -> bool:
    """Tell whether it is asked if the one that was looked at has a quality: 静音吗, 是白的不, but not 有静音的吗."""
    one = len(e.session.topic.focus) == 1 and e.session.intent in ("detail", "verify")
    asks = e.cue("q.yesno") and not e.cue("ask.have", "ask.want", "ask.cert", "ask.price", *RELATIVE)
    told = e.slot("features", "attributes", "color", "size", "capacity", "formaldehyde")
    return one and asks and told and not e.goods and not e.reading.scope.out and len(e.reading.text) <= SHORT
