import pytest

from workers.clean.choosing import TABLE
from workers.clean.features import NAMES
from workers.clean.forest import Forest, read_forest

SMALL = {"features": ["words", "links"], "start": 0.5, "trees": [["words", 2.0, -1.0, ["links", 0.5, 1.0, 0.25]], 0.5]}


@pytest.mark.parametrize(("row", "likelihood"), [([1, 0], 0.5), ([2, 1], 0.5), ([3, 0], 0.8808), ([3, 1], 0.7773)])
def test_a_row_goes_down_each_tree_and_the_answers_are_added_up(row: list[float], likelihood: float) -> None:
    assert Forest(SMALL, ["words", "links"]).likelihood(row) == pytest.approx(likelihood, abs=1e-4)


def test_a_table_made_for_other_features_is_refused() -> None:
    with pytest.raises(ValueError, match="train it again"):
        Forest(SMALL, ["links", "words"])


def test_the_table_that_is_shipped_fits_the_features_that_are_read() -> None:
    assert 0 < read_forest(TABLE, NAMES).likelihood([0.0] * len(NAMES)) < 1
