"""Where `pagemill` begins: Ctrl-C while the command is still being loaded ends it without a word."""

import sys
from typing import NoReturn


def main() -> NoReturn:
    """Loads the command and runs it; 130 where it was interrupted before it began."""
    try:
        from services.cli.main import main as run  # noqa: PLC0415  (loading takes half a second, and may be interrupted)
    except KeyboardInterrupt:
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
