"""A process that works on one long slice of what is asked of the index, until it is ended; run as a module."""

import sys
from pathlib import Path

from pydantic import SecretStr

from shared.ledger.connection import connect
from shared.settings import Settings
from tests.integration.rebuild.conftest import House


def main(data: str, url: str, child: str) -> None:
    settings = Settings(data=Path(data), redis_url=SecretStr(url), clean_workers=1, page_seconds=10)
    House(settings, connect(url), child).rebuilding.slice(60)


if __name__ == "__main__":
    main(*sys.argv[1:])
