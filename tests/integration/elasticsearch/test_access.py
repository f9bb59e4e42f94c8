"""Elasticsearch with security on: whom it lets in, and what one is told whom it does not."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
import redis
from pydantic import SecretStr

from services.together import make_together
from shared.archive.elasticsearch import ElasticsearchArchive
from shared.archive.port import ArchivedPage
from shared.errors import DependencyUnavailable, Refused
from shared.query_language.parse import parse
from shared.search.elasticsearch import Access, ElasticsearchGenerations, ElasticsearchIndex, ElasticsearchWriter
from shared.search.elasticsearch.granting import grant
from shared.search.elasticsearch.setup import Layout, set_up
from shared.search.every_generation import EveryGeneration
from shared.search.port import EngineQuery
from shared.settings import Settings
from tests.contracts.search_engines import page
from tests.elasticsearch.server import server
from tests.integration.elasticsearch.rooms import leave, waiting
from tests.unit.http.calling import call
from workers.index import room
from workers.pool_table import PoolTable
from workers.runtime import open_runtime

pytestmark = [pytest.mark.elasticsearch, pytest.mark.smoke]

_DEPLOY = Path(__file__).parents[3] / "deploy" / "elasticsearch"
ROLE = json.loads((_DEPLOY / "role.json").read_text())
SETUP_ROLE = json.loads((_DEPLOY / "role-setup.json").read_text())
PASSWORD = "an operator's password"


@pytest.fixture(scope="module")
def guarded() -> Iterator[str]:
    """A node with security on."""
    with server("--password", PASSWORD) as url:
        yield url


@pytest.fixture
def operator(guarded: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=guarded, auth=("elastic", PASSWORD), timeout=30) as client:
        yield client


def user(operator: httpx.Client, name: str, role: object) -> Access:
    """A user with a role of the same name."""
    operator.put(f"/_security/role/{name}", json=role).raise_for_status()
    told = {"password": f"{name} @:/?", "roles": [name]}
    operator.put(f"/_security/user/{name}", json=told).raise_for_status()
    return Access(f"{str(operator.base_url).replace('http://', f'http://{name}:{name}%20%40%3A%2F%3F@')}")


def works(access: Access) -> None:
    """Everything that Pagemill does."""
    writer, index = ElasticsearchWriter(access, "pagemill-"), opened(access)
    archive = ElasticsearchArchive(access, "pagemill-", max_age_days=90, max_bytes=10**9)
    assert [outcome.result for outcome in writer.index([page("a", version=3), page("b")])] == ["indexed"] * 2
    assert [outcome.result for outcome in writer.index([page("a", version=3)])] == ["indexed"]
    answer = index.search(EngineQuery(tree=parse("page").tree, size=1, facets=("site",), histogram="day"))
    assert index.search(EngineQuery(tree=parse("page").tree), snapshot=answer.snapshot, after=answer.after).hits
    assert index.get("a") is not None
    assert index.count() == 2
    well, detail = index.healthy()
    if not well:
        raise DependencyUnavailable("index", detail)
    assert detail == "2 documents; status green"
    assert index.strain() is None
    archive.put([ArchivedPage(id="a", version=3, packed=b"x"), ArchivedPage(id="a", version=4, packed=b"y", dead=True)])
    archive.mark_live("a", 4)
    assert [each.packed for each in archive.scan()] == [b"y"]
    assert (archive.size_bytes(), archive.trim()) == (1, 0)
    writer.delete({"a": 9, "b": 9})
    archive.delete({"a": 9})
    assert (index.count(), archive.get("a")) == (0, None)
    generations = ElasticsearchGenerations(access, "pagemill-", Layout(replicas=0))
    every = EveryGeneration(generations)
    new = generations.begin()
    assert every.index([page("c")])[0].result == "indexed"
    assert [each.documents for each in generations.status()] == [1, 1]
    generations.filled(new)
    generations.go_live(new)
    assert generations.reader(new).search(EngineQuery(tree=parse("page").tree)).hits
    every.delete({"c": 2})
    generations.go_live(generations.status()[1].name)
    generations.retire(new)
    assert [(each.role, each.documents) for each in generations.status()] == [("live", 0)]
    for each in (writer, index, archive, generations):
        each.close()


def opened(access: Access) -> ElasticsearchIndex:
    return ElasticsearchIndex(access, "pagemill-", cursor_idle_seconds=300, snapshots_max=8)


@pytest.fixture(autouse=True)
def indices(operator: httpx.Client) -> Iterator[None]:
    """The indices, set up by a user who can do just that."""
    builder = user(operator, "builder", SETUP_ROLE)
    assert len(set_up(builder, "pagemill-", Layout(replicas=0))) == 3
    yield
    there = operator.get("/pagemill-*?features=aliases").raise_for_status().json()
    operator.delete(f"/{','.join(there)}").raise_for_status()


def test_the_role_that_is_written_down_is_all_that_is_needed(operator: httpx.Client) -> None:
    works(user(operator, "mill", ROLE))


def test_an_api_key_of_that_role_does_as_well(operator: httpx.Client, guarded: str) -> None:
    told = operator.post("/_security/api_key", json={"name": "mill", "role_descriptors": {"mill": ROLE}})
    works(Access(guarded, api_key=told.raise_for_status().json()["encoded"]))


@pytest.mark.parametrize(
    ("name", "privilege"),
    [(granted["names"][0], each) for granted in ROLE["indices"] for each in granted["privileges"]],
)
def test_where_one_privilege_is_missing_it_is_said_which_one_and_which_file_to_compare(
    operator: httpx.Client, name: str, privilege: str
) -> None:
    less = [
        {**granted, "privileges": [each for each in granted["privileges"] if each != privilege]}
        if granted["names"] == [name]
        else granted
        for granted in ROLE["indices"]
    ]
    access = user(operator, f"less-{privilege}", {**ROLE, "indices": less})
    with pytest.raises(DependencyUnavailable, match=rf"(403|no index behind).*role\.json.*{privilege}"):
        works(access)


def role_with(*privileges: str) -> dict[str, object]:
    """The role with these privileges alone on the indices of documents."""
    documents, archive = ROLE["indices"]
    return {**ROLE, "indices": [{**documents, "privileges": list(privileges)}, archive]}


def test_where_searches_are_not_let_in_the_index_is_not_well_either(operator: httpx.Client) -> None:
    index = opened(user(operator, "unseeing", role_with("read", "write", "maintenance", "view_index_metadata")))
    with pytest.raises(DependencyUnavailable, match="403"):
        index.search(EngineQuery(tree=parse("page").tree))
    well, detail = index.healthy()
    assert not well
    assert "user unseeing may not indices:monitor/stats on pagemill-documents; compare" in detail
    index.close()


def test_who_may_not_set_up_is_told_which_role_may(operator: httpx.Client) -> None:
    with pytest.raises(DependencyUnavailable, match=r"user mill may not .*; compare .*role-setup\.json"):
        set_up(user(operator, "mill", ROLE), "pagemill-", Layout(replicas=0))


def test_whoever_may_write_documents_puts_their_alias_back_and_needs_no_templates(operator: httpx.Client) -> None:
    mill, alias = user(operator, "mill", ROLE), "/pagemill-documents-000001/_alias/pagemill-documents-write"
    operator.delete(alias).raise_for_status()
    done = set_up(mill, "pagemill-", Layout(replicas=0), only_missing=True)
    assert done == ["alias pagemill-documents-write put on pagemill-documents-000001"]
    works(mill)


def test_an_alias_of_the_archive_that_may_not_be_put_back_keeps_back_none_of_documents(operator: httpx.Client) -> None:
    mill, alias = user(operator, "mill", ROLE), "/pagemill-documents-000001/_alias/pagemill-documents-write"
    operator.delete(alias).raise_for_status()
    operator.delete("/pagemill-archive-000001/_alias/pagemill-archive").raise_for_status()
    with pytest.raises(DependencyUnavailable, match=r"aliases on pagemill-archive.*role-setup\.json"):
        set_up(mill, "pagemill-", Layout(replicas=0), only_missing=True)
    operator.get(alias).raise_for_status()
    builder = user(operator, "builder", SETUP_ROLE)
    done = set_up(builder, "pagemill-", Layout(replicas=0), only_missing=True)
    assert done == ["alias pagemill-archive put on pagemill-archive-000001"]
    works(mill)


def test_a_missing_privilege_is_named_by_receipt_and_readiness_as_soon_as_a_page_waits_for_it(
    operator: httpx.Client, valkey: redis.Redis, valkey_url: str, tmp_path: Path
) -> None:
    access = user(operator, "reader", role_with("read", "monitor", "maintenance", "view_index_metadata"))
    settings = Settings(data=tmp_path, redis_url=SecretStr(valkey_url), search_url=SecretStr(access.url))
    runtime = open_runtime(settings, tmp_path, {}, PoolTable(1).row(0))
    waiting(runtime.ledger, "a")
    room.index_room(runtime)
    may_not = "user reader may not indices:data/write/bulk[s] on pagemill-documents-write-000001"
    named = f"{may_not}; compare deploy/elasticsearch/role.json"
    receipt = runtime.ledger.receipts.get("a")
    assert named in str(receipt)
    ready = call(make_together(settings), "GET", "/readyz")
    assert (ready.status_code, named in ready.text) == (503, True)
    leave()


@pytest.mark.filterwarnings("ignore:.*will not permit mapping updates in the next major release")
def test_who_may_not_manage_indices_may_write_and_search_but_builds_none(operator: httpx.Client) -> None:
    access = user(operator, "teller", role_with("read", "write", "monitor", "maintenance", "view_index_metadata"))
    generations, index = ElasticsearchGenerations(access, "pagemill-", Layout(replicas=0)), opened(access)
    assert EveryGeneration(generations).index([page("a")])[0].result == "indexed"
    assert index.search(EngineQuery(tree=parse("page").tree)).hits
    assert [each.documents for each in generations.status()] == [1]
    operator.put("/pagemill-documents-000007").raise_for_status()
    assert [each.role for each in generations.status()] == ["live", "aside"], "marked or not"
    with pytest.raises(DependencyUnavailable, match=r"403.*role\.json.*manage"):
        generations.begin()
    generations.close()
    index.close()


@pytest.mark.parametrize("user_info", ["elastic:wrong@", "nobody:nothing@", ""])
def test_a_wrong_or_missing_password_is_told(guarded: str, user_info: str) -> None:
    told_off(Access(guarded.replace("//", f"//{user_info}")))


def test_a_wrong_api_key_is_told(guarded: str) -> None:
    told_off(Access(guarded, api_key="bm86bm8="))


def told_off(access: Access) -> None:
    writer, index = ElasticsearchWriter(access, "pagemill-"), opened(access)
    with pytest.raises(
        DependencyUnavailable, match=r"401.*PAGEMILL_SEARCH_URL, PAGEMILL_SEARCH_PASSWORD or PAGEMILL_SEARCH_API_KEY"
    ):
        writer.index([page("a")])
    well, detail = index.healthy()
    assert not well
    assert "401" in detail
    with pytest.raises(DependencyUnavailable, match="401"):
        set_up(access, "pagemill-", Layout())
    writer.close()
    index.close()


def test_the_user_that_set_up_makes_does_everything_and_no_more(guarded: str, operator: httpx.Client) -> None:
    access = Access(guarded.replace("http://", f"http://elastic:{quote(PASSWORD)}@"))
    set_up(access, "pagemill-", Layout())
    for _ in range(2):
        assert "granted" in grant(access, "pagemill-", "granted", "a password of its own")
    granted = Access(guarded.replace("http://", "http://granted:a%20password%20of%20its%20own@"))
    works(granted)
    told = operator.get("/_security/user/granted").json()["granted"]
    assert told["roles"] == ["granted"]
    assert operator.get("/_security/role/granted").json()["granted"]["cluster"] == ROLE["cluster"]
    with pytest.raises(DependencyUnavailable):
        grant(granted, "pagemill-", "another", "a password of its own")


@pytest.mark.parametrize(
    ("prefix", "name", "password", "why"),
    [
        ("other-", "taken", "a password of its own", "there is a role taken for pagemill-"),
        ("pagemill-", "porter", "a password of its own", "there is a user porter with the roles viewer"),
        ("pagemill-", "ops", "a password of its own", "there is a role ops for other things"),
        ("pagemill-", "readers", "a password of its own", r"there is a role readers for pagemill-documents\*"),
        ("pagemill-", "eve", "a password of its own", "there is a user eve with no role"),
        ("pagemill-", "elastic", "a password of its own", "there is a user elastic with the roles superuser"),
        ("pagemill-", "brief", "short", "at least"),
        ("pagemill-", "behind ", "a password of its own", "400"),
    ],
)
def test_a_name_that_is_not_ours_and_a_password_that_will_not_do_change_nothing(
    guarded: str, operator: httpx.Client, prefix: str, name: str, password: str, why: str
) -> None:
    access = Access(guarded.replace("http://", f"http://elastic:{quote(PASSWORD)}@"))
    grant(access, "pagemill-", "taken", "a password of its own")
    reading = {"indices": [{"names": ["pagemill-documents*"], "privileges": ["read"]}]}
    for role, rights in (("ops", {"cluster": ["all"]}), ("readers", reading)):
        operator.put(f"/_security/role/{role}", json=rights).raise_for_status()
    for user_name, roles in (("porter", ["viewer"]), ("ops", ["ops"]), ("eve", [])):
        said = {"password": "a password of theirs", "roles": roles}
        operator.put(f"/_security/user/{user_name}", json=said).raise_for_status()
    before = operator.get("/_security/role").json(), operator.get("/_security/user").json()
    with pytest.raises(Refused, match=why):
        grant(access, prefix, name, password)
    assert (operator.get("/_security/role").json(), operator.get("/_security/user").json()) == before
