"""Pages that mean harm: what they say goes through the whole house and comes out as text, wherever it comes out."""

import json
import re
import unicodedata
from typing import Any

import pytest

from tests.stack import Stack

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
TERMINAL = "\x1b]0;owned\x07\x1b[2J\x9b31m"
LINES = 'one\r\nSet-Cookie: a=b\n{"level": "critical", "event": "forged"}\u2028\u0085two'
TURNED = "\u202egpj.exe\u2066\u200f"
HARM = f"{SCRIPT}{TERMINAL}{LINES}{TURNED}../../etc/passwd"
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def post(mill: Stack, name: str, content: str, **fields: Any) -> Any:
    page = {"url": f"https://harm.example/{name}", "content": content, "source": f"harm-{name}", **fields}
    with mill.client() as client:
        answer = client.post("/v1/pages", params={"wait": "searchable", "timeout": 60}, json=page)
    assert answer.status_code == 200, answer.text
    return answer.json()


def harmless(text: str) -> None:
    """Nothing in it that a terminal or a reader of lines obeys."""
    found = CONTROLS.search(text)
    assert found is None, ascii(text[max(0, found.start() - 40) : found.end() + 40])


def test_a_page_that_is_found_is_text_in_every_answer(mill: Stack) -> None:
    body = f"The wreckers {HARM} came by night.\n\nThey {SCRIPT} lit false lights on the shore, wreckers all."
    told = post(mill, "found", body, content_type="text/plain", title=f"Wreckers {HARM}"[:300], tags=[SCRIPT])
    assert told["state"] == "searchable"
    with mill.client() as client:
        found = client.get("/v1/search", params={"q": "wreckers", "site": "harm.example"})
        assert found.headers["content-type"] == "application/json"
        (hit,) = found.json()["hits"]
        assert "<mark>" in hit["snippet"]
        assert not re.search(r"<(?!/?mark>)", hit["snippet"]), hit["snippet"]
        for path in (f"/v1/documents/{told['id']}", told["receipt"], f"/v1/pages/{told['id']}/raw"):
            answer = client.get(path)
            assert answer.status_code == 200
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            assert "set-cookie" not in answer.headers
        raw = client.get(f"/v1/pages/{told['id']}/raw").headers
        assert raw["content-disposition"] == f'attachment; filename="{told["id"]}.txt"'
        assert "sandbox" in raw["content-security-policy"]
    harmless(mill.run("search", "wreckers").stdout)
    harmless(mill.run("status", told["id"]).stdout)


def test_a_dead_letter_is_text_in_every_answer(mill: Stack) -> None:
    source = f"{SCRIPT} {TURNED} ../x"
    told = post(
        mill, "dead", " \n ", content_type="text/html", source=source, title=HARM[:300], metadata={SCRIPT: HARM}
    )
    assert told["state"] == "dead"
    with mill.client() as client:
        listed = client.get("/v1/dead-letters", params={"source": source})
        assert listed.headers["content-type"] == "application/json"
        assert [each["id"] for each in listed.json()["items"]] == [told["id"]]
        shown = client.get(f"/v1/dead-letters/{told['id']}").json()
        assert shown["raw"]["metadata"] == {SCRIPT: HARM}, "kept as it was sent"
    for words in (("list", "--source", source), ("show", told["id"]), ("show", told["id"], "--json")):
        ran = mill.run("dead-letters", *words)
        assert ran.returncode == 0, ran.stderr
        harmless(ran.stdout)


def test_what_is_refused_repeats_nothing_that_a_terminal_obeys(mill: Stack) -> None:
    with mill.client() as client:
        for answer in (
            client.post("/v1/pages", json={"content": "x", "url": HARM}),
            client.post("/v1/pages", json={"content": "x", HARM: 1}),
            client.get("/v1/search", params={HARM: "1"}),
            client.get("/v1/search", params={"q": f"title:({HARM}", "mode": "strict"}),
            client.get("/v1/documents/" + "%3Cscript%3E"),
        ):
            assert answer.status_code in {404, 422}, answer.text
            assert answer.headers["content-type"] == "application/problem+json"
            harmless(answer.text)
            harmless(answer.json()["detail"])


def test_every_line_of_every_log_is_one_event_and_plain(mill: Stack) -> None:
    post(mill, "logged", f"Nothing {HARM} to see.", title=HARM[:300])
    lines = [line for path in (mill.data / "logs").glob("*.log") for line in path.read_text().split("\n") if line]
    told = [json.loads(line) for line in lines if line.startswith("{")]
    assert told
    assert [event for event in told if event.get("event") == "forged"] == []
    for line in lines:
        harmless(line)
        assert all(unicodedata.category(char) != "Cc" for char in line.replace("\t", ""))
