"""Dead letters: read, mended and sent again, or let go."""

import base64
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from services.http.deeds import note_deed
from services.http.problems import problems
from services.http.reading import read_body
from services.ingest.acceptor import Acceptor
from services.ingest.offers import offer_of, sent_by
from services.ingest.pages import JSON, Id
from services.ingest.parts import Parts
from services.ingest.posting import PAGE_BODY, PAGE_PROBLEMS, read_page
from services.ingest.wire import (
    Acted,
    DeadLetterAction,
    DeadLetterChoice,
    DeadLetterItem,
    DeadLetterPage,
    DeadLetterShown,
    DeadLettersMeant,
    Taken,
)
from shared.errors import Refused
from shared.intake import Page, PageItem
from shared.ledger.carried import DeadLetterFilter
from shared.models.raw_page import RawPage
from shared.models.receipt import DeadLetter
from shared.moments import to_us
from shared.packing import unpack
from shared.validation import shown

LETTERS_MAX: Final = 1000
_STEP: Final = 50
_KEPT: Final = ("url", "fetched_at", "source", "title", "authors", "published", "language", "tags", "metadata")
"""Fields that a mended page keeps unless it says others."""
_MENDED: Final = "mended and sent again"
_ACTION: Final = problems("too-many-items", "unavailable")


class Choice(DeadLetterChoice):
    """A page of a list."""

    cursor: str | None = Field(None, pattern=r"^[0-9]{1,15}-[A-Za-z0-9_-]{1,64}:[0-9]{1,16}$")
    size: int = Field(50, ge=1, le=LETTERS_MAX)


def add_letters(router: APIRouter, parts: Parts, acceptor: Acceptor) -> None:
    """Adds the routes."""

    @router.get(
        "/v1/dead-letters", response_model=DeadLetterPage, responses=problems("unavailable"), summary="Dead letters"
    )
    def listed(asked: Annotated[Choice, Query()]) -> Response:
        """Pages that could not be taken through, newest first, and how many there are by reason, room and site."""
        found = parts.ledger.dead_letters.find(_where(asked), asked.cursor, asked.size)
        told = DeadLetterPage.model_construct(
            total=found.total,
            groups=found.groups,
            items=tuple(DeadLetterItem(**letter.model_dump()) for letter in found.items),
            next=found.next,
        )
        return Response(told.model_dump_json(), media_type=JSON)

    @router.get(
        "/v1/dead-letters/{page_id}",
        response_model=DeadLetterShown,
        responses=problems("dead-letter-not-found", "unavailable"),
        summary="A dead letter",
    )
    def show(page_id: Id) -> Response:
        """One dead letter, with its traceback and the page as it could be posted."""
        letter = _letter(parts, page_id)
        raw = raw_of(parts, letter)
        told = DeadLetterShown(**letter.model_dump(), raw=as_item(raw) if raw else None)
        return Response(told.model_dump_json(), media_type=JSON)

    @router.put(
        "/v1/dead-letters/{page_id}",
        status_code=202,
        response_model=Taken,
        responses=problems(*PAGE_PROBLEMS, "dead-letter-not-found", "line-full", "unavailable"),
        openapi_extra=PAGE_BODY,
        summary="A dead letter, mended",
    )
    async def mend(page_id: Id, request: Request) -> Response:
        """The page mended, sent again as a new version. What it says nothing of, such as URL or title, it keeps.

        The dead letter is let go, unless the answer is `superseded`: then nothing was sent, and nothing is lost.
        """
        letter = await run_sync(_letter, parts, page_id)
        body = await read_body(request, parts.settings)
        with parts.tracing.request("PUT /v1/dead-letters/ID", request.headers.get("traceparent")) as trace:
            page = await run_sync(_mended, parts, letter, request, body)
            accepted = await acceptor.accept(offer_of(page, sent_by(request, trace)))
        if accepted.status != "superseded":
            await run_sync(parts.ledger.dead_letters.discard, [letter], _MENDED)
            await run_sync(lambda: note_deed(parts.ledger.audit, request, "mend", page_id, done=1))
        told = Taken(**accepted.model_dump(), receipt=f"/v1/pages/{accepted.id}")
        return Response(told.model_dump_json(), status_code=202, media_type=JSON)

    @router.post(
        "/v1/dead-letters/redrive", response_model=Acted, responses=_ACTION, summary="Dead letters, sent again"
    )
    def redrive(asked: DeadLetterAction, request: Request) -> Response:
        """Sends dead letters back to the first room, as they were."""
        told = _acted(parts, asked, lambda letters: parts.ledger.dead_letters.redrive(letters, _frames(parts, letters)))
        parts.wake("clean")
        return _noted(parts, request, "redrive", asked, told)

    @router.post("/v1/dead-letters/discard", response_model=Acted, responses=_ACTION, summary="Dead letters, let go")
    def discard(asked: DeadLetterAction, request: Request) -> Response:
        """Lets dead letters go on purpose; `note` says why, and stands in their receipts."""
        note = (asked.note or "").strip()
        if not note and not asked.dry_run:
            raise Refused("invalid", "note is missing: nothing is discarded without a reason", pointer="/note")
        told = _acted(parts, asked, lambda letters: parts.ledger.dead_letters.discard(letters, note))
        return _noted(parts, request, "discard", asked, told)


def as_item(page: RawPage) -> dict[str, Any]:
    """A page as it could be posted: its bytes as text where they are UTF-8, else in base64."""
    envelope = page.envelope
    item = envelope.model_dump(mode="json", include={"url", "fetched_at", "source", "tags", "metadata"})
    item |= envelope.sent.model_dump(mode="json")
    charset = envelope.charset
    try:
        if (charset or "utf-8").lower() not in {"utf-8", "utf8"}:
            raise ValueError(charset)  # noqa: TRY301  (the other of two reasons for base64)
        item["content"] = page.body.decode("utf-8")
        charset = None
    except ValueError:
        item["body"] = base64.b64encode(page.body).decode("ascii")
    kind = envelope.content_type
    item["content_type"] = f"{kind}; charset={charset}" if kind and charset else kind
    return {name: value for name, value in item.items() if value not in (None, [], {})}


def _letter(parts: Parts, page: str) -> DeadLetter:
    letter = parts.ledger.dead_letters.get(page)
    if letter is None:
        raise Refused("dead-letter-not-found", f"Page {page} is no dead letter.")
    return letter


def _where(asked: DeadLetterChoice) -> DeadLetterFilter:
    return DeadLetterFilter(reason=asked.reason, stage=asked.stage, site=asked.site, source=asked.source)


def _meant(asked: DeadLettersMeant) -> DeadLetterFilter:
    """Raises Refused where it is not said which ones, or both all and some are named."""
    where = _where(asked)
    if asked.all and where != DeadLetterFilter():
        raise Refused("invalid", "all of them, or those that the rest names, not both", pointer="/filter/all")
    if not asked.all and where == DeadLetterFilter():
        detail = 'an empty filter would mean every dead letter: name what is meant, or say {"all": true}'
        raise Refused("invalid", detail, pointer="/filter")
    return where


def _mended(parts: Parts, letter: DeadLetter, request: Request, body: bytes) -> Page:
    """The page in the request, with what the dead letter has of URL, times and other fields where it says nothing.

    Raises:
        Refused: it is another page's URL, it is older than the dead letter, or the page cannot be taken.
    """
    raw = raw_of(parts, letter)
    kept = as_item(raw) if raw else {"url": letter.url}
    said = PageItem.model_validate({name: kept[name] for name in _KEPT if kept.get(name) is not None})
    page = read_page(request, body, said, parts.settings)
    if letter.url and page.submission.id != letter.id:
        detail = f"url is {shown(page.submission.url)}, which is another page than the dead letter's"
        raise Refused("invalid", detail, pointer="/url")
    fetched_at = page.submission.fetched_at
    if fetched_at is not None and to_us(fetched_at) < letter.version:
        detail = (
            f"fetched_at is {shown(fetched_at.isoformat())}, but the dead letter's page was fetched later: leave it out"
        )
        raise Refused("invalid", detail, pointer="/fetched_at")
    return page


def _acted(parts: Parts, asked: DeadLetterAction, act: Callable[[Sequence[DeadLetter]], Sequence[DeadLetter]]) -> Acted:
    if (asked.ids is None) == (asked.filter is None):
        raise Refused("invalid", 'exactly one of "ids" and "filter" is needed', pointer="/ids")
    if asked.ids is not None:
        letters = _by_id(parts, asked.ids)
    else:
        letters = parts.ledger.dead_letters.members(_meant(asked.filter or DeadLettersMeant()))
    done = 0
    if not asked.dry_run:
        done = sum(len(act(letters[at : at + _STEP])) for at in range(0, len(letters), _STEP))
    return Acted(matched=len(letters), done=done)


def _noted(parts: Parts, request: Request, action: str, asked: DeadLetterAction, told: Acted) -> Response:
    """The answer; what was done is in the audit log then."""
    if told.done:
        where = (asked.filter or DeadLettersMeant()).model_dump(exclude_none=True, exclude={"all"})
        named = ", ".join(f"{name}={value}" for name, value in where.items()) or "all dead letters"
        target = named if asked.ids is None else ", ".join(asked.ids)
        note_deed(parts.ledger.audit, request, action, target, note=asked.note, done=told.done)
    return Response(told.model_dump_json(), media_type=JSON)


def _by_id(parts: Parts, ids: Sequence[str]) -> list[DeadLetter]:
    most = parts.settings.array_max_items
    if len(ids) > most:
        detail = f"ids has {len(ids)} entries, more than {most}"
        raise Refused("too-many-items", detail, pointer="/ids", limit="PAGEMILL_ARRAY_MAX_ITEMS")
    found = (parts.ledger.dead_letters.get(page) for page in dict.fromkeys(ids))
    return [letter for letter in found if letter is not None]


def _frames(parts: Parts, letters: Sequence[DeadLetter]) -> dict[tuple[str, int], bytes]:
    """The bodies that have moved to the archive."""
    archived = ((letter, parts.archive.get(letter.id, letter.version)) for letter in letters)
    return {(letter.id, letter.version): page.packed for letter, page in archived if page is not None}


def raw_of(parts: Parts, letter: DeadLetter) -> RawPage | None:
    """The bytes of this dead version."""
    held = parts.ledger.receipts.raw(letter.id)
    if held is not None and held[0] == letter.version:
        return unpack(held[1], letter.version)
    archived = parts.archive.get(letter.id, letter.version)
    return None if archived is None else unpack(archived.packed, archived.version)
