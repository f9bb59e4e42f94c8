import gzip
from typing import get_args

import pytest

from shared.errors import PageRejected
from shared.models.rejections import REJECTIONS, Rejection
from tests.unit.clean.pages import SENTENCE, cleaned, rejection
from workers.clean import CleanLimits


@pytest.mark.parametrize("body", [b"", b" \n\t\r\n ", b"\x00" * 1000, b"\xef\xbb\xbf", b"\xff\xfe"])
def test_a_page_without_a_character_is_rejected(body: bytes) -> None:
    assert rejection(body) == "empty-page"


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7\n" + SENTENCE.encode(),
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        b"GIF89a\x01\x00",
        b"PK\x03\x04\x14\x00",
        b"RIFF\x24\x00\x00\x00WEBPVP8 ",
        b"\x00\x00\x00\x18ftypmp42",
        gzip.compress(SENTENCE.encode()),
        bytes(range(1, 32)) * 50,
    ],
)
def test_binary_content_is_rejected_whatever_it_is_called(body: bytes) -> None:
    assert rejection(body, "text/html") == rejection(body, "text/plain") == "binary-content"


def test_a_page_over_the_limit_is_rejected_with_both_sizes() -> None:
    with pytest.raises(PageRejected, match=r"page-too-large: 11 bytes, the limit is 10"):
        cleaned(b"eleven byte", limits=CleanLimits(page_max_bytes=10))


def test_a_page_at_the_limit_is_read() -> None:
    assert cleaned(b"ten bytes!", limits=CleanLimits(page_max_bytes=10)).text == "ten bytes!"


@pytest.mark.parametrize(
    "body",
    [
        "<html><head><title>Only a title</title></head><body></body></html>",
        "<html><body><script>var words = 'in a script';</script><style>p {}</style></body></html>",
        "<!doctype html><html><body><img src=/a.png></body></html>",
        "![](https://a.example/1.png)\n![](https://a.example/2.png)",
        "---\n***\n===\n",
        "... !!! ???",
    ],
)
def test_a_page_without_a_word_is_rejected(body: str) -> None:
    assert rejection(body) == "no-text"


def test_every_reason_is_kebab_case_and_explained_in_a_sentence() -> None:
    assert set(get_args(Rejection)) == set(REJECTIONS)
    assert all(reason == reason.lower().replace(" ", "-").replace("_", "-") for reason in REJECTIONS)
    assert all(explanation.endswith(".") and len(explanation) > 20 for explanation in REJECTIONS.values())
