"""Words, phrases and ranges: a token with its suffixes, in the field that it stands in, as a leaf of the tree."""

import re
from itertools import accumulate
from typing import Final, Literal

from shared.query_language.characters import QUOTES, unescaped, words_of
from shared.query_language.complaints import Complaints, Mistake
from shared.query_language.limits import BOOST_MAX, FUZZY_LEAST, SLOP_MAX, Limits
from shared.query_language.tokens import Token, is_url
from shared.query_language.tree import AllOf, Boost, Exists, Fuzzy, Node, Phrase, Prefix, Word
from shared.query_language.values import DATES_WANTED, NUMBERS_WANTED, Wrong, dates, numbers
from shared.search.analysis.words import cut, placed_runs
from shared.search.fields import BY_NAME

WHOLE_VALUES: Final = frozenset({"site", "language"})
"""Fields whose values are not made of words."""
_AS_WORD: Final = "It was read as words."
_SWAPPED: Final = Mistake(
    "range-swapped", "A range was expected to end behind its beginning.", "Its ends were swapped."
)
_OPEN_WITHIN: Final = re.compile(r"\w\*(?!\S)")
_INNER_STAR: Final = Mistake(
    "inner-wildcard", "An asterisk was expected at the end of a word only.", "It was read as a space."
)
_QUOTED_STAR: Final = Mistake(
    "quoted-wildcard",
    "Within quotes no asterisk was expected behind a word; a backslash before it makes it a sign of the text.",
    "It was read as a space.",
)
_LEAD: Final = "At least {} letters or digits are expected before an asterisk."
_WILDCARDS: Final = "At most {} words with an asterisk or ~ are expected."
_DISTANCE: Final = Mistake(
    "fuzzy-distance", "~1 or ~2 was expected behind a word.", "The nearest of the two was taken."
)
_TOO_SHORT: Final = Mistake(
    "fuzzy-too-short",
    f"At least {FUZZY_LEAST[1]} letters are expected before ~1, and {FUZZY_LEAST[2]} before ~2.",
    "Fewer wrong letters were allowed.",
)
_SLOP: Final = Mistake(
    "slop", f"A number up to {SLOP_MAX} was expected behind the ~ of a phrase.", "The nearest was taken."
)
_PHRASES: Final = "At most {} words are expected within phrases, all of them together."
_NEAR: Final = "At most {} words are expected within phrases that end with ~, all of them together."
_BEYOND: Final = {"phrases": ("too-many-phrase-words", _PHRASES), "near": ("too-many-near-words", _NEAR)}
_NO_BOOST: Final = re.compile(r"\^[-+]?\d[\d.,]*(?:e[-+]?\d+)?$", re.IGNORECASE)
_BOOSTED: Final = f"A number above 0, up to {BOOST_MAX:g}, was expected behind ^."
_UNREAD_BOOST: Final = Mistake("boost", _BOOSTED, "It was read as text.")
_BOOST: Final = Mistake("boost", _BOOSTED, "It was left out.")
_NOT_FUZZY: Final = "{}: takes whole values; no ~ was expected."


class Atoms:
    """Makes leaves, and counts wildcards and words within phrases.

    Args:
        limits: of the query.
        complaints: of mistakes.
    """

    def __init__(self, limits: Limits, complaints: Complaints) -> None:
        self._limits = limits
        self._complaints = complaints
        self._wildcards = 0
        self._in_phrases = {"phrases": 0, "near": 0}

    def of(self, token: Token, field: str | None) -> Node | None:
        """The leaf that a word, a phrase or a value is.

        None for a phrase without words, and for an asterisk by itself, which stands for everything.
        """
        if field and token.kind in ("word", "value", "phrase") and BY_NAME[field].kind in ("date", "number"):
            leaf = self._range(token, field)
        else:
            leaf = self._phrase(token) if token.kind == "phrase" else self._word(token, field)
        return self.boosted(leaf, token) if leaf else None

    def _range(self, token: Token, field: str) -> Node | None:
        kind = BY_NAME[field].kind
        text = token.text + ("*" if token.star else "")
        try:
            read = dates(text, token.position) if kind == "date" else numbers(field, text, token.position)
        except Wrong:
            wanted = DATES_WANTED if kind == "date" else NUMBERS_WANTED
            mistake = Mistake("not-a-range", f"After {field}: there was expected {wanted}.", _AS_WORD)
            self._complaints.syntax(mistake, token.position)
            return _words(text, token)
        if read.swapped:
            self._complaints.syntax(_SWAPPED, token.position)
        return read.node

    def _phrase(self, token: Token) -> Node | None:
        if _OPEN_WITHIN.search(token.text):
            self._complaints.syntax(_QUOTED_STAR, token.position)
        words = tuple(re.sub(rf"\\([\\*{QUOTES}])", r"\1", token.text).split())
        slop = token.slop or 0
        if not 0 <= slop <= SLOP_MAX:
            self._complaints.syntax(_SLOP, token.position)
            slop = min(abs(slop), SLOP_MAX)
        words = self._as_many_as_allowed(words, token, "near" if slop else "phrases")
        return Phrase(words=words, slop=slop, position=token.position) if words else None

    def _as_many_as_allowed(
        self, words: tuple[str, ...], token: Token, name: Literal["phrases", "near"]
    ) -> tuple[str, ...]:
        """The words of a phrase that may still be looked for; each counts as what it is made of, under this limit."""
        counts = [sum(len(cut(run[0]).pieces) for run in placed_runs(word)) for word in words]
        if sum(counts) < 2:
            return words  # nothing that it could be beside
        ends = list(accumulate(counts, initial=self._in_phrases[name]))[1:]
        self._in_phrases[name], most = ends[-1], getattr(self._limits, name)
        if ends[-1] > most:
            code, told = _BEYOND[name]
            mistake = Mistake(code, told.format(most), "Those after them were left out.")
            self._complaints.beyond(name, mistake, token.position)
        return tuple(word for word, end in zip(words, ends, strict=True) if end <= most)

    def _word(self, token: Token, field: str | None) -> Node | None:
        if token.text == "*":
            return Exists(field=field, position=token.position) if field else None
        if is_url(token.text):
            return Word(text=token.text, position=token.position)
        bare = re.sub(r"\\.", "", token.text)
        if "*" in bare.strip("*"):
            self._complaints.syntax(_INNER_STAR, token.position)
        if bare.startswith("*"):
            self._short(token)
        if _NO_BOOST.search(bare):
            self._complaints.syntax(_UNREAD_BOOST, token.position)
        word = Word(text=_read(token.text), position=token.position)
        if token.star and self._may_end_open(token, word.text):
            return Prefix(text=word.text, position=token.position)
        if token.slop is not None:
            return self._fuzzy(token, word, field)
        return word

    def _may_end_open(self, token: Token, text: str) -> bool:
        if text.startswith("*") or sum(map(str.isalnum, text)) < self._limits.wildcard_lead:
            self._short(token)
            return False
        return self._one_more(token)

    def _one_more(self, token: Token) -> bool:
        """Whether another word that stands for many may be looked for."""
        most = self._limits.wildcards
        self._wildcards += 1
        if self._wildcards > most:
            mistake = Mistake("too-many-wildcards", _WILDCARDS.format(most), "The others were read as words.")
            self._complaints.beyond("wildcards", mistake, token.position)
        return self._wildcards <= most

    def _short(self, token: Token) -> None:
        told = _LEAD.format(self._limits.wildcard_lead)
        self._complaints.beyond("wildcard_lead", Mistake("short-wildcard", told, _AS_WORD), token.position)

    def _fuzzy(self, token: Token, word: Word, field: str | None) -> Node:
        if field in WHOLE_VALUES:
            self._complaints.syntax(Mistake("not-fuzzy", _NOT_FUZZY.format(field), "It was left out."), token.position)
            return word
        asked = 1 if token.slop == -1 else token.slop or 0
        distance = min(max(asked, 1), 2)
        if distance != asked:
            self._complaints.syntax(_DISTANCE, token.position)
        letters = sum(map(str.isalnum, word.text))
        possible = max(
            (each for each, least in FUZZY_LEAST.items() if letters >= least and each <= distance), default=0
        )
        if possible < distance:
            self._complaints.syntax(_TOO_SHORT, token.position)
        if not possible or not self._one_more(token):
            return word
        return Fuzzy(text=word.text, distance=possible, position=token.position)

    def boosted(self, part: Node, token: Token) -> Node:
        """A part with the boost behind it, if there is one."""
        factor = token.boost
        if factor is None:
            return part
        if not 0 < factor <= BOOST_MAX:
            self._complaints.syntax(_BOOST, token.position)
            return part
        return Boost(part=part, factor=factor, position=(part.position[0], token.end))


def _words(text: str, token: Token) -> Node | None:
    """What was meant for something else, as words."""
    words = tuple(Word(text=unescaped(word), position=token.position) for word in words_of(text))
    if len(words) < 2:
        return words[0] if words else None
    return AllOf(parts=words, position=token.position)


def _read(text: str) -> str:
    return text[1:] if text in ("\\AND", "\\OR", "\\NOT") else unescaped(text)
