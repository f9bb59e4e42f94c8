"""What a browser may do with the pages: load from here, run the files that lie here, and nothing else."""

from collections.abc import Iterable


def headers_for(origins: Iterable[str] = ()) -> dict[str, str]:
    """The headers of a page; pictures may be loaded from these origins, too.

    No style or script is read from within a page: text that is taken for HTML in spite of all could do nothing.
    """
    pictures = " ".join(["'self'", *sorted(set(origins))])
    policy = (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src {pictures}; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    return {"Content-Security-Policy": policy, "Vary": "Accept, HX-Request, HX-Target"}
