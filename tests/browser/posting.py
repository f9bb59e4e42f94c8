"""Pages for the mill that a browser looks at."""

from tests.stack import Stack

STORY = "The ferry between the two islands will run again from Monday, the harbour office said this morning. "
HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"


def html(title: str, *, text: str = STORY * 6) -> str:
    return (
        f"<html><head><title>{title}</title></head><body>\n<nav><a href='/'>Home</a> <a href='/a'>About us</a></nav>\n"
        f"<article><h1>{title}</h1>\n<p>{text}</p></article>\n<footer>All rights reserved</footer></body></html>"
    )


def post(mill: Stack, url: str, content: str) -> str:
    """Posts a page and waits for its end; its id."""
    with mill.client() as client:
        told = client.post("/v1/pages?wait=searchable&timeout=50", json={"url": url, "content": content})
        return str(told.raise_for_status().json()["id"])


def dead(mill: Stack, url: str) -> str:
    """A page that dies; its id."""
    return post(mill, url, f"<html><head><title>{HOSTILE}</title></head><body></body></html>")
