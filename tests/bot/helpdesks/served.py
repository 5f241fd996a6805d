"""A bot whose handoffs go elsewhere, in its own process: `python -m tests.bot.helpdesks.served NAME API DATABASE`."""

import asyncio
import sys

from pydantic import SecretStr

from bot import background
from bot.app import web_app
from bot.settings import Settings
from tests.bot.conftest import API_TOKEN
from tests.bot.helpdesks.conftest import PEERS
from tests.bot.tiny import tiny_kefu
from tests.contracts.served import serve_app

if __name__ == "__main__":
    name, api, database_url = sys.argv[1:4]
    background.TELL_SECONDS = 0.03
    given = {**PEERS[name]().settings(api), "api_token": SecretStr(API_TOKEN)}
    asyncio.run(
        serve_app(web_app(tiny_kefu(Settings(database_url=database_url, public_url="https://kefu.example", **given))))
    )
