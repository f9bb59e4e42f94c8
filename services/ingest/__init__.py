"""The front door."""

from services.ingest.front_door import ingest_checks, make_ingest
from services.ingest.parts import Parts

__all__ = ["Parts", "ingest_checks", "make_ingest"]
