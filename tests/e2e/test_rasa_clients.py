"""Clients that nobody here wrote: rasa-webchat in Chromium, and socket.io-client in node."""

import functools
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from playwright.sync_api import Browser, Route, expect

from tests.bot.conftest import API_TOKEN
from tests.e2e.rasa_service import rasa_service

KEY = "a key of the tests, long enough for HS256"
IO = ((2, "2.5.0"), (3, "3.1.3"), (4, "4.8.4"))
NPM = (
    ("pack", "rasa-webchat@1.0.1"),  # one file, without all that it was built from
    ("install", "--no-audit", "--no-fund", "--ignore-scripts", *(f"io{n}@npm:socket.io-client@{v}" for n, v in IO)),
)
WEBCHAT = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>A shop</title></head>
<body><script src="webchat.js"></script><h1>A shop</h1><div id="webchat"></div><script>
const storage = { storage: "local" };
WebChat.default({ socketUrl: "%s", socketPath: "/socket.io/", initPayload: "/get_started", selector: "#webchat",
  customData: { language: "zh" }, params: storage }, null);
</script></body></html>"""
NODE = """
const [client, url, token] = process.argv.slice(2);
const { io } = require(client);
const told = {};
const refused = io(url, { auth: { token: "wrong" }, reconnection: false });
refused.on("connect_error", (error) => {
  told.refused = error.message;
  const socket = io(url, { auth: { token } });
  socket.on("connect", () => socket.emit("session_request", {}));
  socket.once("session_confirm", (session) => {
    told.session = session;
    const said = { message: "你好 from node", session_id: session };
    socket.emit("user_uttered", said, (answer) => { told.answer = answer; });
  });
  socket.once("bot_uttered", (uttered) => {
    told.uttered = uttered;
    socket.disconnect();
    const back = io(url, { auth: { token }, transports: ["websocket"], forceNew: true });
    back.on("session_confirm", (session) => {
      told.again = session;
      back.emit("user_uttered", { message: "still here", session_id: session });
    });
    back.on("bot_uttered", (uttered) => {
      told.last = uttered.text;
      console.log(JSON.stringify(told));
      process.exit(0);
    });
    back.on("connect", () => back.emit("session_request", { session_id: told.session }));
  });
});
setTimeout(() => { console.log(JSON.stringify(told)); process.exit(1); }, 60000);
"""
OLD = """
const socket = require("io2")(process.argv[2], { reconnection: false });
socket.on("connect", () => { console.log("connected"); process.exit(0); });
socket.on("connect_error", () => { console.log("refused"); process.exit(0); });
"""


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clients, from npm; skipped where there is no npm, or failed in CI."""
    folder = tmp_path_factory.mktemp("node")
    if not (shutil.which("npm") and all(npm(folder, *command) for command in NPM)):
        if os.environ.get("CI") == "true":
            pytest.fail("npm could not fetch the clients")
        pytest.skip("there is no npm, or it could not fetch the clients")
    with tarfile.open(next(folder.glob("rasa-webchat-*.tgz"))) as bundle:
        bundle.extractall(folder / "webchat", filter="data")
    return folder


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A bot that wants to see a token."""
    with rasa_service(tmp_path_factory.mktemp("closed") / "kefu.db", "https://shop.example", KEY) as (_process, url):
        yield url


def npm(folder: Path, *command: str) -> bool:
    return subprocess.run(["npm", *command], cwd=folder, capture_output=True, timeout=300).returncode == 0


@contextmanager
def site(folder: Path) -> Iterator[str]:
    """The shop's own web server, which is not Kefu's."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def in_node(packages: Path, tmp_path: Path, words: str, *arguments: str) -> str:
    """What the script prints."""
    script = tmp_path / "client.js"
    script.write_text(words, "utf-8")
    environment = {**os.environ, "NODE_PATH": str(packages / "node_modules")}
    command = ["node", str(script), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment).stdout


@pytest.mark.parametrize("version", [3, 4])
def test_socket_io_client_in_node(packages: Path, closed: str, tmp_path: Path, version: int) -> None:
    token = jwt.encode({"sub": "ann"}, KEY, "HS256")
    told: dict[str, Any] = json.loads(in_node(packages, tmp_path, NODE, f"io{version}", closed, token))
    assert "not accepted" in told["refused"]
    assert told["session"] == told["again"]
    assert "accepted" in told["answer"]
    assert told["uttered"]["text"] == "You said 你好 from node"
    assert told["uttered"]["quick_replies"][0]["title"] == "Again"
    assert told["last"] == "You said still here"


def test_a_socket_io_client_of_version_2_is_refused_as_by_rasa_3(packages: Path, closed: str, tmp_path: Path) -> None:
    assert in_node(packages, tmp_path, OLD, closed) == "refused\n"


def person_says(url: str, database: Path, words: str) -> None:
    """Into the only conversation there is."""
    with sqlite3.connect(database) as connection:
        [(conversation_id,)] = connection.execute("SELECT id FROM conversations").fetchall()
    events = [{"event": "pause"}, {"event": "agent", "text": words}]
    address, bearer = f"{url}/conversations/{conversation_id}/tracker/events", {"Authorization": f"Bearer {API_TOKEN}"}
    assert httpx.post(address, headers=bearer, json=events).status_code == 200


def test_rasa_webchat_in_a_browser(packages: Path, tmp_path: Path, browser: Browser) -> None:
    (tmp_path / "shop").mkdir()
    shutil.copy(packages / "webchat" / "package" / "lib" / "index.js", tmp_path / "shop" / "webchat.js")
    foreign: list[str] = []

    def keep_out(route: Route) -> None:
        foreign.append(route.request.url)
        route.abort()

    with site(tmp_path / "shop") as shop, rasa_service(tmp_path / "kefu.db", shop) as (_process, url):
        (tmp_path / "shop" / "index.html").write_text(WEBCHAT % url, "utf-8")
        context = browser.new_context(locale="zh-CN")
        context.route(lambda address: not address.startswith((url, shop)), keep_out)
        page = context.new_page()
        page.goto(f"{shop}/index.html")
        page.locator(".rw-launcher").click()
        expect(page.locator(".rw-response").first).to_contain_text("You said 你好")
        page.locator(".rw-new-message").fill("我的订单到哪了？")
        page.keyboard.press("Enter")
        expect(page.locator(".rw-response").last).to_contain_text("You said 我的订单到哪了？")
        page.locator(".rw-reply", has_text="Again").last.click()
        expect(page.locator(".rw-response", has_text="You said 我的订单到哪了？")).to_have_count(2)
        page.goto("about:blank")
        time.sleep(1)
        person_says(url, tmp_path / "kefu.db", "我是小美，马上帮您看。")
        page.goto(f"{shop}/index.html")  # it remembers that it was open, and what was said
        expect(page.locator(".rw-response", has_text="我是小美")).to_have_count(1, timeout=15_000)
        expect(page.locator(".rw-response", has_text="You said 我的订单到哪了？")).to_have_count(2)
        context.close()
    assert all("fonts.g" in address for address in foreign)
