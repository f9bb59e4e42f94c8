"""Query parameters as one frozen model, without FastAPI's way of reading them, which costs as much as a page does."""

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from services.http.routes import parameters_of, refuse_unknown
from shared.validation import refused_for

Asked = TypeVar("Asked", bound=BaseModel)


def asked_of(request: Request, model: type[Asked]) -> Asked:
    """The query parameters of a request.

    Raises:
        Refused: one is unknown, given twice or wrong; the pointer is `/query/NAME`.
    """
    told = _told(request, _several(model)) if request.scope["query_string"] else None
    try:
        found: Asked = _nothing(model) if told is None else model.model_validate(told)
    except ValidationError as error:
        raise refused_for(error.errors(include_url=False, include_context=False), "/query") from None
    return found


def described(model: type[BaseModel]) -> list[dict[str, Any]]:
    """The parameters as OpenAPI has them, for a route's `openapi_extra`."""
    schema = model.model_json_schema()
    required = set(schema.get("required", ()))
    return [
        {"name": name, "in": "query", "required": name in required, "schema": field,
         **({"description": field["description"]} if "description" in field else {})}
        for name, field in schema["properties"].items()
    ]  # fmt: skip


def _told(request: Request, several: Mapping[str, bool]) -> dict[str, Any]:
    refuse_unknown(request, several)
    query = request.query_params
    return {name: query.getlist(name) if several[name] else query[name] for name in query}


@cache
def _nothing(model: type[Asked]) -> Asked:
    return model()


@cache
def _several(model: type[BaseModel]) -> dict[str, bool]:
    return parameters_of(model)
