"""Given a running mill and pages of one site, then it learns what they share, and what a person wants is kept."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from shared.sites import block_id
from tests.stack import Stack

FRIENDS = "The Daily Example has been read by the friends of the harbour since the year that it was built."
SITE = "https://news.example.com"
WORDS = (
    "ferry harbour bridge council winter copper market lantern orchard railway signal theatre meadow glacier".split()
)
STORY = (
    "The {0} {1} was opened on Monday after the {2} had been closed since the last {3}.",
    "A speaker for the {4} said that the {5} would need another {6} before the {7} came back.",
    "People of the {8} asked the {9} to look at the {10} again, and to leave the {11} as it was.",
)
SYNDICATED = "\n\n".join(
    f"Paragraph {number} of a story that many papers carry tells of {word} and of what became of it."
    for number, word in enumerate(WORDS[:6])
)
SETTINGS = {"site_blocks_stories": 4, "clean_workers": 2, "log_level": "warning"}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    started = Stack(tmp_path_factory.mktemp("sites"), None, **SETTINGS).start()
    yield started
    started.stop()


def story(number: int) -> str:
    """A story of its own words; any two share few."""
    turned = [f"{WORDS[(number * 5 + place * 3) % len(WORDS)]}{number}" for place in range(12)]
    return "\n\n".join(line.format(*turned) for line in STORY)


def post(http: httpx.Client, name: str, text: str) -> dict[str, Any]:
    """Posts a page and waits until it can be found; its document."""
    page = {"url": f"{SITE}/{name}", "content": text, "content_type": "text/plain"}
    told = http.post("/v1/pages", params={"wait": "searchable", "timeout": 60}, json=page).raise_for_status().json()
    assert told["state"] == "searchable", told
    document: dict[str, Any] = http.get(f"/v1/documents/{told['id']}").raise_for_status().json()
    return document


def test_what_many_stories_share_goes_from_later_ones_and_comes_back_when_it_is_to_be_kept(stack: Stack) -> None:
    with stack.client() as http:
        for number in range(4):
            first = post(http, f"story{number}", f"{story(number)}\n\n{FRIENDS}")
            assert FRIENDS in first["text"]
        for number in range(5):
            post(http, f"syndicated{number}", SYNDICATED)
        told = http.get("/v1/monitor/sites/example.com").raise_for_status().json()
        assert [(block["text"], block["kept"]) for block in told["blocks"]] == [(FRIENDS, False)]

        page = {"url": f"{SITE}/new", "content": f"{story(20)}\n\n{FRIENDS}", "content_type": "text/plain"}
        preview = http.post("/v1/preview", json=page).raise_for_status().json()
        assert [each["text"] for each in preview["clean"]["dropped"] if each["reason"] == "site-boilerplate"] == [
            FRIENDS
        ]
        assert FRIENDS not in preview["document"]["text"]

        shown = stack.run("sites", "show", "news.example.com")
        assert (shown.returncode, FRIENDS[:40] in shown.stdout) == (0, True)
        kept = stack.run("sites", "keep", "example.com", block_id(FRIENDS), "--note", "they asked")
        assert kept.returncode == 0, kept.stderr
        assert "kept" in kept.stdout
        deed = http.get("/v1/monitor/audit").json()["items"][0]
        assert (deed["action"], deed["target"], deed["note"]) == (
            "keep",
            f"example.com {block_id(FRIENDS)}",
            "they asked",
        )
        assert http.get("/v1/monitor/sites/example.com").json()["blocks"][0]["kept"] is True
    assert stack.drained()["balanced"]


def test_unknown_blocks_and_wrong_hosts_are_refused(stack: Stack) -> None:
    unknown = stack.run("sites", "keep", "example.com", "0" * 12)
    assert (unknown.returncode, "has no block" in unknown.stderr) == (1, True)
    with stack.client() as http:
        assert http.post("/v1/monitor/sites/example.com/blocks/nothing/keep").status_code == 422
        assert http.get("/v1/monitor/sites/%20").status_code == 422
        assert http.get("/v1/monitor/sites/nowhere.example").json() == {
            "site": "nowhere.example",
            "stories": 0,
            "blocks": [],
        }


def test_figures_tell_what_was_learnt(stack: Stack) -> None:
    with stack.client() as http:
        figures = http.get("/metrics").text
        sites = http.get("/v1/monitor/sites-learnt").json()["sites"]
    assert "pagemill_sites_known 1.0" in figures
    assert "pagemill_site_blocks_learnt_total 1.0" in figures
    assert [(each["site"], each["blocks"]) for each in sites] == [("example.com", 1)]
