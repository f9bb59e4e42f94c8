from workers.enrich.document import enrich
from workers.enrich.quality import QUALITY

__all__ = ["QUALITY", "enrich"]
