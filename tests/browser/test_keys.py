"""Given pages that were opened with a key, when the key is revoked, then they say so and a new one opens them."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.integration.cli.command import pagemill
from tests.stack import Stack

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]

SHUT = "The key of this browser opens this page no more."


def sign_in(page: Page, key: str) -> None:
    page.get_by_label("API key").fill(key)
    page.get_by_role("button", name="Sign in").click()


def test_pages_whose_key_is_revoked_say_so_and_lead_to_another(chromium: Browser, tmp_path: Path) -> None:
    data = tmp_path / "data"
    first, second = (
        pagemill("keys", "add", name, "--scope", "admin", folder=tmp_path, data=str(data)).stdout.strip()
        for name in ("first", "second")
    )
    stack = Stack(data, require_keys=True, key=second, clean_workers=1).start()
    context = chromium.new_context(base_url=stack.url)
    now, letters = context.new_page(), context.new_page()
    try:
        now.goto("/monitor")
        sign_in(now, first)
        expect(now.get_by_text(re.compile("^Live"))).to_be_visible()
        letters.goto("/monitor/letters")
        assert stack.run("keys", "revoke", first.split("_")[1]).returncode == 0
        expect(letters.get_by_text(SHUT)).to_be_visible()
        expect(now.get_by_text(SHUT)).to_be_visible()
        now.get_by_role("link", name="Sign in again").click()
        sign_in(now, second)
        expect(now.get_by_text(re.compile("^Live"))).to_be_visible()
        expect(now).to_have_url(f"{stack.url}/monitor")
        expect(letters.get_by_text(SHUT)).to_have_count(0)  # nothing has to be loaded again
    finally:
        context.close()
        stack.stop()
