"""Words that mark what is not the story, in the languages most pages are in. A first, short list."""

import re
from typing import Final

_BOILERPLATE = re.compile(
    r"©|\(c\) (?:19|20)\d\d|\b(?:all rights reserved|terms of (?:use|service)|privacy policy|cookie policy"
    r"|(?:we|this (?:web)?site) uses? cookies|accept (?:all )?cookies|sign up for (?:our|the)|subscribe to (?:our|the)"
    r"|skip to (?:main )?content|enable javascript|all products? featured|may earn (?:a|an affiliate) commission"
    r"|(?:article )?continues? (?:reading )?below|sponsor message|powered by \w+|add to cart|your email address"
    r"|alle rechte vorbehalten|datenschutzerklärung|tous droits réservés|todos los derechos reservados"
    r"|política de privacidad|tutti i diritti riservati|все права защищены)\b|版权所有|保留所有权利",
    re.IGNORECASE,
)
_LONGEST_BOILERPLATE: Final = 400
_RELATED = re.compile(
    r"(?:you (?:may|might) (?:also )?(?:like|be interested)|related (?:\w+ )?(?:articles?|posts?|content|stories)"
    r"|related (?:news|reading|topics?|links?)"
    r"|related|read (?:also|next)|more (?:from|on|in|stories|news|articles)\b|recommended(?: for you| reading)?"
    r"|latest (?:news|posts|articles|stories)|most (?:read|viewed|popular)|popular (?:posts|articles|stories|now)"
    r"|trending(?: now)?|recent (?:posts|articles|news)|previous (?:article|post)|next (?:article|post)|keep reading"
    r"|don['\u2019]?t miss|what to read next|share (?:this|on|via|the)\b|follow us|about the authors?|post navigation"
    r"|mehr zum thema|lesen sie auch|auch interessant|à lire aussi|lire aussi|lea también|te puede interesar"
    r"|leggi anche|читайте также|相关(?:新闻|阅读|文章))",
    re.IGNORECASE,
)
_COMMENTS = re.compile(
    r"(?:\d+ )?(?:comments?|responses|replies|thoughts on)\b(?!\s+(?:that|from|by|made))"
    r"|(?:leave|post|add|write) a (?:reply|comment)"
    r"|join the (?:discussion|conversation)|reader interactions|kommentare?\b|commentaires?\b|comentarios?\b|commenti\b"
    r"|комментари[ий]|评论",
    re.IGNORECASE,
)
_LONGEST_MARKER: Final = 60


def is_boilerplate(text: str) -> bool:
    """Whether a block says what a site says on each page."""
    return len(text) <= _LONGEST_BOILERPLATE and bool(_BOILERPLATE.search(text))


def opens_related(text: str) -> bool:
    """Whether a short line announces other stories or ways to share this one."""
    return len(text) <= _LONGEST_MARKER and bool(_RELATED.match(text))


def opens_comments(text: str) -> bool:
    """Whether a short line announces what readers wrote."""
    return len(text) <= _LONGEST_MARKER and bool(_COMMENTS.match(text))
