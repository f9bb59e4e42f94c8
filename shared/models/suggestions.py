from typing import Literal

from pydantic import ConfigDict, Field

from shared.models.frozen import Carried, Received
from shared.models.search import Hit
from shared.models.search_query import Text, Whole

SUGGEST_MAX_CHARS = 256
SUGGEST_SIZE_MAX = 50
SuggestionKind = Literal["title", "person", "place", "organisation", "keyword"]


class Suggestion(Carried):
    """What may be meant by what was typed so far."""

    text: str
    kind: SuggestionKind
    count: int
    """Documents that have it."""


class SuggestQuery(Received):
    """What can be asked of `/v1/suggest`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    q: Text = Field(max_length=SUGGEST_MAX_CHARS, description="What was typed so far.")
    size: Whole = Field(10, ge=1, le=SUGGEST_SIZE_MAX, description="Suggestions at most.")


class Suggestions(Carried):
    """The answer to it."""

    suggestions: tuple[Suggestion, ...] = ()
    took_ms: float


class SimilarQuery(Received):
    """What can be asked of `/v1/documents/ID/similar`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    size: Whole = Field(10, ge=1, le=SUGGEST_SIZE_MAX, description="Documents at most.")


class Similar(Carried):
    """Documents that speak of the same as another, the nearest first; without its near copies."""

    hits: tuple[Hit, ...] = ()
    took_ms: float
