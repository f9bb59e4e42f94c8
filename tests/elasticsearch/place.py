"""An Elasticsearch that somebody has had their hands in."""

import httpx

from shared.query_language.parse import parse
from shared.search.elasticsearch import Access, ElasticsearchGenerations, ElasticsearchIndex
from shared.search.elasticsearch.setup import Layout, set_up
from shared.search.every_generation import EveryGeneration
from shared.search.port import EngineQuery
from tests.contracts.search_engines import page


class Place:
    """An Elasticsearch under one prefix, whose aliases an operator changes."""

    def __init__(self, url: str, prefix: str) -> None:
        self.access, self.prefix = Access(url), prefix
        self.client = httpx.Client(base_url=url, timeout=30)
        self.generations = ElasticsearchGenerations(self.access, prefix, Layout(replicas=0))
        self.index = ElasticsearchIndex(self.access, prefix, cursor_idle_seconds=300, snapshots_max=8)

    def set_up(self, *, only_missing: bool = False, adopt: str | None = None) -> list[str]:
        whole = f"{self.prefix}documents-{adopt}" if adopt else None
        return set_up(self.access, self.prefix, Layout(replicas=0), only_missing=only_missing, adopt=whole)

    def write(self, *names: str) -> None:
        EveryGeneration(self.generations).index([page(name) for name in names])

    def rebuild(self) -> str:
        """A new index beside the live one; what it is called."""
        return self.generations.begin()

    def go_live(self, index: str) -> None:
        self.generations.writer(index).index([page("a")])
        self.generations.go_live(index)

    def change(self, *actions: tuple[str, str, str]) -> None:
        """Each: `add` or `remove`, the end of an index's name, the end of an alias's."""
        told = [
            {verb: {"index": f"{self.prefix}documents-{index}", "alias": f"{self.prefix}documents{alias}"}}
            for verb, index, alias in actions
        ]
        self.client.post("/_aliases", json={"actions": told}).raise_for_status()

    def lose_both(self, index: str) -> None:
        self.change(("remove", index, ""), ("remove", index, "-write"))

    def delete(self, index: str) -> None:
        self.client.delete(f"/{self.prefix}{index}").raise_for_status()

    def make(self, index: str) -> None:
        """An empty one, as an operator makes it by hand."""
        self.client.put(f"/{self.prefix}documents-{index}").raise_for_status()

    def notes(self, index: str) -> dict[str, str]:
        """What its mapping remembers."""
        name = f"{self.prefix}documents-{index}"
        told = self.client.get(f"/{name}/_mapping").raise_for_status().json()
        notes: dict[str, str] = told[name]["mappings"]["_meta"]
        return notes

    def note(self, index: str, notes: dict[str, object]) -> None:
        """In place of what it remembers."""
        self.client.put(f"/{self.prefix}documents-{index}/_mapping", json={"_meta": notes}).raise_for_status()

    def aliases(self) -> dict[str, set[str]]:
        """Of each index, without the prefix."""
        told = self.client.get(f"/{self.prefix}*/_alias").raise_for_status().json()
        length = len(self.prefix)
        return {index[length:]: {alias[length:] for alias in about["aliases"]} for index, about in told.items()}

    def found(self) -> set[str]:
        return {hit.id for hit in self.index.search(EngineQuery(tree=parse("page").tree)).hits}

    def close(self) -> None:
        self.generations.close()
        self.index.close()
        self.client.close()
