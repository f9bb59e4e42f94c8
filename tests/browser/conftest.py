"""The system's Chromium, driven by Playwright; without one these tests are skipped, and in CI they fail."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.stack import Stack

_QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
"""Without these Chromium looks for its maker's servers, and will not run as root."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a module, and no longer: while it is there its event loop runs in this thread."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("there is no Chromium")
        pytest.skip("there is no Chromium: Debian's package chromium has one")
    expect.set_options(timeout=30_000)  # a first preview starts a process
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_QUIET))
        yield browser
        browser.close()


_GIVEN_UP = ("htmx:sendAbort", "htmx:afterRequest")
"""What htmx says of a request that a later one has taken the place of; of one that was lost it says more."""


class Seen(list[str]):
    """What a page complained of: errors of its scripts, things its policy refused, requests to elsewhere."""

    def console(self, told: ConsoleMessage) -> None:
        """Something on the console."""
        if told.type == "error" and not told.text.startswith(_GIVEN_UP):
            self.append(f"console: {told.text}")


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def page(chromium: Browser, mill: Stack, seen: Seen) -> Iterator[Page]:
    """A page of the mill; a test fails where anything was complained of that it did not expect."""
    context = chromium.new_context(base_url=mill.url, viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    opened.on("pageerror", lambda error: seen.append(f"error: {error}"))
    opened.on("console", seen.console)
    opened.on("request", lambda asked: None if asked.url.startswith(mill.url) else seen.append(f"asked {asked.url}"))
    opened.on("dialog", lambda dialog: seen.append(f"dialog: {dialog.message}"))
    yield opened
    complaints = list(seen)  # a page that is closed complains of what it had asked for
    context.close()
    assert complaints == []


@pytest.fixture
def tidy(mill: Stack) -> Iterator[None]:
    """No room stays paused, and no letter lies there, for the tests behind this one."""
    yield
    with mill.client() as client:
        for room in ("clean", "enrich", "index", "solo"):
            client.post(f"/v1/monitor/rooms/{room}/resume")
        client.post("/v1/dead-letters/discard", json={"filter": {"all": True}, "note": "behind a test"})
