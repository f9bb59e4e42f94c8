"""Whose fault it is that a write was refused: the document's, which is a dead letter then, or the index's.

Both come as 400, one item each, and the type alone tells them apart. What is taken for an index's fault only costs
time, for pages wait; what is taken for a document's ends the page. So a document is at fault where the type says so, or
where the index has taken another one in the same call. What befalls every document of a large batch is the index's,
whatever it is called: our documents are made for its mapping, and never are all of them wrong.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal, NamedTuple

from shared.search.elasticsearch.client import explained, reason_of

Fault = Literal["document", "index", "unknown"]

_REFUSED: Final = frozenset({400, 413})
_TOO_LARGE: Final = 413
_TAKEN: Final = frozenset({200, 201, 409})
_MANY: Final = 20
"""Documents, none of which the index takes: no feed is so bad, and as many wait no longer than it takes to mend it."""
_DOCUMENT: Final = frozenset(
    {
        "action_request_validation_exception",  # an id that is too long
        "document_parsing_exception",
        "json_parse_exception",
        "mapper_parsing_exception",
        "max_bytes_length_exceeded_exception",
        "strict_dynamic_mapping_exception",
        "x_content_parse_exception",
    }
)
_INDEX: Final = frozenset(
    {
        "alias_not_found_exception",
        "cluster_block_exception",
        "index_closed_exception",
        "index_not_found_exception",
        "index_primary_shard_not_allocated_exception",
        "invalid_index_name_exception",
        "no_shard_available_action_exception",
        "routing_missing_exception",
        "security_exception",
        "shard_not_found_exception",
        "unavailable_shards_exception",
        "validation_exception",  # a limit of shards
    }
)
_INDEX_REASONS: Final = ("no write index", "pipeline with id", "number of documents in the ")
"""Of the type `illegal_argument_exception`, which is said of documents, too."""


class Told(NamedTuple):
    """What the engine says of one write: an HTTP status; its reason, and whose fault it is, where it did not do it."""

    status: int
    reason: str = ""
    fault: Fault = "unknown"


def told_of(status: int, error: Any) -> Told:
    """What became of one write that was refused, from the engine's own words for it."""
    return Told(status, reason_of(error), fault_of(status, error))


def fault_of(status: int, error: Any) -> Fault:
    """Whose fault it is, as far as the error by itself tells."""
    causes = list(_causes(error))
    kinds = {str(cause.get("type")) for cause in causes}
    if kinds & _INDEX or any(said in str(cause.get("reason")).lower() for cause in causes for said in _INDEX_REASONS):
        return "index"
    return "document" if status == _TOO_LARGE or kinds & _DOCUMENT else "unknown"


def refusing_index(told: Sequence[Told]) -> str | None:
    """Why the index takes nothing at the moment, in one line; None where what was refused are documents.

    Args:
        told: of all documents of a call.
    """
    refused = [each for each in told if each.status in _REFUSED]
    if wrong := next((each for each in refused if each.fault == "index"), None):
        return explained(wrong.status, wrong.reason)
    if not refused or any(each.status in _TAKEN for each in told):
        return None
    if len(refused) >= _MANY:
        return f"the index takes none of {len(refused)} documents: {refused[0].reason}"
    unknown = next((each for each in refused if each.fault == "unknown"), None)
    return explained(unknown.status, unknown.reason) if unknown else None


def is_refused(told: Told) -> bool:
    """Whether the engine will not have this document, where the index is not at fault."""
    return told.status in _REFUSED


def _causes(error: Any) -> Iterator[dict[str, Any]]:
    while isinstance(error, dict):
        yield error
        error = error.get("caused_by")
