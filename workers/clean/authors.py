"""Who wrote an HTML page: as it declares, as its byline says, or as its marks show."""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from itertools import islice
from typing import Any, Final, NamedTuple

from lxml.etree import XPath
from lxml.html import HtmlElement

from workers.clean.byline import begins_name, names_in, parted
from workers.clean.elsewhere import is_anothers
from workers.clean.facts import Facts, types_of
from workers.clean.meta_tags import MetaTags
from workers.clean.under_headline import Near, day_of

_TAGS: Final = (
    "author",
    "authors",
    "parsely-author",
    "sailthru.author",
    "byl",
    "article:author_name",
    "cxenseparse:author",
    "dc.creator",
    "dc:creator",
    "dcterms.creator",
    "citation_author",
    "rbauthors",
    "shareaholic:article_author_name",
    "article:author",
    "creator",
)
_HOLDERS: Final = XPath(
    "(//a[contains(@rel,'author')] | //*[contains(@itemprop,'author') or contains(@class,'uthor')"
    " or contains(@class,'yline') or contains(@class,'ostedby') or contains(@class,'username')"
    " or contains(@id,'uthor') or contains(@id,'yline')"
    " or contains(@data-testid,'uthor')])[position() <= 12]"
)
_NO_HOLDER: Final = re.compile(
    r"comment|related|recommend|bio\b|avatar|image|photo|social|widget|sidebar|testimonial|review"
)
_MARKED: Final = re.compile(r"author|byline|writer|username|creator|posted-by|poster")
_NO_NAME: Final = re.compile(
    r"://|@|\d{3}|^(?:admin(?:istrator)?|editor(?:s|ial)?|guest|anonymous|webmaster|root|user|none|null|unknown|author|authors"
    r"|share|follow|more|profile|subscribe|contributor|posts?|view|read|about|updated|published|written|reviewed"
    r"|作者|著者|編集部|编辑部?|編輯部?|小编|责任编辑|記者|记者|管理员|管理員|投稿者|執筆者|来源|來源|分享|关注|關注|收藏|评论|評論|更多|首页|首頁|シェア|フォロー"
    r"|작성자|관리자|기자|공유|댓글|편집부|입력|등록|المزيد|مشاركة|שתפו|עוד)$"
    r"|^(?:fotos?|photos?|photography|bild(?:er)?|illustrations?|video|grafik|写真|撮影|摄影|사진)\s?[:\uff1a/\uff0f]"
    r"|^special (?:to|for)\b",
    re.IGNORECASE,
)
_MARKUP: Final = re.compile(r"<[^<>]{1,500}>")
_SMALL: Final = {
    "de", "van", "von", "der", "den", "da", "la", "bin", "al", "di", "del", "dos", "du", "le", "el", "y", "ten", "ter",
    "zu", "ibn", "af", "av",
}  # fmt: skip
_WITHOUT_SPACES: Final = re.compile(r"[\u3005\u3041-\u30ff\u3400-\u9fff]{2,10}|[\uac00-\ud7a3]{2,5}")
_ROLE: Final = re.compile(
    r"\b(?:senior|staff|chief|editor|writer|reporter|contributor|correspondent|expert|ceo|founder|director|manager|author"
    r"|columnist|analyst|specialist|min read|minutes?|updated|published|views?|comments?|follow|share|by)\b",
    re.IGNORECASE,
)
_WRITTEN_BY: Final = re.compile(
    r"(?:written by|author|verfasst von|geschrieben von|écrit par|escrito por|scritto da|geschreven door|автор|作者)",
    re.IGNORECASE,
)
_ENDS_WITH_BY: Final = re.compile(
    r"(?:^|\b(?:written|posted|started|submitted|authored|asked|story|words)\s+)by:?$", re.IGNORECASE
)
_NOT_WRITTEN: Final = re.compile(r"image|photo|picture|review|sponsor|power|present|credit|edited|fact", re.IGNORECASE)
_LOGIN: Final = re.compile(r"username|creator|name\s+author|author-name|poster")
_BESIDE: Final = 8
_LONGEST_BYLINE: Final = 14
_BODY: Final = re.compile(r"organi[sz]ation|corporation|company|newsmedia|website|brand")
_MOST: Final = 20


class FoundNames(NamedTuple):
    """Writers with their evidence."""

    names: tuple[str, ...]
    found_in: str
    confidence: float


def read_authors(
    facts: Facts, near: Sequence[Near], headline: HtmlElement | None, site_names: Sequence[str], *, dated: bool
) -> FoundNames | None:
    """The writers from the first source that names some; a body of that name is the last resort.

    Args:
        facts: what the page declares.
        near: the texts by its headline.
        headline: the heading that is its title, None where there is none.
        site_names: what the site is called; its own name is nobody's byline where a person has one.
        dated: whether the page shows when it was published; then names are looked for all over it.
    """
    houses = {_plain(name) for name in site_names}
    last: FoundNames | None = None
    for found in _candidates(facts, near, headline, dated=dated):
        people = tuple(name for name in found.names if _plain(name) not in houses)
        if people and found.found_in != "publisher":
            return found._replace(names=people[:_MOST])
        last = last or (found._replace(confidence=0.4) if found.names else None)
    return last._replace(found_in="json-ld") if last and last.found_in == "publisher" else last


def _candidates(
    facts: Facts, near: Sequence[Near], headline: HtmlElement | None, *, dated: bool
) -> Iterator[FoundNames]:
    people, bodies = _of_story(facts)
    yield FoundNames(people, "json-ld", 0.95)
    yield FoundNames(_by(near), "byline", 0.8)
    yield FoundNames(_written_by(facts.tags), "meta", 0.85)
    yield FoundNames(_marked_near(near), "byline", 0.75)
    yield FoundNames(_of_tags(facts.tags), "meta", 0.85)
    yield FoundNames(_beside_day(near), "byline", 0.65)
    holders = [each for each in _HOLDERS(facts.tree) if not _NO_HOLDER.search(_marks_of(each))]
    if not facts.is_thread:
        holders = [each for each in holders if not is_anothers(each, headline)]
    yield FoundNames(_said_by(holders), "byline", 0.6)
    if facts.is_thread or facts.may_be_story or dated:
        yield FoundNames(_held(holders, login=facts.is_thread), "page", 0.6)
    yield FoundNames(bodies, "publisher", 0.4)


def _of_story(facts: Facts) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """People, and bodies, that the page's story names as its authors."""
    if not facts.story:
        return (), ()
    forum = bool(types_of(facts.story) & {"discussionforumposting", "question", "socialmediaposting"})
    people: list[str] = []
    bodies: list[str] = []
    given = facts.things.follow(facts.story.get("author") or facts.story.get("creator"))
    for each in given[:_MOST]:
        body = isinstance(each, dict) and any(map(_BODY.search, types_of(each)))
        for name in _named(each):
            if forum or _could_be_name(name):
                (bodies if body else people).append(name)
    return tuple(dict.fromkeys(people)), tuple(dict.fromkeys(bodies))


def _named(value: Any) -> tuple[str, ...]:
    if isinstance(value, dict):
        value = value.get("name")
    values = value if isinstance(value, list) else [value]
    return tuple(name for each in values if isinstance(each, str) for name in _written_out(each))


def _written_out(value: str) -> tuple[str, ...]:
    """The names in a field, which may hold markup."""
    return parted(_MARKUP.sub(" ", unescape(value)))


def _of_tags(tags: MetaTags) -> tuple[str, ...]:
    for tag in _TAGS:
        names = [name for value in tags.get(tag, ()) for name in _written_out(value) if _could_be_name(name)]
        if names:
            return tuple(dict.fromkeys(names))
    return ()


def _written_by(tags: MetaTags) -> tuple[str, ...]:
    """What WordPress hands to Twitter: a label and its value."""
    for label, data in (("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2")):
        if _WRITTEN_BY.fullmatch(next(iter(tags.get(label, ())), "")):
            return tuple(name for value in tags.get(data, ()) for name in _written_out(value) if _could_be_name(name))
    return ()


def _by(near: Sequence[Near]) -> tuple[str, ...]:
    """The names after a `by`, in the same text or, where that ends with it, in the next one."""
    for at, text in enumerate(near):
        if _NO_HOLDER.search(text.marks):
            continue
        if names := tuple(name for name in names_in(text.text) if _could_be_name(name)):
            return names
        if _ENDS_WITH_BY.search(text.text) and not _NOT_WRITTEN.search(text.text):
            after = near[at + 1].text if at + 1 < len(near) else ""
            if names := tuple(name for name in parted(after) if _looks_like_name(name) or " " not in name):
                return names
    return ()


def _marked_near(near: Sequence[Near]) -> tuple[str, ...]:
    for text in near:
        if _MARKED.search(text.marks) and not _NO_HOLDER.search(text.marks):
            login = _LOGIN.search(text.marks) and " " not in text.text and len(text.text) > 1
            if names := (text.text,) if login else tuple(n for n in parted(text.text) if _looks_like_name(n)):
                return names
    return ()


def _beside_day(near: Sequence[Near]) -> tuple[str, ...]:
    """A name that stands alone right before or after the day."""
    short = [text for text in near if any(map(str.isalnum, text.text))][:_BESIDE]
    for at, text in enumerate(short):
        if day_of(text) is None:
            continue
        beside = [*reversed(short[max(0, at - 2) : at]), *short[at + 1 : at + 2]]
        if name := next((each.text for each in beside if _stands_alone(each)), None):
            return (name,)
    return ()


def _stands_alone(text: Near) -> bool:
    """Whether a text is two or three words that look like a name, and no link to a section."""
    in_section = text.element.tag == "a" and "category" in text.marks
    named = len(text.text.split()) in {2, 3} and _looks_like_name(text.text) and text.text[0].isupper()
    return named and not in_section and not _NO_HOLDER.search(text.marks)


def _marks_of(element: HtmlElement) -> str:
    return " ".join(element.get(name, "") for name in ("class", "id")).lower()


def _said_by(holders: Sequence[HtmlElement]) -> tuple[str, ...]:
    """The names after a `by` in the first element that is marked as a byline and is as short as one."""
    for element in holders:
        line = " ".join(" ".join(element.itertext()).split())
        if len(line.split()) <= _LONGEST_BYLINE and (names := names_in(line)):
            return tuple(filter(_could_be_name, names))
    return ()


def _held(holders: Sequence[HtmlElement], *, login: bool) -> tuple[str, ...]:
    """The first name in an element whose marks say that it holds one; in a thread, the first login."""
    for element in holders:
        for text in [element.get("content") or "", *map(str, islice(element.itertext(), 8))]:
            line = " ".join(text.split())
            if login and line and " " not in line and not _NO_NAME.search(line) and any(map(str.isalpha, line)):
                return (line,)
            if names := tuple(name for name in parted(line) if _is_full(name) and _looks_like_name(name)):
                return names
    return ()


def _could_be_name(name: str) -> bool:
    """A name that a page declares: not an address, a number or a login."""
    return 1 < len(name) < 100 and not _NO_NAME.search(name) and (" " in name or not name.islower())


def _is_full(name: str) -> bool:
    """Whether a name has more than one part, as far as its script parts them."""
    return " " in name or bool(_WITHOUT_SPACES.fullmatch(name))


def _looks_like_name(text: str) -> bool:
    """A text that nothing declares to be a name: two to four words, each with a capital, or a login of one word."""
    words = text.split()
    if not _could_be_name(text) or len(words) > 4 or _ROLE.search(text) or (text[-1] in ".:!?" and len(words) < 2):
        return False
    return all(begins_name(word) or word in _SMALL for word in words)


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
