"""One batch on its way: items in groups to the ledger, an answer for each."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from pydantic_core import to_json

from services.http.problems import as_refused, problem_fields
from services.ingest.batch.item import Form, Item
from services.ingest.offers import Sent, offer_of
from shared.errors import DependencyUnavailable, Refused
from shared.ledger.carried import Accepted, Offer

COUNTS: Final = ("accepted", "duplicate", "unchanged", "superseded", "rejected", "ignored")


class Read(NamedTuple):
    """An item, read: `at` is its index, `found` is None where it is no page."""

    at: int
    found: Offer | Refused | None


class BatchRun:
    """The state of one batch.

    Args:
        form: how its items are read.
        accept: takes offers in one step; shorter than what it was given where the line is full.
        line_full: the refusal then.
        errors_only: whether only rejected items are told of one by one.
        sent: the request; each problem bears its id, and what is done for the pages goes under its trace.
    """

    def __init__(
        self,
        form: Form,
        accept: Callable[[Sequence[Offer]], list[Accepted]],
        line_full: Callable[[], Refused],
        *,
        errors_only: bool,
        sent: Sent,
    ) -> None:
        self._form = form
        self._accept = accept
        self._line_full = line_full
        self._errors_only = errors_only
        self._sent = sent
        self._counts: Counter[str] = Counter()
        self._results: list[bytes] = []
        self._pages = 0
        self.next_index = 0
        """The first item without an answer."""
        self.stopped: Refused | None = None

    def read(self, items: Sequence[Item]) -> list[Read]:
        """Makes pages of items; blocks, and may be called in several threads at once."""
        return [Read(item.index, self._found(item)) for item in items]

    def take(self, group: Sequence[Read]) -> None:
        """Offers a group to the ledger; blocks, and is called for one group after the other, in their order.

        Raises:
            Refused, DependencyUnavailable: nothing of the batch was answered yet, and this is why.
        """
        read = self._within_the_limit(group)
        try:
            accepted = self._accept([each.found for each in read if isinstance(each.found, Offer)])
            told = self._tell(read, accepted)
            if told < len(read):
                self.next_index = read[told].at
                self.stop(self._line_full())
                return
        except DependencyUnavailable as error:
            self.stop(error)
            return
        self.next_index = read[-1].at + 1 if read else group[0].at
        if len(read) < len(group):
            most = self._form.items_max
            self.stop(Refused("too-many-items", f"A batch has at most {most} items.", limit=self._form.limit))

    def stop(self, error: Exception) -> None:
        """Nothing more is taken from `next_index` on.

        Raises:
            Exception: `error`, where nothing of the batch was answered yet.
        """
        refused = as_refused(error)
        if refused is None or self.next_index == 0:
            raise error
        self.stopped = refused

    def answer(self) -> bytes:
        """The answer to the batch, as JSON."""
        head: dict[str, Any] = {name: self._counts[name] for name in COUNTS}
        head["stopped"] = None
        if self.stopped is not None:
            head["stopped"] = {"index": self.next_index, "error": self._problem(self.stopped, self.next_index)}
        return to_json(head)[:-1] + b',"results":[' + b",".join(self._results) + b"]}"

    def _problem(self, refused: Refused, index: int) -> dict[str, Any]:
        return {**problem_fields(refused, self._sent.request_id), "index": index}

    def _within_the_limit(self, group: Sequence[Read]) -> Sequence[Read]:
        """The group up to the first page that is one too many."""
        for place, read in enumerate(group):
            if read.found is not None:
                if self._pages == self._form.items_max:
                    return group[:place]
                self._pages += 1
        return group

    def _found(self, item: Item) -> Offer | Refused | None:
        if isinstance(item.data, Refused):
            return item.data
        try:
            page = self._form.read(item.data)
        except Refused as refused:
            # Its traceback and what it came from lead to the frames of this thread, and one of those will lead to it:
            # the item would stay in memory until Python looks for such rings.
            refused.__context__ = None
            return refused.with_traceback(None)
        return None if page is None else offer_of(page, self._sent)

    def _tell(self, read: Sequence[Read], accepted: Sequence[Accepted]) -> int:
        """Notes an answer for each item up to the first one that the line had no room for; how many were noted."""
        answers = iter(accepted)
        for place, (index, found) in enumerate(read):
            if found is None:
                self._counts["ignored"] += 1
            elif isinstance(found, Refused):
                self._counts["rejected"] += 1
                self._results.append(to_json({"index": index, "error": self._problem(found, index)}))
            elif (answer := next(answers, None)) is None:
                return place
            else:
                self._counts[answer.status] += 1
                if not self._errors_only:
                    told = {"index": index, "id": answer.id, "version": answer.version, "status": answer.status}
                    self._results.append(to_json(told))
        return len(read)
