"""Which stored answer fits a question: paraphrases found by weighted word overlap, with abstention.

A question and every way to ask it become sets of tokens: concepts (synonyms folded into one word, categories into their
code) and, for what is left, the syllables of single characters. A token weighs what it tells apart among the stored questions.
The score is how much of *both* sides is shared, so that another question with a few words in common stays below the bar.
Not for searching answers' texts, and not for deciding the intent: the caller weighs the score against its other readings.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from handlers.stored_questions.telling import happens_to_another, only_its_name, tells
from handlers.stored_questions.words import KIND, QuestionReader, QuestionWords, respelled, roots_of
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from catalog_db.records import Category, Faq
    from handlers.understanding.spans import Normalised, Span

VERBATIM = 0.9  # at or above: this even where something of another trade is spoken of
STRONG = 0.75  # at or above: this even where the words may be about something else as well
SURE = 0.60  # at or above: this is what was asked
NEAR = 0.48  # at or above: worth offering as 您是不是想问
LIKE = 0.40  # at or above: worth offering to a question about a kind, rather than a list of it
ASKED = 0.36  # the same where no kind was named
LEAST = 0.3  # at or above: worth offering where a cue already says what is asked about (补贴)
BESIDE_ANOTHER = 0.9  # how much of the score is left where a stored question speaks of a further family of goods
FAIR = 0.5  # below SURE: still the answer where nothing else comes near
CLEAR = 0.15  # how far the next one must be, then
FAR = 0.1  # this far above the next one a stored question stands out
MARGIN = 0.06  # two this close are both offered
ALONE = 0.6  # what a character shared without its neighbour counts
UNKNOWN = 0.6  # what a word no stored question has counts, of the rarest word's weight
CONCEPT = 1.5  # what a whole word counts, against one character of a word we have no concept for
TOLD = 0.5  # what a word counts that stands only in the answer or in another way to ask the same
ONE_WORD = 0.55  # at most, when a single word is all that is shared: 取消 may be meant for something else
BESIDE = 0.35  # at most, when only asking words and single characters are shared
HOW_DONE = (
    0.49  # at most, when it is asked how a piece of work is done and the stored question asks something else of it
)
ONLY_KIND = 0.42  # at most, when a kind and asking words are all that is shared
WIDENED = 0.7  # at or above: what is asked of a wider kind is asked of this one
APART = 0.8  # how much of the score is left where the two name goods of different families
CANDIDATES = 16  # how many wordings are scored in full
_HOW = "=怎么"
_GOODS = (KIND, "=热水器")  # what the tokens of goods begin with, those of several kinds too
_SHARED_AT_MOST = 1.5001  # of the weight of the common tokens: what an answer tells counts half as much again
_ROUNDING = 0.9999  # of a bar: sums of the same weights may differ a little by their order
_MOST_RECENT = 64  # texts whose best score is kept: one is asked about with its conversation, and by itself
# Of c shared of K known, the score counts c and half of the rest told, at most c/2: that is most where c is half of K, and
_REACHED = 1.1251  # score² is at most that times the share of the question's weight that is known at all


@dataclass(frozen=True, slots=True)
class FaqMatch:
    """A stored question that fits, 0–1."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class _Wording:
    """One way to ask, and whose it is."""

    faq: str
    words: QuestionWords


_Sign = str | tuple[str, str]  # a token, or two that stand side by side


class FaqMatcher:
    """The stored questions of a catalogue, ready to be asked. Build once for each catalogue; asking changes nothing that is seen."""

    def __init__(self, faqs: Iterable[Faq], categories: Iterable[Category] = (), *, widens: bool = False) -> None:
        kinds = list(categories)
        self.reader = QuestionReader(kinds)
        self._roots = roots_of(kinds)
        stored_faqs = list(faqs)
        self._wordings = [w for faq in stored_faqs for w in self._wordings_of(faq)]
        self._told = {faq.id: self._words_told(faq) for faq in stored_faqs}
        self._families = [self._families_of(wording.words) for wording in self._wordings]
        self._tokens = [wording.words.tokens for wording in self._wordings]
        by_token: dict[str, list[int]] = defaultdict(list)
        by_pair: dict[tuple[str, str], list[int]] = defaultdict(list)
        for index, wording in enumerate(self._wordings):
            for token in wording.words.tokens:
                by_token[token].append(index)
            for pair in wording.words.pairs:
                by_pair[pair].append(index)
        stored = max(1, len(stored_faqs))
        self._rare = UNKNOWN * math.log(1 + stored)
        self._weights = {token: self._weight(token, indexes, stored) for token, indexes in by_token.items()}
        self._totals = [self._weighed(tokens)[0] for tokens in self._tokens]
        # What a wording must share at least to come near, before it is weighed against the question.
        self._bars = [NEAR * math.sqrt(total) / 1.5 for total in self._totals]
        # By what is shared, a token or a pair of characters side by side: the bars of the wordings, low ones first, and these.
        self._postings: dict[_Sign, tuple[list[float], list[int]]] = {}
        several: list[tuple[_Sign, list[int]]] = [*by_token.items(), *by_pair.items()]
        for sign, indexes in several:
            indexes.sort(key=self._bars.__getitem__)
            self._postings[sign] = [self._bars[index] for index in indexes], indexes
        self._pairs = frozenset(by_pair)
        self._wider = _wider(kinds, by_token) if widens else {}
        self._telling = frozenset([token for token in by_token if tells(token)])
        self._kinds = frozenset([token for token in by_token if token.startswith(KIND)])
        self.telling_words = self.reader.words_for(
            self._telling | self._wider.keys()
        )  # where none of these stands no telling word is shared
        self._said = "\n".join(text for faq in stored_faqs for text in (faq.question, *faq.similar)).lower()
        self._recent: dict[tuple[str, float], float] = {}  # by text and `least`: the best score
        self._found: dict[tuple[str, float], list[FaqMatch]] = {}

    @classmethod
    def of(cls, catalogue: Catalogue) -> FaqMatcher:
        """Build the matcher of a catalogue."""
        return cls(catalogue.faqs.values(), catalogue.categories.values(), widens=True)

    def match(self, question: Normalised, spans: Sequence[Span] = (), least: float = NEAR) -> list[FaqMatch]:
        """Return the stored questions at or above `least` (0–1), best first, each once.

        `spans` of kind product let wrong characters and pinyin count as the word that they stand for.
        """
        if spans:
            return self._matched(question, spans, least)
        key = (question.text, least)
        found = self._found.get(key)
        if found is None:
            found = self._matched(question, spans, least)
            if len(self._found) >= _MOST_RECENT:
                self._found.clear()
            self._found[key] = found
        return list(found)

    def _matched(self, question: Normalised, spans: Sequence[Span], least: float) -> list[FaqMatch]:
        scores = self._scores(question, spans, least)
        return sorted((FaqMatch(i, round(s, 4)) for i, s in scores.items()), key=lambda m: (-m.score, m.id))

    def _scores(self, question: Normalised, spans: Sequence[Span], least: float) -> dict[str, float]:
        best: dict[str, float] = {}
        for asked, bar in self._asked(respelled(question.text, spans) if spans else question.text, least):
            for index, score in self._scored(asked, bar):
                faq = self._wordings[index].faq
                if score > best.get(faq, 0.0):
                    best[faq] = score
        return best

    def stands_out(self, question: Normalised) -> bool:
        """Tell whether one stored question is surely what was asked, and no other comes near."""
        found = self.match(question, (), LIKE)
        if not found or found[0].score < FAIR:
            return False
        ahead = found[0].score - (found[1].score if len(found) > 1 else 0.0)
        return ahead >= (FAR if found[0].score >= SURE else CLEAR)

    def surely(self, question: Normalised) -> FaqMatch | None:
        """Return the stored question that is surely asked, None where none is."""
        return self.match(question, (), LIKE)[0] if self.stands_out(question) else None

    def says(self, words: Iterable[str]) -> bool:
        """Tell whether some stored question has one of these words, or one that means the same; a word that tells nothing is no other."""
        return any(word in self._said or self._telling.issuperset(self.reader.cut(word)[0]) for word in words)

    def best(self, question: Normalised, least: float = NEAR, telling: bool = True) -> float:
        """Return how well the best stored question fits, 0–1; 0 when none reaches `least`.

        `telling`: whether one of `telling_words` stands in it, where that is known; then most texts are not cut into words.
        """
        if not telling and least > BESIDE and self.reader.shares_none(question.text, self._pairs):
            return 0.0
        key = (question.text, least)
        known = self._recent.get(key)
        if known is None:
            known = 0.0
            for asked, bar in self._asked(question.text, least):
                for _, score in self._scored(asked, max(bar, known), only_best=True):
                    known = round(score, 4)  # each is better than the one before
            if len(self._recent) >= _MOST_RECENT:
                self._recent.clear()
            self._recent[key] = known
        return known

    def _asked(self, text: str, least: float) -> Iterator[tuple[QuestionWords, float]]:
        """Yield what a text says, and the same of the wider kind (墙砖空响 is asked of 瓷砖); and what a wording must reach, if it can."""
        tokens, pairs = self.reader.cut(text)
        ways = [(frozenset(tokens), least)]
        if len(kinds := self._wider.keys() & tokens) == 1:  # two kinds are compared
            (kind,) = kinds
            ways.append((ways[0][0] - kinds | {self._wider[kind]}, max(least, WIDENED)))
        for way, bar in ways:
            if bar <= BESIDE or not (self._telling.isdisjoint(way) and self._pairs.isdisjoint(pairs)):  # most texts
                yield QuestionWords(way, frozenset(pairs)), bar

    def _scored(self, asked: QuestionWords, least: float, only_best: bool = False) -> Iterator[tuple[int, float]]:
        """Yield the wordings that reach `least` and their scores; `only_best`: only such as are better than all before."""
        signs = self._needed(asked, least)
        total, known = self._weighed(asked.tokens) if signs else (0.0, 0.0)
        if not signs or _REACHED * known < least * least * total:
            return
        kinds: frozenset[str] | None = None
        subject = self._subject(asked.tokens)
        for weight, negative in self._candidates(asked.tokens, signs, total, known, least / NEAR):
            wording, root = self._wordings[-negative], math.sqrt(total * self._totals[-negative])
            if _SHARED_AT_MOST * weight < least * root:
                continue
            common = asked.tokens & wording.words.tokens
            told = self._told[wording.faq]
            most = _most(asked, wording.words, common, subject, told)
            if most < least:
                continue
            shared = self._shared(asked, wording.words, common, told)
            score = min(shared / root, most)
            others = self._families[-negative]
            kinds = self._families_of(asked) if kinds is None else kinds
            if kinds and others and kinds.isdisjoint(others):
                score *= APART  # 防水涂料刷多厚 is no 瓷砖越厚越好吗
            elif kinds and not others <= kinds:
                score *= BESIDE_ANOTHER  # 乳胶漆和墙纸 is more than 漆
            if subject and subject.isdisjoint(common) and subject.isdisjoint(told):
                score *= APART  # 新房装修甲醛大不大 is no question of subsidies for 装修
            if score >= least:
                yield -negative, score
                if only_best:
                    least = score

    def _subject(self, tokens: frozenset[str]) -> frozenset[str]:
        """Return the most telling words of a question, those alike together; none where no stored question has any."""
        weights = {token: self._weights.get(token, 0.0) for token in tokens if tells(token)}
        highest = max(weights.values(), default=0.0)
        return frozenset([token for token, weight in weights.items() if weight == highest]) if highest else frozenset()

    def _families_of(self, words: QuestionWords) -> frozenset[str]:
        """Return the families of the kinds of goods that are named."""
        roots = self._roots
        return frozenset([roots[token] for token in words.tokens & roots.keys()])

    def _wordings_of(self, faq: Faq) -> list[_Wording]:
        said = (self.reader.read_known(text) for text in (faq.question, *faq.similar))
        return [_Wording(faq.id, words) for words in said if words.tokens]

    def _words_told(self, faq: Faq) -> frozenset[str]:
        """Return every concept of a stored question, of the other ways to ask it and of its answer; single characters tell too little."""
        texts = (faq.question, *faq.similar, faq.answer)
        tokens = (self.reader.read_known(text).tokens for text in texts)
        return frozenset(token for several in tokens for token in several if token[0] == "=")

    def _weight(self, token: str, indexes: Sequence[int], stored: int) -> float:
        holders = len({self._wordings[i].faq for i in indexes})
        return (CONCEPT if token[0] == "=" else 1.0) * math.log(1 + stored / holders)

    def _needed(self, asked: QuestionWords, least: float) -> list[_Sign]:
        """Return the signs of which a wording has to share one to reach `least`: see `_most`, which bounds those that share none."""
        if least <= BESIDE:
            return [*(asked.tokens & self._weights.keys())]
        telling = asked.tokens & self._telling
        if telling and least > ONLY_KIND and len(kinds := telling & self._kinds) == 1:
            telling -= kinds
        return [*telling, *(asked.pairs & self._pairs)]

    def _candidates(
        self, tokens: frozenset[str], signs: Sequence[_Sign], total: float, known: float, ease: float
    ) -> list[tuple[float, int]]:
        """Return (weight shared, negative number) of the wordings that share the most, those left out that cannot come near.

        One that shares c counts at most c and half of the rest of what is known: c must be three bars less that, too.
        """
        bars, tokens_of, weight_of = self._bars, self._tokens, self._weights.__getitem__
        scale = math.sqrt(total) * ease * _ROUNDING
        highest = known * 2 / 3 / scale  # bar of one that shares all that is known
        near: set[int] = set()
        for sign in signs:
            low_first, indexes = self._postings[sign]
            near.update(indexes[: bisect_right(low_first, highest)])
        able = [
            (weight, -index)
            for index in near
            if (weight := sum(map(weight_of, tokens & tokens_of[index]))) >= (bar := bars[index] * scale)
            and weight + known >= 3 * bar
        ]
        if len(able) > CANDIDATES:
            able = nlargest(CANDIDATES, able)
        return able

    def _shared(
        self, asked: QuestionWords, wording: QuestionWords, common: frozenset[str], told: frozenset[str]
    ) -> float:
        """Return the weight shared with a wording, and half of what else its answer tells, at most half as much again."""
        beside = {token for pair in asked.pairs & wording.pairs for token in pair}
        weights = self._weights
        shared = sum([weights[t] * (1.0 if t[0] == "=" or t in beside else ALONE) for t in common])
        hinted = TOLD * sum([weights.get(t, 0.0) for t in (asked.tokens - common) & told])
        return shared + min(hinted, shared / 2)

    def _weighed(self, tokens: frozenset[str]) -> tuple[float, float]:
        """Return the weight of all tokens, and of those that a stored question has."""
        common = tokens & self._weights.keys()
        total = known = sum(map(self._weights.__getitem__, common))
        if len(common) < len(tokens):
            total += sum([self._rare * (CONCEPT if token[0] == "=" else 1.0) for token in tokens - common])
        return total, known


_MATCHERS: WeakKeyDictionary[Catalogue, tuple[int, FaqMatcher]] = WeakKeyDictionary()


def matcher_of(catalogue: Catalogue) -> FaqMatcher:
    """Return the matcher of a catalogue, built anew when the catalogue has changed."""
    revision, matcher = _MATCHERS.get(catalogue, (None, None))
    if matcher is None or revision != catalogue.revision:
        matcher = FaqMatcher.of(catalogue)
        _MATCHERS[catalogue] = (catalogue.revision, matcher)
    return matcher


def reader_of(catalogue: Catalogue) -> QuestionReader:
    """Return the reader of a catalogue's questions and titles."""
    return matcher_of(catalogue).reader


def least_for(cues: Collection[str]) -> float:
    """Return the least score (0–1) for a question: a cue that says what is asked about makes up for words."""
    if not _SAYING.isdisjoint(cues):
        return LEAST
    return NEAR if _KNOWING.isdisjoint(cues) else ASKED


_SAYING = frozenset({"ask.subsidy", "ask.howcheck"})
_KNOWING = frozenset({"ask.how", "ask.know", "ask.first_step", "aspect.formaldehyde"})


def _most(
    asked: QuestionWords,
    wording: QuestionWords,
    common: frozenset[str],
    subject: frozenset[str],
    told: frozenset[str],
) -> float:
    """Return the highest score that what is shared can bear: a category alone is no question, one word hardly, asking words neither.

    `subject`: the most telling words of what is asked. `told`: all concepts of the stored question, however it is asked.
    """
    if all(token.startswith(KIND) for token in common):
        return 0.0
    telling = [token for token in common if tells(token)]
    only_price = asked.tokens - common and all(token[1:] in signs("price_asked") for token in telling)
    of_another = only_price if telling else not asked.pairs & wording.pairs
    if (
        of_another
        or only_its_name(asked.tokens, wording.tokens, common, told)
        or happens_to_another(asked, wording, common)
    ):
        # 怎么办 and a few scattered characters: of something else altogether; 条砖多少钱: the price of what no stored question tells of
        return BESIDE
    of_more = [token for token in telling if token[1:] not in signs("asking_how_long")]
    if telling and not of_more and any(token.startswith(_GOODS) for token in asked.tokens - common):
        return BESIDE  # 瓷砖能用几年: a certificate's years tell nothing of it
    one_kind = len(telling) == 1 and telling[0].startswith(KIND)
    if one_kind and not asked.pairs & wording.pairs:
        return ONLY_KIND  # 水泥能吃吗 and 水泥贴砖行吗: the kind and how it is asked, nothing of what
    how = (
        telling and _HOW in asked.tokens - common and all(t.startswith(KIND) or t[1:] in signs("work") for t in telling)
    )
    if how or len(common) == 1:
        return HOW_DONE if how else ONE_WORD if len(wording.tokens) > 1 else 1.0
    return BESIDE if subject.isdisjoint(common) and _another(asked, wording, common) else 1.0


def _another(asked: QuestionWords, wording: QuestionWords, common: frozenset[str]) -> bool:
    """Tell whether only one word is shared and each goes on with one of its own: 屋顶隔热用啥 is no 屋顶漏水刷什么."""
    alike = {token for pair in asked.pairs & wording.pairs for token in pair}
    if sum(map(tells, common)) + bool(alike) != 1 or len(alike) > 2:
        return False
    remedy = any(token[1:] in signs("remedy_asked") for token in common)  # 阴天没太阳热水器咋办 is 阴天没热水怎么办
    own = any(tells(token) for token in asked.tokens - common) or any(
        not remedy and common.isdisjoint(pair) for pair in asked.pairs - wording.pairs
    )
    return own and any(tells(token) for token in wording.tokens - common)


def _wider(categories: Iterable[Category], stored: Collection[str]) -> dict[str, str]:
    """Return for the tokens of kinds the token of the nearest wider kind that a stored question names."""
    parents = {category.code: category.parent for category in categories}
    wider: dict[str, str] = {}
    for code, parent in parents.items():
        step = parent
        while step and f"{KIND}{step}" not in stored:
            step = parents.get(step)
        if step:
            wider[f"{KIND}{code}"] = f"{KIND}{step}"
    return wider
