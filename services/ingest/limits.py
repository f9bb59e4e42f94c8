"""`GET /v1/limits`: every limit, by name."""

from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter
from pydantic import Field, create_model

from services.http.protocol import ADDRESS_MAX_BYTES
from services.ingest.letters import LETTERS_MAX
from services.ingest.outcomes import OUTCOMES_MAX
from services.ingest.posting import KEY_MAX
from services.ingest.wire import NOTE_MAX_CHARS
from shared.models.frozen import Carried
from shared.models.search_query import (
    CURSOR_MAX_CHARS,
    FACET_SIZE_MAX,
    FRESHNESS_MAX_DAYS,
    SIZE_MAX,
    VALUE_MAX_CHARS,
    VALUES_MAX,
)
from shared.models.suggestions import SUGGEST_MAX_CHARS, SUGGEST_SIZE_MAX
from shared.settings import Settings

LIMITS: Final = (
    "page_max_bytes",
    "request_max_bytes",
    "batch_max_bytes",
    "batch_max_items",
    "array_max_items",
    "inflate_max_ratio",
    "json_max_depth",
    "url_max_chars",
    "field_max_chars",
    "authors_max",
    "tags_max",
    "metadata_max_keys",
    "metadata_max_chars",
    "clock_skew_seconds",
    "line_max_pages",
    "line_max_bytes",
    "line_max_seconds",
    "index_free_mib",
    "redis_high_water",
    "wait_max_seconds",
    "idempotency_hours",
    "slow_client_seconds",
    "headers_max_bytes",
    "preview_seconds",
    "page_seconds",
    "page_memory_mib",
    "text_max_chars",
    "query_max_chars",
    "query_max_depth",
    "query_max_clauses",
    "query_max_wildcards",
    "query_wildcard_min_chars",
    "query_max_phrase_words",
    "query_max_near_words",
    "cursor_idle_seconds",
    "snapshots_max",
    "searches_max",
    "exports_max",
    "export_idle_seconds",
    "saved_searches_max",
    "alerts_inbox_max",
    "alerts_waiting_max",
    "alerts_at_once",
    "alerts_tries",
    "alerts_timeout_seconds",
    "receipt_days",
    "outcomes_max",
    "archive_days",
    "archive_max_bytes",
)
"""The settings that a client may meet."""


class Limit(Carried):
    """One limit: its value, and the setting that changes it."""

    name: str
    value: int | float
    setting: str | None
    """What changes it; null for one that is part of the contract."""
    description: str


_FIXED: Final = (
    ("address_max_bytes", ADDRESS_MAX_BYTES, "Bytes of a request's path and query."),
    ("idempotency_key_max_chars", KEY_MAX, "Characters of an Idempotency-Key."),
    ("outcomes_size_max", OUTCOMES_MAX, "Outcomes in one answer."),
    ("dead_letters_size_max", LETTERS_MAX, "Dead letters on a page of the list."),
    ("note_max_chars", NOTE_MAX_CHARS, "Characters of the note to what is done with dead letters."),
    ("search_size_max", SIZE_MAX, "Hits on a page of results."),
    ("facet_size_max", FACET_SIZE_MAX, "Values of a facet."),
    ("filter_values_max", VALUES_MAX, "Values of one filter."),
    ("filter_value_max_chars", VALUE_MAX_CHARS, "Characters of one of them."),
    ("cursor_max_chars", CURSOR_MAX_CHARS, "Characters of a cursor."),
    ("freshness_max_days", FRESHNESS_MAX_DAYS, "Days of `freshness`."),
    ("suggest_max_chars", SUGGEST_MAX_CHARS, "Characters that suggestions are asked for."),
    ("suggest_size_max", SUGGEST_SIZE_MAX, "Suggestions in one answer."),
    ("similar_size_max", SUGGEST_SIZE_MAX, "Similar documents in one answer."),
)
FIXED: Final = tuple(Limit(name=name, value=most, setting=None, description=told) for name, most, told in _FIXED)
"""What a request may ask for at most, whatever is set."""


def _set(settings: Settings, name: str) -> Limit:
    description = Settings.model_fields[name].description or ""
    return Limit(name=name, value=getattr(settings, name), setting=f"PAGEMILL_{name.upper()}", description=description)


def add_limits(router: APIRouter, settings: Settings) -> None:
    """Adds the route."""
    listed = [*map(partial(_set, settings), LIMITS), *FIXED]
    answer: dict[str, Any] = {limit.name: limit.value for limit in listed}
    answer["limits"] = listed
    fields = {limit.name: (Annotated[int | float, Field(description=limit.description)], ...) for limit in listed}
    kind = create_model("Limits", __base__=Carried, limits=(tuple[Limit, ...], ...), **fields)  # type: ignore[call-overload]
    told = kind.model_validate(answer)

    @router.get("/v1/limits", response_model=kind, summary="Every limit")
    async def limits() -> Carried:
        """Every limit that a request may meet: its value by name, and what each means in `limits`."""
        return told
