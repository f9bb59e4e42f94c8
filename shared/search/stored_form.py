"""The values of filters as documents have them."""

from shared.hosts import ascii_host
from shared.models.search import Filters


def stored_form(filters: Filters) -> Filters:
    """Languages and sites have one spelling in documents: lower case, IDN in punycode. The others are names."""
    if not filters.language and not filters.site:
        return filters
    languages = tuple(language.lower() for language in filters.language)
    return filters.model_copy(update={"language": languages, "site": tuple(map(_site, filters.site))})


def _site(name: str) -> str:
    try:
        return ascii_host(name)
    except ValueError:
        return name.lower()
