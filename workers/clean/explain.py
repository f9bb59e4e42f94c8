"""Why each block of an HTML page that the story does not have was left out."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, cast

from lxml.html import HtmlElement

from shared.models.clean_page import Dropped
from workers.clean.blocks import Block
from workers.clean.phrases import asks_consent, is_boilerplate, offers_subscription, shares
from workers.clean.pieces import hides
from workers.clean.reasons import DropReason

_BY_TAG: Final[dict[str, DropReason]] = {
    "nav": "navigation",
    "header": "navigation",
    "footer": "navigation",
    "form": "control",
    "fieldset": "control",
    "button": "control",
    "label": "control",
    "figure": "caption",
    "aside": "related",
}
_BY_NAME = re.compile(
    r"(?P<consent>cookie|consent|gdpr|onetrust)"
    r"|(?P<subscription>paywall|subscri|newsletter|sign-?up)"
    r"|(?P<share>(?<![a-z])(?:shar(?:e|ing)|social|addthis|follow-?us)(?![a-z]))"
    r"|(?P<comments>(?<![a-z])(?:comments?|disqus|replies|respond)(?![a-z]))"
    r"|(?P<related>related|recommend|teaser|promo|more-(?:news|stories|from)|read-(?:also|more))"
    r"|(?P<caption>(?<![a-z])(?:(?:wp|img|image|photo|picture|media)[-_]?)?(?:caption|credit)s?(?![a-z]))"
    r"|(?P<signature>(?<![a-z])signature(?![a-z]))"
    r"|(?P<byline>(?<![a-z])(?:byline|author|dateline|timestamp|pub-?date))",
    re.IGNORECASE,
)
_LONGEST: Final = 500


def dropped_blocks(blocks: Sequence[Block], most: int, aside: Iterable[str | None] = ()) -> tuple[Dropped, ...]:
    """The blocks that were left out, each with its reason and its line in the source.

    Neighbours with one reason share an entry when there are more than `most`; a long block is cut at 500 characters.

    Args:
        blocks: all blocks of the page.
        most: entries listed one by one; 0: none are.
        aside: texts that other fields hold, such as the headline.
    """
    if not most:
        return ()
    held = {text for text in aside if text}
    seen: set[str] = {block.text for block in blocks if block.kept}
    entries = [
        Dropped(text=_cut(block.text), reason=reason, line=block.element.sourceline)
        for block, reason in _judged(blocks, held, seen)
    ]
    return tuple(entries) if len(entries) <= most else joined(entries, most)


def joined(entries: Sequence[Dropped], most: int) -> tuple[Dropped, ...]:
    """The same entries with neighbours of one reason made one; what is still beyond `most` becomes the last one."""
    runs: list[list[Dropped]] = []
    for entry in entries:
        if runs and (runs[-1][0].reason == entry.reason or len(runs) >= most):
            runs[-1].append(entry)
        else:
            runs.append([entry])
    return tuple(
        run[0].model_copy(update={"text": "\n".join(entry.text for entry in run)}) if len(run) > 1 else run[0]
        for run in runs
    )


def _judged(blocks: Sequence[Block], held: set[str], seen: set[str]) -> Iterator[tuple[Block, DropReason]]:
    places: dict[HtmlElement, DropReason | None] = {}
    for block in blocks:
        if block.kept or block.text in held:
            continue
        yield block, block.reason or ("repeated" if block.text in seen else _reason(block, places))
        seen.add(block.text)


def _reason(block: Block, places: dict[HtmlElement, DropReason | None]) -> DropReason:
    if not any(map(str.isalnum, block.text)):
        return "separator"
    if said := by_words(block.text):
        return said
    if named := _by_place(block.element, places):
        return named
    linked = sum(len(" ".join(link.itertext())) for link in block.element.iter("a"))
    return "navigation" if linked * 2 > len(block.text) else "outside-story"


def by_words(text: str, *, prose: bool = False) -> DropReason | None:
    """The reason that the words of a block give by themselves; sentences have to begin with them."""
    if asks_consent(text):
        return "consent"
    if offers_subscription(text):
        return "subscription"
    if is_boilerplate(text, prose=prose):
        return "boilerplate"
    return "share" if shares(text) else None


def _by_place(element: HtmlElement, places: dict[HtmlElement, DropReason | None]) -> DropReason | None:
    """The reason that the tag and name of the element, else of the nearest one around it, give."""
    path: list[HtmlElement] = []
    reason: DropReason | None = None
    place: HtmlElement | None = element
    while place is not None and place.tag != "body":
        if place in places:
            reason = places[place]
            break
        path.append(place)
        if reason := _own_reason(place):
            break
        place = place.getparent()
    places.update(dict.fromkeys(path, reason))
    return reason


def _own_reason(element: HtmlElement) -> DropReason | None:
    if by_tag := _BY_TAG.get(element.tag):
        return by_tag
    name = f"{element.get('class', '')} {element.get('id', '')}"[:200]
    if len(name) > 1 and (found := _by_name(name)):
        return found
    return "hidden" if hides(element) else None


@lru_cache(16_384)
def _by_name(name: str) -> DropReason | None:
    found = _BY_NAME.search(name)
    return cast("DropReason", found.lastgroup) if found else None


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
