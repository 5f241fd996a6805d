"""A served bot: the real web app, database and channels around the tiny engine."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from bot.app import web_app
from bot.settings import Settings
from tests.bot.tiny import tiny_kefu

API_TOKEN = "an-api-token-for-tests"
IDENTITY_SECRET = "an identity secret of the tests, long enough"

Serve = Callable[..., TestClient]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start an app with the given settings; it stops when the test ends."""
    with ExitStack() as stack:

        def start(**fields: Any) -> TestClient:
            given = {
                "database_url": f"sqlite:///{tmp_path}/kefu.db",
                "api_token": SecretStr(API_TOKEN),
                "identity_secret": SecretStr(IDENTITY_SECRET),
                **fields,
            }
            app = web_app(tiny_kefu(Settings(**given)))
            return stack.enter_context(TestClient(app, raise_server_exceptions=False))

        yield start


@pytest.fixture
def client(serve: Serve) -> TestClient:
    return serve()
