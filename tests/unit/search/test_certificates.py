"""What is wrong with certificates is told by the setting that mends it."""

from pathlib import Path

import pytest
from elastic_transport import ConnectionError as NotConnected
from pydantic import SecretStr, ValidationError

from shared.errors import DependencyUnavailable
from shared.search.elasticsearch.client import engine
from shared.settings import Settings


@pytest.mark.parametrize(
    "said",
    [
        "[Errno 2] No such file or directory",
        "[X509: NO_CERTIFICATE_OR_CRL_FOUND] no certificate or crl found (_ssl.c:4149)",
        "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate",
    ],
)
def test_the_setting_is_named(said: str) -> None:
    with pytest.raises(DependencyUnavailable, match="PAGEMILL_SEARCH_CA_FILE"), engine():
        raise NotConnected(said)


def test_other_trouble_is_not_taken_for_it() -> None:
    with pytest.raises(DependencyUnavailable) as caught, engine():
        raise NotConnected("Failed to establish a new connection: [Errno 111] Connection refused")
    assert "CA_FILE" not in caught.value.detail


def test_certificates_are_for_https_alone() -> None:
    with pytest.raises(ValidationError, match="begins with https"):
        Settings(search_url=SecretStr("http://127.0.0.1:9200"), search_ca_file=Path("ca.pem"))
    assert Settings(search_url=SecretStr("https://127.0.0.1:9200"), search_ca_file=Path("ca.pem")).search_ca_file
