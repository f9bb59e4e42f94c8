"""What a key looks like, what is kept of it, and what a browser gets in its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.keys import cookie_of, fresh, new_key, read_cookie, read_key


def test_no_two_keys_are_alike_and_each_has_256_bits() -> None:
    keys = {fresh() for _ in range(1000)}
    assert len(keys) == 1000
    assert {len(key.split("_", 2)[2]) for key in keys} == {43}


def test_a_key_is_known_again_and_no_other_is() -> None:
    text, other = fresh(), fresh()
    key = new_key(text, "laptop", ["query"])
    shown, stranger = read_key(text), read_key(other)
    assert shown is not None
    assert stranger is not None
    assert key.is_of(shown)
    assert not key.is_of(stranger)
    assert not key.is_of(shown._replace(proof=shown.proof[:-1]))


def test_neither_what_is_kept_nor_the_cookie_gives_the_key_away() -> None:
    text = fresh()
    secret, shown = text.split("_", 2)[2], read_key(text)
    assert shown is not None
    kept = new_key(text, "laptop", ["query"]).model_dump_json()
    for told in (kept, cookie_of(shown)):
        assert secret not in told
        assert read_key(told) is None
    assert shown.proof.hex() not in kept, "what is kept opens nothing as a cookie either"


def test_the_same_key_is_kept_differently_each_time() -> None:
    text = fresh()
    assert new_key(text, "a", ["query"]).digest != new_key(text, "a", ["query"]).digest


def test_a_cookie_leads_back_to_what_was_shown() -> None:
    shown = read_key(fresh())
    assert shown is not None
    assert read_cookie(cookie_of(shown)) == shown


@pytest.mark.parametrize("text", ["", "pm_", "pm_abc_def", f"pm_{'a' * 8}_{'s' * 42}", f"pm_{'A' * 8}_{'s' * 43}"])
def test_what_is_not_spelt_as_a_key_is_none(text: str) -> None:
    assert read_key(text) is None
    with pytest.raises(ValueError, match="pm_ID_SECRET"):
        new_key(text, "laptop", ["query"])


@given(st.text(max_size=300))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    for read in (read_key, read_cookie):
        shown = read(text)
        assert shown is None or len(shown.proof) == 32
