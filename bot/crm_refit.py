"""Fitting the customer models anew every night, in a process of its own: the service goes on answering meanwhile.

Of several app processes one does it: whoever first writes today's date into the database. The new version is taken up
by all of them like any other (crm_in_service.py).
"""

import asyncio
import importlib.util
import logging
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import text

from bot.database import Database
from bot.settings import Settings

log = logging.getLogger("kefu.crm")

NEEDED = ("lightgbm", "sklearn", "scipy", "duckdb")
LONGEST_SECONDS = 6 * 3600.0
LAST_WORDS = 300
_CLAIM = text(
    "INSERT INTO instance (name, value) VALUES ('crm_refit_day', :day)"
    " ON CONFLICT (name) DO UPDATE SET value = :day WHERE instance.value < :day RETURNING value"
)


async def refit_nightly(settings: Settings, database: Database, now: Callable[[], datetime]) -> None:
    """At KEFU_CRM_REFIT_HOUR by `now` (the shop's own clock), for ever; returns at once where it is off or can't be."""
    hour = settings.crm_refit_hour
    if hour is None:
        return
    if lacking := [name for name in NEEDED if importlib.util.find_spec(name) is None]:
        log.warning("no nightly fit of the customer models without %s: pip install 'kefu[crm]'", lacking[0])
        return
    while True:
        await asyncio.sleep(seconds_until(hour, now()))
        try:
            await refit_once(settings, database, now())
        except Exception as error:  # tomorrow is another night
            log.warning("the nightly fit of the customer models failed: %s", type(error).__name__)


def seconds_until(hour: int, now: datetime) -> float:
    """Until the clock next strikes `hour`; a whole day when it does so just now."""
    then = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return ((then if then > now else then + timedelta(days=1)) - now).total_seconds()


async def refit_once(settings: Settings, database: Database, now: datetime) -> bool:
    """Fit now, unless somebody has begun today; True if it was done and went well."""
    if not await asyncio.to_thread(claim, database, now):
        return False
    command = (*quietly(), sys.executable, "-m", "bot", "crm", "fit")
    process = await asyncio.create_subprocess_exec(
        *command, env=environment(settings), stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    try:
        _, words = await asyncio.wait_for(process.communicate(), LONGEST_SECONDS)
    finally:
        if process.returncode is None:  # it took too long, or the service stops: no process is left behind
            process.kill()
            await process.wait()
    if process.returncode:
        log.warning("the nightly fit of the customer models failed: %s", words.decode("utf-8", "replace")[-LAST_WORDS:])
    else:
        log.info("the customer models were fitted anew")
    return process.returncode == 0


def claim(database: Database, now: datetime) -> bool:
    """Whether this process is the one to do it today."""
    with database.transaction() as session:
        return session.execute(_CLAIM, {"day": now.date().isoformat()}).first() is not None


def environment(settings: Settings) -> Mapping[str, str]:
    """This process' own, with where to read and write spelled out, and one thread unless more are asked for: beside a
    busy service two wait for each other and take longer."""
    where = {"KEFU_DATABASE_URL": settings.database_url, "KEFU_CRM_MODELS": str(settings.crm_models.absolute())}
    return {"OMP_NUM_THREADS": "1", **os.environ, **where}


def quietly() -> tuple[str, ...]:
    """Customers come first: the fit takes what they leave of the processors."""
    return ("nice", "-n", "15") if shutil.which("nice") else ()
