"""Anything at all asked of what changes the mill: deletes, dead letters, rooms, the index, saved searches."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.ledger.carried import Offer
from shared.models.raw_page import Submission
from shared.packing import pack
from tests.fuzz.anything import ANY_JSON, PAGE_FIELDS, QUERY, SEARCH_FIELDS, Running, as_json, sent

JSON = {"Content-Type": "application/json"}
IDS = st.sampled_from([f"fuzz-{number}" for number in range(8)])
ANY_ID = IDS | st.text(min_size=1, max_size=70).filter(lambda text: text.strip("."))
FILTER = st.dictionaries(
    st.sampled_from(["reason", "stage", "site", "source", "tag", "language", "x"]),
    st.sampled_from(["empty-page", "clean", "a.example", "feed", ""]) | ANY_JSON,
    max_size=3,
)
ACTION = (
    st.fixed_dictionaries(
        {},
        optional={
            "ids": st.lists(IDS | ANY_JSON, max_size=4) | ANY_JSON,
            "filter": FILTER | ANY_JSON,
            "dry_run": st.booleans() | ANY_JSON,
            "note": st.text(max_size=20) | ANY_JSON,
        },
    )
    | st.fixed_dictionaries({"ids": st.lists(IDS, min_size=1, max_size=4), "note": st.just("fuzz")})
    | ANY_JSON
)


def die(running: Running, page_id: str, content: str) -> None:
    """A page that is posted and becomes a dead letter, unless its room is paused or others come first."""
    page = Submission(id=page_id, url=f"https://a.example/{page_id}", source="feed")
    frame = pack(page, content.encode("utf-8", "replace"))
    offer = Offer(id=page_id, frame=frame, content_key=content.encode("utf-8", "replace").hex(), site="a.example")
    running.ledger.accept([offer])
    for lease in running.ledger.take("clean", 8):
        running.ledger.reject(lease, reason="empty-page", detail=content)


@sent(0.05)
@given(IDS, st.text(max_size=8), st.sampled_from(["redrive", "discard"]), ACTION)
def test_anything_may_be_asked_of_dead_letters(
    running: Running, page_id: str, content: str, action: str, body: Any
) -> None:
    die(running, page_id, content)
    running.act("POST", f"/v1/dead-letters/{action}", content=as_json(body), headers=JSON)


@sent(0.03)
@given(IDS, ANY_ID, st.dictionaries(PAGE_FIELDS, ANY_JSON | st.text(max_size=20), max_size=4) | ANY_JSON)
def test_any_dead_letter_may_be_mended_with_anything(running: Running, dead: str, asked: str, body: Any) -> None:
    die(running, dead, "")
    running.act("PUT", "/v1/dead-letters/{page_id}", {"page_id": asked}, content=as_json(body), headers=JSON)


@sent(0.03)
@given(ANY_ID, FILTER)
def test_any_dead_letter_may_be_asked_for(running: Running, asked: str, where: dict[str, Any]) -> None:
    running.act("GET", "/v1/dead-letters/{page_id}", {"page_id": asked})
    params = {name: str(value).encode("utf-8", "replace") for name, value in where.items()}
    running.act("GET", "/v1/dead-letters", params=params)


@sent(0.03)
@given(IDS, ANY_ID)
def test_any_page_may_be_deleted(running: Running, dead: str, asked: str) -> None:
    die(running, dead, asked)
    running.act("DELETE", "/v1/pages/{page_id}", {"page_id": asked})


@sent(0.03)
@given(ACTION)
def test_anything_may_be_asked_to_be_deleted(running: Running, body: Any) -> None:
    running.act("POST", "/v1/pages/delete", content=as_json(body), headers=JSON)


@sent(0.03)
@given(
    st.sampled_from(["clean", "enrich", "index", "solo"])
    | st.text(min_size=1, max_size=9).filter(lambda t: t.strip(".")),
    st.sampled_from(["pause", "resume"]),
    st.none() | st.text(max_size=1200),
)
def test_any_room_may_be_paused_and_resumed(running: Running, room: str, action: str, note: str | None) -> None:
    params = {} if note is None else {"note": note.encode("utf-8", "replace")}
    running.act("POST", f"/v1/monitor/rooms/{{room}}/{action}", {"room": room}, params=params)


@sent(0.03)
@given(
    st.sampled_from(["rebuild", "rollback", "retire", "cancel"]),
    st.dictionaries(st.sampled_from(["from_raw", "kind", "x"]), ANY_JSON, max_size=2) | ANY_JSON,
)
def test_anything_may_be_asked_of_the_index(running: Running, action: str, body: Any) -> None:
    running.act("POST", f"/v1/monitor/index/{action}", content=as_json(body), headers=JSON)


@sent(0.02)
@given(
    st.sampled_from(["keep", "drop"]),
    st.sampled_from(["a.example", "[::1]", "例え.jp"])
    | st.text(min_size=1, max_size=20).filter(lambda t: t.strip(".")),
    st.text(min_size=1, max_size=40).filter(lambda text: text.strip(".")),
)
def test_any_block_of_any_site_may_be_kept_or_dropped(running: Running, action: str, host: str, block: str) -> None:
    running.act("POST", f"/v1/monitor/sites/{{host}}/blocks/{{block}}/{action}", {"host": host, "block": block})


@sent(0.03)
@given(
    st.sampled_from(["PUT", "DELETE"]),
    st.none() | ANY_ID,
    st.dictionaries(SEARCH_FIELDS | st.sampled_from(["name", "webhook", "query"]), ANY_JSON | QUERY, max_size=5),
)
def test_any_saved_search_may_be_changed(running: Running, method: str, asked: str | None, body: Any) -> None:
    if asked is None:  # one that is there
        given_body = as_json({"name": "a", "query": {"q": "grain"}})
        asked = running.act("POST", "/v1/saved-searches", content=given_body, headers=JSON).json().get("id", "x")
    body = {"content": as_json(body), "headers": JSON} if method == "PUT" else {}
    running.act(method, "/v1/saved-searches/{search_id}", {"search_id": asked}, **body)
