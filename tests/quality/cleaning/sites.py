"""`python -m tests.quality sites`: what it adds that a site's own blocks are learnt, on ten pages of each site."""

import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil

from shared.errors import PageRejected
from shared.ledger.connection import connect
from shared.models.clean_page import CleanPage
from shared.models.raw_page import Envelope, RawPage
from shared.sites import NO_BLOCKS, SiteBlocks, Sites
from shared.sites.blocks import Sighting, blocks_of
from shared.sites.policy import Policy
from shared.stories.assigning import THRESHOLD
from shared.stories.fingerprint import similarity
from tests.conftest import start_valkey
from tests.quality.cleaning.extractors import FETCHED
from tests.quality.cleaning.labelled import SHAPES, read_pages
from tests.quality.cleaning.scores import score
from tests.quality.cleaning.sister_pages import PAGES, Sister, dump_sites, html_sites
from tests.quality.cleaning.tables import folder
from workers.clean import clean
from workers.enrich.fingerprint import fingerprint

_BATCH: Final = 16


@dataclass
class Told:
    """F1 by a page's place among the ten, without and with what was learnt before it, and what was dropped."""

    without: list[list[float]] = field(default_factory=lambda: [[] for _ in range(PAGES)])
    learnt: list[list[float]] = field(default_factory=lambda: [[] for _ in range(PAGES)])
    sites: int = 0
    dropped: int = 0
    wrong: list[str] = field(default_factory=list)
    """Blocks that went and that a person kept."""
    sightings: list[Sighting] = field(default_factory=list)

    def mean(self, found: Sequence[Sequence[float]], first: int = 0) -> float:
        values = [value for place in found[first:] for value in place]
        return sum(values) / max(1, len(values))


def measure() -> None:
    """Prints the table."""
    pages = [page for page in read_pages(folder()) if not page.is_held_out]
    print("CPU ms a page: asking and learning in batches of 16, in the worker and in Redis")
    print(f"Ten pages of each site, made of {len(pages)} pages: F1 without and with what was learnt from those before")
    print(f"{'':12}{'sites':>8}{'all ten':>20}{'the last five':>20}{'dropped':>10}{'wrongly':>10}{'CPU ms':>10}")
    for name, sites in (("html", html_sites(pages)), *((shape, dump_sites(pages, shape)) for shape in SHAPES)):
        told = learnt_on(sites)
        cells = [f"{told.mean(told.without, first):.3f} > {told.mean(told.learnt, first):.3f}" for first in (0, 5)]
        ms = _cost(told.sightings)
        print(f"{name:12}{told.sites:8}{cells[0]:>20}{cells[1]:>20}{told.dropped:10}{len(told.wrong):10}{ms:10.2f}")


def learnt_on(sites: Iterable[Sequence[Sister]], policy: Policy = Policy()) -> Told:  # noqa: B008  (a tuple)
    """Takes the pages of each site through cleaning and learning, one after the other."""
    told = Told()
    with tempfile.TemporaryDirectory() as place:
        process, url = start_valkey(Path(place))
        try:
            memory = Sites(connect(url), "quality:", policy)
            for number, sisters in enumerate(sites):
                told.sites += 1
                _take(sisters, f"site{number}.example", memory, told)
        finally:
            process.kill()
            process.wait()
    return told


def _cost(sightings: Sequence[Sighting]) -> float:
    """CPU ms a page of all that workers do beside cleaning: ids of blocks, one question and one step a batch."""
    with tempfile.TemporaryDirectory() as place:
        process, url = start_valkey(Path(place))
        try:
            memory, server = Sites(connect(url), "quality:", Policy()), psutil.Process(process.pid)
            before = time.process_time(), sum(server.cpu_times()[:2])
            for start in range(0, len(sightings), _BATCH):
                batch = sightings[start : start + _BATCH]
                memory.known({each.site for each in batch})
                memory.learn([each._replace(blocks=blocks_of(each.blocks.values())) for each in batch])
            spent = time.process_time() - before[0] + sum(server.cpu_times()[:2]) - before[1]
        finally:
            process.kill()
            process.wait()
    return float(1000 * spent / max(1, len(sightings)))


def _take(sisters: Sequence[Sister], site: str, memory: Sites, told: Told) -> None:
    stories: dict[str, str] = {}
    for place, sister in enumerate(sisters):
        plain = _cleaned(sister, site, place, NO_BLOCKS)
        told.without[place].append(score(plain.clean.text if plain else "", sister.text).f1)
        known = memory.known([site])[site]
        page = _cleaned(sister, site, place, known) if known.ids else plain
        told.learnt[place].append(score(page.clean.text if page else "", sister.text).f1)
        if page is None or plain is None:
            continue
        gone = [text for text in plain.clean.paragraphs if text not in set(page.clean.paragraphs)]
        told.dropped += len(gone)
        told.wrong += [text for text in gone if score(text, sister.text).precision > 0.5]
        story = _story(page, stories)
        told.sightings.append(
            Sighting(site, page.envelope.id, story, blocks_of(page.clean.paragraphs), page.site_blocks)
        )
        memory.learn(told.sightings[-1:])


def _story(page: CleanPage, stories: dict[str, str]) -> str:
    """As the mill has it: that of a near copy before it, else its own."""
    mine = fingerprint(page.clean.text) or ""
    found = next((each for each, other in stories.items() if mine and similarity(mine, other) >= THRESHOLD), None)
    if found is None and mine:
        stories[page.envelope.id] = mine
    return found or page.envelope.id


def _cleaned(sister: Sister, site: str, place: int, known: SiteBlocks) -> CleanPage | None:
    envelope = Envelope(
        id=f"{site}-{place}".replace(".", "-"),
        version=1,
        url=f"https://{site}/stories/{place}",
        content_type=sister.content_type,
        fetched_at=FETCHED,
    )
    try:
        return clean(RawPage(envelope=envelope, body=sister.content.encode("utf-8", "ignore")), site=known)
    except PageRejected:
        return None
