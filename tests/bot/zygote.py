"""A process that has imported everything and forks a serving one for each line it reads: `python -m tests.bot.zygote`.

What is killed is a real server that went through its whole start; only Python's imports are not repeated 200 times.
Writes each server's pid. Arguments: `tiny` (the real app around the tiny engine) or `kefu` (`kefu serve`), port,
database URL.
"""

import os
import signal
import sys

import uvicorn

from bot.app import web_app
from bot.cli import serve
from bot.settings import Settings
from tests.bot.tiny import tiny_kefu


def main(kind: str, port: int, database_url: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            serve_kefu(port, database_url) if kind == "kefu" else serve_tiny(port, database_url)
            return
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def serve_tiny(port: int, database_url: str) -> None:
    app = web_app(tiny_kefu(Settings(port=port, database_url=database_url)))
    uvicorn.run(app, port=port, loop="uvloop", http="httptools", log_level="warning", access_log=False)


def serve_kefu(port: int, database_url: str) -> None:
    os.environ |= {"KEFU_PORT": str(port), "KEFU_DATABASE_URL": database_url, "KEFU_LOG_LEVEL": "WARNING"}
    serve.command()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
