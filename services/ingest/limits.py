"""`GET /v1/limits`: every limit, by name."""

from typing import Annotated, Final

from fastapi import APIRouter
from pydantic import Field, create_model

from shared.models.frozen import Carried
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
    "redis_high_water",
    "wait_max_seconds",
    "idempotency_hours",
    "slow_client_seconds",
    "preview_seconds",
    "page_seconds",
    "page_memory_mib",
    "text_max_chars",
    "query_max_chars",
    "cursor_idle_seconds",
    "snapshots_max",
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
    setting: str
    description: str


def add_limits(router: APIRouter, settings: Settings) -> None:
    """Adds the route."""
    answer = {name: getattr(settings, name) for name in LIMITS}
    answer["limits"] = [
        Limit(
            name=name,
            value=answer[name],
            setting=f"PAGEMILL_{name.upper()}",
            description=Settings.model_fields[name].description or "",
        )
        for name in LIMITS
    ]
    fields = {
        name: (Annotated[int | float, Field(description=Settings.model_fields[name].description)], ...)
        for name in LIMITS
    }
    kind = create_model("Limits", __base__=Carried, limits=(tuple[Limit, ...], ...), **fields)  # type: ignore[call-overload]
    told = kind.model_validate(answer)

    @router.get("/v1/limits", response_model=kind, summary="Every limit")
    async def limits() -> Carried:
        """Every limit that a request may meet: its value by name, and what each means in `limits`."""
        return told
