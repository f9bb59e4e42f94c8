"""Which paragraphs of a page are what its site says on many pages, and go."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from shared.models.clean_page import Clean
from shared.sites.blocks import SiteBlocks, block_id
from workers.clean.reasons import DropReason
from workers.clean.sentences import words_in

REASON: Final[DropReason] = "site-boilerplate"
_TELLING_WORDS: Final = 6
"""A shorter block may be a heading that stories share, such as `Background`: it never goes by itself."""
_LEAST_WORDS: Final = 20
"""What has to be left of the page, or all of it stays."""
_SAID_CHARS: Final = 80
_TITLE_WORDS: Final = 3


class Cleaned(NamedTuple):
    """A page's CLEAN, and the ids of the blocks that went because its site repeats them."""

    clean: Clean
    site_blocks: tuple[str, ...] = ()


def site_places(paragraphs: Sequence[str], blocks: SiteBlocks, said: Iterable[str | None] = ()) -> frozenset[int]:
    """Places of the paragraphs that go.

    Of a run of blocks that the site repeats, the short ones go where they stand between two longer ones, or behind
    the last when nothing else follows on the page.

    Args:
        paragraphs: the story.
        blocks: what its site repeats.
        said: headline and description: what says the same is the story's, as a teaser on other pages may say it too.
    """
    if not blocks.ids:
        return frozenset()
    words = list(map(words_in, paragraphs))
    told = [text.casefold() for text in said if text]
    known = [block_id(text) in blocks.ids and not _is_said(text.casefold(), told) for text in paragraphs]
    gone = {place for run in _runs(known) for place in _of_run(run, words)}
    left = sum(count for place, count in enumerate(words) if place not in gone)
    return frozenset(gone) if left >= _LEAST_WORDS else frozenset()


def _runs(known: Sequence[bool]) -> Iterator[range]:
    start = 0
    for place, is_known in enumerate([*known, False]):
        if not is_known:
            if place > start:
                yield range(start, place)
            start = place + 1


def _of_run(run: range, words: Sequence[int]) -> range:
    telling = [place for place in run if words[place] >= _TELLING_WORDS]
    if not telling:
        return range(0)
    ends = run.stop == len(words)
    return range(telling[0], run.stop if ends else telling[-1] + 1)


def _is_said(text: str, told: Collection[str]) -> bool:
    """Whether a headline or a description says this, or most of the headline stands in it."""
    start = text[:_SAID_CHARS]
    return any(start in said or _holds(text, said) for said in told)


def _holds(text: str, said: str) -> bool:
    title = set(said.split())
    common = len(title.intersection(text.split()))
    return common >= _TITLE_WORDS and 2 * common >= len(title)
