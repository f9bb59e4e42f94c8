"""What is told of an Elasticsearch that does not let us: first who may not do what, and where."""

import pytest

from shared.search.elasticsearch.client import explained

ON = (
    "with effective roles [mill,reader] on indices [pagemill-documents-000002], this action is granted by the index "
    "privileges [create_doc,create,delete,index,write,all]"
)
RECEIPT_CHARS = 200 - len("index-away: ")


@pytest.mark.parametrize(
    ("who", "shown"),
    [("user [mill]", "user mill"), ("API key id [x1_-] of user [elastic]", "API key id x1_- of user elastic")],
)
def test_who_may_not_do_what_and_where_stands_within_what_a_receipt_keeps(who: str, shown: str) -> None:
    told = explained(403, f"security_exception: action [indices:data/write/bulk[s]] is unauthorized for {who} {ON}")
    start = (
        f"Elasticsearch answers 403: {shown} may not indices:data/write/bulk[s] on pagemill-documents-000002; compare"
    )
    assert told[:RECEIPT_CHARS].startswith(f"{start} deploy/elasticsearch/role.json")
    assert told.endswith("granted by create_doc,create,delete,index,write,all")


def test_a_cluster_s_privilege_has_no_index() -> None:
    reason = (
        "security_exception: action [indices:admin/index_template/put] is unauthorized for user [mill] with effective "
        "roles [mill], this action is granted by the cluster privileges [manage_index_templates,manage,all]"
    )
    assert explained(403, reason, "role-setup.json") == (
        "Elasticsearch answers 403: user mill may not indices:admin/index_template/put; compare role-setup.json; "
        "granted by manage_index_templates,manage,all"
    )


def test_an_index_that_is_blocked_is_no_matter_of_roles() -> None:
    reason = "cluster_block_exception: index [x] blocked by: [FORBIDDEN/8/index write (api)];"
    assert explained(403, reason) == f"Elasticsearch answers 403: {reason}"


def test_another_refusal_is_told_in_the_engine_s_words() -> None:
    assert explained(403, "security_exception: no") == (
        "Elasticsearch answers 403: security_exception: no; compare deploy/elasticsearch/role.json"
    )
