"""Which languages have stems, and which accented letters are letters of their own there."""

from typing import Final

ALGORITHMS: Final[dict[str, str]] = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish",
    "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "st": "sesotho", "sv": "swedish",
    "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
"""Snowball's algorithms by ISO 639-1 code."""

BEGINS_ANEW: Final = frozenset({"ga", "id", "nl", "st", "tr"})
"""Languages whose algorithm may take the beginning off a word of plain letters, as of Dutch `gewerkt`; the others leave
the first letter as it is."""

_SAME: Final = {"nb": "no", "nn": "no", "bs": "sr", "hr": "sr", "sh": "sr"}

_NORDIC: Final = frozenset("åäöæø")
KEPT: Final[dict[str, frozenset[str]]] = {
    "da": _NORDIC,
    "no": _NORDIC,
    "sv": _NORDIC,
    "fi": _NORDIC,
    "et": frozenset("äöõü"),
    "es": frozenset("ñ"),
}
"""Letters that are no accented form of another one there: får is no far, año is no ano. The same letters that the
Unicode CLDR search collations of these languages set apart."""


def tags_stemmed_as(code: str) -> tuple[str, ...]:
    """The language codes whose text is stemmed as this one: `nb` and `nn` beside `no`."""
    return (code, *(other for other, same in _SAME.items() if same == code))


def stemmed_as(language: str | None) -> str | None:
    """The code whose stems are used for a language tag (`en-GB` as `en`); None where there are none."""
    if not language:
        return None
    code = language.lower().partition("-")[0]
    code = _SAME.get(code, code)
    return code if code in ALGORITHMS else None
