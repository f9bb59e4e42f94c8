import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.moments import from_ms, normal_published, published_ms, to_ms


@given(st.datetimes(timezones=st.timezones()) | st.datetimes())
def test_a_normal_date_of_publication_is_its_own_normal_form(moment: object) -> None:
    try:
        normal = normal_published(str(moment))
    except ValueError:
        return  # in UTC it lies outside of the years 1 to 9999
    assert normal_published(normal) == normal
    assert to_ms(from_ms(published_ms(normal))) == published_ms(normal)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        (" 2024-10-28 ", "2024-10-28"),
        ("2024-10-28T09:30:00+02:00", "2024-10-28T07:30:00Z"),
        ("2024-10-28 09:30", "2024-10-28T09:30:00Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
    ],
)
def test_dates_of_publication_have_two_forms(text: str, normal: str) -> None:
    assert normal_published(text) == normal


@pytest.mark.parametrize("text", ["", "soon", "2024-02-30", "9999-12-31T23:00:00-05:00", "0001-01-01T00:00:00+05:00"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        normal_published(text)
