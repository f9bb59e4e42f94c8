"""Where `pagemill` begins: Ctrl-C before the command has begun to work ends it without a word."""

import sys
from typing import NoReturn


def main() -> NoReturn:
    """Loads the command and runs it; 130 where it was interrupted before it began."""
    try:
        from services.cli.main import main as run  # noqa: PLC0415  (loading takes half a second, and may be interrupted)

        run()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
