"""CSV (RFC 4180), in UTF-8 with a header: for spreadsheets, which take some texts for formulas."""

import csv
import re
from collections.abc import Sequence
from datetime import datetime
from io import StringIO
from typing import Any, Final

from services.query.exports.columns import COLUMNS, Column
from shared.models.document import Document

MEDIA_TYPE: Final = "text/csv; charset=utf-8; header=present"
_BETWEEN: Final = "; "
"""Between the values of a list."""
_FORMULA: Final = re.compile("[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
"""What a cell begins with that spreadsheets work out instead of showing it: also in full width."""
_UNSEEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class CsvCoder:
    """Rows."""

    def page(self, documents: Sequence[Document], *, first: bool, last: bool) -> bytes:  # noqa: ARG002  (no end)
        """A row for each document, before the first the names of the columns."""
        text = StringIO()
        rows = csv.writer(text)
        if first:
            rows.writerow([column.name for column in COLUMNS])
        rows.writerows([_cell(column, column.value(document)) for column in COLUMNS] for document in documents)
        return text.getvalue().encode()

    def close(self) -> None:
        """Holds nothing."""


def _cell(column: Column, value: Any) -> str:
    """Empty where nothing is known; an apostrophe goes before what would be a formula, as spreadsheets have it."""
    if value is None:
        return ""
    match column.kind:
        case "whole" | "id":
            return str(value)
        case "moment":
            return moment(value)
        case "list":
            text = _BETWEEN.join(value)
        case _:
            text = str(value)
    text = _UNSEEN.sub("", text)
    return f"'{text}" if _FORMULA.match(text) else text


def moment(value: datetime) -> str:
    """RFC 3339 in UTC."""
    return value.isoformat().replace("+00:00", "Z")
