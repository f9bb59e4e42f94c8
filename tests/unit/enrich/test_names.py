"""Whom and what a text speaks of, sentence by sentence."""

import pytest

from workers.enrich.names import find_names, names_of


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("The minister, Ann Other, said so.", ("Ann Other",)),
        ("Robert Miller met her. Later Mr Miller left. Miller said nothing.", ("Robert Miller",)),
        ("US Secretary of State Colin Powell spoke to Mr Blair.", ("Colin Powell", "Blair")),
        ("It was signed by Senator Bob Brown and Kerry Nettle.", ("Bob Brown", "Kerry Nettle")),
        ("Police spoke to J. K. Tennant, 41, last night.", ("J. K. Tennant",)),
        ("However, the Prime Minister went on.", ()),
        ("On Monday in January the British team won.", ()),
        ("The rates will rise, said Mary Poole of the World Bank.", ("Mary Poole",)),
        ("John Miller of Harvard University said so.", ("John Miller",)),
        ("It was seen by Dr Poole of the Institute of Health and Welfare.", ("Poole",)),
        ("The River Thames, Lake Como and Mount Etna are far from Fort Laramie.", ()),
        ("It was Hurricane Katrina, then Storm Nora. Later Katrina said nothing.", ()),
    ],
)
def test_people_are_called_as_the_page_does_at_fullest(text: str, people: tuple[str, ...]) -> None:
    assert find_names(text).people == people


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("The road from Sydney to the town of Hill Top was closed.", ("Sydney", "Hill Top")),
        ("South Africa and the United States agreed.", ("South Africa", "United States")),
        ("A boat sank off Phillip Island near Lake Torrens.", ("Phillip Island", "Lake Torrens")),
        ("Iraqi and Israeli officials spoke French.", ()),
        ("The River Thames and Lake Como flooded after Hurricane Katrina.", ("River Thames", "Lake Como")),
    ],
)
def test_places_are_known_or_told_by_the_words_around_them(text: str, places: tuple[str, ...]) -> None:
    assert find_names(text).places == places


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        ("He left the Australian Institute of Health and Welfare.", ("Australian Institute of Health and Welfare",)),
        ("The FBI and the Reserve Bank said so.", ("FBI", "Reserve Bank")),
        ("Money went from Acme Holdings Ltd to the party.", ("Acme Holdings Ltd",)),
        ("The International Monetary Fund (IMF) agreed.", ("International Monetary Fund",)),
        ("We use SEO and AI to raise ROI.", ()),
        ("The rates will rise, said Mary Poole of the World Bank.", ("World Bank",)),
        ("John Miller of Harvard University said so.", ("Harvard University",)),
        ("She left the University of Cambridge and Acme Holdings.", ("University of Cambridge", "Acme Holdings")),
        ("The Supreme Court of England and Wales met.", ("Supreme Court of England and Wales",)),
        ("The Charlotte School of Law was closed.", ("Charlotte School of Law",)),
    ],
)
def test_bodies_are_known_or_named_by_what_they_are(text: str, bodies: tuple[str, ...]) -> None:
    assert find_names(text).organisations == bodies


def test_headings_with_capitals_are_no_names() -> None:
    text = "Machine Learning Personalizes Customer Journeys\n\nIt is said that customers like it when machines learn."
    names = find_names(text)
    assert (names.people, names.places, names.organisations) == ((), (), ())


def test_who_is_named_most_comes_first() -> None:
    text = "Ann Other met Bob Stone. Bob Stone left. Then Mr Stone came back and Ann Other went."
    assert find_names(text).people == ("Bob Stone", "Ann Other")


def test_names_are_looked_for_in_english_alone() -> None:
    assert names_of(None, None, "Die Ministerin Ann Other sprach in Lisbon.", "de") == find_names("")
