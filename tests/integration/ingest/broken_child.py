"""A preview process that does what the page says: hangs, dies, or answers as the real one does."""

import sys
import time

from services.ingest.preview import child
from shared.models.raw_page import RawPage
from shared.sites import SiteBlocks
from workers.clean import CleanLimits


def answer(page: RawPage, limits: CleanLimits, site: SiteBlocks) -> bytes:
    if page.body == b"hang":
        time.sleep(60)
    if page.body == b"die":
        sys.exit(1)
    if page.body == b"swell":
        bytearray(4 << 30)
    return _real(page, limits, site)


_real = child._answer

if __name__ == "__main__":
    child._answer = answer
    child.main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
