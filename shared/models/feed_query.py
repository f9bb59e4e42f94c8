from typing import Literal

from pydantic import Field

from shared.models.search import Match
from shared.models.search_query import SIZE_MAX, SearchQuery, Sought, Whole


class FeedQuery(Sought):
    """What can be asked of `/v1/feeds/rss|atom|json`: a search, whose pages come in the order of their arrival."""

    match: Match = Field(
        "auto",
        description="`best`: any word will do. `auto` is `all` here: a feed waits for what is asked for, and does not "
        "give something else meanwhile.",
    )
    size: Whole = Field(20, ge=1, le=SIZE_MAX, description="Entries, the newest of all.")
    fold: Literal["story"] | None = Field(None, description="Near copies are one entry.")

    @property
    def search(self) -> SearchQuery:
        """The search whose first page the feed is."""
        return SearchQuery.model_construct(
            **self.sought,
            sort="indexed",
            size=self.size,
            fold=self.fold,
            match="best" if self.match == "best" else "all",
        )
