"""`make bench-console`: what the console weighs, how soon it can be used, and how soon it hears of a message.

A served Kefu with 200 open conversations, Chromium on the same machine, each page load in a browser that has nothing
cached. The 1,000 WebSockets of customers are `benchmarks.websockets`.
"""

import argparse
import gzip
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Browser, sync_playwright
from rich.console import Console
from rich.table import Table
from websockets.sync.client import connect
from websockets.sync.connection import Connection

from benchmarks.serving import ROOT, Served, environment, kefu, serving
from bot.console.login.demo import AGENTS, PASSWORD
from bot.database import open_database, upgrade
from tests.bot.console.filled_queue import fill_queue
from tests.e2e.conftest import CHROMIUM_ARGUMENTS, chromium

WEB = ROOT / "bot" / "web"
OPEN, MINE = 200, 20
RESULTS = ROOT / "benchmarks" / "results" / "console.json"
IS_USABLE = ".queue li.row"
"""A conversation of the list: it is there, and can be clicked."""


@dataclass(frozen=True)
class Times:
    """Milliseconds."""

    p50: float
    p99: float


@dataclass(frozen=True)
class Figures:
    """Weights in kB (1,000 bytes) of JavaScript, gzipped at level 9, file by file."""

    console_js: float
    console_js_first: float
    """Of that, what is asked for before the first click."""
    widget_loader: float
    widget_opened: float
    usable: Times
    queue: Times
    opened: Times
    heard: Times
    """From a customer's message until an open console has it."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loads", type=int, default=10)
    parser.add_argument("--messages", type=int, default=200)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        env = environment(Path(directory), demo="true")
        kefu(env, "demo", "seed", "--customers", "50")
        fill(env)
        with serving(env) as served, signed_in(served) as http:
            asked, usable = page_loads(served, http, given.loads)
            figures = Figures(
                console_js=weight(WEB / "console"),
                console_js_first=round(sum(gzipped(WEB / path.lstrip("/")) for path in asked) / 1000, 1),
                widget_loader=round(gzipped(WEB / "widget" / "widget.js") / 1000, 1),
                widget_opened=weight(WEB / "widget"),
                usable=usable,
                queue=timed(lambda: http.get("/queue?tab=all&limit=50"), 100),
                opened=timed(opening(http), 50),
                heard=heard(served, http, given.messages),
            )
    RESULTS.write_text(json.dumps(asdict(figures), indent=2) + "\n")
    show(figures)


def fill(env: dict[str, str]) -> None:
    database = open_database(env["KEFU_DATABASE_URL"])
    upgrade(database)
    fill_queue(database, OPEN)
    database.close()


@contextmanager
def signed_in(served: Served) -> Iterator[httpx.Client]:
    """A supervisor, to whom nothing is offered, so that the queue stays as it is; some are theirs."""
    with httpx.Client(base_url=f"http://127.0.0.1:{served.port}/console/api") as http:
        answer = http.post("/session", json={"email": AGENTS[2].email, "password": PASSWORD})
        http.headers["X-CSRF-Token"] = answer.raise_for_status().json()["csrf"]
        for item in http.get(f"/queue?tab=unassigned&limit={MINE}").json()["items"]:
            http.post(f"/conversations/{item['conversation_id']}/take", json={"epoch": item["epoch"]})
        yield http


# ---- what it weighs ----


def gzipped(file: Path) -> int:
    return len(gzip.compress(file.read_bytes(), 9))


def weight(folder: Path) -> float:
    found = [path for path in folder.rglob("*") if path.suffix in (".js", ".mjs")]
    return round(sum(map(gzipped, found)) / 1000, 1)


# ---- how soon it can be used ----


def page_loads(served: Served, http: httpx.Client, loads: int) -> tuple[set[str], Times]:
    """The scripts that a page asks for, and how long until the queue can be clicked."""
    address, token = f"http://127.0.0.1:{served.port}", http.cookies["kefu_console"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGUMENTS)
        load(browser, address, token)  # Chromium's own first start is not the console's
        found = [load(browser, address, token) for _ in range(loads)]
        browser.close()
    return found[0][0], times([milliseconds for _, milliseconds in found])


def load(browser: Browser, address: str, token: str) -> tuple[set[str], float]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": "kefu_console", "value": token, "url": f"{address}/console"}])
    page, scripts = context.new_page(), set[str]()
    page.on("request", lambda request: scripts.add(urlsplit(request.url).path))
    page.goto(f"{address}/console/", wait_until="commit")
    page.wait_for_selector(IS_USABLE)
    milliseconds = float(page.evaluate("performance.now()"))
    context.close()
    return {
        path.partition("?")[0] for path in scripts if path.partition("?")[0].endswith((".js", ".mjs"))
    }, milliseconds


# ---- how soon it knows ----


def opening(http: httpx.Client) -> Callable[[], httpx.Response]:
    first = http.get("/queue?tab=all&limit=1").json()["items"][0]["conversation_id"]
    return lambda: http.get(f"/conversations/{first}")


def heard(served: Served, http: httpx.Client, messages: int) -> Times:
    """One message after another, each until the console's stream has it."""
    customer = httpx.Client(base_url=f"http://127.0.0.1:{served.port}")
    found = []
    with stream(served, http) as socket:
        for number in range(messages):
            sender = f"bench{number % 20}"
            started = time.perf_counter()
            customer.post("/webhooks/rest/webhook", json={"sender": sender, "message": "hello"}, timeout=30)
            until_item(socket, f"rest:{sender}")
            found.append((time.perf_counter() - started) * 1000)
    customer.close()
    return times(found[10:])


@contextmanager
def stream(served: Served, http: httpx.Client) -> Iterator[Connection]:
    cookie = {"Cookie": f"kefu_console={http.cookies['kefu_console']}"}
    with connect(f"ws://127.0.0.1:{served.port}/console/api/live", additional_headers=cookie) as socket:
        socket.send('{"type":"hello","seq":null}')
        yield socket


def until_item(socket: Connection, conversation_id: str) -> None:
    while True:
        frame = json.loads(socket.recv(timeout=30))
        if frame["type"] == "item" and frame["item"]["conversation_id"] == conversation_id:
            return


def timed(ask: Callable[[], httpx.Response], count: int) -> Times:
    found = []
    for _ in range(count):
        started = time.perf_counter()
        assert ask().status_code == 200
        found.append((time.perf_counter() - started) * 1000)
    return times(found)


def times(milliseconds: Sequence[float]) -> Times:
    p99 = quantiles(milliseconds, n=100, method="inclusive")[98]
    return Times(round(median(milliseconds), 1), round(p99, 1))


# ---- telling ----


def show(figures: Figures) -> None:
    table = Table("what", "p50", "p99", "wanted", title=f"The console with {OPEN} open conversations")
    rows: list[tuple[str, str, str, str]] = [
        ("console, JavaScript gzipped, kB", f"{figures.console_js}", "", "≤ 350"),
        ("  of it before the first click", f"{figures.console_js_first}", "", ""),
        ("widget's loader, kB", f"{figures.widget_loader}", "", "≤ 5"),
        ("widget opened, kB", f"{figures.widget_opened}", "", "≤ 130"),
        ("page until it can be used, ms", f"{figures.usable.p50}", f"{figures.usable.p99}", "≤ 1500"),
        ("GET queue, 50 of 200, ms", f"{figures.queue.p50}", f"{figures.queue.p99}", ""),
        ("GET conversation, ms", f"{figures.opened.p50}", f"{figures.opened.p99}", ""),
        ("message until the console has it, ms", f"{figures.heard.p50}", f"{figures.heard.p99}", ""),
    ]
    for row in rows:
        table.add_row(*row)
    Console().print(table)


if __name__ == "__main__":
    main()
