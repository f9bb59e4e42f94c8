"""What holds for every page, shown on pages that hypothesis makes up."""

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.errors import PageRejected
from shared.models.clean_page import Clean
from shared.models.raw_page import ContentType
from shared.models.rejections import REJECTIONS
from tests.unit.clean.pages import cleaned
from workers.clean import CleanLimits
from workers.clean.reasons import REASONS

TYPES: st.SearchStrategy[ContentType | None] = st.sampled_from([None, "text/html", "text/markdown", "text/plain"])
CHARSETS = st.sampled_from([None, "utf-8", "iso-8859-1", "utf-16", "gbk", "shift_jis", "nonsense"])
WORDS = st.sampled_from(
    "the bridge closed council decided years, on Monday. Read more News Home © 2024 By Ann 3 min Comments: "
    "Министерство обороны сообщило 会见了来访的外国代表团。 … ! ?".split()
)
LINE = st.lists(WORDS, max_size=30).map(" ".join)
MARKUP = st.sampled_from(
    ["# ", "- ", "1. ", "> ", "**", "[a](/b)", "![c](/d.png)", "![](x) ", "`", "\\", "<b>", "&amp;", "---", "\t", "  "]
)
PLAIN_PAGE = st.lists(LINE, max_size=40).map("\n".join)
MARKED_PAGE = st.lists(st.lists(st.one_of(WORDS, MARKUP), max_size=20).map(" ".join), max_size=30).map("\n".join)
TAGS = st.sampled_from(
    "<p>|</p>|<div>|</div>|<a href='/x'>|</a>|<table><tr><td>|</table>|<!--|-->|<script>|</script>|<svg>|<title>|<h1>"
    "|</h1>|<li>|<br>|<img src=a.png>|<b|>|&#0;|&lt|\"|<html>|<head>|<body>|<meta charset=x>|<base href='http://['>"
    "|<link rel=canonical href='http://[x'>".split("|")
)
HTML_PAGE = st.lists(st.one_of(WORDS, TAGS), max_size=60).map(lambda parts: "<html>" + " ".join(parts))
patient = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def cleaned_or_rejected(
    body: bytes | str, content_type: ContentType | None, charset: str | None = None
) -> Clean | None:
    """The clean page, or None; any other error than a named rejection goes through."""
    try:
        return cleaned(body, content_type, charset=charset)
    except PageRejected as refusal:
        if refusal.reason in REJECTIONS:
            return None
        raise


@patient
@given(st.binary(max_size=600), TYPES, CHARSETS)
def test_any_bytes_end_in_a_clean_page_or_a_named_rejection(
    body: bytes, content_type: ContentType | None, charset: str | None
) -> None:
    clean = cleaned_or_rejected(body, content_type, charset)
    assert clean is None or clean.paragraphs


@patient
@given(st.one_of(st.text(max_size=600), MARKED_PAGE, HTML_PAGE), TYPES)
def test_any_text_ends_in_a_clean_page_or_a_named_rejection(text: str, content_type: ContentType | None) -> None:
    clean = cleaned_or_rejected(text.encode("utf-8", "surrogatepass"), content_type)
    assert clean is None or (clean.paragraphs and clean.model_dump_json())


@patient
@given(st.one_of(PLAIN_PAGE, MARKED_PAGE), st.sampled_from([5, 2_000]))
def test_every_line_of_a_text_page_is_kept_or_listed_as_dropped(text: str, max_dropped: int) -> None:
    try:
        clean = cleaned(text, "text/plain", limits=CleanLimits(max_dropped=max_dropped))
    except PageRejected:
        return
    held = [clean.title, clean.standfirst, *clean.paragraphs, *(entry.text for entry in clean.dropped)]
    pictures = [part for image in clean.images for part in (image.url, image.alt)]
    words = set(re.findall(r"\w+", " ".join(filter(None, [*held, *pictures, *clean.links]))))
    for line in text.split("\n"):
        signs = r"\]\([^)]*\)|&amp;|</?b>|<b|^\s*\d+\."
        assert set(re.findall(r"\w+", re.sub(signs, " ", line))) <= words


@patient
@given(PLAIN_PAGE)
def test_no_line_is_both_kept_and_dropped(text: str) -> None:
    clean = cleaned_or_rejected(text, "text/plain")
    if clean is None:
        return
    lines = [line for line in text.split("\n") if line.strip()]
    dropped = [line for entry in clean.dropped for line in entry.text.split("\n")]
    kept = "\n".join(filter(None, [clean.title, clean.standfirst, *clean.paragraphs]))
    assert len(kept.split()) + sum(len(line.split()) for line in dropped) == sum(len(line.split()) for line in lines)


@patient
@given(st.one_of(PLAIN_PAGE, MARKED_PAGE, HTML_PAGE), TYPES)
def test_dropped_blocks_have_a_reason_of_the_table_and_a_line_of_the_page(
    text: str, content_type: ContentType | None
) -> None:
    clean = cleaned_or_rejected(text, content_type)
    for entry in clean.dropped if clean else ():
        assert entry.reason in REASONS
        assert entry.line is not None
        assert 1 <= entry.line <= text.count("\n") + 1


@patient
@given(st.one_of(PLAIN_PAGE, HTML_PAGE), st.integers(1, 200))
def test_the_text_never_exceeds_the_limit_and_says_when_it_was_cut(text: str, limit: int) -> None:
    whole = cleaned_or_rejected(text, None)
    if whole is None:
        return
    clean = cleaned(text, limits=CleanLimits(text_max_chars=limit))
    assert len(clean.text) <= limit
    assert (clean.clipped is None) == (len(whole.text) <= limit)
    assert clean.clipped is None or (clean.clipped.kept, clean.clipped.original) == (len(clean.text), len(whole.text))
    assert whole.text.startswith(clean.text)


@patient
@given(st.one_of(HTML_PAGE, MARKED_PAGE, PLAIN_PAGE), TYPES)
def test_where_nothing_is_to_be_listed_as_dropped_all_else_is_the_same(
    page: str, content_type: ContentType | None
) -> None:
    told = cleaned_or_rejected(page, content_type)
    if told is not None:
        unlisted = cleaned(page, content_type, limits=CleanLimits(max_dropped=0))
        assert unlisted == told.model_copy(update={"dropped": ()})
