"""What a gateway shows as one: the health and the description of all services, asked of each and put together."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response
from starlette.responses import HTMLResponse, JSONResponse

from services.http.docs_page import POLICY, docs_page
from services.http.health import CHECK_SECONDS, Check, CheckState, Health, health_of
from services.http.openapi import describe
from services.http.routes import make_router
from shared.errors import DependencyUnavailable

_SECONDS: Final = 3.0
_READY_SECONDS: Final = CHECK_SECONDS + 1
"""What a neighbour needs hangs: it is the neighbour that tells so, a little later."""
_ROOT: Final = "/v1/monitor/services"


class Neighbour:
    """Another service, as the control room asks it.

    Args:
        url: its own address, behind the gateway.
    """

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, trust_env=False)
        self.name = urlsplit(url).netloc
        self.ready = Health(status="ok")
        """What it last said of its readiness."""

    def lives(self) -> tuple[bool, str]:
        """Whether it answers."""
        self._asked("/healthz", 200)
        return True, "answers"

    def tells(self) -> tuple[bool, str]:
        """Whether it says how ready it is, well or not; what it says is then in `ready`."""
        self.ready = Health.model_validate_json(self._asked("/readyz", 200, 503, seconds=_READY_SECONDS).content)
        return True, "answers"

    def described(self) -> dict[str, Any]:
        """Its OpenAPI description.

        Raises:
            DependencyUnavailable: it does not answer.
        """
        told: dict[str, Any] = self._asked("/openapi.json", 200).json()
        return told

    def close(self) -> None:
        """Lets its connections go."""
        self._client.close()

    def _asked(self, path: str, *expected: int, seconds: float = _SECONDS) -> httpx.Response:
        try:
            answer = self._client.get(path, timeout=seconds)
        except httpx.HTTPError as error:
            raise DependencyUnavailable(self.name, f"{self.name} does not answer: {error}") from error
        if answer.status_code not in expected:
            raise DependencyUnavailable(self.name, f"{self.name} answers {path} with {answer.status_code}")
        return answer


def make_neighbours(title: str, own: Sequence[Check], neighbours: Sequence[Neighbour]) -> APIRouter:
    """The routes that a gateway shows at its top.

    Args:
        title: of the description.
        own: the control room's own checks.
        neighbours: the other services, in the order of the description; closed by their maker.
    """
    living = [Check(each.name, each.lives) for each in neighbours]
    telling = [Check(each.name, each.tells, _READY_SECONDS + 1) for each in neighbours]
    router = make_router(include_in_schema=False)

    @router.get(f"{_ROOT}/healthz")
    async def healthz() -> Response:
        return _answer(await health_of(living))

    @router.get(f"{_ROOT}/readyz")
    async def readyz() -> Response:
        answers = await health_of([*own, *telling])
        told = [each.ready for each, check in zip(neighbours, answers.checks[len(own) :], strict=True) if check.ok]
        return _answer(merged(answers, told))

    @router.get(f"{_ROOT}/openapi.json")
    async def openapi(request: Request) -> Response:
        return JSONResponse(await run_sync(_described, title, request, neighbours))

    @router.get(f"{_ROOT}/docs")
    async def docs(request: Request) -> Response:
        page = docs_page(await run_sync(_described, title, request, neighbours))
        return HTMLResponse(page, headers={"Content-Security-Policy": POLICY})

    return router


def merged(first: Health, others: Sequence[Health]) -> Health:
    """One health of several: each check once, and failing where one of them says so."""
    found: dict[str, CheckState] = {}
    for check in (check for health in (first, *others) for check in health.checks):
        known = found.get(check.name)
        if known is None or (known.ok and not check.ok):
            found[check.name] = check
    checks = tuple(found.values())
    return Health(status="ok" if all(check.ok for check in checks) else "failing", checks=checks)


def _answer(health: Health) -> Response:
    status = 200 if health.status == "ok" else 503
    return Response(health.model_dump_json(), status_code=status, media_type="application/json")


def _described(title: str, request: Request, neighbours: Sequence[Neighbour]) -> dict[str, Any]:
    told = describe(request.app)
    parts = [*(each.described() for each in neighbours), told]
    paths = {path: operations for part in parts for path, operations in part["paths"].items()}
    schemas = {name: schema for part in parts for name, schema in part["components"]["schemas"].items()}
    info = {**told["info"], "title": title}
    return {**told, "info": info, "paths": paths, "components": {**told["components"], "schemas": schemas}}
