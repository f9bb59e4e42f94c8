"""What is known of sites, for people to look at."""

from struct import Struct
from typing import Any, Final

import redis

from shared.ledger.connection import available
from shared.models.frozen import Carried, Moment
from shared.moments import from_ms
from shared.sites.keys import Keys

_ENTRY: Final = Struct(">IIIdd")
"""Stories that hold it, number of the first and of the last such story, when it was learnt and last seen (ms)."""


class SiteBlock(Carried):
    """A block that a site repeats."""

    id: str
    text: str | None
    """Its first 200 characters; None where they were not noted."""
    kept: bool
    """Whether somebody wants it kept: then it is not dropped."""
    stories: int
    """Different stories that held it since it was first seen; 0 where it is not seen any more."""
    share: float
    """Of the site's stories since then."""
    learnt_at: Moment | None
    seen_at: Moment | None


class SiteMemory(Carried):
    """What is known of a site."""

    site: str
    stories: int
    """Different stories that were looked at."""
    blocks: tuple[SiteBlock, ...]
    """The most frequent first."""


class SiteSummary(Carried):
    """A site, and how much of it is known."""

    site: str
    stories: int
    """Different stories that were looked at."""
    blocks: int
    seen_at: Moment


class SiteFigures(Carried):
    """Sums since the memory began."""

    sites: int
    """Remembered now."""
    learnt: int
    """Blocks that became their site's own."""
    forgotten: int
    """Those of them that were not seen any more."""


def read_memory(client: redis.Redis, keys: Keys, site: str) -> SiteMemory:
    """What is known of one site; no blocks of one that is not known. Raises DependencyUnavailable."""
    pipe = client.pipeline(transaction=False)
    for key in (keys.blocks(site), keys.texts(site), keys.kept(site)):
        pipe.hgetall(key)
    pipe.hget(keys.stories, site)
    with available("sites"):
        blocks, texts, kept, told = pipe.execute()
    stories = int(told or 0)
    shown = [
        _block(block, blocks.get(block), kept.get(block) or texts.get(block), stories, kept=block in kept)
        for block in {**blocks, **kept}
    ]
    return SiteMemory(
        site=site, stories=stories, blocks=tuple(sorted(shown, key=lambda each: (-each.stories, each.id)))
    )


def read_summaries(client: redis.Redis, keys: Keys, most: int) -> list[SiteSummary]:
    """The sites that were seen last. Raises DependencyUnavailable."""
    with available("sites"):
        order: Any = client.zrevrange(keys.order, 0, most - 1, withscores=True)
        pipe = client.pipeline(transaction=False)
        for site, _ in order:
            pipe.hget(keys.stories, site)
            pipe.hlen(keys.blocks(site.decode()))
        told = pipe.execute()
    return [
        SiteSummary(site=site.decode(), stories=int(stories or 0), blocks=blocks, seen_at=from_ms(int(seen)))
        for (site, seen), stories, blocks in zip(order, told[0::2], told[1::2], strict=True)
    ]


def read_figures(client: redis.Redis, keys: Keys) -> SiteFigures:
    """Sums for Prometheus. Raises DependencyUnavailable."""
    with available("sites"):
        sites: Any = client.zcard(keys.order)
        told: Any = client.hgetall(keys.figures)
    return SiteFigures(sites=sites, learnt=int(told.get(b"learnt", 0)), forgotten=int(told.get(b"forgotten", 0)))


def _block(block: bytes, entry: bytes | None, text: bytes | None, stories: int, *, kept: bool) -> SiteBlock:
    shown = text.decode("utf-8", "replace") if text else None
    if entry is None:
        return SiteBlock(id=block.hex(), text=shown, kept=kept, stories=0, share=0, learnt_at=None, seen_at=None)
    count, first, _, since, seen = _ENTRY.unpack(entry)
    return SiteBlock(
        id=block.hex(),
        text=shown,
        kept=kept,
        stories=count,
        share=round(min(1.0, count / max(1, stories - first + 1)), 3),
        learnt_at=from_ms(int(since)),
        seen_at=from_ms(int(seen)),
    )
