"""The other system that the settings name, if they name one, and what works with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx
from pydantic import SecretStr

from bot.database import Database
from bot.handoff.changes import Changes
from bot.handoff.desk import Desk
from bot.helpdesks.chatwoot import Chatwoot
from bot.helpdesks.hearing import Hearing
from bot.helpdesks.helpdesk import HelpDesk
from bot.helpdesks.telling import Packs, Telling
from bot.helpdesks.webhook import Webhook
from bot.helpdesks.zendesk import Zendesk
from bot.messaging.links import Links
from bot.messaging.standard_webhooks import SHAPE, is_key
from bot.settings import Settings, SettingsError

NEEDED: Mapping[str, Sequence[str]] = {
    "chatwoot": ("url", "token", "secret", "account", "inbox"),
    "zendesk": ("url", "token", "secret", "user"),
    "webhook": ("url", "secret"),
}


@dataclass(frozen=True)
class Elsewhere:
    """Another system at work: what it is told, and what is heard from it."""

    telling: Telling
    hearing: Hearing


def put_together(
    settings: Settings,
    database: Database,
    changes: Changes,
    desk: Desk,
    packs: Packs,
    files: Links,
    http: httpx.AsyncClient,
) -> Elsewhere | None:
    """None where people answer in Kefu's console. Raises SettingsError naming what is missing."""
    helpdesk = open_helpdesk(settings)
    if helpdesk is None:
        return None
    telling = Telling(database, helpdesk, packs, files, http, changes.run)
    return Elsewhere(telling, Hearing(database, changes, desk, helpdesk, http))


def open_helpdesk(settings: Settings) -> HelpDesk | None:
    """None where people answer in Kefu's console. Raises SettingsError naming what is missing."""
    target = settings.handoff_target
    if target == "console":
        return None
    missing = [name for name in NEEDED[target] if not getattr(settings, f"handoff_{name}")]
    if missing:
        names = ", ".join(f"KEFU_HANDOFF_{name.upper()}" for name in missing)
        raise SettingsError(f"KEFU_HANDOFF_TARGET={target} needs {names}: see docs/helpdesks.md.")
    return made(settings)


def made(settings: Settings) -> HelpDesk:
    url, secrets = (
        str(settings.handoff_url),
        [one for one in (settings.handoff_secret, settings.handoff_previous_secret) if one],
    )
    token = settings.handoff_token or SecretStr("")
    if settings.handoff_target == "chatwoot":
        return Chatwoot(url, token, str(settings.handoff_account), str(settings.handoff_inbox), secrets)
    if settings.handoff_target == "zendesk":
        return Zendesk(url, str(settings.handoff_user), token, secrets)
    if not all(is_key(one) for one in secrets):
        raise SettingsError(f"KEFU_HANDOFF_SECRET and KEFU_HANDOFF_PREVIOUS_SECRET: each {SHAPE}.")
    return Webhook(url, secrets)
