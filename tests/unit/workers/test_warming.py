"""What is loaded before the fork is not loaded at a page's expense."""

import subprocess
import sys

_WARMED = """
from workers.warming import warm
from trafilatura import external
assert not external.JT_STOPLIST
warm({"clean"})
print(len(external.JT_STOPLIST) > 100)
"""


def test_the_stop_lists_of_what_is_asked_for_unsure_pages_are_loaded() -> None:
    assert subprocess.check_output([sys.executable, "-c", _WARMED], text=True) == "True\n"
