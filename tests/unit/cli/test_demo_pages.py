import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.cli.demonstration.pages import DemoPage, as_lines, demo_pages
from services.cli.demonstration.tour import SEARCHES, command
from shared.intake import submission_from_json
from shared.models.raw_page import Envelope, RawPage
from shared.settings import Settings
from shared.urls import canonical_url
from workers.clean import clean
from workers.enrich import enrich

PAGES = demo_pages()
FOLDER = Path(__file__).parents[3] / "services" / "cli" / "demo_pages"


def test_every_file_of_the_folder_is_posted() -> None:
    files = {path.name for path in FOLDER.iterdir()} - {"README.md", "index.json"}
    assert {page.file for page in PAGES} == files


def test_the_sample_page_is_the_one_that_the_tests_are_about() -> None:
    corpus = Path(__file__).parents[2] / "corpus" / "sample_page.txt"
    assert (FOLDER / "sample_page.txt").read_bytes() == corpus.read_bytes()


def test_there_are_about_twenty_pages_of_three_kinds_in_many_languages() -> None:
    assert 20 <= len(PAGES) <= 30
    assert {page.content_type for page in PAGES} == {"text/html", "text/markdown", "text/plain"}
    assert len({page.language for page in PAGES}) >= 12


def test_every_page_but_the_sample_has_an_address_that_nobody_owns_and_no_two_share_one() -> None:
    urls = [page.url for page in PAGES if page.file != "sample_page.txt"]
    assert len({canonical_url(url) for url in urls if url}) == len(urls) == len(PAGES) - 1
    assert all(re.search(r"//[^/]+\.example/", url or "") for url in urls)


def test_pages_make_one_batch_with_a_line_each() -> None:
    assert len(as_lines(PAGES).splitlines()) == len(PAGES)


def test_a_search_of_the_demo_can_be_typed_again() -> None:
    assert [command(asked) for _, asked in SEARCHES] == [
        "pagemill search bridges --fold story --size 3",
        "pagemill search '\"rule of twelfths\"'",
        "pagemill search 'phare pont corde' --match best --language fr --facets tag,site",
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.file)
def test_every_page_comes_out_whole_and_in_its_language(page: DemoPage) -> None:
    submission, body = submission_from_json(page.item(), Settings())
    told = {**dict(submission), "version": 1, "fetched_at": datetime(2025, 9, 1, tzinfo=UTC)}
    document = enrich(clean(RawPage(envelope=Envelope.model_validate(told), body=body)))
    assert document.language == page.language
    assert document.word_count >= 150
