"""A platform's API on a port of this machine: it keeps what Kefu calls, and answers as the platform would."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Heard:
    """A call of Kefu's."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    method: str = "POST"
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class Hangup(Exception):
    """Raised by an answer: the connection ends without one."""


class Emulator:
    """`answer` may be replaced by a test: a 429, a 500, a hang-up."""

    def __init__(self, answer: Callable[[Heard], Reply]) -> None:
        self.answer = answer
        self.heard: list[Heard] = []
        self.url = ""

    def wait_for(self, count: int, is_wanted: Callable[[Heard], bool], seconds: float = 30) -> list[Heard]:
        """The calls of the wanted kind, once there are `count` or the time is over."""
        end = time.monotonic() + seconds
        while len(found := [one for one in [*self.heard] if is_wanted(one)]) < count and time.monotonic() < end:
            time.sleep(0.01)
        return found


@contextmanager
def running(emulator: Emulator) -> Iterator[Emulator]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"] or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            heard = Heard(self.path, headers, body, self.command)
            emulator.heard.append(heard)
            try:
                reply = emulator.answer(heard)
            except Hangup:
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in {**reply.headers, "content-length": str(len(reply.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_PUT = do_PATCH = do_DELETE = do_POST

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    emulator.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield emulator
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
