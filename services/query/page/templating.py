"""Templates. Everything that goes into one is escaped: no template says otherwise, and a test reads them for it."""

from collections.abc import Mapping
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from services.query.page.languages import language_name

_TEMPLATES: Final = Environment(
    loader=PackageLoader("services.query.page"),
    autoescape=True,
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
