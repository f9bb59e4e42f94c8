"""What is said of a page, checked and brought into one form; every refusal points at the field."""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NoReturn, cast

from shared.errors import Refused
from shared.intake.item import PageItem
from shared.models.raw_page import ContentType, Scalar, Sent
from shared.moments import normal_published
from shared.settings import Settings
from shared.urls import canonical_url, trimmed
from shared.validation import pointer, shown

KINDS: Final[dict[str, ContentType | None]] = {
    "": None,
    "application/octet-stream": None,
    "text/html": "text/html",
    "application/xhtml+xml": "text/html",
    "text/markdown": "text/markdown",
    "text/x-markdown": "text/markdown",
    "text/plain": "text/plain",
}
"""Content types that are taken; None: to be detected."""

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8}){0,5}")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9_.:+-]{1,40})""", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_INT_MAX: Final = 2**63
_FIRST: Final = datetime(1970, 1, 1, 0, 0, 0, 1000, tzinfo=UTC)
"""Versions are milliseconds since 1970 and begin at one."""


class Checks:
    """The rules for the fields of a page.

    Args:
        settings: the limits.
        now: the clock that `fetched_at` may be ahead of by so much.
        root: the pointer to the page: empty, or `/query`.
    """

    def __init__(self, settings: Settings, now: datetime, root: str = "") -> None:
        self._settings = settings
        self._now = now
        self._root = root

    def check(self, item: PageItem) -> dict[str, Any]:
        """The fields of a Submission, but for its id, and for the charset of a page that came as text."""
        kind, charset = self.content_type(item.content_type)
        url, canonical = self._url(item.url)
        return {
            "url": url,
            "canonical_url": canonical,
            "content_type": kind,
            "charset": charset,
            "fetched_at": self._fetched_at(item.fetched_at),
            "source": self._name(item.source, "source"),
            "sent": self._sent(item),
            "tags": self._names(item.tags, "tags", self._settings.tags_max),
            "metadata": self._metadata(item.metadata),
        }

    def content_type(self, told: str | None) -> tuple[ContentType | None, str | None]:
        """Content type and charset of what a field says."""
        if told is None:
            return None, None
        kind, _, parameters = told.partition(";")
        kind = kind.strip().lower()
        if kind not in KINDS:
            known = ", ".join(each for each in KINDS if each)
            self._refuse("content_type", f"content_type is {shown(told)}; known here are: {known}")
        return KINDS[kind], charset_in(parameters)

    def _url(self, url: str | None) -> tuple[str | None, str | None]:
        if url is None:
            return None, None
        most = self._settings.url_max_chars
        if len(url) > most:
            self._refuse("url", f"the URL has {len(url)} characters, more than {most}", "PAGEMILL_URL_MAX_CHARS")
        try:
            canonical = canonical_url(url)
        except ValueError as error:
            self._refuse("url", str(error))
        as_sent = trimmed(url)
        names_user = "@" in as_sent.partition("//")[2].partition("/")[0]
        return (canonical if names_user or _CONTROLS.search(as_sent) else as_sent), canonical

    def _fetched_at(self, told: str | None) -> datetime | None:
        if told is None:
            return None
        moment = self._moment(told)
        if moment < _FIRST:
            self._refuse("fetched_at", f"fetched_at is {shown(told)}, but nothing was fetched before 1970")
        ahead = (moment - self._now).total_seconds()
        if ahead > self._settings.clock_skew_seconds:
            raise Refused(
                "fetched-in-the-future",
                f"fetched_at is {shown(told)}, {ahead:.0f} seconds ahead of this service's clock.",
                pointer=pointer(self._root, "fetched_at"),
                limit="PAGEMILL_CLOCK_SKEW_SECONDS",
            )
        return moment

    def _moment(self, told: str) -> datetime:
        if not _RFC_3339.fullmatch(told):
            self._refuse(
                "fetched_at", f"fetched_at is {shown(told)}, but a time such as 2024-10-28T09:30:00Z is needed"
            )
        try:
            return datetime.fromisoformat(told.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            self._refuse("fetched_at", f"fetched_at is {shown(told)}, which is no time of the calendar")

    def _sent(self, item: PageItem) -> Sent:
        return Sent.model_construct(
            title=self._line(item.title, "title"),
            authors=tuple(
                author
                for at, each in enumerate(self._few(item.authors, "authors", self._settings.authors_max))
                if (author := self._line(each, "authors", at))
            ),
            published=self._published(item.published),
            language=self._language(item.language),
        )

    def _published(self, told: str | None) -> str | None:
        if told is None or not told.strip():
            return None
        try:
            return normal_published(told)
        except ValueError:
            wanted = "a date such as 2024-10-28 or a time such as 2024-10-28T09:30:00Z is needed"
            self._refuse("published", f"published is {shown(told)}, but {wanted}")

    def _language(self, told: str | None) -> str | None:
        if told is None or not told.strip():
            return None
        if not _LANGUAGE.fullmatch(told.strip()):
            self._refuse("language", f"language is {shown(told)}, but a tag such as en or de-AT is needed")
        return told.strip().replace("_", "-")

    def _line(self, text: str | None, *path: str | int) -> str | None:
        """Text for people: white space and controls become single blanks, and what is blank is absent."""
        if text is None:
            return None
        return self._short(" ".join(_CONTROLS.sub(" ", text).split()), *path) or None

    def _name(self, text: str | None, *path: str | int) -> str | None:
        """Text that is compared: nothing in it is changed but the blanks around it."""
        if text is None:
            return None
        if found := _CONTROLS.search(text):
            self._refuse_at(path, f"{shown(path[0])} holds a control character, {shown(found.group())}")
        return self._short(text.strip(), *path) or None

    def _names(self, texts: Sequence[str] | None, field: str, most: int) -> tuple[str, ...]:
        """In the order sent, each once, blank ones left out."""
        names = (self._name(text, field, at) for at, text in enumerate(self._few(texts, field, most)))
        return tuple(dict.fromkeys(name for name in names if name))

    def _few(self, texts: Sequence[str] | None, field: str, most: int) -> Sequence[str]:
        if texts is not None and len(texts) > most:
            self._refuse(field, f"{field} has {len(texts)} entries, more than {most}", f"PAGEMILL_{field.upper()}_MAX")
        return texts or ()

    def _short(self, text: str, *path: str | int) -> str:
        most = self._settings.field_max_chars
        if len(text) > most:
            detail = f"{shown(path[0])} has {len(text)} characters, more than {most}"
            self._refuse_at(path, detail, "PAGEMILL_FIELD_MAX_CHARS")
        self._refuse_half(text, *path)
        return text

    def _metadata(self, told: Mapping[str, Any] | None) -> dict[str, Scalar]:
        if not told:
            return {}
        most = self._settings.metadata_max_keys
        if len(told) > most:
            detail = f"metadata has {len(told)} names, more than {most}"
            self._refuse("metadata", detail, "PAGEMILL_METADATA_MAX_KEYS")
        for name, value in told.items():
            self._metadata_text(name, name)
            self._metadata_value(name, value)
        return cast("dict[str, Scalar]", dict(told))

    def _metadata_value(self, name: str, value: Any) -> None:
        path = ("metadata", name)
        if isinstance(value, str):
            self._metadata_text(name, value)
        elif isinstance(value, bool) or value is None:
            return
        elif isinstance(value, int):
            if not -_INT_MAX <= value < _INT_MAX:
                self._refuse_at(path, f"metadata {shown(name)} is {shown(value)}, which does not fit in 64 bits")
        elif isinstance(value, float):
            if not math.isfinite(value):
                self._refuse_at(path, f"metadata {shown(name)} is no finite number")
        else:
            wanted = "text, a number, true, false or null is needed"
            self._refuse_at(path, f"metadata {shown(name)} is {shown(value)}, but {wanted}")

    def _metadata_text(self, name: str, text: str) -> None:
        most = self._settings.metadata_max_chars
        if len(text) > most:
            detail = f"metadata {shown(name)} has {len(text)} characters, more than {most}"
            self._refuse_at(("metadata", name), detail, "PAGEMILL_METADATA_MAX_CHARS")
        self._refuse_half(text, "metadata")

    def _refuse_half(self, text: str, *path: str | int) -> None:
        try:
            text.encode()
        except UnicodeEncodeError:
            self._refuse_at(path, f"{shown(path[0])} holds half a character (a lone surrogate)")

    def _refuse(self, field: str, detail: str, limit: str | None = None) -> NoReturn:
        self._refuse_at((field,), detail, limit)

    def _refuse_at(self, path: tuple[str | int, ...], detail: str, limit: str | None = None) -> NoReturn:
        raise Refused("invalid", detail, pointer=pointer(self._root, *path), limit=limit)


def charset_in(parameters: str) -> str | None:
    """The charset in the parameters of a Content-Type, as it is spelled there."""
    found = _CHARSET.search(parameters)
    return found.group(1) if found else None
