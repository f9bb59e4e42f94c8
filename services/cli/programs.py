"""What `pagemill up` keeps running, for given settings."""

from socket import socket

from pydantic import SecretStr

from services.cli.address import listen_of, local_url
from services.cli.pulse import Pulse
from services.cli.readiness import Readiness
from services.cli.silence import Silence
from services.cli.worker_command import Lane, lanes_of, processes_for, worker_command
from services.supervisor.program import Place, Program
from shared.children import ROOT, module_command
from shared.embedded.valkey import EmbeddedValkey
from shared.environment import environment_for
from shared.settings import Settings


def program_waves(settings: Settings, place: Place, listening: socket) -> list[list[Program]]:
    """Valkey, unless a Redis is set; then the workers and the services, all at once.

    Args:
        settings: those of `up`.
        place: where the programs run.
        listening: the socket that the services answer on; `up` keeps it while they are started again.
    """
    valkey = None if settings.redis_url else EmbeddedValkey(place.data, settings.redis_memory_mib)
    told = settings.model_copy(
        update={
            "data": place.data,
            "listen": listen_of(listening),
            "redis_url": SecretStr(valkey.url) if valkey else settings.redis_url,
        }
    )
    env = environment_for(told, ROOT)
    waves = [[_worker(room, told, place, env) for room in lanes_of(told)], [_services(listening, told, env)]]
    return [[_valkey(valkey, told, env)], *waves] if valkey else waves


def _valkey(valkey: EmbeddedValkey, settings: Settings, env: dict[str, str]) -> Program:
    silence = Silence(valkey.hears, settings.silent_seconds)

    def prepare() -> None:
        valkey.prepare()
        silence.begin()

    return Program(
        name="valkey",
        argv=tuple(valkey.command()),
        env=env,
        prepare=prepare,
        ready=valkey.answers,
        still=silence.still,
        grace=7.0,
        gate=True,
    )


def _worker(room: Lane, settings: Settings, place: Place, env: dict[str, str]) -> Program:
    ready_file = place.run / f"{room}.ready"
    pulse = Pulse(place.run / f"{room}.alive")

    def prepare() -> None:
        ready_file.unlink(missing_ok=True)
        pulse.begin()

    return Program(
        name=room,
        argv=worker_command(room, processes_for(room, settings), settings),
        env={
            **env,
            "PAGEMILL_READY_FILE": str(ready_file),
            "PAGEMILL_ALIVE_FILE": str(pulse.file),
            **_figures_of(room, settings),
        },
        prepare=prepare,
        ready=ready_file.exists,
        still=pulse.still,
    )


def _figures_of(room: Lane, settings: Settings) -> dict[str, str]:
    """Each worker on this machine serves its figures on a port of its own."""
    if settings.metrics_listen is None:
        return {}
    host, _, port = settings.metrics_listen.rpartition(":")
    return {"PAGEMILL_METRICS_LISTEN": f"{host}:{int(port) + lanes_of(settings).index(room)}"}


def _services(listening: socket, settings: Settings, env: dict[str, str]) -> Program:
    readiness = Readiness(local_url(listening), despite={"index"})  # without it pages are taken, and wait
    silence = Silence(readiness.hears, settings.silent_seconds)
    return Program(
        name="services",
        argv=module_command("services.cli.main", "serve", "together", "--fd", str(listening.fileno())),
        env=env,
        prepare=silence.begin,
        ready=readiness.asked,
        lacks=readiness.lacks,
        still=silence.still,
        grace=8.0,
        fds=(listening.fileno(),),
    )
