"""What a reader of a document should know of its shortcomings."""

from typing import Final

from shared.models.clean_page import Clipped
from workers.enrich.language import SURE, Language

SHORT_WORDS: Final = 50
INCOMPLETE: Final = "enrichment-incomplete"
QUALITY: Final[dict[str, str]] = {
    "short-text": f"The text has fewer than {SHORT_WORDS} words.",
    "clipped": "The text was longer than the limit and was cut.",
    "no-title": "Neither the sender nor the page gives a title; there may be the site's name in its place.",
    "undated": "Neither the sender nor the page gives a date of publication.",
    "date-in-future": "The date given lies after the page was fetched, wherever on Earth; it was dropped.",
    "date-is-zero": "The date given is that of a clock which was never set (1970-01-01, 0001-01-01); it was dropped.",
    "language-unknown": "There is too little text, or too odd a text, to tell its language.",
    "language-unsure": f"The confidence in the language is below {SURE}.",
    INCOMPLETE: "A step of enrichment failed; the page is searchable without it, and the step is tried again.",
    "language-disagrees": "The sender or the page names a language that the text is clearly not in.",
}
"""Every flag and what it means."""


def quality_flags(  # noqa: PLR0913  (one keyword per cause of a flag)
    *,
    words: int,
    clipped: Clipped | None,
    title: str | None,
    date_flag: str | None,
    language: Language,
    claimed: str | None,
    incomplete: bool = False,
) -> tuple[str, ...]:
    """The flags of one document, in the order of `QUALITY`.

    Args:
        words: of its text.
        clipped: both lengths of a text that was cut.
        title: of the page; None, too, where it is only the site's name.
        date_flag: from `believable_date`.
        language: what was found.
        claimed: the language that the sender, else the page, names.
        incomplete: whether a step of enrichment failed.
    """
    raised = {
        "short-text": words < SHORT_WORDS,
        "clipped": clipped is not None,
        "no-title": title is None,
        "language-unknown": language.code is None,
        "language-unsure": language.code is not None and language.confidence < SURE,
        INCOMPLETE: incomplete,
        "language-disagrees": claimed is not None and language.text_says not in (None, claimed),
    }
    return tuple(flag for flag in QUALITY if raised.get(flag) or flag == date_flag)
