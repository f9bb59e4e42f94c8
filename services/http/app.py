"""The shell that all services share: one app around a service's routers."""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from services.http.docs_page import POLICY, docs_page
from services.http.door import Door
from services.http.figures import Figures
from services.http.health import Check, Health, health_of
from services.http.keys.guard import Guard
from services.http.keys.ring import KeyRing
from services.http.keys.sign_in import make_sign_in
from services.http.openapi import describe
from services.http.problems import add_problem_handlers
from services.http.routes import StrictRoute, make_router
from shared.settings import Settings

Hook = Callable[[], Awaitable[object] | object]


def make_app(  # noqa: PLR0913  (one keyword per part)
    title: str,
    settings: Settings,
    *,
    routers: Iterable[APIRouter],
    checks: Sequence[Check] = (),
    collectors: Iterable[Collector] = (),
    on_close: Sequence[Hook] = (),
    keys: KeyRing | None = None,
) -> FastAPI:
    """A service: its routers behind the door, with health, figures and docs beside them.

    Args:
        title: of its docs.
        settings: who may call, limits; routes find them at `request.app.state.settings`.
        routers: from `make_router`, with their prefixes; a router's lifespan is run with the app's.
        checks: what `/readyz` asks.
        collectors: what `/metrics` shows beside the requests.
        on_close: called in order when the service ends, after the routers' lifespans.
        keys: those that open it, started and closed by their maker; None: any key that is sent is wrong.
    """
    guard = Guard(settings, keys)
    routers = [*routers, make_sign_in(guard, settings)]
    app = FastAPI(
        title=title,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan(routers, on_close),
    )
    app.state.settings = settings
    figures = Figures(collectors)
    for router in (*routers, _own_routes(app, checks, figures)):
        _refuse_lax(router)
        app.router.routes.extend(router.routes)  # include_router would match each request twice
    add_problem_handlers(app)
    app.add_middleware(Door, settings=settings, figures=figures, guard=guard)
    return app


def _lifespan(
    routers: Sequence[APIRouter], on_close: Sequence[Hook]
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for hook in reversed(on_close):
                stack.push_async_callback(_call, hook)
            for router in routers:
                await stack.enter_async_context(router.lifespan_context(app))
            yield

    return lifespan


async def _call(hook: Hook) -> None:
    told = hook()
    if inspect.isawaitable(told):
        await told


def _refuse_lax(router: APIRouter) -> None:
    """Unknown parameters are refused everywhere, so no route may be of FastAPI's own kind."""
    lax = [route.path for route in router.routes if isinstance(route, APIRoute) and not isinstance(route, StrictRoute)]
    if lax:
        raise TypeError(f"routes made without make_router: {', '.join(lax)}")


def _own_routes(app: FastAPI, checks: Sequence[Check], figures: Figures) -> APIRouter:
    router = make_router(tags=["service"])

    @router.get("/healthz", response_model=Health, summary="Whether the process lives")
    async def healthz() -> Response:
        return Response(Health(status="ok").model_dump_json(), media_type="application/json")

    @router.get(
        "/readyz",
        response_model=Health,
        responses={503: {"model": Health, "description": "Something that is needed is away"}},
        summary="Whether everything that is needed answers",
    )
    async def readyz() -> Response:
        health = await health_of(checks)
        return Response(
            health.model_dump_json(), status_code=200 if health.status == "ok" else 503, media_type="application/json"
        )

    @router.get("/metrics", include_in_schema=False)
    def metrics(request: Request) -> Response:
        body, content_type = figures.shown(request.headers.get("accept", ""))
        return Response(body, headers={"Content-Type": content_type})

    @router.get("/openapi.json", include_in_schema=False)
    async def openapi() -> JSONResponse:
        return JSONResponse(describe(app))

    @router.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(docs_page(describe(app)), headers={"Content-Security-Policy": POLICY})

    return router
