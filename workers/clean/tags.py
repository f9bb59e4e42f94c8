"""HTML's tags, by what they are to a text."""

import re
from typing import Final


def names(words: str) -> tuple[str, ...]:
    """The words of a line."""
    return tuple(words.split())


BLOCK: Final = names(
    "p div li td th h1 h2 h3 h4 h5 h6 dt dd blockquote pre figcaption caption summary section article aside header "
    "footer nav main address form fieldset label button"
)
"""Each begins a line of its own."""
INLINE: Final = frozenset(
    names(
        "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q s samp small span strike strong "
        "sub sup time tt u var"
    )
)
"""Each stands within a line."""
VOID: Final = frozenset(
    names("area base basefont bgsound br col embed frame hr img input link meta param source track wbr")
)
"""None of them has an end tag."""
FORMATTING: Final = names("abbr b big code em font i nobr s small span strike strong tt u")
"""HTML5 opens most of them again in each paragraph after the one they were left open in."""
UNSEEN: Final = names("script style noscript template svg select textarea iframe object")
"""None of them holds text that a reader sees on the page."""
FRAME: Final = names("nav aside footer header")
"""Each stands around stories."""
HIDING_STYLE: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
"""In a style attribute: the element is not seen."""
