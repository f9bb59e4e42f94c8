"""One text or markdown page, from text to CLEAN: the dump of a page with no HTML left, or a text written as such."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from shared.models.clean_page import Clean, Dropped, Evidence, Image
from shared.models.raw_page import Envelope
from shared.sites.blocks import NO_BLOCKS, SiteBlocks, block_id
from workers.clean.addresses import absolute
from workers.clean.explain import joined
from workers.clean.front_matter import (
    FrontMatter,
    description_of,
    evidence_of,
    read_front_matter,
    title_of,
    values_of,
)
from workers.clean.guards import rejected
from workers.clean.head import Head, read_head
from workers.clean.headline import Declared
from workers.clean.limits import CleanLimits
from workers.clean.line import WORDED, Line
from workers.clean.lines import read_lines
from workers.clean.page_shape import Extent, Kind, extent
from workers.clean.phrases import names_policy
from workers.clean.pictures import role_by_size
from workers.clean.second_look import look_again
from workers.clean.site_blocks import REASON, Cleaned, site_places
from workers.clean.story_edges import is_said
from workers.clean.verdicts import Verdict, judge

EXTRACTOR = "pagemill-text"
_SAID_WORDS = 8
"""Of short sentences that are a story by themselves."""


class Read(NamedTuple):
    """A page as the rules see it: a verdict on each line, the page's kind, and what stands over the story."""

    verdicts: list[Verdict]
    kind: Kind
    head: Head


@dataclass(slots=True)
class _Sorted:
    """The verdicts' lines, put where they belong."""

    title: str | None = None
    standfirst: str | None = None
    paragraphs: list[str] = field(default_factory=list)
    images: dict[str, Image] = field(default_factory=dict)
    links: dict[str, None] = field(default_factory=dict)
    dropped: list[Dropped] = field(default_factory=list)


def clean_text(
    text: str, envelope: Envelope, limits: CleanLimits, site: SiteBlocks = NO_BLOCKS, *, markdown: bool
) -> Cleaned:
    """Keeps the story of a text page; each line that is not kept is listed with its reason.

    Args:
        text: the decoded page.
        envelope: for its URL and for when it was fetched.
        limits: see there.
        site: what its site repeats.
        markdown: whether inline signs are taken off the kept lines.

    Raises:
        PageRejected: `no-text`.
    """
    if text.count("\n") > limits.max_lines or _longest(text) > limits.max_line_chars:
        return Cleaned(_taken_as_it_is(text))
    front = read_front_matter(text)
    read = read_verdicts(front, envelope.url, envelope.fetched_at, markdown=markdown)
    again = read.kind == "story" and not markdown  # where links are seen, the rules are as good by themselves
    seen = look_again(read.verdicts, envelope.url) if again else read.verdicts
    verdicts, gone = _without_site(seen, site, description_of(front.fields))
    sorted_ = _sort(verdicts, envelope.url, front, limits.max_images)
    if not sorted_.paragraphs:
        _keep_all(sorted_, [verdict.line for verdict in verdicts])
    return Cleaned(_composed(sorted_, read.head, front, envelope, limits), gone)


def _longest(text: str) -> int:
    """Code points of the longest line."""
    return max(map(len, text.split("\n")))


def read_verdicts(front: FrontMatter, url: str | None, fetched_at: datetime, *, markdown: bool) -> Read:
    """What the rules say of each line of a page.

    Args:
        front: the page, with its fields apart.
        url: its address.
        fetched_at: a day after it is not believed.
        markdown: whether signs of markdown are signs.

    Raises:
        PageRejected: `no-text`.
    """
    lines = read_lines(front.rest, front.next_line, markdown=markdown)
    declared = Declared(title_of(front.fields), description_of(front.fields), url)
    found, head = _extent_and_head(lines, declared, fetched_at)
    if head.title is not None and names_policy(lines[head.title].text):
        for line in lines:
            line.of_policy = True
        found, head = _extent_and_head(lines, declared, fetched_at)
    return Read(list(judge(lines, found, head)), found.kind, head)


def _extent_and_head(lines: Sequence[Line], declared: Declared, fetched_at: datetime) -> tuple[Extent, Head]:
    found = extent(lines)
    if not found.story:
        found = found._replace(story=_all_words(lines))
    if not found.story:
        raise rejected("no-text", "no line has a word")
    return found, read_head(lines, found, declared, fetched_at)


def _without_site(
    verdicts: list[Verdict], site: SiteBlocks, description: str | None
) -> tuple[list[Verdict], tuple[str, ...]]:
    """The verdicts with what the site repeats left out of the story, and the ids of that."""
    story = [place for place, verdict in enumerate(verdicts) if verdict.use == "paragraph"]
    texts = [verdicts[place].line.text for place in story]
    title = next((verdict.line.text for verdict in verdicts if verdict.use == "title"), None)
    gone = site_places(texts, site, (title, description))
    for place in gone:
        verdicts[story[place]] = Verdict(verdicts[story[place]].line, None, REASON)
    return verdicts, tuple(dict.fromkeys(block_id(texts[place]) for place in sorted(gone)))


def _taken_as_it_is(text: str) -> Clean:
    """A page of very many lines: its blank lines part the paragraphs, and nothing is judged."""
    paragraphs = tuple(words for part in text.split("\n\n") if (words := " ".join(part.split())))
    if not any(any(map(str.isalnum, words)) for words in paragraphs):
        raise rejected("no-text", "no line has a word")
    return Clean(paragraphs=paragraphs, extractor=f"{EXTRACTOR}-as-it-is")


def _all_words(lines: Sequence[Line]) -> range:
    """Where no line reads as prose: from the first short sentence to the last, else from the first word to the last."""
    places = [place for place, line in enumerate(lines) if line.shape in WORDED]
    said = [place for place in places if is_said(lines, place)]
    found = said if sum(lines[place].words for place in said) >= _SAID_WORDS else places
    return range(found[0], found[-1] + 1) if found else range(0)


def _sort(verdicts: Iterable[Verdict], url: str | None, front: FrontMatter, most: int) -> _Sorted:
    found = _Sorted()
    if front.block:
        found.dropped.append(Dropped(text=front.block, reason="front-matter", line=1))
    for line, use, why in verdicts:
        reason = why
        if use == "title":
            found.title = line.text
        elif use == "standfirst":
            found.standfirst = line.text
        elif use == "paragraph":
            found.paragraphs.append("  " * line.level + line.text if line.shape == "item" else line.text)
            found.links.update(dict.fromkeys(filter(None, (absolute(url, link) for link in line.links))))
        in_story = use is not None and reason is None
        listed = [
            _add_image(found, absolute(url, address), alt, most, in_story=in_story) for address, alt in line.images
        ]
        if line.shape == "picture" and not all(listed):
            reason = "unlisted-picture"
        if reason:
            found.dropped.append(Dropped(text=line.raw.strip(), reason=reason, line=line.number))
    return found


def _add_image(found: _Sorted, address: str | None, alt: str, most: int, *, in_story: bool) -> bool:
    """Whether the picture is listed now."""
    if address and address not in found.images and len(found.images) < most:
        role = role_by_size(address, in_story=in_story)
        found.images[address] = Image(url=address, alt=" ".join(alt.split()) or None, role=role)
    return address in found.images


def _keep_all(found: _Sorted, lines: Sequence[Line]) -> None:
    """A page whose headline would be all that is kept: it is its text."""
    kept = {line.number for line in lines if line.shape in WORDED}
    found.title = found.standfirst = None
    found.paragraphs = [line.text for line in lines if line.number in kept]
    found.dropped = [entry for entry in found.dropped if entry.line not in kept]


def _composed(found: _Sorted, head: Head, front: FrontMatter, envelope: Envelope, limits: CleanLimits) -> Clean:
    declared = title_of(front.fields)
    values = values_of(front.fields, envelope.url, envelope.fetched_at)
    evidence = evidence_of(values, front.fields, envelope.fetched_at)
    if found.title:
        evidence["title"] = Evidence(found_in="page", confidence=0.9 if declared else 0.7)
    elif declared:
        evidence["title"] = Evidence(found_in="front-matter", confidence=0.8)
    if found.standfirst:
        evidence["standfirst"] = Evidence(found_in="page", confidence=0.7)
    for name, value in (("authors", head.authors), ("published", head.published)):
        if value and name not in values:
            values[name] = value
            zone = "unknown" if name == "published" else None
            evidence[name] = Evidence(found_in="byline", confidence=0.6, zone=zone)
    return Clean.model_validate(
        {
            **values,
            "title": found.title or declared,
            "standfirst": found.standfirst,
            "paragraphs": found.paragraphs,
            "images": list(found.images.values()),
            "links": list(found.links)[: limits.max_links],
            "dropped": _listed(found.dropped, limits.max_dropped),
            "evidence": evidence,
            "extractor": EXTRACTOR,
        }
    )


def _listed(dropped: Sequence[Dropped], most: int) -> Sequence[Dropped]:
    return joined(dropped, most) if most and len(dropped) > most else dropped if most else ()
