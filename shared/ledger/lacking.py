"""Pages that a kept generation of the index has refused, while the live one has taken them."""

from collections.abc import Mapping
from typing import Any, Final

from shared.ledger.connection import Argument, Scripts, available, even_when_full
from shared.models.frozen import PageId

_MOST: Final = 1000
_REASON_CHARS: Final = 200


class Lacking:
    """What was refused is noted before the page ends; who reads it compares, for the page may have come since.

    Every method raises DependencyUnavailable where Redis is away.
    """

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    def note(self, generation: str, reasons: Mapping[PageId, str]) -> None:
        """Pages that this generation has refused, and its words; of a thousand and more, some are left out."""
        with available():
            for page_id, reason in reasons.items():
                if int(self._scripts.client.hlen(self._key(generation))) >= _MOST:
                    return
                words: list[Argument] = ["HSET", self._key(generation), page_id, reason[:_REASON_CHARS]]
                even_when_full(self._scripts.client, *words)

    def of(self, generation: str) -> dict[PageId, str]:
        """The pages that it refused, and its words for each."""
        with available():
            told: Any = self._scripts.client.hgetall(self._key(generation))
        return {page_id.decode(): reason.decode() for page_id, reason in told.items()}

    def is_full(self, noted: Mapping[PageId, str]) -> bool:
        """Whether there are so many that more may have been left out."""
        return len(noted) >= _MOST

    def forget(self, generation: str) -> None:
        """It is no more."""
        with available():
            self._scripts.client.delete(self._key(generation))

    def _key(self, generation: str) -> str:
        return self._scripts.key(f"lacking:{generation}")
