from base64 import b64decode
from binascii import Error as NotBase64
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from shared.models.document import Document
from shared.models.frozen import PAGE_ID_PATTERN, Carried, Moment, PageId, Published, Received
from shared.models.search import Match, MatchUsed, SearchWarning
from shared.models.search_query import Sought, Text, Whole

NAME_MAX_CHARS: Final = 200
WEBHOOK_MAX_CHARS: Final = 2048
_SIGNED_AS: Final = "whsec_"
_KEY_BYTES: Final = 16
_PRINTABLE: Final = r"^[\x21-\x7e]{16,256}$"
SEARCH_ID_PATTERN: Final = r"^[0-9a-f]{20}$"
PAGE_OF_SEARCHES_MAX: Final = 200
PAGE_OF_ALERTS_MAX: Final = 100
SUMMARY_CHARS: Final = 300
SearchId = Annotated[str, Field(pattern=SEARCH_ID_PATTERN)]
_PLACE: Final = r"^[0-9]{1,16}$"


def _http(url: str) -> str:
    """An address that can be called, without user, password or fragment, which a log would show."""
    try:
        parts = urlsplit(url)
        well = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        well = False
    else:
        well = well and "@" not in parts.netloc and not parts.fragment
    if not well or not url.isascii() or not url.isprintable() or " " in url:
        raise PydanticCustomError("webhook", "a webhook is written http(s)://HOST[:PORT]/PATH, in ASCII")
    return url


def _key(secret: str) -> str:
    """What begins as Standard Webhooks has it goes on so, or no library would come to the same key."""
    if secret.startswith(_SIGNED_AS):
        try:
            key = b64decode(secret.removeprefix(_SIGNED_AS), validate=True)
        except NotBase64:
            key = b""
        if len(key) < _KEY_BYTES:
            raise PydanticCustomError("secret", "behind whsec_ stands base64 of 16 bytes or more")
    return secret


def _named(name: str) -> str:
    if not name.strip():
        raise PydanticCustomError("name", "a name has letters")
    return name


class SavedQuery(Sought):
    """What is looked for in each page that becomes searchable: what says in a search which documents are found."""

    match: Match = Field(
        "auto",
        description="`best`: any word will do. `auto` is `all` here: one page cannot say whether others do better.",
    )

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, asked: Any) -> Any:
        """It is not here: in JSON null is what the schema says, and nothing else."""
        return asked

    @property
    def used(self) -> MatchUsed:
        """How a document is matched."""
        return "best" if self.match == "best" else "all"


class Webhook(Received):
    """Where alerts are sent."""

    url: Annotated[Text, StringConstraints(max_length=WEBHOOK_MAX_CHARS), AfterValidator(_http)] = Field(
        description="Called by POST; http or https."
    )
    secret: Annotated[str, StringConstraints(pattern=_PRINTABLE)] | None = Field(
        None, description="What calls are signed with; absent: the one it has, else a fresh one."
    )


class WebhookAsked(Webhook):
    """The same as it is sent. Secrets that were kept before they were looked at are still read."""

    secret: Annotated[str, StringConstraints(pattern=_PRINTABLE), AfterValidator(_key)] | None = Field(
        None, description="What calls are signed with; absent: the one it has, else a fresh one."
    )


class SavedSearchAsked(Received):
    """A saved search as it is sent."""

    name: Annotated[Text, StringConstraints(min_length=1, max_length=NAME_MAX_CHARS), AfterValidator(_named)]
    query: SavedQuery = SavedQuery()
    webhook: WebhookAsked | None = None


class SavedSearch(Carried):
    """A saved search as it is kept."""

    id: SearchId
    name: str
    query: SavedQuery
    webhook: Webhook | None = None
    created_at: Moment
    changed_at: Moment


class Delivery(Carried):
    """How a webhook does."""

    waiting: int = 0
    """Alerts that wait to be sent."""
    undelivered: int = 0
    """Alerts that were put aside after too many failed calls."""
    not_kept: int = 0
    """Alerts for which there was no room in the line; the inbox had them."""
    failures: int = 0
    """Failed calls since the last one that went well, or since alerts were put aside."""
    error: str | None = None
    """What the last call failed of; null once one has gone well."""
    next_at: Moment | None = None
    delivered_at: Moment | None = None


class WebhookShown(Carried):
    """A webhook as it is answered."""

    url: str
    secret: str | None = None
    """Told once, where it was made or changed."""
    delivery: Delivery = Delivery()


class SavedSearchShown(Carried):
    """A saved search as it is answered."""

    id: SearchId
    name: str
    query: SavedQuery
    webhook: WebhookShown | None = None
    created_at: Moment
    changed_at: Moment
    alerts: int = 0
    """Alerts in the inbox."""
    warnings: tuple[SearchWarning, ...] = ()
    """What in `q` was read otherwise than it was typed."""


class SavedSearchList(Carried):
    """Some of the saved searches, oldest first."""

    total: int
    items: tuple[SavedSearchShown, ...] = ()
    next: str | None = None


class SavedSearchesAsked(Received):
    """A page of the list."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    cursor: Annotated[str, Field(pattern=SEARCH_ID_PATTERN)] | None = Field(
        None, description="`next` of the list before."
    )
    size: Whole = Field(50, ge=1, le=PAGE_OF_SEARCHES_MAX, description="Saved searches at most.")


class AlertDocument(Carried):
    """A document as an alert tells of it, as it is now."""

    id: PageId
    version: int
    title: str | None = None
    url: str | None = None
    site: str | None = None
    source: str | None = None
    published: Published | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    summary: str = ""
    """The standfirst, else how the text begins."""
    indexed_at: Moment | None = None


class Alert(Carried):
    """One document that a saved search has found."""

    id: str
    """The event's: the same for whatever is told twice."""
    at: Moment
    document: AlertDocument


class Inbox(Carried):
    """Some of the alerts of one saved search."""

    search: SearchId
    total: int
    items: tuple[Alert, ...] = ()
    next: str | None = None


class InboxAsked(Received):
    """A page of an inbox."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    order: Literal["newest", "oldest"] = Field(
        "newest", description="`oldest` always has a `next`, from which what comes later is read."
    )
    cursor: Annotated[str, Field(pattern=_PLACE)] | None = Field(None, description="`next` of the page before.")
    size: Whole = Field(20, ge=1, le=PAGE_OF_ALERTS_MAX, description="Alerts at most.")


class NewestAsked(Received):
    """How many of the newest alerts."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    size: Whole = Field(20, ge=1, le=PAGE_OF_ALERTS_MAX, description="Alerts at most.")


class TrialAsked(Received):
    """What a saved search is tried on."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    document: Annotated[str, Field(pattern=PAGE_ID_PATTERN)] | None = Field(
        None, description="Id of a searchable page; absent: the newest ones."
    )
    size: Whole = Field(10, ge=1, le=PAGE_OF_ALERTS_MAX, description="How many of the newest.")


class Tried(Carried):
    """One document that it was tried on."""

    id: PageId
    version: int
    title: str | None = None
    matches: bool


class Trial(Carried):
    """What would have been told."""

    search: SearchId
    documents: tuple[Tried, ...] = ()


class Redriven(Carried):
    """How many alerts go to the webhook once more."""

    redriven: int


def alert_document(document: Document) -> AlertDocument:
    """What an alert tells of a document."""
    return AlertDocument(
        id=document.id,
        version=document.version,
        title=document.title,
        url=document.url,
        site=document.site,
        source=document.source,
        published=document.published,
        language=document.language,
        authors=document.authors,
        summary=(document.standfirst or document.text)[:SUMMARY_CHARS],
        indexed_at=document.indexed_at,
    )
