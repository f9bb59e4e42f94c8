from workers.enrich.again import enrich_again, revised
from workers.enrich.document import enrich
from workers.enrich.quality import QUALITY

__all__ = ["QUALITY", "enrich", "enrich_again", "revised"]
