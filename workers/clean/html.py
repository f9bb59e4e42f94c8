"""One HTML page, from text to CLEAN."""

from collections.abc import Sequence

from lxml.html import HtmlElement

from shared.models.clean_page import Clean, Dropped, Evidence
from shared.models.raw_page import Envelope
from shared.sites.blocks import NO_BLOCKS, SiteBlocks, block_id
from workers.clean.addresses import absolute, base_of
from workers.clean.blocks import Block, Page, Story, read_page, without
from workers.clean.choosing import choose
from workers.clean.composing import paragraphs_of
from workers.clean.explain import dropped_blocks
from workers.clean.guards import rejected
from workers.clean.insert_phrases import asks_for_scripts
from workers.clean.inserts import Reasons, left_out
from workers.clean.limits import CleanLimits
from workers.clean.main_text import MainText, by_resiliparse, by_trafilatura
from workers.clean.metadata import Metadata, read_metadata
from workers.clean.page_facts import PageFacts, read_facts
from workers.clean.pictures import read_images
from workers.clean.products import with_properties
from workers.clean.segments import Cut, Segment, cut
from workers.clean.site_blocks import REASON, Cleaned, site_places
from workers.clean.standfirst import standfirst_of
from workers.clean.stripping import by_stripping, head_of
from workers.clean.tree import is_crowded, is_long, is_packed, parse

EXTRACTOR = "pagemill-html"
_HEAD = 4
"""Paragraphs that a byline, a day and a standfirst may be among."""
_UNLIKE = 0.05
"""Of its letters: where our own pieces hold the rest of trafilatura's text, they give it with its shape."""


def clean_html(text: str, envelope: Envelope, limits: CleanLimits, site: SiteBlocks = NO_BLOCKS) -> Cleaned:
    """Keeps the story of an HTML page, its fields, pictures and links.

    Args:
        text: the decoded page.
        envelope: for its URL, which references are resolved against, and for when it was fetched.
        limits: see there.
        site: what its site repeats.

    Raises:
        PageRejected: `nested-too-deep` or `no-text`.
    """
    if text.count("<") > limits.max_tags:
        return _stripped(text, envelope, limits, site)
    tree = parse(text, limits)
    endless = is_long(tree, len(text))
    crowded = endless or is_crowded(tree, len(text), limits)
    shown = _head_of(tree) if crowded else tree
    meta = read_metadata(shown, envelope.url, envelope.fetched_at, search_body=not crowded)
    base = base_of(tree, envelope.url)
    if endless or (crowded and is_packed(tree, limits)):
        page, story = Page((), ()), by_resiliparse(tree, whole=endless)
    else:
        page, story = _read(tree, text, envelope, limits, crowded=crowded)
    if not story or all(map(asks_for_scripts, story.paragraphs)):
        raise rejected("no-text", "no extractor found any" if not story else "it only asks for scripts")
    return _without_site(story, meta, page, base, limits, site)


def _read(
    tree: HtmlElement, text: str, envelope: Envelope, limits: CleanLimits, *, crowded: bool
) -> tuple[Page, MainText | None]:
    """The story by our own table; by trafilatura where that is unsure, and by resiliparse where both find nothing.

    Trafilatura reads the page anew, as cutting has taken tags out of the tree; a crowded page would take it seconds.
    """
    facts, title = read_facts(tree, text, envelope.url), tree.findtext(".//title")
    found = cut(tree)
    choice = choose(found, facts, title)
    reasons = left_out(found, choice.kept, title, facts)
    ours = MainText(paragraphs_of(_staying(found, choice.kept, reasons)), EXTRACTOR)
    sure = crowded or (choice.sureness >= limits.sure_enough and not facts.is_product)
    if ours.paragraphs and sure:
        return read_page(found, choice.kept, reasons), ours
    theirs = None if crowded else by_trafilatura(parse(text, limits))
    other = theirs or (ours if ours.paragraphs else by_resiliparse(tree))
    if other is None or other is ours:
        return read_page(found, choice.kept, reasons), other
    return _as_other(found, other, title, facts)


def _as_other(found: Cut, other: MainText, title: str | None, facts: PageFacts) -> tuple[Page, MainText]:
    """What another extractor keeps, as our own pieces where they hold the same, without what goes by rule."""
    story = Story(other.paragraphs)
    had = [story.has(segment.text) for segment in found.segments]
    shaped = paragraphs_of([segment for segment, held in zip(found.segments, had, strict=True) if held])
    mine, theirs = sum(map(len, shaped)), sum(map(len, other.paragraphs))
    is_alike = abs(mine - theirs) <= _UNLIKE * theirs
    if is_alike and facts.is_product:
        had = with_properties(found, had)
    reasons = left_out(found, had, title, facts)
    if is_alike:
        story_text = paragraphs_of(_staying(found, had, reasons))
    else:
        gone = Story([segment.text for segment, reason in zip(found.segments, reasons, strict=True) if reason])
        story_text = tuple(paragraph for paragraph in other.paragraphs if not gone.has_line(paragraph))
    return read_page(found, had, reasons), MainText(story_text, other.extractor)


def _staying(found: Cut, kept: Sequence[bool], reasons: Reasons) -> list[Segment]:
    """The pieces that are kept and that no rule takes out."""
    return [
        segment
        for segment, chosen, reason in zip(found.segments, kept, reasons, strict=True)
        if chosen and reason is None
    ]


def _stripped(text: str, envelope: Envelope, limits: CleanLimits, site: SiteBlocks) -> Cleaned:
    story = by_stripping(text)
    if not story:
        raise rejected("no-text", "nothing was left without the tags")
    tree = parse(head_of(text), limits)
    meta = read_metadata(tree, envelope.url, envelope.fetched_at, search_body=False)
    return _without_site(story, meta, Page((), ()), base_of(tree, envelope.url), limits, site)


def _without_site(  # noqa: PLR0913  (what a CLEAN is composed of)
    story: MainText, meta: Metadata, page: Page, base: str | None, limits: CleanLimits, site: SiteBlocks
) -> Cleaned:
    """Composes the page without what its site repeats."""
    places = site_places(story.paragraphs, site, (meta.title, meta.description))
    if not places:
        return Cleaned(_composed(story, meta, page, base, limits))
    gone = {block_id(text): text for place, text in enumerate(story.paragraphs) if place in places}
    listed = {block_id(block.text) for block in page.blocks if block.kept}
    kept = tuple(text for place, text in enumerate(story.paragraphs) if place not in places)
    made = _composed(story._replace(paragraphs=kept), meta, without(page, gone, REASON), base, limits)
    more = tuple(Dropped(text=text, reason=REASON) for block, text in gone.items() if block not in listed)
    listed_too = made.dropped + more if limits.max_dropped else ()
    return Cleaned(made.model_copy(update={"dropped": listed_too}), tuple(gone))


def _composed(story: MainText, meta: Metadata, page: Page, base: str | None, limits: CleanLimits) -> Clean:
    paragraphs = _without_title(story.paragraphs, meta.title)
    standfirst, evidence = standfirst_of(page.blocks, meta, paragraphs), dict(meta.evidence)
    if standfirst and len(paragraphs) > 1 and standfirst in paragraphs[:_HEAD]:
        paragraphs = tuple(text for place, text in enumerate(paragraphs) if place >= _HEAD or text != standfirst)
    if standfirst:
        evidence["standfirst"] = Evidence(found_in="page", confidence=0.7)
    return Clean(
        title=meta.title,
        standfirst=standfirst,
        paragraphs=paragraphs,
        authors=meta.authors,
        published=meta.published,
        site_name=meta.site_name,
        canonical_url=meta.canonical_url,
        language_hint=meta.language_hint,
        images=read_images(page.pictures, base, meta.image, limits.max_images),
        links=_links(page.blocks, base, limits.max_links),
        dropped=dropped_blocks(page.blocks, limits.max_dropped, (meta.title, standfirst)),
        evidence=evidence,
        extractor=story.extractor,
    )


def _head_of(tree: HtmlElement) -> HtmlElement:
    """A page with the same head and no body, for readers that would walk a crowded body many times."""
    root = tree.makeelement(tree.tag, dict(tree.attrib))
    head = tree.find("head")
    if head is not None:
        root.append(head)
    root.append(tree.makeelement("body"))
    return root


def _without_title(paragraphs: tuple[str, ...], title: str | None) -> tuple[str, ...]:
    """The story without the headline over it, unless there is nothing else."""
    if title and len(paragraphs) > 1 and paragraphs[0].casefold() == title.casefold():
        return paragraphs[1:]
    return paragraphs


def _links(blocks: Sequence[Block], base: str | None, most: int) -> tuple[str, ...]:
    """Where the story's own links go, each once."""
    found: dict[str, None] = {}
    for block in blocks:
        if not block.kept:
            continue
        for link in block.links:
            if len(found) >= most:
                return tuple(found)
            if url := absolute(base, link):
                found[url] = None
    return tuple(found)
