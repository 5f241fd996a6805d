"""A demo shop served by a real process, and a real Chromium to look at it."""

import atexit
import functools
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.forking import Forked

SOON_MS = 30_000
expect.set_options(timeout=SOON_MS)
ROOT = Path(__file__).parents[2]
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 180


@dataclass
class Server:
    """A `kefu serve` process on a port of its own; `stop` and `start` keep port and database."""

    port: int
    environment: dict[str, str]
    process: Forked | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.process = Forked("bot", "serve", env=self.environment)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and not self.process.has_ended():
            try:
                if httpx.get(f"{self.url}/readyz").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise TimeoutError(f"kefu serve was not ready after {START_SECONDS} s, or has ended")

    def stop(self) -> None:
        assert self.process
        self.process.close()


def open_shop(folder: Path, **settings: str) -> Server:
    """A demo shop of its own in this folder, served with these settings."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("KEFU_")}
    environment |= {"KEFU_DATABASE_URL": f"sqlite:///{folder / 'kefu.db'}", "KEFU_PORT": str(port), "KEFU_DEMO": "true"}
    shutil.copy(seeded(), folder / "kefu.db")
    server = Server(port, environment | settings)
    server.start()
    return server


@functools.cache
def seeded() -> Path:
    """The database of a demo shop that nobody has visited."""
    path = Path(tempfile.mkdtemp(prefix="kefu-seeded-")) / "kefu.db"
    atexit.register(shutil.rmtree, path.parent)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("KEFU_")}
    environment["KEFU_DATABASE_URL"] = f"sqlite:///{path}"
    seed = [sys.executable, "-m", "bot", "demo", "seed", "--customers", "60"]
    subprocess.run(seed, cwd=ROOT, env=environment, check=True, capture_output=True)
    return path


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = open_shop(tmp_path_factory.mktemp("shop"))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A shop whose people work at every hour: what is tried there does not depend on the time of day."""
    folder = tmp_path_factory.mktemp("staffed")
    policy = folder / "policy.yml"
    policy.write_text('contact: {opens: "00:00", closes: "23:59"}\n', "utf-8")
    server = open_shop(folder, KEFU_POLICY_FILE=str(policy), KEFU_ALLOW_INTENT_SHORTCUT="true")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed with the module: while it is open, playwright's event loop runs and no other test could start its own."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGUMENTS)
        yield started
        started.close()


def chromium() -> str:
    """Debian's Chromium, installed when it is absent and we may; else skipped, or failed in CI."""
    if not shutil.which("chromium") and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=False, capture_output=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, capture_output=True)
    found = shutil.which("chromium")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is not installed and could not be")
        pytest.skip("Chromium is not installed")
    return found


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """A fresh visitor on the storefront, who fails the test when a page asks another origin or breaks the policy."""
    context = browser.new_context(locale="en-US", viewport={"width": 1280, "height": 860})
    page = context.new_page()
    foreign: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: None if request.url.startswith(server.url) else foreign.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(server.url)
    yield page
    context.close()
    assert foreign == []
    assert complaints == []
