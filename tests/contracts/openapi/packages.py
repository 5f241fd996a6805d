"""What comes from npm: the vendors' descriptions, their SDKs' types, Prism."""

import os
import shutil
import socket
import subprocess
import tarfile
from pathlib import Path

import pytest

QUIET = ("--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", "--silent")


def install(folder: Path, *packages: str) -> None:
    """Into `folder/node_modules`; skipped where npm cannot fetch them, or failed in CI."""
    npm(folder, "install", *QUIET, *packages)


def unpack(folder: Path, package: str, *files: str) -> Path:
    """These files of one package, without installing it and what it needs; the folder they lie in."""
    npm(folder, "pack", *QUIET, package)
    with tarfile.open(next(folder.glob("*.tgz"))) as bundle:
        for file in files:
            bundle.extract(f"package/{file}", folder, filter="data")
    return folder / "package"


def npm(folder: Path, *command: str) -> None:
    if shutil.which("npm") and subprocess.run(["npm", *command], cwd=folder, capture_output=True).returncode == 0:
        return
    why = f"there is no npm, or it could not fetch {command[-1]}"
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
