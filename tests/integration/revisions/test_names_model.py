"""Names by a spaCy model; where spaCy is not installed, this is skipped."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.models.clean_page import Clean, CleanPage
from shared.models.raw_page import Envelope
from shared.settings import Settings
from workers.enrich import enrich
from workers.names_model import by_model, model_language

TEXT = "Ann Other sailed from Lisbon for the Harbour Trust. In Lisbon nobody had heard of it, said Ann Other of Lisbon."


def page() -> CleanPage:
    envelope = Envelope(id="boat", version=7, fetched_at=datetime(2026, 5, 1, tzinfo=UTC))
    return CleanPage(envelope=envelope, clean=Clean(paragraphs=(TEXT,), extractor="test"))


def test_pages_in_the_models_language_wait_for_it() -> None:
    settings = Settings(names="spacy", names_model="de_core_news_sm")
    assert model_language(settings) == "de"
    assert enrich(page(), names_later="de").enrichment["names"] == "done", "the page is in English"
    assert enrich(page(), names_later="en").enrichment["names"] == "pending"
    assert enrich(page(), names_later="xx").enrichment["names"] == "pending"
    assert model_language(Settings()) is None


def test_a_model_that_is_not_there_is_told_by_the_setting() -> None:
    with pytest.raises(RuntimeError, match="PAGEMILL_NAMES"):
        by_model(Settings(names="spacy", names_model="en_nowhere_at_all"), enrich(page(), names_later="en"))


def test_the_models_names_come_as_a_later_revision(tmp_path: Path) -> None:
    spacy = pytest.importorskip("spacy")
    model = spacy.blank("en")
    model.add_pipe("entity_ruler").add_patterns(
        [
            {"label": "PERSON", "pattern": "Ann Other"},
            {"label": "GPE", "pattern": "Lisbon"},
            {"label": "ORG", "pattern": "Harbour Trust"},
        ]
    )
    model.to_disk(tmp_path / "en_test")
    before = enrich(page(), names_later="en")
    after = by_model(Settings(names="spacy", names_model=str(tmp_path / "en_test")), before)
    assert after is not None
    assert after.revision == 1
    assert after.enrichment["names"] == "done"
    assert (after.names.people, after.names.places) == (("Ann Other",), ("Lisbon",))
    assert after.names.organisations == ("Harbour Trust",)
