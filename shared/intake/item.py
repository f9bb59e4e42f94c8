"""A page as JSON, in a request or a line of a batch: its shape. What its values must be like is in `fields`."""

from typing import Any

from pydantic import ConfigDict, Field

from shared.models.frozen import Received


class PageItem(Received):
    """A page in; exactly one of `content` and `body` is needed, null is the same as absent."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["content"]}, {"required": ["body"]}]})

    content: str | None = Field(None, description="The page as text.", json_schema_extra={"minLength": 1})
    body: str | None = Field(
        None,
        description="The page's bytes in base64, where they are not UTF-8 text.",
        json_schema_extra={"minLength": 4, "contentEncoding": "base64"},
    )
    content_type: str | None = Field(
        None,
        description="`text/html`, `text/markdown` or `text/plain`, with a charset if need be; absent: detected.",
    )
    url: str | None = Field(
        None,
        description="Where the page is, http or https; it gives the id.",
        json_schema_extra={"format": "uri", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://"},
    )
    fetched_at: str | None = Field(
        None, description="When it was fetched, RFC 3339; absent: now.", json_schema_extra={"format": "date-time"}
    )
    source: str | None = Field(None, description="Who sends: a feed, a crawl.")
    title: str | None = Field(None, description="What the sender says wins over what the page says of itself.")
    authors: tuple[str, ...] | None = None
    published: str | None = Field(None, description="A date, `2024-10-28`, or a date and time.")
    language: str | None = Field(None, description="Such as `en` or `de-AT`.")
    tags: tuple[str, ...] | None = None
    metadata: dict[str, Any] | None = Field(
        None,
        description="Names and values without lists or objects in them; kept and returned, not searched.",
        json_schema_extra={"additionalProperties": {"type": ["string", "number", "boolean", "null"]}},
    )

    def over(self, defaults: "PageItem") -> "PageItem":
        """This page, with `defaults` where it says nothing."""
        given = {name: value for name in self.__pydantic_fields_set__ if (value := getattr(self, name)) is not None}
        return defaults.model_copy(update=given)
