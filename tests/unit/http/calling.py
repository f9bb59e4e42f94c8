"""Calls an app in this process, as a client would over a socket."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
from fastapi import FastAPI


def call(app: FastAPI, method: str, path: str, **options: Any) -> httpx.Response:
    """One request; the app is started and stopped around it."""
    answer: httpx.Response = calls(app, lambda client: client.request(method, path, **options))
    return answer


def calls(app: FastAPI, asking: Callable[[httpx.AsyncClient], Any], url: str = "http://localhost:8800") -> Any:
    """What `asking` makes of a client of the running app."""

    async def run() -> Any:
        transport = httpx.ASGITransport(app=app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url=url) as client,
        ):
            return await asking(client)

    return asyncio.run(run())
