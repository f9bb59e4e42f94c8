"""One line of a text page, with the features that tell a story from what is around it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

from shared.spaceless import SOUTH_EAST_ASIAN
from workers.clean.phrases import is_boilerplate, without_policy

Shape = Literal["text", "heading", "item", "code", "table", "picture", "separator", "fence", "markup"]
WORDED: Final[frozenset[Shape]] = frozenset({"text", "heading", "item", "code", "table"})
"""The shapes that have words for a reader."""

_ENDS: Final = tuple(".!?…。\uff01\uff1f؟।\u0589:;")
_CLOSERS: Final = "\"'”\u2019»«“)]*_ 」』\uff09"
_CJK = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_CJK_PER_WORD: Final = 2
_UNENDED_LEAST: Final = 70
"""Letters of Thai, Lao, Burmese and Khmer, whose sentences often end without a sign; more than headlines have."""
_CLAUSE: Final = re.compile(r"[,;:.!?—\u2013،、\uff0c。] ?\w")


@dataclass(slots=True)
class Line:
    """One line, or some that one paragraph was wrapped into."""

    number: int
    """From 1."""
    raw: str
    """As it stands in the page."""
    text: str
    """Its words, without markdown's signs."""
    shape: Shape = "text"
    level: int = 0
    """Of a heading, from 1; of an item, how many lists its own one stands in."""
    after_blank: bool = True
    links: tuple[str, ...] = ()
    images: tuple[tuple[str, str], ...] = ()
    linked: int = 0
    rows: "tuple[Line, ...]" = ()
    """Of a table."""
    quoted: str = ""
    """The signs of a quotation that its text begins with."""
    of_policy: bool = False
    """Whether its page is about a policy of a site, and speaking of one makes no line boilerplate."""
    words: int = field(init=False)
    ends: bool = field(init=False)
    """Whether it ends as a sentence does."""

    def __post_init__(self) -> None:
        """Sets what follows from the words; a sign of Chinese, Japanese or Thai counts half a word."""
        signs = spaceless(self.text)
        self.words = len(self.text.split()) + signs // _CJK_PER_WORD
        self.ends = self.text.rstrip(_CLOSERS).endswith(_ENDS) or (signs > 0 and _is_unended(self.text))

    @property
    def bare(self) -> str:
        """Its words without the sign of a list."""
        return self.text.lstrip("-* ")

    @property
    def is_boilerplate(self) -> bool:
        """Whether it says what a site says on each page."""
        return is_boilerplate(without_policy(self.text) if self.of_policy else self.text, prose=self.is_prose)

    @property
    def link_share(self) -> float:
        """Of its characters, how many stand in links."""
        return self.linked / len(self.text) if self.text else 0.0

    @property
    def is_prose(self) -> bool:
        """Whether it reads as sentences: long enough, mostly unlinked, with a clause or an end."""
        if self.shape not in {"text", "item"} or self.link_share > 0.5:
            return False
        return (self.words >= 8 and self.ends) or (self.words >= 14 and bool(_CLAUSE.search(self.text)))


def spaceless(text: str) -> int:
    """Signs of Chinese, Japanese, Thai and other scripts that part no words."""
    return 0 if text.isascii() else len(_CJK.findall(text))


def _is_unended(text: str) -> bool:
    """Whether a line is long enough to be sentences in a script that ends them with no sign."""
    return len(SOUTH_EAST_ASIAN.findall(text)) >= _UNENDED_LEAST


def prose_words(lines: Iterable[Line]) -> int:
    """Words in those of the lines that read as sentences."""
    return sum(line.words for line in lines if line.is_prose)
