"""Languages are named as rightly as they were measured, and the confidence means what it says."""

from tests.quality.language import accuracy, curve, error, guesses, messages, paragraphs


def test_languages_are_named_rightly() -> None:
    assert accuracy(paragraphs(), 50) >= 0.976
    assert accuracy(paragraphs(), 200) >= 0.99
    assert accuracy(messages(), 50) >= 0.96


def test_of_ten_texts_at_a_confidence_as_many_are_right_as_it_says() -> None:
    shown = [each for each in (*messages(), *paragraphs()) if not each.fitted_on]
    assert error(curve(guesses(shown, (30, 50, 100)), mended=True)) <= 0.02
