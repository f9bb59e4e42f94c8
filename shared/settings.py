import os
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from shared.addresses import is_loopback, parse_listen
from shared.alert_settings import AlertSettings
from shared.passwords import with_password
from shared.query_settings import QuerySettings
from shared.setting_files import secret_files, toml_file
from shared.setting_values import (
    Count,
    Days,
    HostNames,
    Hours,
    Mib,
    Origins,
    Processes,
    RedisUrl,
    Seconds,
    Texts,
    Tries,
)
from shared.site_settings import SiteSettings

MIB = 1024 * 1024


class Settings(AlertSettings, QuerySettings, SiteSettings, BaseSettings):
    """Everything that can be set, from `PAGEMILL_*` variables, else secret files, else the TOML file, else the default.

    Read once by the process's entry point and handed on; nothing else looks at the environment. The file is
    `pagemill.toml` in the working folder, or the one that `PAGEMILL_CONFIG` names. Secret files lie in the folder that
    `PAGEMILL_SECRETS` names, one for each setting, called `pagemill_redis_password` and so on.
    """

    model_config = SettingsConfigDict(env_prefix="PAGEMILL_", extra="ignore", frozen=True, hide_input_in_errors=True)

    # Parts
    data: Path = Field(Path("pagemill-data"), description="Folder of the embedded parts.")
    redis_url: RedisUrl | None = Field(
        None, description="Redis or Valkey to use; absent: an embedded Valkey server in the data folder."
    )
    search_url: SecretStr | None = Field(
        None,
        description="Elasticsearch to use, `http(s)://[USER:PASSWORD@]HOST:PORT`, version 8.19 or 9; absent: Tantivy "
        "and SQLite in the data folder.",
    )
    search_api_key: SecretStr | None = Field(
        None, description="API key for Elasticsearch, encoded as it gives it; instead of user and password."
    )
    search_ca_file: Path | None = Field(
        None, description="Certificates (PEM) that Elasticsearch's own is signed by; absent: the system's."
    )
    search_prefix: str = Field(
        "pagemill-",
        pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$",
        description="Put before the name of every index, alias and template in Elasticsearch.",
    )
    search_shards: int = Field(
        1, ge=1, le=1024, description="Primary shards of an index in Elasticsearch, where `index setup` makes one."
    )
    search_replicas: int | None = Field(
        None, ge=0, le=16, description="Copies of each shard; absent: one as soon as there is a second node."
    )
    search_timeout_seconds: float = Field(
        10, gt=0, le=60, description="Seconds after which Elasticsearch answers a search with what it has by then."
    )
    redis_password: SecretStr | None = Field(
        None, description="Put into `redis_url` where that has no password, so that it can lie in a file of its own."
    )
    search_password: SecretStr | None = Field(None, description="The same for `search_url`, whose user it belongs to.")
    search_grant_password: SecretStr | None = Field(
        None, description="Password of the user that `pagemill index setup --grant` makes in Elasticsearch."
    )
    redis_prefix: str = Field("pm:", description="Put before every key in Redis.", max_length=32)
    redis_memory_mib: Mib = Field(
        2048, ge=64, description="MiB that the embedded Valkey server may hold (its maxmemory)."
    )

    # Address
    listen: str = Field("127.0.0.1:8800", description="HOST:PORT of the services; port 0 takes any free one.")
    allow_open: bool = Field(
        default=False,
        description="Whether everybody may call beyond loopback, without a key: whoever reaches the address can read, "
        "post and delete every page, so only behind something else that asks who is calling.",
    )
    require_keys: bool = Field(
        default=False,
        description="Whether a key is needed on loopback, too, as behind a proxy on the same machine.",
    )
    open_metrics: bool = Field(
        default=False,
        description="Whether `/metrics` is answered without a key, where nobody but Prometheus reaches it. Workers "
        "never ask for one, so beyond loopback they serve figures only with this.",
    )
    key: SecretStr | None = Field(
        None, description="API key that the command sends to the services, from `pagemill keys add`."
    )
    url: str | None = Field(
        None, description="The address that clients call; absent: the one in DATA/url, else `listen`."
    )
    allowed_hosts: HostNames = Field(
        (), description="Host names, besides loopback's and `listen`'s own, that requests may be addressed to."
    )
    services: Texts = Field(
        (),
        description="For the control room behind a gateway: the addresses of the other services, whose health and "
        "description it tells together with its own.",
    )
    cors_origins: Origins = Field((), description="Origins of other sites that may call from a browser.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="What is logged at least.")
    log_format: Literal["auto", "json", "text"] = Field(
        "auto", description="Log lines as JSON or for reading; auto: text on a terminal, else JSON."
    )

    log_file_max_bytes: Count = Field(
        16 * MIB, ge=64 * 1024, description="Bytes of a log file in DATA/logs before it is put aside; three are kept."
    )
    ready_file: Path | None = Field(
        None, description="Internal: the file that a worker touches when it is ready; `pagemill up` sets it."
    )

    alive_file: Path | None = Field(
        None, description="The file that a worker touches each second while it lives; `pagemill alive` looks at it."
    )
    writes_file: Path | None = Field(
        None,
        description="The file that the index room adds a line to for each document that the engine says it has "
        "written: id, version, revision. It grows without end, so for audits.",
    )
    metrics_listen: str | None = Field(
        None,
        description="HOST:PORT where a worker serves its figures to Prometheus; absent: nowhere. Under `pagemill up` "
        "the clean worker has this port, and enrich, index and solo the three behind it.",
    )
    trace_url: str | None = Field(
        None,
        description="Where OpenTelemetry's traces go, `http(s)://HOST:4318` (OTLP over HTTP); absent: nowhere. "
        "Needs the extra `tracing`.",
    )

    # Limits at the door
    page_max_bytes: Count = Field(10 * MIB, ge=1, description="Bytes of one page, inflated.")
    request_max_bytes: Count = Field(16 * MIB, ge=1, description="Bytes of a single request, inflated too.")
    batch_max_bytes: Count = Field(512 * MIB, ge=1, description="Bytes of a batch, inflated too.")
    batch_max_items: Count = Field(10_000, ge=1, description="Items of a batch.")
    array_max_items: Count = Field(1_000, ge=1, description="Items of a batch sent as a JSON array.")
    inflate_max_ratio: Count = Field(
        100, ge=1, description="Times its sent size that a compressed body may inflate to."
    )
    json_max_depth: int = Field(32, ge=2, le=200, description="Levels of nesting in JSON.")
    url_max_chars: Count = Field(4096, ge=64, description="Characters of a URL.")
    metadata_max_keys: Count = Field(64, ge=0, description="Keys of a page's metadata.")
    metadata_max_chars: Count = Field(4096, ge=1, description="Characters of one metadata value.")
    tags_max: Count = Field(64, ge=0, description="Tags of a page.")
    authors_max: Count = Field(64, ge=0, description="Authors of a page, as its sender names them.")
    field_max_chars: Count = Field(
        1000, ge=1, description="Characters of a title, a source, an author or a tag as sent."
    )
    clock_skew_seconds: int = Field(
        300, ge=0, le=2_000_000, description="Seconds that `fetched_at` may be ahead of the clock."
    )
    line_max_pages: Count = Field(100_000, ge=1, description="Pages waiting or worked on before new ones get 429.")
    line_max_bytes: Count = Field(
        1024 * MIB, ge=1, description="Bytes of waiting pages, as stored, before new ones get 429."
    )
    line_max_seconds: Seconds = Field(
        6 * 3600,
        gt=0,
        description="Seconds that pages may have been in one room before new ones get 429; not counted are the nine "
        "oldest, for a few may be tried again and again, and the solo room.",
    )
    index_free_mib: Mib = Field(
        256, ge=0, description="MiB that must be free on the disk of the embedded index, or new pages get 429."
    )
    redis_high_water: float = Field(
        0.7, gt=0, le=1, description="Share of Redis's maxmemory in use at which new pages get 429."
    )
    wait_max_seconds: Seconds = Field(60, ge=0, description="Seconds that `?wait=searchable` may wait.")
    idempotency_hours: Hours = Field(24, gt=0, description="Hours that an Idempotency-Key is remembered.")
    slow_client_seconds: Seconds = Field(
        30,
        gt=0,
        description="Seconds that headers may take, and seconds without a byte of the body, before a request is ended.",
    )
    headers_max_bytes: Count = Field(
        262_144, ge=16_384, description="Bytes of a request's address and headers, after which it is ended."
    )
    preview_seconds: Seconds = Field(15, gt=0, description="Seconds that one preview may take.")

    # What is kept, and how long
    receipt_days: Days = Field(7, gt=0, description="Days that receipts and outcomes are kept after a page has ended.")
    outcomes_max: Count = Field(1_000_000, ge=1, description="Outcomes kept in Redis.")
    archive_days: Days = Field(
        90,
        gt=0,
        description="Days that raw pages are kept; dead letters are exempt. Past them a page is "
        "shown to nobody, and is off the disk about a minute later, while an index worker runs.",
    )
    archive_max_bytes: Count = Field(
        20 * 1024 * MIB, ge=1, description="Bytes of raw pages kept, oldest go first; dead letters are exempt."
    )
    index_kept_hours: Hours = Field(
        24,
        ge=0,
        description="Hours that an earlier index is kept, and written to beside the live one, so that `pagemill index "
        "rollback` loses nothing.",
    )

    # Workers
    clean_workers: Processes = Field(
        default_factory=lambda: max(1, os.cpu_count() or 1),
        ge=1,
        description="Processes that clean; default: one for each core.",
    )
    enrich_workers: Processes = Field(1, ge=1, description="Processes that enrich.")
    task_events: bool = Field(
        default=False,
        description="Whether workers send Celery's events: heartbeats, and some for each bell. Flower shows what "
        "these tell; Pagemill's own pages and figures need none.",
    )
    clean_batch: int = Field(16, ge=1, le=1000, description="Pages that a clean process leases at once.")
    enrich_batch: int = Field(32, ge=1, le=1000, description="Pages that an enrich process leases at once.")
    names: Literal["light", "spacy"] = Field(
        "light",
        description="What finds people, places and organisations: `light` on English pages, at once; `spacy` looks "
        "again by a model, in the queue `names`, and needs `pagemill[spacy]`.",
    )
    names_model: str = Field("en_core_web_sm", description="The spaCy model, installed by its name.")
    enrich_again_seconds: float = Field(
        60,
        ge=0,
        le=86_400,
        description="Until a step of enrichment that failed is tried again; then four times longer.",
    )
    index_workers: Processes | None = Field(
        None,
        ge=1,
        description="Processes that index; absent: one on Tantivy, which takes no more, and two on Elasticsearch.",
    )
    index_batch: int = Field(1000, ge=1, le=5000, description="Pages that an index process leases at once.")
    index_batch_bytes: Count | None = Field(
        None,
        ge=1,
        description="Bytes of documents, as stored, that an index process leases at once; deletes wait for them. "
        "Absent: 1 MiB on Tantivy, 4 MiB on Elasticsearch, where each batch costs a refresh.",
    )
    index_gather_seconds: float = Field(
        1,
        ge=0,
        le=10,
        description="Seconds between two commits while pages flow; a page that comes alone is not kept waiting.",
    )
    lease_seconds: Seconds = Field(
        75,
        ge=1,
        description="Seconds after which a page leased by a silent worker goes back in line; longer than Celery's hard "
        "limit of 60.",
    )
    drain_seconds: float = Field(
        5, gt=0, le=40, description="Seconds that one Celery task works off its room before it rings again."
    )
    page_seconds: float = Field(15, ge=1, le=50, description="Seconds that one page may take in one room.")
    page_memory_mib: Mib = Field(
        1024, ge=128, description="MiB of memory that the solo room may grow by over one page."
    )
    shared_tries: Tries = Field(
        2, ge=1, description="Strikes beside others after which a page goes through the solo room."
    )
    solo_tries: Tries = Field(3, ge=1, description="Strikes alone after which a page is a dead letter.")
    retry_first_seconds: Seconds = Field(
        0.5, gt=0, description="Seconds before the first try again; doubled each time."
    )
    retry_longest_seconds: Seconds = Field(
        5, gt=0, description="Seconds at most between two tries of something that is away; of all workers one tries."
    )
    stalled_seconds: Seconds = Field(
        30,
        gt=0,
        description="Seconds that a room where pages wait may stand still before the services say they are not ready.",
    )
    alive_seconds: Seconds = Field(
        120,
        gt=0,
        description="Seconds that a worker may take nothing while pages wait for it before it lives no longer; longer "
        "than Celery's hard limit of 60.",
    )
    silent_seconds: Seconds = Field(
        60,
        ge=1,
        description="Seconds that the services, or the embedded Valkey server, may answer nothing at all before "
        "`pagemill up` ends them and starts them again.",
    )
    text_max_chars: Count = Field(
        1_000_000, ge=1000, description="Characters of a page's text; longer ones are clipped."
    )

    # Search
    cursor_idle_seconds: Seconds = Field(300, gt=0, description="Seconds without use after which a cursor expires.")
    cursor_key: SecretStr | None = Field(
        None,
        min_length=16,
        description="What cursors are sealed with, where several query processes answer on Elasticsearch, so that each "
        "goes on with the cursors of the others; absent: fresh random bytes in each process there, and on the embedded "
        "engine a key that is made once in the data folder (`cursor.key`).",
    )
    snapshots_max: Count = Field(
        600,
        ge=1,
        description="States of the index held for cursors at once, a quarter of a MiB each and the files that the "
        "index has replaced since; beyond it the one unused longest goes. On the embedded engine for all processes "
        "together.",
    )

    @model_validator(mode="before")
    @classmethod
    def _put_passwords_in(cls, told: dict[str, Any]) -> dict[str, Any]:
        """So that whoever opens a URL need not know where its password came from."""
        for url, password in (("redis_url", "redis_password"), ("search_url", "search_password")):
            if told.get(url) and told.get(password):
                told = {**told, url: with_password(_plain(told[url]), _plain(told[password]))}
        return told

    @property
    def index_processes(self) -> int:
        """How many processes index."""
        return self.index_workers or (2 if self.search_url else 1)

    @property
    def index_bytes(self) -> int:
        """Bytes of documents that an index process leases at once."""
        return self.index_batch_bytes or (4 * MIB if self.search_url else MIB)

    @property
    def retention_look_seconds(self) -> float:
        """Seconds between two looks for raw pages past their age: a minute, and less where they are hardly kept."""
        return min(60.0, max(1.0, self.archive_days * 86_400 / 4))

    # What is wrong with several settings together is told under the type that names one of them: doctor gives that up.
    @model_validator(mode="after")
    def _certificates_are_asked_for(self) -> Self:
        if self.search_ca_file and self.search_url and not self.search_url.get_secret_value().startswith("https:"):
            told = "PAGEMILL_SEARCH_CA_FILE is for a PAGEMILL_SEARCH_URL that begins with https://"
            raise PydanticCustomError("search_ca_file", told)
        return self

    @model_validator(mode="after")
    def _shows_figures_to_nobody_unasked(self) -> Self:
        if self.metrics_listen and not self.open_metrics and not is_loopback(parse_listen(self.metrics_listen)[0]):
            told = "PAGEMILL_METRICS_LISTEN is beyond loopback and asks for no key: set PAGEMILL_OPEN_METRICS=true, too"
            raise PydanticCustomError("metrics_listen", told)
        return self

    @model_validator(mode="after")
    def _writes_alone(self) -> Self:
        if self.search_url is None and self.index_processes > 1:
            told = "PAGEMILL_INDEX_WORKERS is 1 on Tantivy: one process writes that index"
            raise PydanticCustomError("index_workers", told)
        return self

    @field_validator("data", mode="before")
    @classmethod
    def _is_named(cls, data: Any) -> Any:
        if data == "":  # a variable that was never set would strew the parts into the working folder
            raise PydanticCustomError("data", "an empty path names no folder")
        return data

    @field_validator("listen", "metrics_listen")
    @classmethod
    def _is_host_and_port(cls, listen: str | None) -> str | None:
        if listen is not None:
            try:
                parse_listen(listen)
            except ValueError as error:
                raise PydanticCustomError("listen", "{told}", {"told": str(error)}) from None
        return listen

    @field_validator("search_api_key")
    @classmethod
    def _is_one_word(cls, key: SecretStr | None) -> SecretStr | None:
        return SecretStr(key.get_secret_value().strip()) if key else None

    @field_validator("search_url")
    @classmethod
    def _names_a_server(cls, url: SecretStr | None) -> SecretStr | None:
        if url is None:
            return None
        if not _is_address(url.get_secret_value()):
            raise PydanticCustomError("search_url", "an address is written http(s)://[USER:PASSWORD@]HOST:PORT")
        return url

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  (the parent's signature)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  (the parent's signature)
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then variables, then files in the folder of secrets, then the TOML file.

        Raises:
            SettingsError: what PAGEMILL_CONFIG or PAGEMILL_SECRETS names is not there, or a file cannot be read or
                has a name that is no setting.
        """
        return (init_settings, env_settings, secret_files(settings_cls), toml_file(settings_cls))


def keys_needed(settings: Settings) -> bool:
    """Whether nobody may call without a key: beyond loopback, unless it is wanted otherwise by name.

    Raises:
        ValueError: `listen` is no HOST:PORT.
    """
    beyond = not is_loopback(parse_listen(settings.listen)[0])
    return settings.require_keys or (beyond and not settings.allow_open)


def _plain(value: str | SecretStr) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def _is_address(text: str) -> bool:
    """Whether it names a scheme, a host and a port, and no more but a user, and a path where a proxy wants one."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    plain = not (parts.query or parts.fragment or any(char.isspace() for char in text))
    return plain and parts.scheme in ("http", "https") and bool(parts.hostname) and port is not None
