"""`POST /v1/pages/delete`: many pages out."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from fastapi import APIRouter, Response

from services.http.problems import problems
from services.ingest.pages import JSON, is_known
from services.ingest.parts import Parts
from services.ingest.wire import DeletedMany, DeleteRequest, PageFilter
from shared.errors import DependencyUnavailable, Refused
from shared.hosts import ascii_host
from shared.ledger.carried import DeadLetterFilter
from shared.models.search import Filters
from shared.query_language.tree import AllOf
from shared.search.port import EngineQuery

_STEP: Final = 50
_LOOKED_UP: Final = 500


def add_deleting(router: APIRouter, parts: Parts) -> None:
    """Adds the route."""

    @router.post(
        "/v1/pages/delete",
        status_code=202,
        response_model=DeletedMany,
        responses=problems("unavailable"),
        summary="Many pages out",
    )
    def delete_many(asked: DeleteRequest) -> Response:
        """Deletes pages by id, or all that a filter fits.

        A filter is asked of the documents that are searchable. `site` and `source` alone find what still waits and
        what lies dead as well; tags and languages are known of documents only. `source` is who sent a page's newest
        version. Where Redis goes away meanwhile, `done` is less than `matched`: the same again deletes the rest.
        """
        ids, unknown = _meant(parts, asked)
        done = 0 if asked.dry_run else forgotten(parts.ledger.forget, ids)
        if done:
            parts.wake("index")
        told = DeletedMany(matched=len(ids), done=done, unknown=tuple(unknown))
        return Response(told.model_dump_json(), status_code=202, media_type=JSON)


def forgotten(forget: Callable[[Sequence[str]], object], ids: Sequence[str]) -> int:
    """Deletes pages some at a time; how many, which is fewer where Redis went away meanwhile.

    Raises:
        DependencyUnavailable: it was away before any was deleted.
    """
    for at in range(0, len(ids), _STEP):
        try:
            forget(ids[at : at + _STEP])
        except DependencyUnavailable:
            if at == 0:
                raise
            return at
    return len(ids)


def _meant(parts: Parts, asked: DeleteRequest) -> tuple[list[str], list[str]]:
    """The pages to delete, and ids that name none."""
    if (asked.ids is None) == (asked.filter is None):
        raise Refused("invalid", 'exactly one of "ids" and "filter" is needed', pointer="/ids")
    if asked.ids is not None:
        return _by_id(parts, asked.ids)
    if asked.filter is None or not asked.filter.model_dump(exclude_none=True):
        raise Refused("invalid", "an empty filter would delete every page: name what is meant", pointer="/filter")
    where = _stored_form(asked.filter)
    found = list(dict.fromkeys(_by_filter(parts, where)))
    return (found if where.source is None else _not_of_others(parts, found, where.source)), []


def _not_of_others(parts: Parts, ids: Sequence[str], source: str) -> list[str]:
    """Those whose newest version is not another sender's: an older one on its way, or still found, is not the page.

    A newest version that has died or was dropped takes nothing from the one before, which stays what is found.
    """
    senders: dict[str, str | None] = {}
    for at in range(0, len(ids), _LOOKED_UP):
        senders |= parts.ledger.receipts.senders(ids[at : at + _LOOKED_UP])
    return [page for page in ids if senders.get(page, source) == source]


def _by_id(parts: Parts, ids: Sequence[str]) -> tuple[list[str], list[str]]:
    most = parts.settings.array_max_items
    if len(ids) > most:
        detail = f"ids has {len(ids)} entries, more than {most}"
        raise Refused("too-many-items", detail, pointer="/ids", limit="PAGEMILL_ARRAY_MAX_ITEMS")
    known: list[str] = []
    unknown: list[str] = []
    for page in dict.fromkeys(ids):
        (known if is_known(parts, page) else unknown).append(page)
    return known, unknown


def _by_filter(parts: Parts, where: PageFilter) -> Iterator[str]:
    """The line first and the index last: that is the way pages go meanwhile, so none slips between two looks."""
    if where.tag is None and where.language is None:
        yield from parts.ledger.walking.ids(site=where.site, source=where.source)
        for letter in parts.ledger.dead_letters.members(DeadLetterFilter(site=where.site, source=where.source)):
            yield letter.id
    yield from _searchable(parts, where)


def _stored_form(where: PageFilter) -> PageFilter:
    """Languages and sites have one spelling in documents: lower case, IDN in punycode."""
    language = where.language.lower() if where.language else where.language
    try:
        site = ascii_host(where.site) if where.site else where.site
    except ValueError as error:
        raise Refused("invalid", str(error), pointer="/filter/site") from None
    return where.model_copy(update={"site": site, "language": language})


def _searchable(parts: Parts, where: PageFilter) -> Iterator[str]:
    """Every document that fits, read from one snapshot of the index."""
    filters = Filters(**{name: (value,) for name, value in where.model_dump(exclude_none=True).items()})
    query = EngineQuery(tree=AllOf(parts=()), filters=filters, sort="indexed", size=100, snippets=False)
    answer = parts.index.search(query)
    yield from (hit.id for hit in answer.hits)
    while answer.after is not None:
        answer = parts.index.search(query, snapshot=answer.snapshot, after=answer.after)
        yield from (hit.id for hit in answer.hits)
