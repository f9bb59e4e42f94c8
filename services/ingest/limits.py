"""`GET /v1/limits`: every limit, by name."""

from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter
from pydantic import Field, create_model

from shared.models.frozen import Carried
from shared.models.search_query import (
    CURSOR_MAX_CHARS,
    FACET_SIZE_MAX,
    FRESHNESS_MAX_DAYS,
    SIZE_MAX,
    VALUE_MAX_CHARS,
    VALUES_MAX,
)
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
    "redis_high_water",
    "wait_max_seconds",
    "idempotency_hours",
    "slow_client_seconds",
    "preview_seconds",
    "page_seconds",
    "page_memory_mib",
    "text_max_chars",
    "query_max_chars",
    "query_max_depth",
    "query_max_clauses",
    "query_max_wildcards",
    "query_wildcard_min_chars",
    "cursor_idle_seconds",
    "snapshots_max",
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


FIXED: Final = (
    Limit(name="search_size_max", value=SIZE_MAX, setting=None, description="Hits on a page of results."),
    Limit(name="facet_size_max", value=FACET_SIZE_MAX, setting=None, description="Values of a facet."),
    Limit(name="filter_values_max", value=VALUES_MAX, setting=None, description="Values of one filter."),
    Limit(name="filter_value_max_chars", value=VALUE_MAX_CHARS, setting=None, description="Characters of one of them."),
    Limit(name="cursor_max_chars", value=CURSOR_MAX_CHARS, setting=None, description="Characters of a cursor."),
    Limit(name="freshness_max_days", value=FRESHNESS_MAX_DAYS, setting=None, description="Days of `freshness`."),
)
"""What a search may ask for at most."""


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
