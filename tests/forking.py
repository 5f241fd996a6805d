"""Python programs that begin at once: forked from a process that has imported what they need.

What runs is a real process that goes through its whole start, and can be killed; only Python's imports are not repeated
for each. `python -m tests.forking SOCKET` is that process: it is told a module, its arguments and its environment.
"""

import functools
import importlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).parents[1]
IMPORTED = ("bot.cli.serve", "tests.bot.helpdesks.conftest", "tests.contracts.conftest", "uvicorn.loops.uvloop")
SIZE = 8


class Forked:
    """A running program, as far as tests need what `subprocess.Popen` offers. `stdout` is a pipe."""

    def __init__(self, module: str, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        reading, writing = os.pipe()
        told = json.dumps([module, arguments, dict(os.environ if env is None else env)]).encode()
        line = forker()
        socket.send_fds(line, [len(told).to_bytes(SIZE)], [writing])
        line.sendall(told)
        os.close(writing)
        pid, [self._handle], *_ = socket.recv_fds(line, SIZE, 1)
        self.pid = int.from_bytes(pid)
        self.stdout = os.fdopen(reading)

    def kill(self) -> None:
        signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def has_ended(self, seconds: float = 0) -> bool:
        """Whether it has, after so many seconds at most."""
        return bool(select.select([self._handle], [], [], seconds)[0])

    def wait(self, seconds: float = 60) -> None:
        assert self.has_ended(seconds), f"{self.pid} still runs"

    def close(self) -> None:
        """Dead and forgotten, whatever it was doing."""
        if not self.has_ended():
            self.kill()
        self.wait()
        self.stdout.close()
        os.close(self._handle)


@functools.cache
def forker() -> socket.socket:
    """It ends with this process."""
    ours, theirs = socket.socketpair()
    command = [sys.executable, "-m", "tests.forking", str(theirs.fileno())]
    subprocess.Popen(command, cwd=ROOT, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
    theirs.close()
    return ours


def main(line: socket.socket) -> None:
    for name in IMPORTED:
        importlib.import_module(name)
    while begun := socket.recv_fds(line, SIZE, 1):
        size, stdout, *_ = begun
        if not size:
            return
        told = json.loads(line.recv(int.from_bytes(size), socket.MSG_WAITALL))
        bury_the_dead()
        if (pid := os.fork()) == 0:
            line.close()
            become(stdout[0], *told)
        handle = os.pidfd_open(pid)
        socket.send_fds(line, [pid.to_bytes(SIZE)], [handle])
        os.close(handle)
        os.close(stdout[0])


def bury_the_dead() -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def become(stdout: int, module: str, arguments: Sequence[str], environment: Mapping[str, str]) -> NoReturn:
    os.dup2(stdout, 1)
    os.close(stdout)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [module, *arguments]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit:
        os._exit(0)
    except BaseException:
        traceback.print_exc()
    os._exit(1)  # at once: what was imported cannot be ended in a copy


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
