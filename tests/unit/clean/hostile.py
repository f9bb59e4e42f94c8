"""Pages made to hang, to fill the memory, or to fool a parser: name to body, made when asked for."""

from collections.abc import Callable

SENTENCE = "This is a sentence of the story, with some words in it, and a few commas, so that it counts as one. "
STORY = f"<p>{SENTENCE * 2}</p>" * 5
MIB = 1024 * 1024


def html(inside: str) -> bytes:
    return f"<html><head><title>A page</title></head><body>{inside}</body></html>".encode("utf-8", "surrogatepass")


def nested(tag: str, depth: int, inside: str = STORY) -> bytes:
    return html(f"<{tag}>" * depth + inside + f"</{tag}>" * depth)


HTML: dict[str, Callable[[], bytes]] = {
    "cells that span a thousand columns": lambda: (
        b"<article><h1>T</h1><table><tr>" + b"<td rowspan=65000 colspan=1000>x</td>" * 11_500
    ),
    "100,000 nested divs": lambda: nested("div", 100_000),
    "100,000 nested divs never closed": lambda: html("<div>" * 100_000 + STORY),
    "100,000 nested spans": lambda: nested("span", 100_000),
    "100,000 nested fonts that differ": lambda: html("".join(f"<font id={n}>" for n in range(100_000)) + STORY),
    "formatting that is opened again in each paragraph": lambda: html(
        "<p>" + "".join(f"<b id={n}>" for n in range(5_000)) + "</p>" + "<p>word</p>" * 200_000
    ),
    "50,000 nested lists": lambda: html("<ul><li>item one of them" * 50_000 + STORY),
    "20,000 nested tables": lambda: html("<table><tr><td>cell" * 20_000 + STORY),
    "nesting hidden by end tags of other names": lambda: html("<div></span>" * 100_000 + STORY),
    "nesting in a page of more than ten million letters": lambda: html(
        "<div>" * 5_000 + "<p>" + "a" * 10_100_000 + "</p>" + STORY
    ),
    "10 MB of one word": lambda: html("<p>" + "a" * 10_000_000 + "</p>"),
    "10 MB of words in one paragraph": lambda: html("<p>" + "word, and " * 1_000_000 + "</p>"),
    "300,000 line breaks": lambda: html("abc<br>\n" * 300_000),
    "100,000 paragraphs": lambda: html("<p>word</p>" * 100_000),
    "100,000 links": lambda: html('<a href="/x">abc def</a> ' * 100_000),
    "20,000 links in a story": lambda: html(STORY + '<p><a href="/x">abc def</a></p>' * 9_000),
    "1,000,000 short lines": lambda: html("abc<br>\n" * 1_000_000),
    "1,000,000 rows": lambda: html("<table>" + "<tr><td>x" * 1_000_000),
    "9,000 links at a depth of 190": lambda: html("<div>" * 190 + "<a href=/x><b>word</b> </a>" * 9_000 + STORY),
    "9,000 paragraphs in 190 bylines": lambda: html("<div class=author>" * 190 + f"<p>{SENTENCE}</p>" * 9_000),
    "11,000 elements": lambda: html(STORY + "<div>short words here</div>" * 10_900),
    "19,000 elements": lambda: html(STORY + "<div>short words here</div>" * 18_000),
    "19,000 elements in one paragraph": lambda: html("<p>" + "<b>some</b> words " * 18_000 + "</p>"),
    "a table of 18,000 cells": lambda: html("<table>" + "<tr><td>some cell<td>other</tr>" * 6_000 + "</table>"),
    "a giant attribute": lambda: html(f'<div title="{"x" * 9_000_000}">{STORY}</div>'),
    "a giant class of a page that is hard to judge": lambda: html(f'<p class="{"x" * 9_900_000}">hello there</p>'),
    "300,000 attributes on one tag": lambda: html(
        "<div " + " ".join(f"a{n}=1" for n in range(300_000)) + f">{STORY}</div>"
    ),
    "a giant title": lambda: b"<html><head><title>" + b"word - " * 1_000_000 + b"</title><body>" + STORY.encode(),
    "a giant description": lambda: html(f'<meta name=author content="{"<" * 3_000_000}">{STORY}'),
    "20,000 authors": lambda: html('<meta name=author content="Ann Other">' * 20_000 + STORY),
    "JSON-LD nested deep": lambda: html('<script type="application/ld+json">' + "[" * 400_000 + "</script>" + STORY),
    "JSON-LD that does not parse": lambda: html(
        '<script type="application/ld+json">{' + '"author":"x' * 40_000 + "</script>" + STORY
    ),
    "entities by the million": lambda: html("<p>" + "&amp;" * 1_500_000 + "</p>" + STORY),
    "an entity bomb": lambda: (
        b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
        + b"".join(b'<!ENTITY lol%d "%s">' % (n, b"&lol%d;" % (n - 1) * 10) for n in range(1, 10))
        + b"]><html><body>&lol9;"
        + STORY.encode()
    ),
    "an unclosed comment": lambda: html(STORY + "<!-- " + "abc " * 1_000_000),
    "a million unclosed comments": lambda: html(STORY + "<!-- " * 1_000_000),
    "a million unclosed sections": lambda: html(STORY + "<![CDATA[" * 1_000_000),
    "an unclosed script": lambda: html(STORY + "<script>" + "var a; " * 1_000_000),
    "a million unclosed scripts": lambda: html(STORY + "<script><style>" * 500_000),
    "two million less-than signs": lambda: html(STORY + "<" * 2_000_000),
    "a million unclosed tags": lambda: html(STORY + "<a " * 1_000_000),
    "a million quotes": lambda: html(STORY + "<a b=\"'" * 1_000_000),
    "NULs everywhere": lambda: html(STORY).replace(b" ", b" \x00"),
    "lone surrogates": lambda: html(STORY.replace("sentence", "sen\ud800ten\udfffce")),
    "an HTML page in the middle of its tag": lambda: html(STORY)[:500] + b"<p class='",
    "spaces by the million": lambda: html(STORY + "<p>" + " " * 5_000_000 + "x</p>"),
    "dates by the hundred thousand": lambda: html(STORY + "<p>12 March 2024, " + "1/2/2024 2024-03-0" * 100_000),
}
TEXT: dict[str, Callable[[], bytes]] = {
    "10 MB of one word": lambda: b"a" * 10_000_000,
    "10 MB of a table's cells": lambda: b"| a " * 2_500_000 + b"\n|-|\n",
    "10 MB of underscores": lambda: b"_a" * 5_000_000,
    "5 MB without a newline": lambda: SENTENCE.encode() * 50_000,
    "1,000,000 short lines": lambda: b"word\n" * 1_000_000,
    "5,000,000 empty lines": lambda: b"\n" * 5_000_000 + b"word",
    "49,000 short lines": lambda: b"".join(b"word %d\n" % n for n in range(49_000)),
    "49,000 lines to be joined": lambda: b"and so it goes on and on without an end in sight\n" * 49_000,
    "49,000 pictures": lambda: b"![](https://example.org/a_80x50.webp)\n" * 49_000,
    "49,000 headings": lambda: b"# Heading\n\n" * 24_000,
    "brackets that never close": lambda: b"![" * 2_000_000,
    "links that never close": lambda: b"[a](" * 1_000_000,
    "links in links": lambda: b"[" * 500_000 + b"a" + b"](b)" * 500_000,
    "titles that never close": lambda: b'[x](y "' * 1_000_000,
    "stars by the million": lambda: b"**bold* " * 1_000_000,
    "underscores by the million": lambda: b"_a" * 2_000_000,
    "backslashes by the million": lambda: b"# x\n\n**b**\n\n" + b"\\" * 3_000_001,
    "ticks by the million": lambda: b"# x\n\n**b**\n\n" + b"`" * 3_000_001,
    "quotes by the million": lambda: b"# x\n\n**b**\n\n" + b"> " * 2_000_000,
    "less-than signs by the million": lambda: b"# x\n\n**b**\n\n" + b"<a " * 2_000_000,
    "fences that never close": lambda: (
        b"# x\n\n**b**\n\n" + b"".join(b"`" * (3 + n % 90) + b"a\n" for n in range(49_000))
    ),
    "comments that end together": lambda: b"# x\n\n**b**\n\n" + b"<!-- a\n" * 49_000 + b"--> b",
    "indented lines that are no code": lambda: b"# x\n\n**b**\n\n" + b"    - [a](/b)\n\n" * 24_000,
    "a table of 49,000 rows": lambda: b"| a | b |\n|---|---|\n" + b"| [c](/d) | e |\n" * 49_000,
    "49,000 addresses of links": lambda: b"".join(b"[%d]: /a\n" % n for n in range(49_000)) + b"[1][2] " * 49_000,
    "code by the hundred thousand": lambda: b"# x\n\n**b**\n\n" + b"`a` ``b \\` " * 100_000,
    "a heading of signs": lambda: b"# x\n\n**b**\n\n# " + b"# " * 1_000_000 + b"x",
    "announcements by the ten thousand": lambda: b"# x\n\n**b**\n\n" + SENTENCE.encode() * 9 + b"\nRelated x" * 49_000,
    "a mail's subject that is encoded for ever": lambda: (
        b"From: a <a@b.example>\nSubject: " + b"=?utf-8?q?" * 15_000 + b"\n\n" + SENTENCE.encode() * 9
    ),
    "numbers of links by the ten thousand": lambda: (
        b"".join(b"[%d]x " % n for n in range(20_000))
        + b"\n" * 2
        + b"".join(b"  %d. https://a.example/\n" % n for n in range(20_000))
    ),
    "sheets by the ten thousand": lambda: b"".join(b"Page %d of 9\n\n" % n for n in range(24_000)),
    "front matter that never ends": lambda: b"---\n" + b"key: value\n" * 40_000,
    "front matter of one long line": lambda: b"---\ntitle: " + b"\\" * 1_000_000 + b'"\n---\nWords.',
    "spaces by the million": lambda: b"word" + b" " * 5_000_000 + b"word",
    "a byline of a million letters": lambda: b"Headline of it\nBy " + b"A " * 1_000_000 + b"\n" + SENTENCE.encode() * 9,
    "bytes of no character set": lambda: bytes(range(0x20, 0x100)) * 40_000,
    "lone surrogates": lambda: b"A line with a \xed\xa0\x80 lone surrogate in it, and more words after it.",
    "NULs everywhere": lambda: SENTENCE.encode().replace(b" ", b" \x00") * 9,
}
