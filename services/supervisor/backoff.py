from dataclasses import dataclass


@dataclass
class Backoff:
    """How long a program that has exited stays down: twice as long each time, until it has lived for a while.

    Args:
        first: seconds after the first exit.
        longest: seconds, at most.
        forgiven_after: seconds of life after which an exit counts as the first one again.
    """

    first: float = 0.2
    longest: float = 5.0
    forgiven_after: float = 30.0
    in_a_row: int = 0
    """Exits, each after a short life."""

    def exited(self, lived: float) -> float:
        """Seconds until the next start, for a program that has lived so many seconds."""
        self.in_a_row = 1 if lived >= self.forgiven_after else self.in_a_row + 1
        return min(self.longest, self.first * 2.0 ** min(self.in_a_row - 1, 16))
