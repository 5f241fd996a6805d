"""PostgreSQL and Redis for tests, each started here on a free port and thrown away: no server need be running."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def postgres() -> Iterator[str]:
    """The SQLAlchemy URL of an empty PostgreSQL database."""
    tool = program("initdb", "postgresql").with_name("pg_ctl")
    with tempfile.TemporaryDirectory(prefix="kefu-postgres-") as directory:
        yield from started_postgres(tool, Path(directory))


def started_postgres(tool: Path, data: Path) -> Iterator[str]:
    port, user = free_port(), unprivileged(data)
    initdb = [str(tool.with_name("initdb")), "-D", str(data), "-U", "kefu", "-A", "trust", "--no-sync"]
    subprocess.run([*user, *initdb], check=True, stdout=subprocess.DEVNULL, cwd="/")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={data} -c fsync=off"
    control = [*user, str(tool), "-D", str(data), "-w"]
    log = str(data / "log")
    subprocess.run([*control, "-l", log, "-o", options, "start"], check=True, stdout=subprocess.DEVNULL, cwd="/")
    try:
        yield f"postgresql+pg8000://kefu@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, stdout=subprocess.DEVNULL, cwd="/")


@contextmanager
def redis() -> Iterator[str]:
    """The URL of an empty Redis."""
    port = free_port()
    command = [str(program("redis-server", "redis-server")), "--port", str(port), "--save", "", "--bind", "127.0.0.1"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(10)


def program(name: str, package: str) -> Path:
    """Where the program is; installed when root may; absent, the test is skipped, or fails when CI=true."""
    if not find(name) and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-y", "-qq", package], check=False, capture_output=True, timeout=300)
    if found := find(name):
        return found
    if os.environ.get("CI") == "true":
        pytest.fail(f"{name} is missing: install the package {package}")
    pytest.skip(f"{name} is missing: install the package {package}")


def find(name: str) -> Path | None:
    """Debian keeps PostgreSQL's programs, newest version last, outside of PATH."""
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    on_path = shutil.which(name)
    return kept[-1] if kept else Path(on_path) if on_path else None


def unprivileged(data: Path) -> list[str]:
    """PostgreSQL refuses to run as root: then its own user does, and owns the directory."""
    if os.geteuid() != 0:
        return []
    shutil.chown(data, "postgres", "postgres")
    return ["runuser", "-u", "postgres", "--"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, seconds: float = 10.0) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError(f"nothing listens on port {port}")
