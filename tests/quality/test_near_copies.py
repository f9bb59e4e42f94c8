"""Edited texts are found as copies, and strangers are not, in four scripts."""

import pytest

from tests.quality.near_copies import false_matches, recall
from tests.quality.relevance import collection


@pytest.mark.parametrize("language", ["en", "ru", "ar", "zh"])
def test_copies_are_found_and_strangers_are_not(language: str) -> None:
    texts = [document.text for document in collection(language).documents if len(document.text.encode()) > 500][:120]
    assert recall(texts, 0.15) >= 0.95
    wrong, most = false_matches(texts)
    assert wrong == 0
    assert most < 0.2
