"""Whole results as files: read page by page from a snapshot of their own, written as NDJSON, CSV or Parquet.

`desk.py` hands exports out and lets them go, `export.py` is one of them, `pages.py` reads the engine, the others write.
"""
