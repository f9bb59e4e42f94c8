"""One run of `pagemill post`: every item of the inputs, answered."""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from services.cli.client import Client, ServerRefused, path_of
from services.cli.posting.batches import Limits, batches
from services.cli.posting.bookmark import Bookmark, Saved
from services.cli.posting.inputs import Input
from services.cli.posting.items import Reading
from services.cli.posting.pace import Pace
from services.cli.posting.progress import Shown
from services.cli.posting.rejections import Rejections
from services.cli.posting.sending import Answered, Sender
from services.cli.posting.tally import Tally
from services.cli.posting.walking import leads_back, walk


class Follower(Protocol):
    """Who wants to hear of answers."""

    def note(self, answered: Answered) -> None:
        """Some items were answered."""


@dataclass
class Run:
    """What a run needs, and what has come of it.

    Args:
        inputs: from `find`.
        reading: how they are read.
        limits: of the services.
        sender: posts.
        shown: the progress.
        rejections: what was rejected.
        bookmark: where to keep the place; None: nowhere.
        saved: the place to go on from.
        follower: hears of each answer.
    """

    inputs: Sequence[Input]
    reading: Reading
    limits: Limits
    sender: Sender
    shown: Shown
    rejections: Rejections
    bookmark: Bookmark | None = None
    saved: Saved | None = None
    follower: Follower | None = None
    tally: Tally = field(default_factory=Tally)
    witness: str | None = None

    def go(self) -> None:
        """Posts until every item is answered; the bookmark is gone then."""
        if self.saved:
            self.tally = Tally.going_on(self.saved.counts)
            self.witness = self.saved.witness
        walked = walk(self.inputs, self.reading, sys.stdin.buffer, self.saved.place if self.saved else None)
        pace = Pace()
        for batch in batches(walked, self.limits, pace):
            begun = time.monotonic()
            for answered in self.sender.send(batch):
                self._note(answered)
            pace.answered(len(batch), time.monotonic() - begun)
        if self.bookmark:
            self.bookmark.clear()

    @property
    def way_on(self) -> str:
        """How to post what is left."""
        return "the same command again goes on from there" if self.bookmark else "post what is left"

    def _note(self, answered: Answered) -> None:
        for placed, problem in answered.problems:
            self.rejections.add(placed, problem)
        self.tally.add(answered.counts)
        self.witness = next((str(told["id"]) for told in reversed(answered.results) if "id" in told), self.witness)
        if self.follower:
            self.follower.note(answered)
        self._keep(answered)
        self.shown.moved(self.tally, answered.items[-1].read)

    def _keep(self, answered: Answered) -> None:
        if self.bookmark is None:
            return
        try:
            self.bookmark.save(answered.items[-1].place, self.tally.counts, self.witness)
        except OSError as error:
            self.shown.remark(f"{self.bookmark.path} cannot be written: {error.strerror}; a cut run will begin anew")
            self.bookmark = None


def where_it_was_cut(bookmark: Bookmark, inputs: Sequence[Input], client: Client, shown: Shown) -> Saved | None:
    """What an earlier run left, if it still holds: the same inputs, and services that know what they answered."""
    saved = bookmark.load()
    if saved is None:
        return None
    if saved.options != bookmark.options:
        shown.remark(f"{bookmark.path} holds the place of another command (options or address); beginning anew")
        return None
    if not leads_back(saved.place, inputs):
        shown.remark(f"the inputs have changed since {saved.saved_at}; beginning anew")
        return None
    if saved.witness is None or not _known(client, saved.witness):
        shown.remark(f"the services do not know what they answered until {saved.saved_at}; beginning anew")
        return None
    count = sum(saved.counts.values())
    shown.remark(f"{count:,} items were answered until {saved.saved_at}; going on from there (--restart begins anew)")
    return saved


def _known(client: Client, page_id: str) -> bool:
    try:
        client.get(path_of("v1", "pages", page_id))
    except ServerRefused as refused:
        if refused.status == 404:
            return False
        raise
    return True
