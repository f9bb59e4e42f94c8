import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.hosts import ascii_host
from shared.tracking import NAMES, PREFIXES
from shared.urls import MAX_CHARS, canonical_url, content_id, page_id, registered_domain

DOCS = Path(__file__).parents[2] / "docs" / "urls.md"
ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{21}")


def rows(heading: str) -> list[list[str]]:
    """The code spans of each line of the table under a heading of the documentation."""
    section = DOCS.read_text("utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [re.findall(r"`([^`]*)`", line.split(" | ", 1)[1]) for line in lines]


@pytest.mark.parametrize(("sent", "canonical"), rows("The same page"))
def test_the_documented_spellings_have_the_documented_canonical_url(sent: str, canonical: str) -> None:
    assert canonical_url(sent) == canonical


@pytest.mark.parametrize(("one", "other"), rows("Not the same page"))
def test_the_documented_differences_keep_pages_apart(one: str, other: str) -> None:
    assert page_id(canonical_url(one)) != page_id(canonical_url(other))


@pytest.mark.parametrize("sent", [row[0] for row in rows("Refused")])
def test_the_documented_faults_are_refused_with_a_reason(sent: str) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        canonical_url(sent)


@pytest.mark.parametrize(
    ("host", "site"),
    [
        re.findall(r"`([^`]*)`", line)
        for line in DOCS.read_text("utf-8").split("| Host | Site |")[1].split("\n\n")[0].splitlines()[2:]
    ],
)
def test_the_documented_hosts_have_the_documented_site(host: str, site: str) -> None:
    assert registered_domain(host) == site


NASTY = [
    "http://%45xample.com/%%34%31",
    "http://example.com/%25%34%31",
    "http://example.com/..%2f../%2e%2e%5c",
    "http:////example.com//a//../b",
    "http:example.com",
    "http://a@b@example.com/@",
    "http://user:p:w@example.com:80?x#y?z",
    "http://example.com?utm_source=1",
    "http://example.com/?%75tm_source=1&%2575tm_source=2",
    "http://exa\tmple.com/a\nb",
    "http://\uff45xample\u3002\uff43om/",
    "http://☃.net/",
    "http://💩.la/",
    "http://xn--/",
    "http://a_b.example/",
    "http://r3---sn-abc.example/",
    "http://\uff11\uff12\uff17.0.0.1/",
    "http://0300.0250.1/",
    "http://[::ffff:1.2.3.4]/",
    "http://[1:0:0:2:0:0:0:3]/",
    "http://[0:0:0:0:0:0:0:0]:00080/",
    "http://faß.de/",
    "http://example.com/\x00\x7f\u202e",
    "http://example.com/'?'",
    "http://example.com/?a=%C3%28&b=%ff",
    "http://example.com/;a=b;c?;=&=;",
]

PIECES = st.one_of(
    st.sampled_from(
        [
            "%",
            "%2",
            "%2e",
            "%2E",
            "..",
            ".",
            "/",
            "\\",
            "?",
            "#",
            "&",
            "=",
            "@",
            ":",
            "%25",
            "%41",
            "%c3",
            "utm_",
            "fbclid=",
        ]
    ),
    st.text(max_size=3),
)
URLS = st.builds(
    lambda scheme, host, port, rest: f"{scheme}://{host}{port}{''.join(rest)}",
    st.sampled_from(["http", "https", "HtTp"]),
    st.one_of(
        st.sampled_from(["example.com", "EXAMPLE.com.", "Bücher.de", "127.1", "[::1]", "u:p@h"]),
        st.text(max_size=8),
    ),
    st.sampled_from(["", ":", ":80", ":443", ":8080", ":000080"]),
    st.lists(PIECES, max_size=10).map(lambda pieces: ["/", *pieces]),
)


def canonical_or_none(url: str) -> str | None:
    try:
        return canonical_url(url)
    except ValueError:
        return None


@given(st.one_of(URLS, st.text(max_size=30)))
@example("http://example.com/%%34%31")
@example("http://\u00ad/")
def test_a_canonical_url_is_its_own_canonical_url_and_plain_ascii(url: str) -> None:
    canonical = canonical_or_none(url)
    if canonical is not None:
        assert canonical_url(canonical) == canonical
        assert re.fullmatch(r"https?://[!-~]+", canonical)
        assert "#" not in canonical
        assert "@" not in canonical.split("/")[2]
        assert ID.fullmatch(page_id(canonical))
        assert registered_domain(canonical)


@pytest.mark.parametrize("url", NASTY)
def test_a_nasty_url_is_refused_or_settles_at_once(url: str) -> None:
    canonical = canonical_or_none(url)
    assert canonical is None or canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("http://user:p:w@example.com:80?x#y?z", "http://example.com/?x"),
        ("http://☃.net/", "http://xn--n3h.net/"),
        ("http://faß.de/", "http://xn--fa-hia.de/"),
        ("http://r3---sn-abc.example/", "http://r3---sn-abc.example/"),
        ("http://a_b.example/", "http://a_b.example/"),
        ("http://[::ffff:1.2.3.4]/", "http://[::ffff:102:304]/"),
        ("http://[1:0:0:2:0:0:0:3]/", "http://[1:0:0:2::3]/"),
        ("http://[0:0:0:0:0:0:0:0]:00080/", "http://[::]/"),
        ("http://[1:2:3:4:5:6:0:8]/", "http://[1:2:3:4:5:6:0:8]/"),
        ("http://[10:0:0:0::1]/", "http://[10::1]/"),
        ("http://example.com/%%34%31", "http://example.com/%2541"),
        ("http://example.com/'?'", "http://example.com/'?%27"),
        ("http://example.com/../../..", "http://example.com/"),
        ("http://example.com/a/b/..", "http://example.com/a/"),
        ("http://exa\tmple.com/a\r\nb", "http://example.com/ab"),
    ],
)
def test_corners_are_read_as_browsers_read_them(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@pytest.mark.parametrize("name", sorted(NAMES | {prefix + "x" for prefix in PREFIXES}))
def test_every_name_in_the_table_is_taken_off_and_only_it(name: str) -> None:
    assert canonical_url(f"https://example.com/?a=1&{name.upper()}=2&b=3") == "https://example.com/?a=1&b=3"
    assert canonical_url(f"https://example.com/?a={name}") == f"https://example.com/?a={name}"


@pytest.mark.parametrize(
    "url", ["https://example.com/\ud800", "https://" + "a" * 300, "https://example.com/" + "a" * MAX_CHARS]
)
def test_half_characters_and_endless_urls_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"surrogate|characters|label"):
        canonical_url(url)


def test_an_id_depends_on_nothing_but_what_it_names() -> None:
    assert page_id("https://example.com/") == "CHtjHKloY9hKjLqKlV5XzA"
    assert ID.fullmatch(content_id(b""))
    assert content_id(b"https://example.com/") != page_id("https://example.com/")


@given(st.binary(max_size=20))
def test_ids_of_content_have_the_shape_of_ids(body: bytes) -> None:
    assert ID.fullmatch(content_id(body))


@pytest.mark.parametrize("value", [None, "", "http://", "a b", "http://[::1", "::zz"])
def test_what_holds_no_host_has_no_site(value: str | None) -> None:
    assert registered_domain(value) is None


@pytest.mark.parametrize(
    ("value", "site"),
    [
        ("::1", "::1"),
        ("[2001:DB8::1]", "2001:db8::1"),
        ("10.0.0.1:80", "10.0.0.1"),
        ("a.b.ck", "a.b.ck"),
        ("x.www.ck", "www.ck"),
    ],
)
def test_addresses_and_odd_suffixes_have_a_site(value: str, site: str) -> None:
    assert registered_domain(value) == site


def test_the_public_suffix_list_is_neither_fetched_nor_stored(tmp_path: Path) -> None:
    nowhere = {"HOME": str(tmp_path), "TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS": f"file://{tmp_path}/none"}
    script = "from shared.urls import registered_domain; print(registered_domain('www.bbc.co.uk'))"
    command = [sys.executable, "-B", "-c", script]
    done = subprocess.run(command, cwd=DOCS.parents[1], env=nowhere, capture_output=True, text=True, check=True)
    assert done.stdout == "bbc.co.uk\n"
    assert list(tmp_path.iterdir()) == []


def test_a_host_in_ascii_form_stays_as_it_is() -> None:
    assert ascii_host(ascii_host("Пример.Испытание")) == "xn--e1afmkfd.xn--80akhbyknj4f"
