"""Templates. Everything that goes into one is escaped: no template says otherwise, and a test reads them for it.

Signs that turn the direction of text are left out: what is shown would not be what is there (CVE-2021-42574).
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from services.query.page.languages import language_name

_TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")


def _unturned(value: Any) -> Any:
    return _TURNING.sub("", value) if type(value) is str else value  # what a macro has made is HTML already


_TEMPLATES: Final = Environment(
    loader=PackageLoader("services.query.page"),
    autoescape=True,
    finalize=_unturned,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


def rendered(name: str, values: Mapping[str, Any]) -> str:
    """A template with its values, as HTML.

    `grouped` puts commas into numbers, `day` takes the day of a moment, `language` names a code.
    """
    return _TEMPLATES.get_template(name).render(values)


def _grouped(number: int) -> str:
    return f"{number:,}"


def _day(moment: Any) -> str:
    return str(moment)[:10]


_TEMPLATES.filters |= {"grouped": _grouped, "day": _day, "language": language_name}
