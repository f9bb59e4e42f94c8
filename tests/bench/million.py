"""A million lines through `pagemill post`: none unanswered, and the memory of the intake on the way."""

import json
import tempfile
import threading
import time
from pathlib import Path

from tests.bench.report import heading, row
from tests.stack import Stack

_MIB = 2**20


def measure(count: int = 1_000_000) -> None:
    """Prints the rate, what was answered, and the intake's memory at the start, at its highest and at the end."""
    heading(f"{count:,} lines by pagemill post; the rooms are not at work meanwhile")
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "dump.jsonl"
        with dump.open("w") as file:
            for n in range(count):
                item = {
                    "url": f"https://many.example/{n}",
                    "content": f"Report {n} of the harbour office, one line long.",
                }
                file.write(json.dumps(item) + "\n")
        limits = {"line_max_pages": count * 2, "line_max_bytes": 2**40, "redis_memory_mib": 16_384}
        stack = Stack(Path(folder) / "data", **limits).start()
        try:
            _post(stack, dump, count)
        finally:
            for process in stack.processes():
                process.kill()
            if stack.process:
                stack.process.kill()
                stack.process.wait()


def _post(stack: Stack, dump: Path, count: int) -> None:
    for process in stack.processes():
        if "worker" in process.cmdline():
            process.suspend()
    services = next(process for process in stack.processes() if "serve" in process.cmdline())
    memory = [services.memory_info().rss / _MIB]
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.5):
            memory.append(services.memory_info().rss / _MIB)

    watcher = threading.Thread(target=watch)
    watcher.start()
    begun = time.perf_counter()
    done = stack.run("post", str(dump), "--json", timeout=3000)
    seconds = time.perf_counter() - begun
    ended.set()
    watcher.join()
    print(f"  exit {done.returncode}: {done.stdout.strip()[-400:]} {done.stderr.strip()[-300:]}")
    accepted = stack.ledger()["accepted"]
    row("lines without an answer", count - accepted, "lines", goal="0")
    row("posted", count / seconds, "lines/s")
    row("intake's memory at the start", memory[0], "MiB")
    row("intake's memory at its highest", max(memory), "MiB", goal="flat")
    row("intake's memory at the end", memory[-1], "MiB")
