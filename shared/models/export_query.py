from typing import Literal

from pydantic import Field

from shared.models.search import Match, Sort
from shared.models.search_query import CURSOR_MAX_CHARS, FRESHNESS_MAX_DAYS, Number, SearchQuery, Sought, Text, Whole

_OFFSET_MAX = 2**53
WAIT_MAX_SECONDS = 60


class _Export(Sought):
    """A search whose whole result is wanted."""

    format: Literal["ndjson", "csv", "parquet"] = Field("ndjson", description="What the documents are written as.")
    sort: Sort = Field("relevance", description="Undated documents come last.")
    freshness: Number | None = Field(
        None, gt=0, le=FRESHNESS_MAX_DAYS, description="Days after which a document counts half as much."
    )
    match: Match = Field(
        "auto", description="`all`: every word is needed; `best`: any word will do; `auto`: `all`, else `best`."
    )

    @property
    def search(self) -> SearchQuery:
        """The search, of which no page is asked for yet."""
        return SearchQuery.model_construct(
            **self.sought, sort=self.sort, freshness=self.freshness, match=self.match, size=0, snippet=False
        )


class ExportQuery(_Export):
    """What can be asked of `/v1/export`."""

    export: Text | None = Field(
        None, max_length=CURSOR_MAX_CHARS, description="`Pagemill-Export` of the answer before, to go on with it."
    )
    offset: Whole = Field(0, ge=0, le=_OFFSET_MAX, description="Bytes that are there already, where one goes on.")


class ManifestQuery(_Export):
    """What can be asked of `/v1/export/manifest`."""

    export: Text = Field(max_length=CURSOR_MAX_CHARS, description="`Pagemill-Export` of the answer.")
    wait: Number = Field(
        0.0, ge=0, le=WAIT_MAX_SECONDS, description="Seconds to work on it at most, where it is not complete."
    )
