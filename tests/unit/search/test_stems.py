"""What other rooms rely on about stems."""

from itertools import product
from string import ascii_lowercase

import pytest

from shared.search.analysis.languages import ALGORITHMS, BEGINS_ANEW
from shared.search.analysis.stems import MARK, stems_of

WORDS = {"ga": "mbord", "id": "berkata", "nl": "gehoord", "st": "batho", "tr": "binden"}


def stem(word: str, language: str) -> str:
    return stems_of(language).stem(word).rpartition(MARK)[2]


@pytest.mark.parametrize("language", sorted(ALGORITHMS.keys() - BEGINS_ANEW))
def test_a_word_of_plain_letters_keeps_its_first_one(language: str) -> None:
    begun = ("".join(letters) for many in (1, 2) for letters in product(ascii_lowercase, repeat=many))
    words = [beginning + rest for beginning in begun for rest in ("", "ord", "kata", "werkten", "mde")]
    assert [word for word in words if stem(word, language)[:1] != word[0]] == []


@pytest.mark.parametrize("language", sorted(BEGINS_ANEW))
def test_where_beginnings_are_taken_off_the_table_says_so(language: str) -> None:
    assert stem(WORDS[language], language)[:1] != WORDS[language][0]
