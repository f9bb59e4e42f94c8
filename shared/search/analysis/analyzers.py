"""Which of Elasticsearch's own analyzers a language's text is given to, by name; Tantivy stems by `languages`.

A language that is in neither place is indexed by our own stems, on both engines alike.
"""

from typing import Final

OTHER: Final = "other"
"""The sub-field of all languages that Elasticsearch has no analyzer for, and of text in no known language."""

ANALYZERS: Final[dict[str, str]] = {
    "ar": "arabic", "bg": "bulgarian", "bn": "bengali", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german",
    "el": "greek", "en": "english", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish",
    "fr": "french", "ga": "irish", "gl": "galician", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "ja": "cjk", "ko": "cjk", "ku": "sorani", "lt": "lithuanian", "lv": "latvian",
    "nl": "dutch", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "tr": "turkish", "zh": "cjk",
}  # fmt: skip
"""Elasticsearch's analyzers by ISO 639-1 code; each language has a sub-field of its own, named by the code. Its Thai
one needs a dictionary, and knows no word that is newer; Thai is cut into pairs of characters, as on Tantivy."""

_SAME: Final = {"nb": "no", "nn": "no", "bs": "sr", "hr": "sr", "sh": "sr", "ckb": "ku"}


def analyzed_as(language: str | None) -> str:
    """The sub-field that text in a language is indexed under (`en-GB` as `en`); `OTHER` where none is its own."""
    code = (language or "").lower().partition("-")[0]
    code = _SAME.get(code, code)
    return code if code in ANALYZERS else OTHER
