"""What a text is about, in its own words."""

from workers.enrich.keywords import find_keywords

TEXT = (
    "The tidal power station in the estuary has begun to work. Engineers say that tidal power is steady, and that the "
    "turbines of the station turn twice a day with the tide. Fishermen fear for the salmon. The turbines are slow, the "
    "engineers answer, and a salmon ladder was built beside them. Nobody knows yet how many salmon use the ladder."
)


def test_a_text_is_told_by_what_it_repeats_and_others_seldom_say() -> None:
    found = find_keywords("Tidal power comes to the estuary", TEXT, "en")
    assert found[0] == "tidal power"
    assert {"salmon", "turbines"} <= set(found)
    assert not {"the", "and", "day", "many"} & set(found)
    assert len(found) <= 10


def test_no_keyword_stands_within_another() -> None:
    found = [set(each.split()) for each in find_keywords("Tidal power", TEXT, "en")]
    assert not any(one < other for one in found for other in found)


def test_a_word_that_is_always_written_with_a_capital_keeps_it() -> None:
    assert "Netherwick" in find_keywords(
        None, "Netherwick flooded again. In Netherwick the pumps of Netherwick ran.", "en"
    )


def test_texts_without_words_have_no_keywords() -> None:
    assert find_keywords(None, "", None) == ()
    assert find_keywords("!", "1 2 3 ... 4", "en") == ()


def test_other_languages_have_keywords_too() -> None:
    text = "Der Leuchtturm wurde verkauft. Den Leuchtturm kaufte ein Verein, und der Verein öffnet den Leuchtturm bald."
    assert "Leuchtturm" in find_keywords("Der Leuchtturm", text, "de")
