"""Given what a client holds, then it is told whether that is still the document."""

from datetime import UTC, datetime

import pytest

from services.query.etag import etag_of, matches
from shared.models.document import Document

DOCUMENT = Document(id="p", version=7, text="", word_count=0, reading_minutes=0, fetched_at=datetime.now(UTC))


def test_versions_and_their_enrichments_have_tags_of_their_own() -> None:
    tags = {
        etag_of(DOCUMENT.model_copy(update={"version": version, "revision": revision}))
        for version in (1, 11, 111)
        for revision in (0, 1, 11)
    }
    assert len(tags) == 9


@pytest.mark.parametrize("held", ['"7.0"', 'W/"7.0"', '"1.0", "7.0"', ' "x" ,W/"7.0"', "*", " * "])
def test_a_client_that_holds_the_document_is_told_so(held: str) -> None:
    assert matches(held, etag_of(DOCUMENT))


@pytest.mark.parametrize("held", [None, "", '"7.1"', "7.0", '"17.0"', 'W/"7"', '"*"', '"'])
def test_a_client_that_holds_something_else_gets_the_document(held: str | None) -> None:
    assert not matches(held, etag_of(DOCUMENT))
