"""What a run of `pagemill post` was asked for."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.cli.client import Client
from services.cli.posting.batches import Limits
from services.cli.posting.bookmark import Bookmark
from services.cli.posting.inputs import Input
from services.cli.posting.items import Reading
from services.cli.posting.progress import Shown
from services.cli.posting.rejections import Rejections
from services.cli.posting.renaming import renaming
from services.cli.posting.run import Follower, Run, where_it_was_cut
from services.cli.posting.sending import Sender


@dataclass(frozen=True)
class Order:
    """The options of the command, as far as posting goes."""

    inputs: tuple[Input, ...]
    mapping: str | None = None
    source: str | None = None
    tags: tuple[str, ...] = ()
    url: str | None = None
    patience: float = 60.0
    errors: Path | None = None
    resume: Path | None = None
    restart: bool = False

    def limits(self, client: Client) -> Limits:
        """What the services take; the first thing that they are asked for."""
        return Limits.of(client.get("/v1/limits"))

    @contextmanager
    def run(self, client: Client, limits: Limits, shown: Shown, follower: Follower | None) -> Iterator[Run]:
        """The run, from where an earlier one was cut."""
        rename = renaming(self.mapping) if self.mapping is not None else None
        bookmark = self._bookmark(client.url)
        saved = None
        with ExitStack() as held:
            if bookmark:
                held.enter_context(bookmark.held())
            if bookmark and not self.restart:
                saved = where_it_was_cut(bookmark, self.inputs, client, shown)
            rejections = held.enter_context(Rejections(self.errors, shown.remark, go_on=saved is not None))
            yield Run(
                inputs=self.inputs,
                reading=Reading(limits.page_max_bytes, limits.request_max_bytes, rename, self.url),
                limits=limits,
                sender=Sender(client, self._defaults(), self.patience, shown.remark),
                shown=shown,
                rejections=rejections,
                bookmark=bookmark,
                saved=saved,
                follower=follower,
            )

    def _defaults(self) -> dict[str, Any]:
        told: dict[str, Any] = {"source": self.source, "tags": list(self.tags)}
        return {name: value for name, value in told.items() if value}

    def _bookmark(self, url: str) -> Bookmark | None:
        """None for standard input, of which nobody can say that it is the same one again, unless a file is named."""
        options = [url, self.mapping or "", self.source or "", self.url or "", *sorted(self.tags)]
        if self.resume:
            return Bookmark(self.resume, options)
        if any(each.path is None for each in self.inputs):
            return None
        return Bookmark.of_run(options, [str(each.path.absolute()) for each in self.inputs if each.path])
