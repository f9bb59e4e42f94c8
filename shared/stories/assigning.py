"""Which pages tell the same story.

A page's near copies are in the index, or on their way there. It registers in Redis first and asks the index second:
a copy that is no longer in Redis at that moment was searchable before it left, so the index has it. Copies that are on
their way together meet in Redis, in one order for all; the later one waits for the earlier one's answer from the
index, so both take the story that the earlier one finds.
"""

import time
from collections.abc import Sequence
from typing import Final, Protocol

import redis

from shared.models.document import Document
from shared.models.frozen import PageId
from shared.stories.fingerprint import bands, similarity
from shared.stories.in_flight import Claim, InFlight, Met
from shared.urls import content_id

THRESHOLD: Final = 0.4
"""Estimated Jaccard index from which two texts are near copies: all of 236 labelled texts (WCXB) with 15 % of their
words edited lie above it, and no two different ones of them reach .11."""
_WAIT_SECONDS: Final = 2.0
"""How long an earlier near copy is waited for; its answer takes milliseconds unless its worker was killed."""
_POLL_SECONDS: Final = 0.005


class Indexed(Protocol):
    """What is asked of the index; a `shared.search.port.SearchIndex` is one."""

    def get(self, page_id: PageId) -> Document | None:
        """The document as it was last made searchable."""

    def story_candidates(self, bands: Sequence[str], limit: int = 20) -> list[tuple[PageId, str, str]]:
        """`(id, story, fingerprint)` of indexed pages that share a band."""


class Stories:
    """Gives near copies one story.

    Args:
        client: Redis, from `shared.ledger.connection.connect`.
        prefix: put before every key.
        index: where near copies are searchable; it must see what was made searchable before a call.

    Every method raises DependencyUnavailable where Redis or the index is away.
    """

    def __init__(self, client: redis.Redis, prefix: str, index: Indexed) -> None:
        self._in_flight = InFlight(client, prefix)
        self._index = index

    def assign(self, documents: Sequence[Document]) -> list[str]:
        """The story of each document: that of its near copies, else its own id; the same when asked again.

        A document without a fingerprint is its own story. One whose text has become another since it was indexed
        gets a story id of its own that no page has, for others may still share the story that bears its id.
        """
        stories = {at: each.id for at, each in enumerate(documents)}
        comparable = [at for at, each in enumerate(documents) if each.fingerprint]
        if comparable:
            chosen = [documents[at] for at in comparable]
            claims = list(map(self._claim, chosen, self._in_flight.meet(chosen, THRESHOLD)))
            stories.update(zip(comparable, self._confirmed(claims), strict=True))
        return [stories[at] for at in range(len(documents))]

    def indexed(self, page_id: PageId) -> Document | None:
        """The page's document as it was last made searchable."""
        return self._index.get(page_id)

    def settle(self, documents: Sequence[Document]) -> None:
        """The index has answered for these: Redis forgets them."""
        if documents:
            self._in_flight.settle(documents)

    def _claim(self, document: Document, met: Met) -> Claim:
        if met.story:
            return Claim(document, met.story, "")
        story = self._indexed_story(document)
        if story is None and met.behind:
            return Claim(document, "", met.behind)
        return Claim(document, story or self._own_story(document, changed=met.changed), "")

    def _confirmed(self, claims: list[Claim]) -> list[str]:
        """Makes the claims known, and waits for those of others that they build on."""
        deadline = time.monotonic() + _WAIT_SECONDS
        while True:
            told = self._in_flight.confirm(claims, wait=time.monotonic() < deadline)
            if all(told):
                return [story for story in told if story]
            claims = [
                self._claim_alone(claim) if story is None else claim._replace(story=story)
                for claim, story in zip(claims, told, strict=True)
            ]
            if "" in told:
                time.sleep(_POLL_SECONDS)

    def _claim_alone(self, claim: Claim) -> Claim:
        """The near copy that it waited for has left; the index has it now, unless the index refused it."""
        story = self._indexed_story(claim.document) or self._own_story(claim.document, changed=False)
        return Claim(claim.document, story, "")

    def _indexed_story(self, document: Document) -> str | None:
        """The story of the nearest copy in the index; of its own last version where that is one."""
        mine = document.fingerprint or ""
        near = [
            (page_id == document.id, likeness, story)
            for page_id, story, theirs in self._index.story_candidates(bands(mine))
            if (likeness := similarity(mine, theirs)) >= THRESHOLD
        ]
        return max(near)[2] if near else None

    def _own_story(self, document: Document, *, changed: bool) -> str:
        mine = document.fingerprint or ""
        if not changed:
            before = self._index.get(document.id)
            changed = bool(before and before.fingerprint and similarity(mine, before.fingerprint) < THRESHOLD)
        return content_id(f"{document.id} {mine}".encode()) if changed else document.id
