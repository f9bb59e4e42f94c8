from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.models.clean_page import Clean, CleanPage, Clipped, Evidence, Image
from shared.models.document import Document
from shared.models.raw_page import Envelope, RawPage, Sent
from workers.clean import CleanLimits, clean
from workers.enrich import QUALITY, enrich

FETCHED = datetime(2024, 10, 28, 12, tzinfo=UTC)
ENGLISH = (
    "The harbour was rebuilt after the storm, and the fishermen of the town returned to their boats in spring.",
    "Nobody had expected that the new pier would stand through a second winter, but the engineers had done well.",
)
GERMAN = "Der Hafen wurde nach dem Sturm wieder aufgebaut, und im Frühling kehrten die Fischer zu ihren Booten zurück."
RUSSIAN = "После шторма гавань была восстановлена, и весной рыбаки города вернулись к своим лодкам и снастям."
CHINESE = "暴风雨过后港口得到了重建。春天镇上的渔民们回到了他们的船上。没有人想到新码头能撑过第二个冬天。"
JAPANESE = "嵐の後に港は再建され、春になると町の漁師たちは自分の船に戻ってきた。"
THAI = "ท่าเรือถูกสร้างขึ้นใหม่หลังพายุ และชาวประมงของเมืองก็กลับมาที่เรือของพวกเขาในฤดูใบไม้ผลิ"
HINDI = "तूफ़ान के बाद बंदरगाह का पुनर्निर्माण किया गया और वसंत में शहर के मछुआरे अपनी नावों पर लौट आए।"


def page(*paragraphs: str, envelope: Mapping[str, object] | None = None, **clean: object) -> CleanPage:
    return CleanPage.model_validate(
        {
            "envelope": {"id": "page-1", "version": 7, "fetched_at": FETCHED, **(envelope or {})},
            "clean": {"extractor": "test", "paragraphs": paragraphs or ENGLISH, **clean},
        }
    )


def language_of(*paragraphs: str, hint: str | None = None, sent: str | None = None) -> str | None:
    return enrich(page(*paragraphs, envelope={"sent": Sent(language=sent)}, language_hint=hint)).language


def test_a_document_carries_everything_the_page_brought() -> None:
    image = Image(url="https://example.com/a.jpg", alt="A pier", role="lead")
    envelope = {
        "url": "https://www.example.co.uk/news?utm_source=x",
        "canonical_url": "https://www.example.co.uk/news",
        "source": "feed",
        "tags": ("harbour", "storm"),
        "metadata": {"desk": 5, "paid": None},
    }
    document = enrich(
        page(
            envelope=envelope,
            title="The pier",
            standfirst="It stood.",
            authors=("Ann Example",),
            published="2024-10-27",
            site_name="The Example",
            images=(image,),
        )
    )
    assert document == Document(
        id="page-1",
        version=7,
        url="https://www.example.co.uk/news?utm_source=x",
        canonical_url="https://www.example.co.uk/news",
        title="The pier",
        standfirst="It stood.",
        text="\n\n".join(ENGLISH),
        authors=("Ann Example",),
        published="2024-10-27",
        fetched_at=FETCHED,
        language="en",
        site="example.co.uk",
        publisher="The Example",
        source="feed",
        tags=("harbour", "storm"),
        images=(image,),
        word_count=38,
        reading_minutes=1,
        quality=("short-text",),
        evidence={"language": document.evidence["language"]},
        keywords=document.keywords,
        enrichment=dict.fromkeys(("language", "names", "keywords", "fingerprint"), "done"),
        metadata={"desk": 5, "paid": None},
        fingerprint=document.fingerprint,
    )
    assert document.evidence["language"].found_in == "text"
    assert document.evidence["language"].confidence > 0.95
    assert document.fingerprint is not None


def test_evidence_goes_with_the_field_it_speaks_of() -> None:
    found = Evidence(found_in="meta", confidence=0.9)
    document = enrich(
        page(
            title="The pier",
            published="2031-01-01",
            site_name="The Example",
            canonical_url="not a url",
            language_hint="en",
            evidence=dict.fromkeys(
                ["title", "published", "site_name", "canonical_url", "language_hint", "links"], found
            ),
        )
    )
    assert document.evidence.keys() == {"title", "publisher", "language"}
    assert document.evidence["publisher"] == found


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH[0], "en"),
        (GERMAN, "de"),
        (RUSSIAN, "ru"),
        (CHINESE, "zh"),
        (JAPANESE, "ja"),
        (THAI, "th"),
        (HINDI, "hi"),
    ],
)
def test_a_text_tells_its_language(text: str, language: str) -> None:
    assert language_of(text) == language
    assert language_of(text.upper()) == language


@pytest.mark.parametrize(
    "text", ["OK", "日本語", "12345 67890 " * 9, "!!! ... ???", "\x00\x01", "Qwrt zxcvb plmkj hgfds"]
)
def test_too_little_text_has_no_language(text: str) -> None:
    document = enrich(page(text))
    assert document.language is None
    assert "language" not in document.evidence
    assert "language-unknown" in document.quality


def test_the_pages_own_hint_settles_a_short_text() -> None:
    document = enrich(
        page("Guten Tag", language_hint="de", evidence={"language_hint": {"found_in": "html", "confidence": 0.8}})
    )
    assert document.language == "de"
    assert document.evidence["language"].found_in == "html"
    assert "language-unsure" in document.quality


def test_a_hint_and_a_text_that_agree_are_surer_than_the_text_alone() -> None:
    text = "El puerto fue reconstruido tras la tormenta."
    alone = enrich(page(text)).evidence["language"].confidence
    together = enrich(page(text, language_hint="es")).evidence["language"].confidence
    assert together > alone


def test_a_wrong_hint_loses_against_a_text_of_some_length() -> None:
    document = enrich(page(GERMAN, GERMAN, language_hint="en-US"))
    assert document.language == "de"
    assert "language-disagrees" in document.quality


def test_what_the_sender_says_wins() -> None:
    document = enrich(page(*ENGLISH, envelope={"sent": Sent(language="de-AT")}, language_hint="en"))
    assert document.language == "de"
    assert document.evidence["language"] == Evidence(found_in="sender", confidence=1)
    assert "language-disagrees" in document.quality


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("EN", "en"),
        ("pt_BR.UTF-8", "pt"),
        ("deu", "de"),
        ("zh-Hans-CN", "zh"),
        ("iw", "he"),
        ("nb", "no"),
        ("yue", "zh"),
        (" fr ", "fr"),
    ],
)
def test_language_tags_of_every_kind_are_read(tag: str, language: str) -> None:
    assert language_of("Hm.", sent=tag) == language
    assert language_of("Hm.", hint=tag) == language


@pytest.mark.parametrize("tag", ["", "xx", "english please", "x-klingon", "🙂", "en" * 5_000])
def test_a_tag_that_names_no_language_is_passed_over(tag: str) -> None:
    assert language_of(*ENGLISH, sent=tag, hint=tag) == "en"


def test_marks_that_nobody_sees_do_not_hide_the_language() -> None:
    assert language_of("\u200b".join(GERMAN)) == "de"
    assert language_of("\x1b\x7f" * 500 + GERMAN) == "de"


@pytest.mark.parametrize(
    ("published", "kept", "flag"),
    [
        ("2024-10-28", True, None),
        ("2024-10-29", True, None),
        ("2024-10-28T12:05:00Z", True, None),
        ("2024-10-28T12:05:01Z", False, "date-in-future"),
        ("2024-10-30", False, "date-in-future"),
        ("9999-12-31", False, "date-in-future"),
        ("1888-03-01", True, None),
        ("1970-01-01", False, "date-is-zero"),
        ("0001-01-01T00:00:00Z", False, "date-is-zero"),
        (None, False, "undated"),
    ],
)
def test_a_date_is_never_in_the_future(published: str | None, kept: bool, flag: str | None) -> None:
    document = enrich(page(published=published))
    assert document.published == (published if kept else None)
    assert {"date-in-future", "date-is-zero", "undated"} & set(document.quality) == ({flag} if flag else set())


def test_a_date_is_measured_from_when_the_page_was_fetched() -> None:
    later = page(published="2024-10-30", envelope={"fetched_at": FETCHED + timedelta(days=1)})
    assert enrich(later).published == "2024-10-30"


@pytest.mark.parametrize(
    ("own", "canonical"),
    [
        ("https://Example.com:443/story?utm_medium=x#top", "https://example.com/story"),
        ("/story", "https://www.example.org/story"),
        ("javascript:alert(1)", "https://www.example.org/a"),
        (None, "https://www.example.org/a"),
    ],
)
def test_the_page_names_its_canonical_url_where_it_can(own: str | None, canonical: str) -> None:
    envelope = {"url": "https://www.example.org/a", "canonical_url": "https://www.example.org/a"}
    document = enrich(page(envelope=envelope, canonical_url=own))
    assert document.canonical_url == canonical
    assert document.site == "example.org"


def test_a_page_without_url_has_the_site_it_names() -> None:
    assert enrich(page(canonical_url="https://news.example.co.uk/a")).site == "example.co.uk"
    assert enrich(page()).site is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("one", 1),
        ("It's a well-known — fact … that 3.5 % grew.", 7),
        (HINDI, 19),
        ("漢" * 17, 10),
        ("Python 入門", 1 + 2),
        ("ก" * 45, 10),
        ("- * / \u2014", 0),
    ],
)
def test_words_are_counted_in_every_script(text: str, words: int) -> None:
    document = enrich(page(text))
    assert document.word_count == words
    assert document.reading_minutes == (1 if words else 0)


def test_reading_time_grows_with_the_words() -> None:
    assert enrich(page("word " * 238)).reading_minutes == 1
    assert enrich(page("word " * 239)).reading_minutes == 2
    assert enrich(page("word " * 2_380)).reading_minutes == 10


def test_every_flag_is_raised_by_its_cause_and_explained() -> None:
    sound = enrich(page(" ".join(ENGLISH * 3), title="The pier", published="2024-10-27"))
    assert sound.quality == ()
    raised = {
        *enrich(page("Guten Tag", language_hint="de", clipped=Clipped(kept=9, original=90))).quality,
        *enrich(page("?", published="2031-01-01")).quality,
        *enrich(page(GERMAN * 2, language_hint="en", published="1970-01-01")).quality,
        *enrich(page("?"), only_essentials=True).quality,
    }
    assert raised == set(QUALITY)


def test_a_page_that_has_the_sites_name_only_has_no_title() -> None:
    cleaned = clean(RawPage(envelope=Envelope(id="p", version=1, url="https://news.example.org/a", fetched_at=FETCHED,
                                              content_type="text/html"), body=f"<p>{ENGLISH[0]}".encode()),
                    CleanLimits())  # fmt: skip
    document = enrich(cleaned)
    assert (document.title, document.evidence["title"].found_in) == (cleaned.clean.title, "site")
    assert document.title
    assert "no-title" in document.quality
    named = cleaned.model_copy(update={"clean": cleaned.clean.model_copy(update={"evidence": {}})})
    assert "no-title" not in enrich(named).quality


def test_every_flag_is_in_the_documentation() -> None:
    text = (Path(__file__).parents[2] / "docs" / "enrichment.md").read_text("utf-8")
    for flag, meaning in QUALITY.items():
        assert f"| `{flag}` | {meaning} |" in text


@given(st.text(max_size=200), st.text(max_size=20) | st.none())
def test_no_text_whatever_breaks_enrichment(text: str, hint: str | None) -> None:
    document = enrich(page(text, language_hint=hint, canonical_url=hint))
    assert document.word_count >= 0
    assert Document.model_validate_json(document.model_dump_json()) == document


@pytest.mark.parametrize(
    "text", ["a" * 1_000_000, "漢" * 1_000_000, "-" * 1_000_000, "a b " * 250_000, "\u0301" * 1_000_000]
)
@pytest.mark.timeout(20)
def test_a_million_characters_of_anything_are_got_through(text: str) -> None:
    assert enrich(page(text)).word_count <= 600_000


def test_an_envelope_from_newer_code_is_read() -> None:
    newer = page().model_dump() | {"mood": "sunny"}
    assert enrich(CleanPage.model_validate(newer)).id == "page-1"
    assert Envelope.model_validate(newer["envelope"]).version == 7
    assert Clean.model_validate({**newer["clean"], "mood": "sunny"}).extractor == "test"
