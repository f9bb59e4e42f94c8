"""What can be said of a page in query parameters."""

from typing import Literal

from pydantic import Field

from shared.errors import Refused
from shared.intake import NO_DEFAULTS, PageItem, checked_defaults
from shared.json_reading import read_json
from shared.models.frozen import Received
from shared.settings import Settings


class Said(Received):
    """The fields of a page but for its content: what a raw body cannot say, defaults for JSON."""

    url: str | None = Field(None, description="Where the page is; it gives the id.")
    fetched_at: str | None = Field(None, description="When it was fetched, RFC 3339; absent: now.")
    source: str | None = Field(None, description="Who sends: a feed, a crawl.")
    title: str | None = None
    authors: tuple[str, ...] = Field((), description="May be given several times.")
    published: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = Field((), description="May be given several times.")
    metadata: str | None = Field(None, description="A JSON object without lists or objects in it.")

    def item(self, settings: Settings) -> PageItem:
        """As the fields of a page, checked.

        Raises:
            Refused: a value is wrong; the pointer is `/query/NAME`.
        """
        if not self.__pydantic_fields_set__:
            return NO_DEFAULTS
        said = {name: getattr(self, name) for name in Said.model_fields if name in self.__pydantic_fields_set__}
        if self.metadata is not None:
            said["metadata"] = _metadata(self.metadata, settings)
        return checked_defaults(PageItem.model_construct(**said), settings)


class Post(Said):
    """Of one page."""

    wait: Literal["searchable"] | None = Field(None, description="Answer when the page has come to its end.")
    timeout: float | None = Field(None, ge=0, description="Seconds to wait at most; 10 by default.")

    def seconds(self, settings: Settings) -> float:
        """How long to wait.

        Raises:
            Refused: longer than is allowed.
        """
        if self.timeout is not None and not self.timeout <= settings.wait_max_seconds:
            raise Refused(
                "invalid",
                f"timeout is {self.timeout:g}, but at most {settings.wait_max_seconds:g} seconds are waited",
                pointer="/query/timeout",
                limit="PAGEMILL_WAIT_MAX_SECONDS",
            )
        return min(10.0, settings.wait_max_seconds) if self.timeout is None else self.timeout


class PostBatch(Said):
    """Of all pages of a batch."""

    content_type: str | None = Field(None, description="Of items that name none.")
    results: Literal["all", "errors"] = Field("all", description="Which items are told of one by one.")

    def item(self, settings: Settings) -> PageItem:
        """As the fields of a page, checked."""
        said = super().item(settings)
        if self.content_type is None:
            return said
        return checked_defaults(said.model_copy(update={"content_type": self.content_type}), settings)


def _metadata(text: str, settings: Settings) -> object:
    try:
        value = read_json(text.encode(errors="surrogatepass"), settings.json_max_depth)
    except Refused as refused:
        code = refused.code if refused.problem.limit else "invalid"
        limit = refused.problem.limit
        raise Refused(code, f"metadata: {refused.detail}", pointer="/query/metadata", limit=limit) from None
    if not isinstance(value, dict):
        raise Refused("invalid", "metadata is no JSON object", pointer="/query/metadata")
    return value
