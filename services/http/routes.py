"""Routes that take nothing they do not know: no stray query parameter, no other body than JSON, none nested deep."""

from collections.abc import Callable, Coroutine, Mapping
from inspect import iscoroutinefunction
from typing import Any, Final, get_origin, get_type_hints

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from services.http.reading import media_type, read_body
from shared.errors import Refused
from shared.json_reading import read_json
from shared.settings import Settings
from shared.validation import shown

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_SEVERAL: Final = (tuple, list, set, frozenset)


def make_router(**options: Any) -> APIRouter:
    """A router whose routes are strict; `options` are FastAPI's."""
    return APIRouter(route_class=StrictRoute, redirect_slashes=False, **options)


class StrictRoute(APIRoute):
    """Refuses unknown and repeated query parameters, and reads JSON bodies with the limits that are set.

    A route whose `openapi_extra` describes its parameters checks them itself, by `query_model.asked_of`.
    """

    def get_route_handler(self) -> Handler:
        """The handler that FastAPI made, behind the checks."""
        answer = _plain(self) or super().get_route_handler()
        declared = declared_parameters(self.dependant)
        itself = "parameters" in (self.openapi_extra or {})
        takes_json = self.body_field is not None

        async def handle(request: Request) -> Response:
            if request.scope["query_string"] and not itself:
                refuse_unknown(request, declared)
            if takes_json:
                if media_type(request) != "application/json":
                    raise Refused(
                        "unsupported-media-type",
                        f"Content-Type is {shown(media_type(request))}, but application/json is read here.",
                    )
                request = _JsonRequest(request.scope, request.receive)
            return await answer(request)

        return handle


def _plain(route: APIRoute) -> Handler | None:
    """The route's function as it is, where it takes the request, gives a Response and asks for nothing else.

    FastAPI's own way to it costs as much as reading a page does.
    """
    asks, endpoint = route.dependant, route.endpoint
    others = (asks.path_params, asks.query_params, asks.header_params, asks.cookie_params, asks.body_params)
    name = asks.request_param_name
    if name is None or any(others) or asks.dependencies or not iscoroutinefunction(endpoint):
        return None
    if get_type_hints(endpoint).get("return") is not Response:
        return None

    async def call(request: Request) -> Response:
        answer: Response = await endpoint(**{name: request})
        return answer

    return call


class _JsonRequest(Request):
    """A request whose body FastAPI reads within the limits."""

    async def body(self) -> bytes:
        if not hasattr(self, "_body"):
            self._body = await read_body(self, self.app.state.settings)
        return self._body

    async def json(self) -> Any:
        settings: Settings = self.app.state.settings
        return read_json(await self.body(), settings.json_max_depth)


def declared_parameters(dependant: Dependant) -> dict[str, bool]:
    """The names of a route's query parameters, and whether each may be given several times."""
    names: dict[str, bool] = {}
    for part in dependant.dependencies:
        names |= declared_parameters(part)
    for field in dependant.query_params:
        kind = field.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names |= parameters_of(kind)
        else:
            names[field.alias] = get_origin(kind) in _SEVERAL
    return names


def parameters_of(model: type[BaseModel]) -> dict[str, bool]:
    """The names of a model's fields as query parameters, and whether each may be given several times."""
    return {field.alias or name: get_origin(field.annotation) in _SEVERAL for name, field in model.model_fields.items()}


def refuse_unknown(request: Request, declared: Mapping[str, bool]) -> None:
    """Raises Refused for a query parameter that the route does not have, or has once and got twice."""
    seen: set[str] = set()
    for name, _ in request.query_params.multi_items():
        if name not in declared:
            known = ", ".join(sorted(declared)) or "none"
            raise Refused(
                "invalid", f"{shown(name)} is no parameter of this address, which knows: {known}", pointer=_at(name)
            )
        if name in seen and not declared[name]:
            raise Refused("invalid", f"{shown(name)} is given more than once", pointer=_at(name))
        seen.add(name)


def _at(name: str) -> str:
    return "/query/" + name.replace("~", "~0").replace("/", "~1")
