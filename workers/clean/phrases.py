"""Words that mark what is not the story, in the languages most pages are in. A first, short list."""

import re
from typing import Final

_BOILERPLATE = re.compile(
    r"©|\(c\) (?:19|20)\d\d|\b(?:all rights reserved|terms of (?:use|service)|privacy policy|cookie policy"
    r"|(?:we|this (?:web)?site) uses? cookies|accept (?:all )?cookies|sign up for (?:our|the)|subscribe to (?:our|the)"
    r"|skip to (?:main )?content|enable javascript|all products? featured|may earn (?:a|an affiliate) commission"
    r"|(?:article )?continues? (?:reading )?below|sponsor message|powered by \w+|add to cart|your email address"
    r"|(?:view|open|read) this (?:e-?mail|message|newsletter) in (?:your|a) browser|to unsubscribe"
    r"|unsubscribe (?:here|from)|you (?:(?:are )?receiv(?:e|ed|ing)|get) this\b.{0,40}\b(?:because|as you)"
    r"|this (?:e-?mail|message) was sent to you"
    r"|alle rechte vorbehalten|datenschutzerklärung|tous droits réservés|todos los derechos reservados"
    r"|política de privacidad|tutti i diritti riservati|все права защищены)\b|版权所有|保留所有权利",
    re.IGNORECASE,
)
_POLICY = re.compile(
    r"\b(?:privacy policy|cookie policy|terms of (?:use|service)|(?:we|this (?:web)?site) uses? cookies"
    r"|your email address|datenschutzerklärung|política de privacidad)\b",
    re.IGNORECASE,
)
"""Those of them that a site's policy is about."""
_LONGEST_BOILERPLATE: Final = 400
_BEGINS: Final = 4
_OF_ENGINES = re.compile(r"powered by", re.IGNORECASE)
_TO_READER = re.compile(
    r"\b(?:we|us|our|you|your|wir|uns\w*|sie|ihre?\w*|nous|notre|nos|vous|votre|vos|nosotros|nuestr\w+|usted\w*|tus?|noi"
    r"|nostr\w+|vostr\w+|tu[oaei]|мы|наш\w*|вы|ваш\w*)\b",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"\b(?:(?:we|this (?:web)?site) uses? cookies|(?:accept|reject|manage|allow) (?:all )?cookies|cookies? (?:policy"
    r"|settings|preferences|notice|consent)|consent preferences|(?:wir|diese (?:web)?seite) (?:verwenden|verwendet)"
    r" cookies|utilis\w+ des cookies|utiliza(?:mos)? cookies|файлы cookie)\b",
    re.IGNORECASE,
)
_SUBSCRIPTION = re.compile(
    r"\b(?:sign up (?:for|to)|subscribe (?:to|for)|already (?:a )?(?:subscriber|member)|for subscribers only"
    r"|(?:this|the rest of this) (?:article|story|content|post) is (?:for|only|reserved)|to (?:continue|keep) reading"
    r"|your (?:free )?trial|your email address|join our (?:newsletter|mailing list)|get (?:our|the) newsletter"
    r"|create (?:a|your) free account|newsletter (?:abonnieren|bestellen)|abonnez-vous|suscríb[ea]te|iscriviti"
    r"|подпишитесь)\b",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"(?:share|tweet|pin it|copy (?:link|url)|follow (?:us|me)|share (?:this|on|via|the)\b.*|email this|print(?: this)?"
    r"|facebook|twitter|x|linkedin|whatsapp|reddit|pinterest|telegram|instagram|youtube|tiktok|bluesky|threads|mastodon"
    r"|teilen|partager|compartir|condividi|поделиться|分享)\W*",
    re.IGNORECASE,
)
_RELATED = re.compile(
    r"(?:you (?:may|might) (?:also )?(?:like|be interested)|related (?:\w+ )?(?:articles?|posts?|content|stories)"
    r"|related (?:news|reading|topics?|links?)"
    r"|related|read (?:also|next)|more (?:from|on|in|stories|news|articles)\b|recommended(?: for you| reading)?"
    r"|latest (?:news|posts|articles|stories)|most (?:read|viewed|popular)|popular (?:posts|articles|stories|now)"
    r"|trending(?: now)?|recent (?:posts|articles|news)|previous (?:article|post)|next (?:article|post)|keep reading"
    r"|other posts|watch next|recently by|more by (?:this|the same)|filed under|article sources|share\W*$|follow\W*$"
    r"|don['\u2019]?t miss|what to read next|share (?:this|on|via|the)\b|follow us|about the authors?|post navigation"
    r"|mehr zum thema|lesen sie auch|auch interessant|à lire aussi|lire aussi|lea también|te puede interesar"
    r"|leggi anche|читайте также|(?:ข่าว|บทความ|เรื่อง)ที่เกี่ยวข้อง|อ่าน(?:เพิ่มเติม|ต่อ|ประกอบ)|ข่าวอื่น|相关(?:新闻|阅读|文章))",
    re.IGNORECASE,
)
_COMMENTS = re.compile(
    r"(?:\d+ )?(?:(?:article|reader|user) )?(?:comments?|responses|replies|thoughts on)\b(?!\s+(?:that|from|by|made))"
    r"|comments?restacks|discussion about this|inline feedback"
    r"|(?:leave|post|add|write) a (?:reply|comment)"
    r"|join the (?:discussion|conversation)|reader interactions|kommentare?\b|commentaires?\b|comentarios?\b|commenti\b"
    r"|комментари[ий]|评论|(?:แสดง|เขียน)?ความ(?:คิด)?เห็น",
    re.IGNORECASE,
)
_LONGEST_MARKER: Final = 60


def is_boilerplate(text: str, *, prose: bool = False) -> bool:
    """Whether a block says what a site says on each page.

    Args:
        text: the block.
        prose: it reads as sentences; a story may speak of such things, so they have to begin with them, say two of
            them, or speak to the reader.
    """
    if len(text) > _LONGEST_BOILERPLATE:
        return False
    if not prose:
        return bool(_BOILERPLATE.search(text))
    said = [
        found for found in _BOILERPLATE.finditer(text) if found.start() <= _BEGINS or not _OF_ENGINES.match(found[0])
    ]
    return bool(said) and (said[0].start() <= _BEGINS or len(said) > 1 or bool(_TO_READER.search(text)))


def names_policy(title: str) -> bool:
    """Whether a headline names a policy of a site, which the page below it is about then."""
    return bool(_POLICY.search(title))


def without_policy(text: str) -> str:
    """A block without the words that only say that it speaks of a policy."""
    return _POLICY.sub("", text)


def opens_related(text: str) -> bool:
    """Whether a short line announces other stories or ways to share this one."""
    return len(text) <= _LONGEST_MARKER and bool(_RELATED.match(text))


def opens_comments(text: str) -> bool:
    """Whether a short line announces what readers wrote."""
    return len(text) <= _LONGEST_MARKER and bool(_COMMENTS.match(text))


def rest_behind_marker(text: str) -> str:
    """What a line that announces comments or other stories says behind the words for that."""
    return min(
        (text[found.end() :] for kind in (_COMMENTS, _RELATED) if (found := kind.match(text))), key=len, default=text
    )


def asks_consent(text: str) -> bool:
    """Whether a block is about cookies and the like."""
    return len(text) <= _LONGEST_BOILERPLATE and bool(_CONSENT.search(text))


def offers_subscription(text: str) -> bool:
    """Whether a block says that the rest has to be paid for, or offers a newsletter or an account."""
    return len(text) <= _LONGEST_BOILERPLATE and bool(_SUBSCRIPTION.search(text))


def shares(text: str) -> bool:
    """Whether a short block is a way to share the story or to follow those who made it, or a row of such ways."""
    if len(text) > _LONGEST_MARKER:
        return False
    if _SHARE.fullmatch(text):
        return True
    words = text.split()
    return len(words) > 1 and all(map(_SHARE.fullmatch, words))
