"""What the engine raises, as the house knows it."""

from collections.abc import Iterator
from contextlib import contextmanager

from shared.errors import DependencyUnavailable


@contextmanager
def engine() -> Iterator[None]:
    """Around every call to the engine.

    Raises:
        DependencyUnavailable: the engine failed, or panicked: the binding raises panics past `Exception`.
    """
    try:
        yield
    except (ValueError, OSError, RuntimeError) as error:
        raise DependencyUnavailable("index", first_line(error)) from error
    except BaseException as error:
        if not is_panic(error):
            raise
        raise DependencyUnavailable("index", f"the engine panicked: {first_line(error)}") from error


def is_panic(error: BaseException) -> bool:
    """Whether this is a Rust panic; its class cannot be imported."""
    return type(error).__name__ == "PanicException"


def first_line(error: BaseException) -> str:
    """What an error says, in one line."""
    return (str(error).splitlines() or [type(error).__name__])[0][:500]
