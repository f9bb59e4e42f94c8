"""What an export can be written as."""

from collections.abc import Mapping
from typing import Final

from services.query.exports import csv_rows, ndjson
from services.query.exports.coder import Coder, Format, FormatName


def _parquet() -> Coder:
    from services.query.exports.parquet import ParquetCoder  # noqa: PLC0415  (33 MB of library, for this alone)

    return ParquetCoder()


FORMATS: Final[Mapping[FormatName, Format]] = {
    "ndjson": Format(ndjson.MEDIA_TYPE, "ndjson", ndjson.NdjsonCoder, by_page=True),
    "csv": Format(csv_rows.MEDIA_TYPE, "csv", csv_rows.CsvCoder, by_page=True),
    "parquet": Format("application/vnd.apache.parquet", "parquet", _parquet, by_page=False),
}
