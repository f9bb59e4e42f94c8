"""Queries made to hurt: what they ask, and the setting that keeps it small; None where a fixed limit does."""

from typing import Any, Final, NamedTuple


class Bomb(NamedTuple):
    """One search, as the body of a POST."""

    asked: dict[str, Any]
    limit: str | None


REFUSED: Final = {
    "ten thousand characters": Bomb({"q": "a" * 10_000}, "PAGEMILL_QUERY_MAX_CHARS"),
    "a thousand clauses": Bomb({"q": " OR ".join("abcdefghij" * 100)[:4096]}, "PAGEMILL_QUERY_MAX_CLAUSES"),
    "a thousand words": Bomb({"q": " ".join("abcdefghij" * 100)}, "PAGEMILL_QUERY_MAX_CLAUSES"),
    "a thousand quotes": Bomb({"q": '"a" ' * 1000}, "PAGEMILL_QUERY_MAX_CLAUSES"),
    "a thousand ranges": Bomb({"q": "words:>=0 " * 400}, "PAGEMILL_QUERY_MAX_CLAUSES"),
    "a wildcard before the word": Bomb({"q": "*a"}, "PAGEMILL_QUERY_WILDCARD_MIN_CHARS"),
    "a prefix of one letter": Bomb({"q": "a*"}, "PAGEMILL_QUERY_WILDCARD_MIN_CHARS"),
    "many fuzzy words": Bomb({"q": "harbour~1 " * 60}, "PAGEMILL_QUERY_MAX_WILDCARDS"),
    "deep nesting": Bomb({"q": "(" * 2000 + "a" + ")" * 2000}, "PAGEMILL_QUERY_MAX_DEPTH"),
    "deep negation": Bomb({"q": "NOT " * 1000 + "a"}, "PAGEMILL_QUERY_MAX_DEPTH"),
    "two hundred and fifty phrases": Bomb({"q": '"alpha beta" ' * 250}, "PAGEMILL_QUERY_MAX_PHRASE_WORDS"),
    "a long run without spaces in quotes": Bomb({"q": f'"{"天気" * 100}"'}, "PAGEMILL_QUERY_MAX_PHRASE_WORDS"),
    "words very far from each other": Bomb({"q": '"a b"~1000000000'}, None),
    "a word a hundred times near itself": Bomb({"q": f'"{"alpha " * 100}"~50'}, "PAGEMILL_QUERY_MAX_NEAR_WORDS"),
    "many words near each other": Bomb({"q": f'"{"alpha beta gamma " * 20}"~50'}, "PAGEMILL_QUERY_MAX_NEAR_WORDS"),
    "sixty pairs of words near each other": Bomb(
        {"q": " OR ".join(['"alpha beta"~50'] * 60)}, "PAGEMILL_QUERY_MAX_NEAR_WORDS"
    ),
    "a long run without spaces near itself": Bomb({"q": f'"{"天気" * 100}"~50'}, "PAGEMILL_QUERY_MAX_NEAR_WORDS"),
    "a long row of parts near each other": Bomb({"q": f'"{"a-b," * 100}"~50'}, "PAGEMILL_QUERY_MAX_NEAR_WORDS"),
    "a huge page": Bomb({"size": 1_000_000}, None),
    "a huge facet": Bomb({"facets": ["site"], "facet_size": 1_000_000}, None),
    "a thousand and one values": Bomb({"tag": [f"t{number}" for number in range(1001)]}, None),
    "a histogram by the second": Bomb({"histogram": "second"}, None),
    "a cursor of a megabyte": Bomb({"cursor": "A" * 2**20}, None),
}
"""In strict mode each is a problem."""

ENDURED: Final[dict[str, dict[str, Any]]] = {
    "a regular expression": {"q": "/(a+)+$/"},
    "a thousand accents on one letter": {"q": "a" + "\u0301" * 4000},
    "a thousand colons": {"q": ":" * 4000},
    "every facet, as long as they get": {
        "facets": [
            "language",
            "site",
            "source",
            "author",
            "tag",
            "person",
            "place",
            "organisation",
            "keyword",
            "story",
        ],
        "facet_size": 1000,
    },
    "a histogram of every day that there is": {"histogram": "day", "from": "0001-01-01", "to": "9999-12-31"},
    "a thousand values": {"tag": [f"t{number}" for number in range(1000)]},
}
"""These mean nothing special, and are answered."""
