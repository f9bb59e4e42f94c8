from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "lua"
_READS = frozenset({"receipt", "counts"})
_GROWS = frozenset({"accept", "redrive"})
"""Scripts that Redis may refuse at its memory limit; all others must run there, or nothing would ever drain."""


@cache
def script(name: str) -> str:
    """The Lua of one step, with the prelude before it and the flags that Redis 7 and Valkey read first."""
    flags = "flags=no-writes" if name in _READS else "flags=allow-oom" if name not in _GROWS else ""
    prelude = (_FOLDER / "prelude.lua").read_text()
    return f"#!lua {flags}".rstrip() + "\n" + prelude + (_FOLDER / f"{name}.lua").read_text()
