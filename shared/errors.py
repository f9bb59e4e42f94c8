"""The error tree.

    PagemillError
    ├── PageRejected            the page's fault: a dead letter at once, with the reason
    ├── DependencyUnavailable   a dependency's fault: the page waits, no strike against it; 503 over HTTP
    │   └── DependencyFull      it answers, and has no memory left
    └── Refused                 the client's fault: a problem+json answer

Any other exception is ours.
"""

from typing import Final

from shared.models.problem import Problem

DOCS: Final = "/problems/"
"""Where `type` points, relative to the service: each code has a page there, with the text of docs/problems.md."""

CODES: Final[dict[str, tuple[int, str]]] = {
    "unreadable": (400, "The body could not be read"),
    "unauthorized": (401, "A key is needed"),
    "forbidden": (403, "The key does not reach that far"),
    "unknown-host": (403, "The Host header names no address of this service"),
    "foreign-origin": (403, "The Origin header names a site that may not call this service"),
    "not-found": (404, "There is nothing here"),
    "page-not-found": (404, "No such page"),
    "document-not-found": (404, "No such document"),
    "raw-not-kept": (404, "The bytes of this page are no longer kept"),
    "dead-letter-not-found": (404, "No such dead letter"),
    "block-not-found": (404, "No such block of this site"),
    "saved-search-not-found": (404, "No such saved search"),
    "method-not-allowed": (405, "This address does not take that method"),
    "slow-client": (408, "The request did not come in time"),
    "idempotency-running": (409, "The same request is still being answered"),
    "rebuild-running": (409, "The index is being worked on already"),
    "no-rebuild": (409, "Nothing is being done to the index"),
    "saved-searches-full": (409, "No more searches can be saved"),
    "cursor-expired": (410, "The cursor has expired"),
    "export-expired": (410, "The export has expired"),
    "page-too-large": (413, "The page is too large"),
    "request-too-large": (413, "The request is too large"),
    "batch-too-large": (413, "The batch is too large"),
    "too-many-items": (413, "The batch has too many items"),
    "inflates-too-far": (413, "The body inflates too far"),
    "unsupported-media-type": (415, "The Content-Type is not one that is read here"),
    "unsupported-encoding": (415, "The Content-Encoding is not one that is read here"),
    "invalid": (422, "The request was understood, but a value is wrong"),
    "fetched-in-the-future": (422, "fetched_at is ahead of the clock"),
    "nested-too-deep": (422, "The JSON is nested too deep"),
    "idempotency-mismatch": (422, "The Idempotency-Key was used with other bytes"),
    "page-rejected": (422, "The page cannot be cleaned"),
    "cleaning-failed": (422, "The page could not be cleaned"),
    "preview-failed": (422, "The page could not be previewed"),
    "cursor-mismatch": (422, "The cursor belongs to other parameters"),
    "export-mismatch": (422, "The export belongs to other parameters"),
    "query-too-long": (422, "The query is too long"),
    "query-syntax": (422, "The query could not be parsed"),
    "query-too-complex": (422, "The query asks for too much at once"),
    "line-full": (429, "The line is full"),
    "rate-limited": (429, "Too many requests"),
    "searches-full": (429, "Too many searches at once"),
    "exports-full": (429, "Too many exports at once"),
    "headers-too-large": (431, "The headers are too large"),
    "internal": (500, "Something broke on our side"),
    "unsupported-transfer-encoding": (501, "The Transfer-Encoding is not one that is read here"),
    "unavailable": (503, "Something this needs is away"),
}
"""Every code a problem can carry: its status and its title."""


class PagemillError(Exception):
    """The root of what Pagemill raises on purpose."""


class PageRejected(PagemillError):
    """The page cannot be walked further, and trying again would not help.

    Args:
        reason: stable, kebab-case; one of those in docs/reasons.md.
        detail: one line for a person.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class DependencyUnavailable(PagemillError):
    """Something outside this process is away; the same call may work later.

    Args:
        name: `ledger`, `broker`, `index` or `archive`.
        detail: one line for an operator.
        retry_after: seconds after which trying again makes sense.
    """

    def __init__(self, name: str, detail: str = "", retry_after: float = 2.0) -> None:
        super().__init__(f"{name} unavailable: {detail}" if detail else f"{name} unavailable")
        self.name = name
        self.detail = detail
        self.retry_after = retry_after


class DependencyFull(DependencyUnavailable):
    """Something that answers, but has no memory left for what it was to keep."""


class Refused(PagemillError):
    """A request that cannot be answered as it was asked.

    Args:
        code: a key of `CODES`, which gives status and title.
        detail: what is wrong, with the value and the limit in it.
        pointer: JSON pointer into the body, or `/query/NAME`.
        index: which item of a batch, from 0.
        position: `(start, end)` in code points of `q`.
        limit: the setting that sets the limit, as `PAGEMILL_...`.
        reason: why a page was rejected, a name from docs/reasons.md.
        retry_after: seconds, for 429 and 503.
    """

    def __init__(  # noqa: PLR0913  (one keyword per field of a problem)
        self,
        code: str,
        detail: str,
        *,
        pointer: str | None = None,
        index: int | None = None,
        position: tuple[int, int] | None = None,
        limit: str | None = None,
        reason: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.retry_after = retry_after
        status, title = CODES[code]
        self.status = status
        self.problem = Problem(
            type=DOCS + code,
            title=title,
            status=status,
            detail=detail,
            code=code,
            pointer=pointer,
            index=index,
            position=position,
            limit=limit,
            reason=reason,
        )
