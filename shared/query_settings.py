from pydantic import BaseModel, Field

from shared.query_language.limits import Limits
from shared.setting_values import Count, Seconds


class QuerySettings(BaseModel):
    """What a query may cost; mixed into `Settings`."""

    # Search
    query_max_chars: Count = Field(4096, ge=1, description="Characters of `q`.")
    query_max_depth: int = Field(
        24,
        ge=4,
        le=24,
        description="Levels of AND, OR, NOT and parentheses within each other in `q`; Elasticsearch takes no more than "
        "30 of its own.",
    )
    query_max_clauses: int = Field(256, ge=1, le=1000, description="Words, phrases and ranges in `q`.")
    query_max_wildcards: int = Field(16, ge=0, le=100, description="Words in `q` that end with an asterisk or `~`.")
    query_wildcard_min_chars: int = Field(
        2, ge=1, le=20, description="Letters or digits that stand before an asterisk in `q`."
    )
    query_max_phrase_words: int = Field(
        128, ge=2, le=2048, description="Words in `q` within phrases without a `~`, all of them together."
    )
    query_max_near_words: int = Field(
        32, ge=2, le=512, description="Words in `q` within phrases that end with `~`, all of them together."
    )

    searches_max: int = Field(
        8,
        ge=1,
        le=32,
        description="Searches at once in one process; the next ones wait two seconds for their turn, then get 429. The "
        "others of its 40 threads are for all else.",
    )
    exports_max: Count = Field(
        8, ge=1, description="Exports at once in one process; each holds a state of the index until it is done."
    )
    export_idle_seconds: Seconds = Field(
        900, ge=1, description="Seconds in which nothing was read of an export after which it expires."
    )

    @property
    def query_limits(self) -> Limits:
        """The same as the query language takes them."""
        return Limits(
            chars=self.query_max_chars,
            depth=self.query_max_depth,
            clauses=self.query_max_clauses,
            wildcards=self.query_max_wildcards,
            wildcard_lead=self.query_wildcard_min_chars,
            phrases=self.query_max_phrase_words,
            near=self.query_max_near_words,
        )
