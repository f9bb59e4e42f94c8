"""What `/` tells a program."""

from importlib.metadata import version
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute


def what_there_is(request: Request) -> dict[str, Any]:
    """Name, version, links, and what answers behind this address."""
    return {
        "name": "pagemill",
        "version": version("pagemill"),
        "links": {"docs": "/docs", "openapi": "/openapi.json", "ready": "/readyz", "metrics": "/metrics"},
        "routes": [
            {"method": method, "path": route.path, "summary": route.summary or ""}
            for route in request.app.routes
            if isinstance(route, APIRoute) and route.include_in_schema
            for method in sorted(route.methods or ())
        ],
    }
