"""Where `pagemill` begins: Ctrl-C before the command has begun to work ends it without a word."""

import os
import sys
from typing import Final, NoReturn

_STREAMS: Final = (("stdin", "r", os.O_RDONLY), ("stdout", "w", os.O_RDONLY), ("stderr", "w", os.O_WRONLY))


def main() -> NoReturn:
    """Loads the command and runs it; 130 where it was interrupted before it began."""
    _stand_in_for_closed()
    try:
        from services.cli.main import main as run  # noqa: PLC0415  (loading takes half a second, and may be interrupted)

        run()
    except KeyboardInterrupt:
        sys.exit(130)


def _stand_in_for_closed() -> None:
    """Opens what the caller has closed, so that no file gets its number: nothing to read, and no place to write to."""
    for name, mode, access in _STREAMS:
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, access), mode))


if __name__ == "__main__":
    main()
