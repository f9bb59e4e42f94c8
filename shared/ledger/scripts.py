from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "lua"
_READS = frozenset({"receipt", "counts"})
_GROWS = frozenset({"accept", "redrive"})
"""Scripts that Redis may refuse at its memory limit; all others must run there, or nothing would ever drain."""


@cache
def script(name: str, *, when_full: bool = False) -> str:
    """The Lua of one step, with the prelude before it and the flags that Redis 7 and Valkey read first.

    `when_full` allows a step at the memory limit that is refused there else.
    A step that writes is put into a function, so that what it measured is written down however it returns.
    """
    flags = "flags=no-writes" if name in _READS else "flags=allow-oom" if when_full or name not in _GROWS else ""
    *before, step = ((_FOLDER / f"{each}.lua").read_text() for each in ("measures", "turns", "prelude", name))
    if name not in _READS:
        step = f"local function step()\n{step}\nend\nlocal told = step()\nnote_measures()\nreturn told\n"
    return f"#!lua {flags}".rstrip() + "\n" + "".join(before) + step
