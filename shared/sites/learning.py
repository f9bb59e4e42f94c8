"""What sites repeat, learnt as pages flow, in Redis.

A site's memory is bounded: the last 200 stories, 400 blocks that may become the site's own, 200 that have. A block is
counted once for each story, however often its pages are cleaned, fetched or copied.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

import redis

from shared.ledger.connection import Argument, available
from shared.sites.blocks import BLOCK_BYTES, Sighting, SiteBlocks, both_ends
from shared.sites.keys import Keys
from shared.sites.policy import Policy
from shared.sites.shown import SiteFigures, SiteMemory, SiteSummary, read_figures, read_memory, read_summaries

_SCRIPT: Final = Path(__file__).parent / "lua" / "learn.lua"
_DAY_MS: Final = 86_400_000


class Sites:
    """The memory of all sites.

    Args:
        client: Redis, from `shared.ledger.connection.connect`.
        prefix: put before every key.
        policy: what has to be seen.

    Every method raises DependencyUnavailable where Redis is away; `learn` and `keep` where it is full, too.
    """

    def __init__(self, client: redis.Redis, prefix: str, policy: Policy) -> None:
        self._client = client
        self._keys = Keys(prefix)
        self._policy = policy
        self._learn: Any = None

    def learn(self, sightings: Sequence[Sighting]) -> int:
        """Counts what pages say, in one step; how many blocks became their site's own by it."""
        if not sightings:
            return 0
        policy = self._policy
        arguments: list[Argument] = [self._keys.prefix, policy.stories, policy.share]
        arguments += [int(policy.days * _DAY_MS), policy.sites]
        for each in sightings:
            arguments += [each.site, _digest(each.page), _digest(each.story)]
            arguments += [_packed(each.blocks), _packed(each.dropped)]
        with available("sites"):
            if self._learn is None:
                self._learn = self._client.register_script(_script())
            told: list[bytes] = self._learn(keys=(), args=arguments)
        learnt = list(zip(map(bytes.decode, told[0::2]), map(bytes.hex, told[1::2]), strict=True))
        self._note_texts(learnt, sightings)
        return len(learnt)

    def known(self, sites: Collection[str]) -> dict[str, SiteBlocks]:
        """What is dropped from pages of these sites; asked in one go."""
        if not sites:
            return {}
        pipe = self._client.pipeline(transaction=False)
        for site in sites:
            pipe.hkeys(self._keys.blocks(site))
            pipe.hkeys(self._keys.kept(site))
        with available("sites"):
            told = pipe.execute()
        return {
            site: SiteBlocks(ids=frozenset(map(bytes.hex, set(blocks) - set(kept))))
            for site, blocks, kept in zip(sites, told[0::2], told[1::2], strict=True)
        }

    def memory(self, site: str) -> SiteMemory:
        """What is known of one site."""
        return read_memory(self._client, self._keys, site)

    def summaries(self, most: int) -> list[SiteSummary]:
        """The sites that were seen last, and how much of them is known."""
        return read_summaries(self._client, self._keys, most)

    def figures(self) -> SiteFigures:
        """Sums for Prometheus."""
        return read_figures(self._client, self._keys)

    def keep(self, site: str, block: str) -> bool | None:
        """Has a block kept until `unkeep`; False where it was already, None where the site has none such."""
        client, raw = cast("Any", self._client), bytes.fromhex(block)
        with available("sites"):
            if client.hexists(self._keys.kept(site), raw):
                return False
            if not client.hexists(self._keys.blocks(site), raw):
                return None
            client.hset(self._keys.kept(site), raw, client.hget(self._keys.texts(site), raw) or b"")
        return True

    def unkeep(self, site: str, block: str) -> bool:
        """A block is dropped again where it still recurs; False where nobody wanted it kept."""
        with available("sites"):
            return bool(cast("Any", self._client).hdel(self._keys.kept(site), bytes.fromhex(block)))

    def _note_texts(self, learnt: Iterable[tuple[str, str]], sightings: Sequence[Sighting]) -> None:
        """So that a person can read what a block says."""
        texts = {(each.site, block): text for each in sightings for block, text in each.blocks.items()}
        pipe: Any = self._client.pipeline(transaction=False)
        for site, block in learnt:
            if text := texts.get((site, block)):
                pipe.hset(self._keys.texts(site), bytes.fromhex(block), text.encode("utf-8", "ignore"))
        if len(pipe):
            with available("sites"):
                pipe.execute()


def _packed(blocks: Iterable[str]) -> bytes:
    return b"".join(map(bytes.fromhex, both_ends(list(blocks))))


def _digest(page: str) -> bytes:
    return hashlib.blake2b(page.encode(), digest_size=BLOCK_BYTES).digest()


@cache
def _script() -> str:
    """It grows, so Redis may refuse it at its memory limit: then nothing is learnt, and no page waits for it."""
    return "#!lua\n" + _SCRIPT.read_text()
