"""The OpenAPI description: FastAPI's, with our problems in the place of its own errors."""

from importlib.metadata import version
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from services.http.keys.access import rule_for
from services.http.keys.guard import COOKIE
from services.http.problems import problems
from shared.models.problem import Problem
from shared.settings import keys_needed

_ALWAYS: Final = ("unreadable", "unknown-host", "foreign-origin", "headers-too-large", "internal")
"""The first also for what is no HTTP, such as a URL beyond 64 KB."""
_WITH_KEY: Final = ("unauthorized", "forbidden", "rate-limited", "unavailable")
_SECURITY: Final = {
    "key": {"type": "http", "scheme": "bearer", "description": "An API key. On loopback none is needed."},
    "cookie": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "What /sign-in gives a browser."},
}
_WITH_BODY: Final = ("slow-client", "request-too-large", "inflates-too-far", "unsupported-media-type",
                     "unsupported-encoding", "unsupported-transfer-encoding", "invalid", "nested-too-deep")  # fmt: skip


def describe(app: FastAPI) -> dict[str, Any]:
    """The description of every public route of an app."""
    told = get_openapi(title=app.title, version=version("pagemill"), routes=app.routes)
    schemas = told.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = Problem.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    told["components"]["securitySchemes"] = _SECURITY
    without: list[dict[str, list[str]]] = [] if keys_needed(app.state.settings) else [{}]
    for path, operations in told.get("paths", {}).items():
        for method, operation in operations.items():
            scopes = rule_for(method.upper(), path).scopes
            if scopes:
                operation["security"] = [*without, {"key": []}, {"cookie": []}]
            _tell_problems(operation, *(_WITH_KEY if scopes else ()))
    return told


def _tell_problems(operation: dict[str, Any], *more: str) -> None:
    """Adds what any route of this kind may answer, where the route itself has not said it."""
    responses = operation.setdefault("responses", {})
    if "422" in responses and "HTTPValidationError" in str(responses["422"]):
        del responses["422"]
    usual = [*_ALWAYS, *more, *(_WITH_BODY if "requestBody" in operation else ("invalid",))]
    for status, told in problems(*usual).items():
        known = responses.get(str(status))
        if known is None:
            responses[str(status)] = told
        elif told["description"] not in known["description"]:
            known["description"] += f". {told['description']}"
