import re
from pathlib import Path

from services.cli.demonstration.pages import as_lines, demo_pages
from services.cli.demonstration.tour import SEARCHES, command
from shared.urls import canonical_url

PAGES = demo_pages()
FOLDER = Path(__file__).parents[3] / "services" / "cli" / "demo_pages"


def test_every_file_of_the_folder_is_posted() -> None:
    files = {path.name for path in FOLDER.iterdir()} - {"README.md", "index.json"}
    assert {page.file for page in PAGES} == files


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
