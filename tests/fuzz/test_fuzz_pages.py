"""Real pages, spoilt, and files of them: cleaned, shown or taken in, or refused with a reason."""

from datetime import UTC, datetime
from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st

from shared.errors import PageRejected
from shared.models.raw_page import Envelope, RawPage
from shared.models.rejections import Rejection
from tests.fuzz.anything import ANY_JSON, BYTES, KINDS, PAGE_FIELDS, Running, as_json, sent
from tests.fuzz.pages import RealPage, spoilt_pages, warc_files
from workers.clean import clean

NOW = datetime(2024, 5, 6, tzinfo=UTC)


@sent(0.05)
@given(spoilt_pages())
def test_any_page_is_cleaned_or_rejected_with_a_reason(page: RealPage) -> None:
    envelope = Envelope(id="x", version=1, fetched_at=NOW, url="https://a.example/x", content_type=page.kind)
    try:
        made = clean(RawPage(envelope=envelope, body=page.body)).clean
    except PageRejected as rejected:
        assert rejected.reason in get_args(Rejection)  # noqa: PT017  (a clean page is as good)
        return
    assert made.text == "\n\n".join(made.paragraphs)
    made.model_dump_json()


@sent(0.02)
@given(spoilt_pages())
def test_any_page_may_be_shown_as_it_would_become(running: Running, page: RealPage) -> None:
    running.act("POST", "/v1/preview", content=page.body, headers={"Content-Type": page.kind})


@sent(0.03)
@given(st.dictionaries(PAGE_FIELDS | st.text(max_size=5), ANY_JSON, max_size=6) | ANY_JSON)
def test_anything_may_be_previewed(running: Running, body: Any) -> None:
    running.act("POST", "/v1/preview", content=as_json(body), headers={"Content-Type": "application/json"})


@sent(0.03)
@given(BYTES, KINDS)
def test_any_bytes_may_be_previewed_as_anything(running: Running, body: bytes, kind: str) -> None:
    running.act("POST", "/v1/preview", content=body, headers={"Content-Type": kind})


@sent(0.05)
@given(warc_files(), st.sampled_from([{}, {"results": "errors"}, {"source": "crawl", "tags": "x"}]))
def test_any_warc_file_is_taken_record_by_record(running: Running, body: bytes, asked: dict[str, str]) -> None:
    headers = {"Content-Type": "application/warc"}
    answer = running.act("POST", "/v1/pages/batch", content=body, headers=headers, params=asked)
    if answer.status_code == 202:
        told = answer.json()
        answered = sum(told[what] for what in ("accepted", "duplicate", "unchanged", "superseded", "rejected"))
        assert len(told["results"]) == (told["rejected"] if "results" in asked else answered)
