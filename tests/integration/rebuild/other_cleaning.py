"""The process that cleans pages again, with another code than before: some pages end it, some are rejected now."""

import os
import signal
import sys
import time

from shared.errors import PageRejected
from shared.models.document import Document
from shared.models.raw_page import RawPage
from shared.sites import SiteBlocks
from workers.index.cleaning_child import Work, clean_and_enrich, main


def other(page_max_bytes: int, text_max_chars: int) -> Work:
    """Cleaning as it is, but for titles, and for pages that ask for something else by their first word."""
    usual = clean_and_enrich(page_max_bytes, text_max_chars)

    def work(page: RawPage, site: SiteBlocks) -> Document:
        match page.body.split(b" ", 1)[0]:
            case b"RAISE":
                raise ValueError("this page is poison")
            case b"HANG":
                print("hangs", file=sys.stderr, flush=True)
                while True:
                    time.sleep(60)
            case b"KILL":
                os.kill(os.getpid(), signal.SIGKILL)
            case b"MEMORY":
                bytearray(1 << 60)
            case b"REJECT":
                raise PageRejected("empty", "by the new rules")
            case b"SAME":
                return usual(page, site)
        made = usual(page, site)
        return made.model_copy(update={"title": f"Again: {made.title}"})

    return work


if __name__ == "__main__":
    main(other)
