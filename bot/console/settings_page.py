"""The settings in force, for admins to look at: never a secret, only whether it is set.

GET /console/api/admin/settings
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import APIRouter

from bot.console.login.access import Admin
from bot.settings import CHANNELS, PREFIX, Settings

HIDDEN = "•••"


@dataclass(frozen=True)
class Setting:
    """`value` is None where nothing is set, and for what is secret."""

    name: str
    value: str | None
    is_secret: bool
    is_set: bool
    is_default: bool
    description: str


def router(settings: Settings) -> APIRouter:
    routes = APIRouter(tags=["console"], prefix="/console/api")

    @routes.get("/admin/settings", summary="The settings in force, without secrets")
    def in_force(_person: Admin) -> list[Setting]:
        return [*own(settings), *of_channels(settings)]

    return routes


def own(settings: Settings) -> list[Setting]:
    shown = []
    for name, field in type(settings).model_fields.items():
        if name == CHANNELS:
            continue
        value, is_secret = getattr(settings, name), "SecretStr" in str(field.annotation)
        words = None if is_secret else in_words(value)
        is_default = value == field.get_default(call_default_factory=True)
        shown.append(
            Setting(f"{PREFIX}{name.upper()}", words, is_secret, value is not None, is_default, field.description or "")
        )
    return shown


def of_channels(settings: Settings) -> list[Setting]:
    """A channel's own settings count as secret, all of them: most are."""
    return [
        Setting(f"{PREFIX}{channel.upper()}_{field.upper()}", None, True, True, False, "")
        for channel, fields in sorted(settings.channels.items())
        for field in sorted(fields)
    ]


def in_words(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, str) and "://" in value:
        return without_password(value)
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, tuple | list | frozenset) else str(value)


def without_password(url: str) -> str:
    """Without whatever may let somebody in: the password, and the values after a question mark."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return HIDDEN
    user, at, host = parts.netloc.rpartition("@")
    query = re.sub(r"=[^&]*", f"={HIDDEN}", parts.query)
    return parts._replace(netloc=f"{user.partition(':')[0]}:{HIDDEN}@{host}" if at else host, query=query).geturl()
