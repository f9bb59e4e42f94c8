"""deploy/elasticsearch/: templates and role as JSON, for those who set Elasticsearch up by other means.

`make docs` writes them; a test compares.
"""

import json
from typing import Any

from shared.search.elasticsearch.mapping import archive_template, role, setup_role, template
from shared.search.elasticsearch.names import Names
from shared.settings import Settings
from tests.architecture.generated_docs import ROOT

FOLDER = ROOT / "deploy" / "elasticsearch"


def files() -> dict[str, str]:
    """Each file's text by its name."""
    settings = Settings.model_construct()
    names, layout = Names(settings.search_prefix), (settings.search_shards, settings.search_replicas)
    made: dict[str, Any] = {
        "documents.json": template(names, *layout),
        "archive.json": archive_template(names, *layout),
        "role.json": role(names),
        "role-setup.json": setup_role(names),
    }
    return {name: json.dumps(value, indent=2) + "\n" for name, value in made.items()}


def main() -> None:
    """Writes the files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        (FOLDER / name).write_text(text)


if __name__ == "__main__":
    main()
