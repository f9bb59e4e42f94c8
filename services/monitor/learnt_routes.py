"""What the mill has learnt of sites, and what of it is to be kept."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request, Response

from services.http.deeds import note_deed
from services.http.problems import problems
from services.http.routes import make_router
from shared.errors import Refused
from shared.ledger.audit import Audit
from shared.models.frozen import Carried
from shared.sites import Sites
from shared.sites.blocks import BLOCK_PATTERN
from shared.sites.shown import SiteMemory, SiteSummary
from shared.urls import registered_domain

_JSON: Final = "application/json"
_BLOCK_PROBLEMS: Final = problems("block-not-found", "unavailable")
Host = Annotated[str, Path(max_length=260, description="A host name; what is meant is its registered domain.")]
Block = Annotated[str, Path(pattern=BLOCK_PATTERN, description="A block's id.")]
Note = Annotated[str | None, Query(max_length=1000, description="Why; it stands in the audit log.")]


class SitesLearnt(Carried):
    """Sites, those that were seen last first."""

    sites: tuple[SiteSummary, ...]


class BlockKept(Carried):
    """Whether a block is kept, and whether this request changed that."""

    site: str
    block: str
    kept: bool
    changed: bool


def make_learnt_routes(sites: Sites, audit: Audit) -> APIRouter:
    """The routes.

    Args:
        sites: what is known of them.
        audit: where it is noted what was done.
    """
    router = make_router(tags=["monitor"])

    def told(request: Request, what: BlockKept, note: str | None) -> Response:
        if what.changed:
            note_deed(audit, request, "keep" if what.kept else "drop", f"{what.site} {what.block}", note=note)
        return Response(what.model_dump_json(), media_type=_JSON)

    @router.get(
        "/v1/monitor/sites-learnt",
        response_model=SitesLearnt,
        responses=problems("unavailable"),
        summary="Sites that are remembered",
    )
    def summaries(size: Annotated[int, Query(ge=1, le=1000, description="Sites at most.")] = 100) -> Response:
        """How many stories of each site were looked at, and how many blocks they share."""
        return Response(SitesLearnt(sites=tuple(sites.summaries(size))).model_dump_json(), media_type=_JSON)

    @router.get(
        "/v1/monitor/sites/{host}",
        response_model=SiteMemory,
        responses=problems("unavailable"),
        summary="What a site repeats on its pages",
    )
    def show(host: Host) -> Response:
        """The blocks that are left out of its pages, and those that are kept on request; none where none is known."""
        return Response(sites.memory(_site(host)).model_dump_json(), media_type=_JSON)

    @router.post(
        "/v1/monitor/sites/{host}/blocks/{block}/keep",
        response_model=BlockKept,
        responses=_BLOCK_PROBLEMS,
        summary="A block that is left out no more",
    )
    def keep(host: Host, block: Block, request: Request, note: Note = None) -> Response:
        """Pages cleaned some seconds from now keep it, whatever is learnt later; those before are not cleaned again."""
        site = _site(host)
        changed = sites.keep(site, block)
        if changed is None:
            raise _unknown(site, block)
        return told(request, BlockKept(site=site, block=block, kept=True, changed=changed), note)

    @router.post(
        "/v1/monitor/sites/{host}/blocks/{block}/drop",
        response_model=BlockKept,
        responses=_BLOCK_PROBLEMS,
        summary="A block that is left out again",
    )
    def drop(host: Host, block: Block, request: Request, note: Note = None) -> Response:
        """Takes back that it is kept."""
        site = _site(host)
        changed = sites.unkeep(site, block)
        if not changed and block not in {each.id for each in sites.memory(site).blocks}:
            raise _unknown(site, block)
        return told(request, BlockKept(site=site, block=block, kept=False, changed=changed), note)

    return router


def _site(host: str) -> str:
    site = registered_domain(host)
    if site is None:
        raise Refused("invalid", "A host name is needed, such as example.com.", pointer="/path/host")
    return site


def _unknown(site: str, block: str) -> Refused:
    return Refused("block-not-found", f"{site} has no block {block} that is left out.")
