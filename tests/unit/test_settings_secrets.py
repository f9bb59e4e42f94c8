"""Settings that lie in files of their own, and the address of the search engine."""

from pathlib import Path

import pytest
from pydantic import ValidationError
from pydantic_settings import SettingsError

from shared.settings import Settings


def secret(folder: Path, name: str, value: str) -> None:
    (folder / name).write_text(value)


def test_a_file_named_as_the_variable_sets_what_the_variable_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret(tmp_path, "pagemill_search_api_key", "a key\n")
    secret(tmp_path, "pagemill_search_url", "https://u:p@search.internal:9200\n")
    monkeypatch.setenv("PAGEMILL_SECRETS", str(tmp_path))
    settings = Settings()
    assert settings.search_api_key is not None
    assert settings.search_url is not None
    assert settings.search_api_key.get_secret_value() == "a key"
    assert settings.search_url.get_secret_value() == "https://u:p@search.internal:9200"
    assert "a key" not in repr(settings)
    assert "u:p" not in repr(settings)


def test_a_variable_goes_before_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret(tmp_path, "pagemill_search_prefix", "from-a-file-")
    monkeypatch.setenv("PAGEMILL_SECRETS", str(tmp_path))
    assert Settings().search_prefix == "from-a-file-"
    monkeypatch.setenv("PAGEMILL_SEARCH_PREFIX", "from-a-variable-")
    assert Settings().search_prefix == "from-a-variable-"


def test_a_folder_of_secrets_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGEMILL_SECRETS", str(tmp_path / "nowhere"))
    with pytest.raises(SettingsError, match="nowhere"):
        Settings()


@pytest.mark.parametrize("url", ["search:9200", "ftp://search:9200", "http://", "", "//search"])
def test_an_address_that_names_no_server_is_refused_and_not_shown(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGEMILL_SEARCH_URL", url)
    with pytest.raises(ValidationError, match="HOST:PORT"):
        Settings()


@pytest.mark.parametrize("prefix", ["", "-a", "A-", "a*", "a/b", "a b", "x" * 64])
def test_a_prefix_that_no_index_may_have_is_refused(prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGEMILL_SEARCH_PREFIX", prefix)
    with pytest.raises(ValidationError):
        Settings()


@pytest.mark.parametrize("name", ["LISTEN", "METRICS_LISTEN"])
@pytest.mark.parametrize("listen", ["::1:0", "8800", "localhost:http", "a:65536"])
def test_an_address_that_cannot_be_listened_on_is_refused(
    name: str, listen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"PAGEMILL_{name}", listen)
    with pytest.raises(ValidationError, match="HOST:PORT"):
        Settings()


def test_figures_of_workers_are_shown_beyond_loopback_only_where_that_is_wanted_by_name() -> None:
    with pytest.raises(ValidationError, match="PAGEMILL_OPEN_METRICS"):
        Settings(metrics_listen="0.0.0.0:8801")
    assert Settings(metrics_listen="0.0.0.0:8801", open_metrics=True).metrics_listen
    assert Settings(metrics_listen="[::1]:8801").metrics_listen


def test_a_line_break_behind_a_key_is_no_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGEMILL_SEARCH_API_KEY", "c29tZTprZXk=\n")
    key = Settings().search_api_key
    assert key
    assert key.get_secret_value() == "c29tZTprZXk="
