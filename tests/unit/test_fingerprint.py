import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.stories.fingerprint import BANDS, bands, similarity
from workers.enrich.fingerprint import fingerprint

WORDS = [
    f"{left}{right}" for left in ("ha", "mo", "ti", "ra", "ne") for right in ("bor", "lem", "sun", "dak", "vip", "gos")
]


def text_of(seed: int, words: int = 300) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=words))


def made(text: str) -> str:
    found = fingerprint(text)
    assert found is not None
    return found


def edited(text: str, every: int) -> str:
    """The text with one word in `every` replaced."""
    words = text.split()
    words[::every] = [f"changed{at}" for at in range(len(words[::every]))]
    return " ".join(words)


def jaccard(one: str, other: str) -> float:
    """The true index of the sets of two words in a row."""

    def shingles(text: str) -> set[tuple[str, ...]]:
        words = text.split()
        return set(pairwise(words))

    mine, theirs = shingles(one), shingles(other)
    return len(mine & theirs) / len(mine | theirs)


def test_a_fingerprint_stays_the_same_from_release_to_release() -> None:
    digits = made(text_of(1))
    assert len(digits) == 512
    assert digits[:32] == "bfe425417455184b9eedfe0ef2020e1e"
    assert bands(digits)[:2] == ["sXRNt_I_", "V79qbnCh"]


def test_case_punctuation_and_spacing_do_not_count() -> None:
    text = text_of(1)
    assert made(text) == made("  " + text.upper().replace(" ", ",\n\n") + "!")


@pytest.mark.parametrize("every", [200, 60, 30, 15, 8, 4])
def test_similarity_estimates_the_jaccard_index(every: int) -> None:
    one = text_of(1)
    other = edited(one, every)
    assert similarity(made(one), made(other)) == pytest.approx(jaccard(one, other), abs=0.13)


def test_strangers_are_not_similar_and_share_no_band() -> None:
    prints = [made(" ".join(f"w{seed}x{at}" for at in range(300))) for seed in range(30)]
    pairs = [(one, other) for at, one in enumerate(prints) for other in prints[:at]]
    assert max(similarity(*pair) for pair in pairs) < 0.05
    assert not any(set(bands(one)) & set(bands(other)) for one, other in pairs)


def test_near_copies_share_a_band() -> None:
    texts = [" ".join(f"w{seed}x{at}" for at in range(300)) for seed in range(40)]
    pairs = [(made(text), made(edited(text, 30))) for text in texts]
    assert all(similarity(*pair) > 0.6 for pair in pairs)
    assert sum(bool(set(bands(one)) & set(bands(other))) for one, other in pairs) == len(pairs)


def test_a_page_cut_out_differently_is_still_a_near_copy() -> None:
    story = text_of(1, 400)
    assert similarity(made(story), made("Home News Sport Weather " + story + " Read more of this on our page")) > 0.9


def test_a_fingerprint_is_similar_to_itself() -> None:
    assert similarity(made(text_of(1)), made(text_of(1))) == 1


def test_bands_are_as_many_as_documented_and_differ_by_place() -> None:
    found = bands("0000" * 128)
    assert len(found) == len(set(found)) == BANDS
    assert {len(band) for band in found} == {8}


@pytest.mark.parametrize("text", ["", "Page not found", "word " * 15, "漢字" * 7, "? ! . " * 100])
def test_a_few_words_have_no_fingerprint(text: str) -> None:
    assert fingerprint(text) is None


def test_texts_without_spaces_are_compared_by_characters() -> None:
    chars = [chr(0x4E00 + at) for at in range(900)]
    text = "".join(random.Random(1).choices(chars, k=400))
    copy = text[:200] + "改" + text[200:]
    assert similarity(made(text), made(copy)) > 0.9
    assert similarity(made(text), made("".join(random.Random(2).choices(chars, k=400)))) < 0.05
    assert made(text) == made("。".join(text[at : at + 10] for at in range(0, 400, 10)))


@given(st.text(max_size=300))
def test_any_text_has_a_fingerprint_that_can_be_compared_or_none(text: str) -> None:
    found = fingerprint(text)
    if found is not None:
        assert similarity(found, found) == 1
        assert len(bands(found)) == BANDS
