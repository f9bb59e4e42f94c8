"""The pictures of an HTML page, and what each is to the story."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal

from lxml.html import HtmlElement

from shared.models.clean_page import Image
from workers.clean.addresses import absolute
from workers.clean.blocks import Block
from workers.clean.metadata import tidy
from workers.clean.tags import FRAME

Role = Literal["lead", "inline", "thumbnail", "icon", "unknown"]
_ORDER: Final[dict[Role, int]] = {"lead": 0, "inline": 1, "unknown": 2, "thumbnail": 2, "icon": 3}
_SOURCES: Final = ("data-src", "data-original", "data-lazy-src", "src")
_ICON = re.compile(
    r"(?:^|[/_.-])(?:icons?|logos?|sprites?|avatars?|badges?|pixel|spacer|emoji|gravatar)(?:[/_.-]|$)|\.svg\b",
    re.IGNORECASE,
)
_SIZE_IN_NAME = re.compile(r"(?<!\d)(\d{2,4})x(\d{2,4})(?!\d)")
_ICON_PIXELS: Final = 64
_THUMBNAIL_PIXELS: Final = 320
_LONGEST_ALT: Final = 500


def read_images(pictures: Sequence[Block], base: str | None, lead: str | None, most: int) -> tuple[Image, ...]:
    """The page's pictures, the story's own first.

    Args:
        pictures: the img elements with their places.
        base: what references start from.
        lead: the picture that the page declares for itself.
        most: how many are listed.
    """
    unique: dict[str, Image] = {}
    for image in _images(pictures, base):
        unique.setdefault(image.url, image)
        if len(unique) >= 10 * most:
            break
    if lead:
        shown = unique.get(lead)
        unique[lead] = Image(url=lead, alt=shown.alt if shown else None, role="lead")
    return tuple(sorted(unique.values(), key=lambda image: _ORDER[image.role])[:most])


def role_by_size(url: str, width: int | None = None, *, in_story: bool) -> Role:
    """What a picture is, by its width or the size in its name, else by where it stands."""
    named = _SIZE_IN_NAME.search(url.rpartition("/")[2])
    width = width or (int(named[1]) if named else None)
    if _ICON.search(url) or (width is not None and width <= _ICON_PIXELS):
        return "icon"
    if width is not None and width <= _THUMBNAIL_PIXELS:
        return "thumbnail"
    return "inline" if in_story else "thumbnail"


def _images(pictures: Iterable[Block], base: str | None) -> Iterator[Image]:
    for picture in pictures:
        if url := _address(picture.element, base):
            in_story = picture.kept and next(picture.element.iterancestors(*FRAME), None) is None
            role = role_by_size(url, _width(picture.element), in_story=in_story)
            yield Image(url=url, alt=tidy(picture.element.get("alt"), _LONGEST_ALT), role=role)


def _address(element: HtmlElement, base: str | None) -> str | None:
    """The first source that is an address; lazy pages keep a placeholder in `src`."""
    for name in _SOURCES:
        if url := absolute(base, element.get(name)):
            return url
    candidates = (element.get("srcset") or element.get("data-srcset") or "")[:10_000]
    return absolute(base, candidates.strip().split(",")[0].split(" ")[0]) if candidates.strip() else None


def _width(element: HtmlElement) -> int | None:
    value = (element.get("width") or "").removesuffix("px")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 6 else None
