"""When two pages are the same page."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.offers import Sent, offer_of
from shared.intake import submission_from_json
from shared.packing import unpack
from shared.settings import Settings


def key(**fields: Any) -> str:
    return offer_of(submission_from_json({"content": "a page", **fields}, Settings()), Sent()).content_key


def test_the_time_of_fetching_makes_no_other_page() -> None:
    assert key(fetched_at="2024-01-01T00:00:00Z") == key(fetched_at="2024-02-01T00:00:00Z") == key()


def test_any_other_field_does() -> None:
    different: list[dict[str, Any]] = [
        {},
        {"content": "another page"},
        {"url": "http://a.example/"},
        {"content_type": "text/plain"},
        {"source": "feed"},
        {"title": "a"},
        {"authors": ["a"]},
        {"published": "2024-01-01"},
        {"language": "en"},
        {"tags": ["a"]},
        {"metadata": {"a": 1}},
        {"metadata": {"a": "1"}},
        {"metadata": {"a": True}},
    ]
    assert len({key(**fields) for fields in different}) == len(different)


def test_spelling_of_the_url_and_order_of_tags_and_metadata_make_no_other_page() -> None:
    assert key(url="http://a.example/?utm_source=x") == key(url="HTTP://A.example:80/")
    assert key(tags=["a", "b"]) == key(tags=["b", "a"])
    assert key(metadata={"a": 1, "b": 2}) == key(metadata={"b": 2, "a": 1})


def test_an_offer_says_what_the_ledger_needs() -> None:
    item = {"content": "a", "url": "https://www.a.co.uk/x", "source": "s", "fetched_at": "2024-01-01T00:00:00.5Z"}
    offer = offer_of(submission_from_json(item, Settings()), Sent())
    assert (offer.site, offer.source, offer.fetched_us) == ("a.co.uk", "s", 1_704_067_200_500_000)


@given(st.text(min_size=1), st.dictionaries(st.text(max_size=10), st.integers(-5, 5) | st.text(), max_size=3))
def test_a_page_comes_out_of_its_frame_as_it_went_in(content: str, metadata: dict[str, Any]) -> None:
    page = submission_from_json({"content": content, "metadata": metadata}, Settings())
    offer = offer_of(page, Sent())
    raw = unpack(offer.frame, 1_704_067_200_000_000)
    assert raw.body == page.body
    assert raw.envelope.metadata == page.submission.metadata
    assert raw.envelope.id == offer.id
