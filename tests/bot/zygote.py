"""A process that has imported everything and forks a serving one for each line it reads: `python -m tests.bot.zygote`.

What is killed is a real server that went through its whole start; only Python's imports are not repeated 200 times.
Writes each server's pid. Arguments: port, database URL.
"""

import os
import signal
import sys

import uvicorn

from bot.app import web_app
from bot.settings import Settings
from tests.bot.tiny import tiny_kefu


def main(port: int, database_url: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    settings = Settings(port=port, database_url=database_url)
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            app = web_app(tiny_kefu(settings))
            uvicorn.run(app, port=port, loop="uvloop", http="httptools", log_level="warning", access_log=False)
            return
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
