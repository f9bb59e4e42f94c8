"""Passwords that come apart from the URLs that they belong to."""

from urllib.parse import quote, urlsplit, urlunsplit


def with_password(url: str, password: str) -> str:
    """The URL with the password in it, and with its user where it names one; as it was where it has a password."""
    parts = urlsplit(url)
    if parts.password:
        return url
    user, _, host = parts.netloc.rpartition("@")
    netloc = f"{user.removesuffix(':')}:{quote(password, safe='')}@{host}"
    return urlunsplit(parts._replace(netloc=netloc))
