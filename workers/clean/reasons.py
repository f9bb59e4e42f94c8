"""Every reason why a block of a page is left out; docs/reasons.md lists them and is tested against them."""

from typing import Final, Literal

DropReason = Literal[
    "boilerplate",
    "byline",
    "caption",
    "comments",
    "consent",
    "control",
    "front-matter",
    "headline",
    "hidden",
    "markup",
    "navigation",
    "outside-story",
    "related",
    "repeated",
    "separator",
    "share",
    "signature",
    "site-boilerplate",
    "subscription",
    "thumbnail",
    "unlisted-picture",
]

REASONS: Final[dict[DropReason, str]] = {
    "boilerplate": "What a site says on each page: copyright, terms, advertising.",
    "byline": "Who wrote the story and when; read into the fields where it was understood.",
    "caption": "The words to a picture, or who took it.",
    "comments": "What readers wrote under the story.",
    "consent": "What a site asks or says about cookies and the like.",
    "control": "A button, a form's label or a player's control.",
    "front-matter": "The block of fields before a page, read into the fields where it was understood.",
    "headline": "The page's own headline, where the sender gave another title.",
    "hidden": "Text that the page hides from those who look at it.",
    "markup": "What a markdown page has for programs: a script, a style, a comment, the address of a link.",
    "navigation": "A menu, a section name, or a line that is mostly links.",
    "outside-story": "Text before, after or between the story's paragraphs that belongs to no kind above.",
    "related": "A headline of, or a pointer to, another story.",
    "repeated": "The same words stand elsewhere on the page.",
    "separator": "A rule or a line of signs without a word.",
    "share": "Ways to share the story, or to follow those who made it.",
    "signature": "What a member of a forum has put under each of their posts.",
    "site-boilerplate": "What this site says on many of its pages, as the mill has learnt.",
    "subscription": "A notice that the rest has to be paid for, or an offer of a newsletter or an account.",
    "thumbnail": "A picture outside the story; it is listed under images as well.",
    "unlisted-picture": "A picture with no http(s) address that could be resolved, or one more than are listed.",
}
"""Why a block of a page was left out: name to explanation."""
