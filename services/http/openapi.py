"""The OpenAPI description: FastAPI's, with our problems in the place of its own errors."""

from importlib.metadata import version
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from services.http.problems import problems
from shared.models.problem import Problem

_ALWAYS: Final = ("unknown-host", "foreign-origin", "internal")
_WITH_BODY: Final = ("unreadable", "slow-client", "request-too-large", "inflates-too-far", "unsupported-media-type",
                     "unsupported-encoding", "invalid", "nested-too-deep")  # fmt: skip


def describe(app: FastAPI) -> dict[str, Any]:
    """The description of every public route of an app."""
    told = get_openapi(title=app.title, version=version("pagemill"), routes=app.routes)
    schemas = told.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = Problem.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    for operations in told.get("paths", {}).values():
        for operation in operations.values():
            _tell_problems(operation)
    return told


def _tell_problems(operation: dict[str, Any]) -> None:
    """Adds what any route of this kind may answer, where the route itself has not said it."""
    responses = operation.setdefault("responses", {})
    if "422" in responses and "HTTPValidationError" in str(responses["422"]):
        del responses["422"]
    usual = [*_ALWAYS, *(_WITH_BODY if "requestBody" in operation else ("invalid",))]
    for status, told in problems(*usual).items():
        known = responses.get(str(status))
        if known is None:
            responses[str(status)] = told
        elif told["description"] not in known["description"]:
            known["description"] += f". {told['description']}"
