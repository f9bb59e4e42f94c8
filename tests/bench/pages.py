"""Pages to measure with: made up, different from each other, and of the shape and weight of a news page."""

import random
from collections.abc import Iterator

_WORDS = (
    "harbour bridge council river engine morning market signal winter garden library station mayor budget teacher "
    "village railway museum weather farmer coast traffic hospital student court energy forest island machine record "
    "season ticket window border captain doctor evening factory glacier housing journal kitchen lantern mountain "
    "network officer painter quarry reservoir satellite theatre union valley workshop archive brewery cathedral"
).split()
_VERBS = "opened closed reported measured delayed repaired counted promised visited rejected planned described".split()
_CARD = (
    '<li class="card"><a href="/{0}/{1}"><img src="/img/{1}_300x170.webp" alt=""><h3>{2}</h3></a>'
    '<span class="meta"><time datetime="2026-03-0{3}">March {3}</time> · <a href="/{0}">{0}</a></span></li>'
)


def sentence(dice: random.Random) -> str:
    """One sentence of 8 to 20 words."""
    words = [dice.choice(_WORDS) for _ in range(dice.randint(6, 18))]
    words.insert(len(words) // 2, dice.choice(_VERBS))
    return " ".join(words).capitalize() + "."


def html_page(number: int) -> str:
    """A news page of about 40 KB: head with metadata and scripts, navigation, story, related cards, footer."""
    dice = random.Random(number)
    title = sentence(dice)[:-1]
    story = "\n".join(f"<p>{' '.join(sentence(dice) for _ in range(dice.randint(2, 5)))}</p>" for _ in range(14))
    nav = "".join(f'<li><a href="/{word}" class="nav-link">{word}</a></li>' for word in _WORDS)
    cards = "".join(
        _CARD.format(dice.choice(_WORDS), dice.randrange(10**6), sentence(dice)[:-1], dice.randint(1, 9))
        for _ in range(30)
    )
    style = "".join(f".c{n}{{margin:{n}px;padding:{n * 2}px;color:#{n:06x}}}" for n in range(240))
    script = "".join(f"window.q=window.q||[];q.push(['{dice.choice(_WORDS)}',{n}]);" for n in range(160))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} | The Daily</title>'
        '<meta name="author" content="Ada Berg">'
        '<meta property="article:published_time" content="2026-03-02T08:00:00Z">'
        f'<meta property="og:title" content="{title}"><meta property="og:site_name" content="The Daily">'
        f"<style>{style}</style><script>{script}</script></head><body><header><nav><ul>{nav}</ul></nav></header>"
        f'<main><article><h1>{title}</h1><p class="byline">By Ada Berg</p>{story}</article>'
        f'<aside class="related"><h2>Related</h2><ul>{cards}</ul></aside></main>'
        f'<div class="cookie-banner">We use cookies. <button>Accept</button></div>'
        f"<footer><ul>{nav}</ul><p>© The Daily</p></footer></body></html>"
    )


def text_page(number: int) -> str:
    """A story of about 2 KB with no HTML left, which is what an index is filled with quickly."""
    dice = random.Random(number)
    story = "\n\n".join(" ".join(sentence(dice) for _ in range(4)) for _ in range(5))
    return f"{sentence(dice)[:-1]}\n\n{story}"


def items(count: int, *, start: int = 0, source: str = "bench", html: bool = True) -> Iterator[dict[str, str]]:
    """Pages as they are posted."""
    for number in range(start, start + count):
        yield {
            "url": f"https://daily.example/{source}/{number}",
            "content_type": "text/html" if html else "text/plain",
            "content": html_page(number) if html else text_page(number),
            "source": source,
        }
