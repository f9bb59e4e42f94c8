"""What a site puts into its stories, and what a reader does not see: left out by rule, each with its reason.

A piece goes for what it says itself, or for what both the name of an element around it and words in there say. So a
paragraph of the story stays in an element that is called `content-share`, and so does a section about newsletters.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from workers.clean import insert_phrases as phrases
from workers.clean.page_facts import PageFacts
from workers.clean.phrases import shares
from workers.clean.places import Place
from workers.clean.reasons import DropReason
from workers.clean.segments import Cut, Segment

Reasons = Sequence[DropReason | None]

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_MOST_SHARE: Final = 3
"""One in so many of the words that were kept: what weighs more is what the page is about."""
_MOST_HIDDEN: Final = 2
_OWN_WORDS: Final = 40
"""A longer piece goes only if it says it itself."""
_MANY: Final = 3
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
"""Their ids say what they say, not what they are."""
_LONGEST: Final = 400
_MOSTLY: Final = 0.5
_PARTLY: Final = 0.25
_MOST_LINES: Final = 6
"""A page where more pieces than this begin with a notice about cookies is about cookies."""


class _Named(NamedTuple):
    """Elements that are something by their name, if words in them say the same."""

    reason: DropReason
    names: frozenset[str]
    says: Callable[[str], bool]
    most_words: int
    with_prose: bool
    """Whether whole sentences in there go as well."""


_NAMED: Final = (
    _Named("share", frozenset(("share", "shares", "sharing", "social", "addthis", "sharethis", "follow", "sns")),
           lambda text: shares(text) or phrases.opens_share(text), 80, with_prose=False),
    _Named("subscription", frozenset((
        "newsletter", "newsletters", "subscribe", "subscription", "subscriptions", "signup", "paywall", "regwall",
        "optin", "mailing", "abo", "registration", "upsell")),
           phrases.speaks_of_offer, 150, with_prose=True),
    _Named("consent", frozenset(("cookie", "cookies", "consent", "gdpr", "onetrust", "cmp", "ccm")),
           phrases.speaks_of_cookies, 150, with_prose=True),
    _Named("related", frozenset((
        "related", "recommended", "recommendation", "recommendations", "recirc", "readmore", "more", "also", "promo",
        "teaser", "popular", "trending", "suggested")),
           phrases.points_elsewhere, 200, with_prose=True),
    _Named("boilerplate", frozenset((
        "ad", "ads", "advert", "adverts", "advertisement", "advertising", "adslot", "dfp", "sponsor", "sponsored",
        "werbung", "anzeige", "publicite", "publicidad", "reklama")),
           phrases.marks_advertisement, 60, with_prose=False),
    _Named("navigation", frozenset(("tag", "tags", "taglist", "topics", "keywords")),
           phrases.opens_tags, 60, with_prose=False),
    _Named("byline", frozenset(("bio", "author", "authors", "contributor")),
           phrases.introduces_author, 150, with_prose=True),
)  # fmt: skip
_OF_PRODUCT: Final = (
    _Named("comments", frozenset(("review", "reviews", "testimonials")), phrases.opens_reviews, 2_000, with_prose=True),
    _Named("boilerplate", frozenset(("delivery", "shipping", "returns")), phrases.speaks_of_delivery, 60,
           with_prose=True),
)  # fmt: skip
_KNOWN: Final = frozenset().union(*(named.names for named in (*_NAMED, *_OF_PRODUCT)))
_MOST_WORDS: Final = max(named.most_words for named in (*_NAMED, *_OF_PRODUCT))
_LONGEST_NAME: Final = 200
_SIGNATURES: Final = frozenset(("signature", "signatures", "sig"))
_BY_FIRST: Final = frozenset(("related", "byline", "comments"))
"""Of these the first piece has to say it."""
_LINKED: Final = frozenset(("related", "navigation"))
"""Of these the links have to be a good part."""


def left_out(cut: Cut, kept: Sequence[bool], title: str | None, facts: PageFacts) -> Reasons:
    """For each piece the reason why it goes though it was kept; None for those that stay, or were not kept.

    Args:
        cut: the page.
        kept: which of its pieces the table chose.
        title: its title tag; a page that is about cookies keeps what it says of them.
        facts: what it says of its kind: signatures go from forums, reviews and delivery from products.
    """
    segments = cut.segments
    reasons: list[DropReason | None] = [None] * len(segments)
    for place, segment in enumerate(segments):
        if kept[place]:
            reasons[place] = _by_words(segment)
            if facts.is_forum:
                reasons[place] = _of_forum(segment) or reasons[place]
    _hidden(segments, kept, reasons)
    _by_names(segments, kept, reasons, (*_NAMED, *_OF_PRODUCT) if facts.is_product else _NAMED)
    _after_markers(segments, kept, reasons)
    if phrases.speaks_of_cookies(title or "") or reasons.count("consent") > _MOST_LINES:
        reasons = [None if reason == "consent" else reason for reason in reasons]
    return _without_the_page(segments, kept, reasons)


def _by_words(segment: Segment) -> DropReason | None:
    """The reason that a piece gives by itself; common words count only where it is a link."""
    text = segment.text
    if len(text) > _LONGEST:
        return None
    linked = segment.linked / len(text)
    return _by_link(segment, linked) or _by_beginning(segment)


def _by_link(segment: Segment, linked: float) -> DropReason | None:
    text = segment.text
    if linked >= _MOSTLY and segment.kind != "heading" and phrases.points_elsewhere(text):
        return "related"
    if linked >= _PARTLY and not segment.prose and (phrases.opens_share(text) or shares(text)):
        return "share"
    if linked >= _PARTLY and not segment.ends and phrases.opens_tags(text):
        return "navigation"
    return "control" if (segment.kind == "control" or linked >= _MOSTLY) and phrases.is_control(text) else None


def _by_beginning(segment: Segment) -> DropReason | None:
    text = segment.text
    if phrases.opens_consent(text):
        return "consent"
    if phrases.opens_offer(text):
        return "subscription"
    is_line = segment.kind not in {"heading", "row", "code"}
    return "boilerplate" if is_line and (phrases.marks_advertisement(text) or phrases.claims_rights(text)) else None


def _by_names(
    segments: Sequence[Segment], kept: Sequence[bool], reasons: list[DropReason | None], kinds: Sequence[_Named]
) -> None:
    """Finds the elements whose name says what they are, and asks what stands in them, kept or not."""
    held: dict[tuple[int, frozenset[str]], list[int]] = defaultdict(list)
    units: dict[tuple[int, frozenset[str]], tuple[Place, _Named]] = {}
    known: dict[int, Sequence[tuple[Place, _Named]]] = {}
    for number, segment in enumerate(segments):
        for place, named in _units(segment.place, known, kinds):
            key = id(place), named.names
            units[key] = place, named
            held[key].append(number)
    for key, numbers in held.items():
        place, named = units[key]
        if not any(kept[number] for number in numbers):
            continue
        if _says(named, place, [segments[number] for number in numbers]):
            for number in numbers:
                if kept[number] and reasons[number] is None and _goes(segments[number], named):
                    reasons[number] = named.reason


def _units(
    place: Place, known: dict[int, Sequence[tuple[Place, _Named]]], kinds: Sequence[_Named]
) -> Sequence[tuple[Place, _Named]]:
    """The elements around that are named so and small enough to be an insert."""
    if (found := known.get(id(place))) is not None:
        return found
    around = _units(place.parent, known, kinds) if place.parent is not None else ()
    own = [(place, named) for named in _named_so(place, kinds) if place.words <= named.most_words]
    known[id(place)] = found = (*around, *own) if own else around
    return found


def _named_so(place: Place, kinds: Sequence[_Named]) -> Sequence[_Named]:
    if place.tag in _HEADINGS or place.words > _MOST_WORDS:
        return ()
    name = place.name[len(place.tag) :]
    words = _words_of(name) if len(name) <= _LONGEST_NAME else _read_words(name)
    return [named for named in kinds if not named.names.isdisjoint(words)] if words else ()


def _read_words(name: str) -> frozenset[str]:
    """The words of a name that some kind of insert has."""
    return frozenset(word.lower() for word in _WORD.findall(name)) & _KNOWN


_words_of = lru_cache(16_384)(_read_words)
"""Names come again and again; what is longer than any that people write is read without being kept."""


def _says(named: _Named, place: Place, pieces: Sequence[Segment]) -> bool:
    if named.reason in _LINKED and place.linked * 4 < place.words:
        return False
    if named.reason in _BY_FIRST:
        return named.says(pieces[0].text)
    return any(named.says(piece.text) for piece in pieces)


def _goes(segment: Segment, named: _Named) -> bool:
    if segment.words > _OWN_WORDS:
        says = named.reason == "comments" or (named.reason != "related" and named.says(segment.text))
        return named.with_prose and says
    return named.with_prose or not segment.prose


def _of_forum(segment: Segment) -> DropReason | None:
    if _is_signature(segment):
        return "signature"
    return "control" if segment.words <= _OWN_WORDS and phrases.is_board_control(segment.text) else None


def _is_signature(segment: Segment) -> bool:
    above: Place | None = segment.place
    for _ in range(3):
        if above is None or segment.words > _OWN_WORDS:
            return False
        if not _SIGNATURES.isdisjoint(_WORD.findall(above.name.lower())):
            return True
        above = above.parent
    return False


def _hidden(segments: Sequence[Segment], kept: Sequence[bool], reasons: list[DropReason | None]) -> None:
    """What the page hides goes; several hidden elements of one kind with prose are answers or tabs, which open."""
    outer = [_hidden_by(segment.place) if chosen else None for segment, chosen in zip(segments, kept, strict=True)]
    units = Counter(place.unit for place in {id(place): place for place in outer if place and place.prose}.values())
    for number, place in enumerate(outer):
        if place is not None and units[place.unit] < _MANY:
            reasons[number] = "hidden"


def _hidden_by(place: Place) -> Place | None:
    """The outermost hidden element around."""
    if not place.hidden:
        return None
    while place.parent is not None and place.parent.hidden:
        place = place.parent
    return place


def _after_markers(segments: Sequence[Segment], kept: Sequence[bool], reasons: list[DropReason | None]) -> None:
    """A short line that announces other stories goes with the links behind it."""
    for number, segment in enumerate(segments):
        if not kept[number] or reasons[number] or segment.prose or segment.words > 6:
            continue
        if not (phrases.points_elsewhere(segment.text) and not segment.linked):
            continue
        links = list(_links_behind(segments, number))
        if links:
            for place in (number, *links):
                reasons[place] = reasons[place] or "related"


def _links_behind(segments: Sequence[Segment], number: int) -> Iterator[int]:
    for place in range(number + 1, len(segments)):
        segment = segments[place]
        if segment.linked * 10 < 8 * len(segment.text):
            return
        yield place


def _without_the_page(segments: Sequence[Segment], kept: Sequence[bool], reasons: Reasons) -> Reasons:
    """Leaves a reason alone that would take a good part of the page."""
    whole = sum(segment.words for segment, chosen in zip(segments, kept, strict=True) if chosen)
    weights: dict[DropReason, int] = defaultdict(int)
    for segment, reason in zip(segments, reasons, strict=True):
        if reason:
            weights[reason] += segment.words
    heavy = {
        reason
        for reason, words in weights.items()
        if words * (_MOST_HIDDEN if reason == "hidden" else _MOST_SHARE) > whole
    }
    return [None if reason in heavy else reason for reason in reasons] if heavy else reasons
