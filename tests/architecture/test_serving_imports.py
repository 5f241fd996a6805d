"""What only fits models is never imported by what serves: it is large, slow to load, and not in a base install."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ONLY_TO_FIT = ("lightgbm", "sklearn", "scipy", "duckdb", "matplotlib", "pandas", "torch", "transformers", "implicit")
SERVE = """
import asyncio, sys
from bot.app import web_app
from bot.assembly import assemble
from bot.messages import UserMessage
from bot.settings import Settings
from knowledge.shop.columns import utc_now
from knowledge.shop.demo.seeding import seed

for name in {forbidden!r}:
    sys.modules[name] = None  # importing it fails, as where it is not installed

kefu = assemble(Settings(database_url="sqlite:///{folder}/kefu.db", crm_models="{folder}/crm", api_token="a" * 16))
web_app(kefu)
with kefu.database.transaction() as session:
    seed(session, seed=7, customers=20, now=utc_now())
kefu.warm()


async def talk():
    for number, text in enumerate(("what would you recommend?", "am I eligible for a voucher?", "delete my account")):
        assert await kefu.turns.receive(UserMessage("rest", "ann", text, str(number)))
    await kefu.close()


asyncio.run(talk())
"""


def test_the_bot_serves_without_anything_that_only_fits(tmp_path: Path) -> None:
    program = SERVE.format(folder=tmp_path, forbidden=ONLY_TO_FIT)
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "ModuleNotFoundError" not in done.stderr, "an action could not be run without it"
