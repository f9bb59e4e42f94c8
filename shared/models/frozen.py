from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, WithJsonSchema

from shared.moments import normal_published, utc

PAGE_ID_PATTERN = r"^[A-Za-z0-9_-]{1,64}$"

PageId = Annotated[str, Field(pattern=PAGE_ID_PATTERN)]
Version = Annotated[int, Field(ge=1, lt=2**53)]
Moment = Annotated[AwareDatetime, AfterValidator(utc)]
"""An instant; kept in UTC, written as RFC 3339 with `Z`."""
Published = Annotated[str, AfterValidator(normal_published)]
"""A bare date (`2024-10-28`) or an instant in UTC (`2024-10-28T09:30:00Z`)."""

Span = Annotated[
    tuple[int, int], WithJsonSchema({"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2})
]
"""`[start, end]` in code points, described in words that every reader of OpenAPI knows."""


class Received(BaseModel):
    """What comes over HTTP: frozen, and a field it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Carried(BaseModel):
    """What the house hands on: frozen, and a field from newer code is ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")
