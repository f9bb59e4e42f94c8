import math
import re
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from shared.models.frozen import Received
from shared.models.search import FILTERS, Filters, Interval, Match, Mode, Sort

VALUES_MAX = 1000
"""Values of one filter."""
VALUE_MAX_CHARS = 1024
FACET_SIZE_MAX = 1000
SIZE_MAX = 100
FRESHNESS_MAX_DAYS = 36_500
CURSOR_MAX_CHARS = 8192
FacetName = Literal[
    "language", "site", "source", "author", "tag", "person", "place", "organisation", "keyword", "story"
]
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,9}", re.ASCII)
_END_OF_DAY = time(23, 59, 59, 999_999)


def _day(value: Any) -> Any:
    if isinstance(value, str):
        if not _DAY.fullmatch(value):
            raise PydanticCustomError("day", "a day is written YYYY-MM-DD")
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise PydanticCustomError("day", "there is no such day") from None
    return value


def _instant(value: Any, at: time) -> Any:
    """A bare day stands for its first or its last moment, so that both ends are inclusive."""
    if not isinstance(value, str):
        return value
    if _DAY.fullmatch(value):
        return datetime.combine(_day(value), at, UTC)
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise PydanticCustomError("instant", "a time is written YYYY-MM-DDTHH:MM:SSZ, or as a day") from None


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, str) and _WHOLE.fullmatch(value) else value


def _number(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    return number if math.isfinite(number) and "_" not in value else value


def _flag(value: Any) -> Any:
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def _one_or_many(value: Any) -> Any:
    return (value,) if isinstance(value, str) else _sequence(value)


def _comma_parted(value: Any) -> Any:
    """`a,b`, or a list of such."""
    parts = _one_or_many(value)
    if isinstance(parts, tuple) and all(isinstance(part, str) for part in parts):
        return tuple(name.strip() for part in parts for name in part.split(","))
    return parts


def _sequence(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _set(values: tuple[str, ...]) -> tuple[str, ...]:
    """The order of a filter's values says nothing, so it is not kept: equal requests are equal values."""
    return tuple(sorted(set(values)))


def _once_each(names: tuple[FacetName, ...]) -> tuple[FacetName, ...]:
    return tuple(dict.fromkeys(names))


def _encodable(text: str) -> str:
    """JSON can escape half a surrogate pair, which is no text and has no bytes."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise PydanticCustomError("surrogate", "half of a surrogate pair is no text") from error
    return text


Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=date)]
Since = Annotated[
    datetime, BeforeValidator(lambda value: _instant(value, time.min), json_schema_input_type=date | datetime)
]
Until = Annotated[
    datetime, BeforeValidator(lambda value: _instant(value, _END_OF_DAY), json_schema_input_type=date | datetime)
]
Whole = Annotated[int, BeforeValidator(_whole, json_schema_input_type=int)]
Number = Annotated[float, BeforeValidator(_number, json_schema_input_type=float)]
Flag = Annotated[bool, BeforeValidator(_flag, json_schema_input_type=bool)]
Text = Annotated[str, AfterValidator(_encodable)]
Value = Annotated[Text, StringConstraints(min_length=1, max_length=VALUE_MAX_CHARS)]
_ONE: Final = {"type": "string", "minLength": 1, "maxLength": VALUE_MAX_CHARS}
_ONE_OR_MANY: Final = {"anyOf": [{"type": "array", "items": _ONE, "maxItems": VALUES_MAX}, _ONE]}
"""Said by hand: pydantic would tell the most of an array as that of a string, too."""
Values = Annotated[
    tuple[Value, ...],
    BeforeValidator(_one_or_many),
    Field(max_length=VALUES_MAX),
    AfterValidator(_set),
    WithJsonSchema(_ONE_OR_MANY),
]
FacetNames = Annotated[
    tuple[FacetName, ...],
    BeforeValidator(_comma_parted, json_schema_input_type=list[FacetName] | str),
    AfterValidator(_once_each),
]


class Sought(Received):
    """What is looked for, and what a document must be: the part that searches, exports and feeds share."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    q: Text = Field("", description="The words; empty finds everything.")
    language: Values = Field((), description="ISO 639-1 code of the document's language.")
    site: Values = Field((), description="Registered domain.")
    source: Values = Field((), description="Who sent the page.")
    author: Values = ()
    tag: Values = ()
    person: Values = ()
    place: Values = ()
    organisation: Values = ()
    keyword: Values = ()
    story: Values = Field((), description="Id of a story: near copies share it.")
    published_from: Day | None = Field(None, alias="from", description="First day of publication, UTC.")
    published_to: Day | None = Field(None, alias="to", description="Last day of publication, UTC, inclusive.")
    indexed_from: Since | None = Field(None, description="Searchable since this time; a day begins at 00:00 UTC.")
    indexed_to: Until | None = Field(None, description="Searchable up to this time; a day ends at 24:00 UTC.")
    mode: Mode = Field("lenient", description="Whether mistakes in `q` are read past or refused.")

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, asked: Any) -> Any:
        return {name: value for name, value in asked.items() if value is not None} if isinstance(asked, dict) else asked

    @field_validator("published_to", "indexed_to")
    @classmethod
    def _ends_after_it_begins(cls, end: date | None, info: ValidationInfo) -> date | None:
        start = info.data.get(str(info.field_name).replace("_to", "_from"))
        if end is not None and start is not None and end < start:
            raise PydanticCustomError("range", "the range ends before it begins")
        return end

    @property
    def filters(self) -> Filters:
        """The filters alone."""
        return Filters.model_construct(**{name: getattr(self, name) for name in FILTERS})

    @property
    def sought(self) -> dict[str, Any]:
        """What was asked for beside the defaults, by the names of the fields, for another model of this kind."""
        return {name: getattr(self, name) for name in self.model_fields_set if name in Sought.model_fields}


class SearchQuery(Sought):
    """What can be asked of `/v1/search`, by GET and by POST alike."""

    sort: Sort = Field("relevance", description="Undated documents come last.")
    size: Whole = Field(10, ge=0, le=SIZE_MAX, description="Hits on a page.")
    cursor: Text | None = Field(None, max_length=CURSOR_MAX_CHARS, description="`next` of the answer before.")
    freshness: Number | None = Field(
        None, gt=0, le=FRESHNESS_MAX_DAYS, description="Days after which a document counts half as much."
    )
    facets: FacetNames = Field((), description="Filters whose values are counted, parted by commas.")
    facet_size: Whole = Field(10, ge=1, le=FACET_SIZE_MAX, description="Values of each facet.")
    histogram: Interval | None = Field(None, description="Counts documents by when they were published.")
    fold: Literal["story"] | None = Field(None, description="Near copies are one hit.")
    snippet: Flag = Field(default=True, description="Whether hits carry a snippet.")
    match: Match = Field(
        "auto", description="`all`: every word is needed; `best`: any word will do; `auto`: `all`, else `best`."
    )
