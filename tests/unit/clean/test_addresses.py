"""Given a page's references, then each is what browsers would ask for, or none."""

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.clean.addresses import absolute

BASES = st.sampled_from(
    [
        "https://example.com/a/b.html",
        "http://www.example.co.uk:8080",
        "https://EXAMPLE.com/a//b/../c?d=/e",
        "http://h/x",
    ]
)
PARTS = st.sampled_from(
    [
        "/",
        "//",
        ".",
        "..",
        "a",
        "B-c",
        "?",
        "q=1",
        "&",
        "#",
        "%20",
        ":",
        ";",
        "https://",
        "http://",
        "x.example",
        "é",
        "@",
    ]
)


@given(BASES, st.lists(PARTS, min_size=1, max_size=8).map("".join))
def test_a_reference_is_resolved_as_the_standard_library_does_it(base: str, reference: str) -> None:
    url = absolute(base, reference)
    assert url is None or url == (
        reference if reference.startswith(("http://", "https://")) else urljoin(base, reference)
    )


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        ("/story/1", "https://example.com/story/1"),
        ("/a.jpg?w=300&h=200", "https://example.com/a.jpg?w=300&h=200"),
        ("https://cdn.example.com/a.jpg", "https://cdn.example.com/a.jpg"),
        ("//cdn.example.com/a.jpg", "https://cdn.example.com/a.jpg"),
        ("/a/../b", "https://example.com/b"),
        ("story", "https://example.com/pages/story"),
        ("#top", None),
        ("mailto:a@example.com", None),
        ("https:///nowhere", None),
    ],
)
def test_references_of_each_kind(reference: str, url: str | None) -> None:
    assert absolute("https://example.com/pages/one", reference) == url
