"""A step of enrichment that fails costs its own fields, never the page."""

from datetime import UTC, datetime

import pytest

from shared.models.clean_page import Clean, CleanPage
from shared.models.raw_page import Envelope
from workers.enrich import enrich, enrich_again
from workers.enrich.steps import STEPS, Steps

TEXT = (
    "Ann Other, who kept the light for thirty years, said in Lisbon that the tower will stand as long as the island "
    "does. The light was seen from forty miles away, and ships still steer by it in every storm of the winter."
)


class Panic(BaseException):
    """What a native extension may raise."""


def page() -> CleanPage:
    envelope = Envelope(id="light", version=7, fetched_at=datetime(2026, 5, 1, tzinfo=UTC))
    return CleanPage(envelope=envelope, clean=Clean(title="The light", paragraphs=(TEXT,), extractor="test"))


@pytest.mark.parametrize("error", [ValueError, MemoryError, RecursionError, Panic])
def test_whatever_a_step_raises_the_others_go_on(error: type[BaseException]) -> None:
    def failing() -> str:
        raise error

    steps = Steps()
    assert steps.run("names", failing, "nothing") == "nothing"
    assert steps.run("keywords", lambda: "words", "nothing") == "words"
    assert steps.told == {"names": "failed", "keywords": "done"}
    assert steps.incomplete


def test_who_stops_the_process_is_not_held_up() -> None:
    def stopped() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Steps().run("names", stopped, None)


def test_a_page_without_its_steps_has_its_text_and_says_so() -> None:
    document = enrich(page(), only_essentials=True)
    assert (document.title, document.text) == ("The light", TEXT)
    assert document.enrichment == dict.fromkeys(STEPS, "failed")
    assert "enrichment-incomplete" in document.quality
    assert (document.language, document.fingerprint, document.keywords) == (None, None, ())


def test_what_failed_is_made_good_in_a_later_revision() -> None:
    whole, half = enrich(page()), enrich(page(), only_essentials=True)
    mended = enrich_again(half)
    assert mended is not None
    assert mended.revision == 1
    assert mended.external_version == half.external_version + 1
    assert (mended.names, mended.keywords, mended.fingerprint, mended.language) == (
        whole.names,
        whole.keywords,
        whole.fingerprint,
        whole.language,
    )
    assert mended.enrichment == whole.enrichment
    assert "enrichment-incomplete" not in mended.quality


def test_a_whole_document_is_not_made_again() -> None:
    assert enrich_again(enrich(page())) is None


def test_there_is_no_revision_after_the_last() -> None:
    last = enrich(page(), only_essentials=True).model_copy(update={"revision": 63})
    assert enrich_again(last) is None


def test_names_that_come_later_stand_as_found_until_then() -> None:
    document = enrich(page(), names_later="en")
    assert document.enrichment["names"] == "pending"
    assert document.names.people == ("Ann Other",)
    assert "enrichment-incomplete" not in document.quality
