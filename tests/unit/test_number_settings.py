"""Numbers in settings: each one ends somewhere, so that nothing which is made of it overflows."""

from typing import Any, get_args, get_origin

import pytest
from pydantic import ValidationError

from shared.ledger.ledger import DAY_MS
from shared.settings import Settings


def _types(annotation: Any) -> set[Any]:
    """The types that it is made of, however deep."""
    return {annotation}.union(*map(_types, get_args(annotation))) if get_origin(annotation) else {annotation}


NUMBERS = [name for name, field in Settings.model_fields.items() if {int, float} & _types(field.annotation)]
_REDIS_MS = 2**53
"""Milliseconds beyond which Lua cannot count them one by one."""


def test_the_settings_that_are_numbers_are_found() -> None:
    assert {"receipt_days", "index_workers", "exports_max", "alerts_tries", "site_blocks_days"} <= set(NUMBERS)


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("endless", ["inf", "nan", "1e300", str(2**60)])
def test_a_number_without_end_is_refused_and_its_setting_named(name: str, endless: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Settings.model_validate({name: endless})
    assert {error["loc"][0] for error in caught.value.errors()} == {name}


def test_what_is_kept_longest_can_be_told_in_milliseconds() -> None:
    kept = Settings(receipt_days=36_500, archive_days=36_500, idempotency_hours=876_000, index_kept_hours=876_000)
    assert kept.receipt_days * DAY_MS < _REDIS_MS
    with pytest.raises(ValidationError, match="receipt_days"):
        Settings(receipt_days=36_501)
