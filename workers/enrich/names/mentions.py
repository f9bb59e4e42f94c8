"""Runs of words with capitals in a text, cut where one name ends and the next begins."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from workers.enrich.names.lexicon import Lexicon

_TOKEN: Final = re.compile(
    r"(?:[A-Z]\.){2,}|[^\W_](?:[\w&]|['\u2019.-](?=[^\W_]))*(?:(?<=\b[A-Z])\.)?|[&()\[\],.;:!?\"\u201c\u201d\u2026-]|\n",
)
_INNER: Final = {
    "of",
    "for",
    "and",
    "&",
    "de",
    "la",
    "del",
    "da",
    "do",
    "dos",
    "van",
    "von",
    "der",
    "den",
    "bin",
    "ibn",
    "al",
    "el",
    "le",
    "du",
    "di",
    "ter",
    "on",
    "the",
}
_STOPS: Final = {".", "!", "?", "\n", ":", "\u2026"}
_QUOTES: Final = {'"', "\u201c"}
_POSSESSIVE: Final = ("'s", "\u2019s", "s'", "s\u2019")
_SHORT: Final = re.compile(
    r"(?:Mr|Mrs|Ms|Dr|St|Sen|Rep|Gov|Gen|Col|Lt|Sgt|Capt|Rev|Prof|Mt|Inc|Corp|Co|Ltd|Jr|Sr|Sept|Oct|Nov|Dec|Jan|Feb|Aug|No|vs)"
)
_LONGEST: Final = 9


class Mention(NamedTuple):
    """One place where a name may stand.

    Args:
        words: of the name.
        before: the word before it, lower case; empty at a sentence's beginning.
        earlier: the one before that.
        after: the word or sign after it, lower case.
        later: the one after that.
        starts: whether it begins a sentence, where common words have capitals, too.
        title: the lower-case title or office right before it, if it was cut off the run.
        ordinary: how many of its words the text also has in lower case.
        in_heading: whether most words of its line have capitals.
    """

    words: tuple[str, ...]
    before: str
    earlier: str
    after: str
    later: str
    starts: bool
    title: str
    ordinary: int
    in_heading: bool

    @property
    def text(self) -> str:
        """The name on one line."""
        return " ".join(self.words).replace(" . ", ". ")


class _Run(NamedTuple):
    """All tokens, where the run in hand ends, and what is known."""

    tokens: list[str]
    end: int
    words: Lexicon
    common: set[str]
    """What the text also writes in lower case."""

    def place_ahead(self, place: int) -> bool:
        """Whether two or three tokens from here are a known place."""
        return any(
            " ".join(self.tokens[place : place + many]).removesuffix("'s") in self.words.places for many in (2, 3)
        )

    def body_ahead(self, place: int) -> bool:
        """Whether the words that follow, as far as they belong together, say what kind of body this is."""
        for token in self.tokens[place + 1 : self.end]:
            if token.lower() in self.words.org_words:
                return True
            if token in {"and", "&"} or token.endswith(_POSSESSIVE):
                return False
        return False


@dataclass(slots=True)
class _Part:
    """A name that is being read: where it begins, the title over it, its words so far."""

    begun: int
    title: str = ""
    words: list[str] = field(default_factory=list)

    def add(self, token: str, place: int) -> None:
        """One more word; the first one says where it begins."""
        if not self.words:
            self.begun = place
        self.words.append(token)


def mentions(text: str, words: Lexicon) -> Iterator[Mention]:
    """The runs of a text, in its order.

    Args:
        text: to be read.
        words: which words end a run.
    """
    tokens = _TOKEN.findall(text)
    different = set(tokens)
    common = {token for token in different if token[:1].islower()}
    capitals = {token for token in different if _is_capital(token)}
    end = line_end = 0
    in_heading = False
    for at in [place for place, token in enumerate(tokens) if token in capitals]:
        if at < end:
            continue
        if at >= line_end:
            line_end, in_heading = _line(tokens, at)
        end = _run_end(tokens, at)
        for mention in _cut(_Run(tokens, end, words, common), at):
            yield mention._replace(in_heading=in_heading) if in_heading else mention


def _line(tokens: list[str], at: int) -> tuple[int, bool]:
    """Where the line that a token stands in ends, and whether it is written as headings are."""
    try:
        end = tokens.index("\n", at)
    except ValueError:
        end = len(tokens)
    begin = at
    while begin and tokens[begin - 1] != "\n":
        begin -= 1
    letters = [token for token in tokens[begin:end] if len(token) > 3]
    capitals = sum(map(_is_capital, letters))
    return end, tokens[end - 1] not in {".", "!", "?", '"', "\u201d"} and 10 * capitals >= 6 * len(letters)


def _is_capital(token: str) -> bool:
    return token[0].isupper() or (token[2:3] == "-" and token[:3].lower() in {"al-", "el-"} and token[3:4].isupper())


def _run_end(tokens: list[str], at: int) -> int:
    """The first token that is no longer of the run; small words count only where a capital follows."""
    end = at + 1
    while end < len(tokens) and end - at < _LONGEST:
        if _is_capital(tokens[end]) or (tokens[end] == "." and _SHORT.fullmatch(tokens[end - 1])):
            end += 1
        elif tokens[end] in _INNER and (width := _small(tokens, end)):
            end += width
        else:
            break
    while end - 1 > at and tokens[end - 1] == ".":
        end -= 1
    return end


def _small(tokens: list[str], at: int) -> int:
    """How many small words lead to the next capital: one or two."""
    if at + 1 < len(tokens) and _is_capital(tokens[at + 1]):
        return 1
    pair = tokens[at + 1 : at + 3]
    return 2 if len(pair) == 2 and pair[0] in _INNER and _is_capital(pair[1]) else 0


def _cut(run: _Run, at: int) -> Iterator[Mention]:
    """One run as the names it holds: titles, demonyms and sentence openers are cut off, `and` parts people."""
    tokens, end = run.tokens, run.end
    starts = at == 0 or tokens[at - 1] in _STOPS or tokens[at - 1] in _QUOTES
    part, place = _Part(at), at
    while place <= end:
        title = _title_words(run, place) if place < end and not _goes_on_as_name(run, place, part.words) else 0
        opener = starts and place == at and _opens(run, place)
        if title or opener or place == end or _parts(run, place, part.words, part.title):
            if part.words:
                yield _mention(run, part, place, starts=starts and part.begun == at)
                part = _Part(place)
            if title:
                part = _Part(place + title, title=tokens[place].lower().removesuffix("."))
        elif tokens[place] != ".":
            part.add(tokens[place], place)
            if tokens[place].endswith(_POSSESSIVE) and place + 1 < end:
                yield _mention(run, part, place + 1, starts=starts and part.begun == at)
                part = _Part(place)
        place += title or 1


def _opens(run: _Run, place: int) -> bool:
    """Whether a sentence's first word has its capital for that alone."""
    token = run.tokens[place]
    low = token.lower()
    if run.place_ahead(place):
        return False
    return low in run.words.not_names or (low in run.common and token not in run.words.given)


def _title_words(run: _Run, place: int) -> int:
    """How many words a title has that stands here: `Senator`, `Secretary of State`, `Minister for Trade`."""
    low = run.tokens[place].lower().removesuffix(".")
    if low not in run.words.before_person:
        return 0
    after = run.tokens[place + 1 : run.end]
    if after and after[0] == ".":
        return 2
    return 3 if len(after) > 3 and after[0] in {"of", "for"} and _is_capital(after[2]) else 1


def _goes_on_as_name(run: _Run, place: int, part: list[str]) -> bool:
    """`Attorney General`, `Sydney Manager`: a word for an office that ends what it stands in is no title."""
    if run.tokens[place].lower() not in run.words.before_person:
        return False
    after = run.tokens[place + 1 : run.end]
    return (not after and bool(part)) or (bool(after) and after[0].lower() in run.words.org_words and not part)


def _parts(run: _Run, place: int, part: list[str], title: str) -> bool:
    """Whether a token stands between names."""
    token, words = run.tokens[place], run.words
    low = token.lower().removesuffix(".")
    dated = low in words.calendar and run.tokens[place + 1 : place + 2] != ["Island"]
    if dated or (low in words.credentials and part):
        return True
    if low in words.demonyms and not (part and part[-1] in words.given):
        return not (run.place_ahead(place) or run.body_ahead(place) or (part and part[-1].lower() in _INNER))
    if part and part[-1].lower() in words.org_words and token in words.given:
        return True
    if low in {"and", "&"}:
        return not _joins(run, place, part)
    if low in {"of", "for", "on"}:
        return (
            not part or (low == "on" and not run.body_ahead(place)) or (low == "of" and _is_person(part, title, words))
        )
    return low == "the" and not (part and part[-1] in {"of", "for", "on"})


def _is_person(part: list[str], title: str, words: Lexicon) -> bool:
    """Whether it is somebody who is of somewhere, as in `Ann Other of the World Bank`."""
    if " ".join(part) in words.places or any(
        word.lower() in words.org_words or word.lower() in words.place_last for word in part
    ):
        return False
    return bool(title) or (2 <= len(part) <= 4 and part[0] in words.given and part[0] not in words.places)


def _joins(run: _Run, place: int, part: list[str]) -> bool:
    """Whether an `and` is within one body's name: `Institute of Health and Welfare`, `Smith and Wesson Company`."""
    if not part or run.tokens[place + 1 : place + 2] == ["the"]:
        return False
    body = any(word.lower() in run.words.org_words for word in part)
    if "of" in part or "for" in part:
        return body and not _is_elsewhere(run, place, part)
    ahead = [each.lower() in run.words.org_words for each in run.tokens[place + 1 : run.end]]
    return not body and bool(ahead) and ahead[-1] and len(ahead) <= 2 and " ".join(part) not in run.words.places


def _is_elsewhere(run: _Run, place: int, part: list[str]) -> bool:
    """Whether a body's name has ended in its place: `University of Cambridge and Acme`, not `of England and Wales`."""
    last = max(at for at, word in enumerate(part) if word in {"of", "for"})
    if " ".join(part[last + 1 :]) not in run.words.places:
        return False
    return not (run.tokens[place + 1] in run.words.places and place + 2 == run.end)


def _mention(run: _Run, part: _Part, end: int, *, starts: bool) -> Mention:
    tokens, begun, words = run.tokens, part.begun, part.words
    while words and words[-1].lower() in _INNER:
        words = words[:-1]
    before = [token.lower() for token in tokens[max(0, begun - 2) : begun]]
    after = [token.lower() for token in tokens[end : end + 2]]
    return Mention(
        words=tuple(words),
        before=before[-1] if before and before[-1] not in _STOPS else "",
        earlier=before[0] if len(before) > 1 else "",
        after=after[0] if after else "",
        later=after[1] if len(after) > 1 else "",
        starts=starts,
        title=part.title,
        ordinary=sum(_ordinary(word.lower(), run.common) for word in words),
        in_heading=False,
    )


def _ordinary(low: str, common: set[str]) -> bool:
    return low in common or low.removesuffix("s") in common or low + "s" in common
