from shared.models.frozen import Carried, Span


class Problem(Carried):
    """RFC 9457 problem details; fields that do not apply are left out on the wire."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str | None = None
    pointer: str | None = None
    """JSON pointer to what is wrong in the body sent, or `/query/NAME` for a query parameter."""
    index: int | None = None
    position: Span | None = None
    """`[start, end]` in code points of `q`."""
    limit: str | None = None
    """The setting behind the limit that was met."""
    reason: str | None = None
    """Why a page was rejected, where that is the problem."""
