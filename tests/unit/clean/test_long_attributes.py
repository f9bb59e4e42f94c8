"""What stands within tags is bounded before any parser reads it."""

from workers.clean.limits import CleanLimits
from workers.clean.markup import tame

LIMITS = CleanLimits(max_attributes=3, max_attribute_chars=1000)


def test_an_attribute_that_is_too_long_is_left_out_and_its_neighbours_stay() -> None:
    page = f'<p id="a" class="{"x" * 1000}" lang=en>Text</p>'
    assert tame(page, LIMITS) == '<p id="a" lang=en>Text</p>'


def test_a_tag_with_too_many_attributes_loses_all_of_them() -> None:
    page = f'<p a="{"x" * 400}" b="{"x" * 400}" c=1 d=2>Text</p>'
    assert tame(page, LIMITS) == "<p>Text</p>"


def test_what_is_within_the_limits_stays_as_it_is() -> None:
    page = f"<p class=\"{'x' * 900}\"  title='y' / >Text</p>"
    assert tame(page, LIMITS) == page
