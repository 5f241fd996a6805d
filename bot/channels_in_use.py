"""Finding the channels: every file of `bot/channels` that defines one, and of those the ones whose settings are set."""

import difflib
import importlib
import inspect
import pkgutil
from typing import Any

from pydantic import ValidationError

import bot.channels
from bot.messaging.channel import Channel
from bot.settings import PREFIX, Settings, SettingsError

Kind = type[Channel[Any]]


def all_channels() -> dict[str, Kind]:
    """Every messaging channel by its name, in the order of the names."""
    names = sorted(found.name for found in pkgutil.iter_modules(bot.channels.__path__))
    return {name: kind for name in names if (kind := find_channel(name))}


def find_channel(name: str) -> Kind | None:
    """The channel that `bot/channels/<name>.py` defines; None for a file that is no messaging platform's."""
    module = importlib.import_module(f"bot.channels.{name}")
    for value in vars(module).values():
        if inspect.isclass(value) and issubclass(value, Channel) and value.__module__ == module.__name__:
            return value
    return None


def open_channels(settings: Settings) -> dict[str, Channel[Any]]:
    """The channels that have settings, ready. Raises SettingsError naming every wrong or missing variable."""
    opened, complaints = {}, []
    for name in settings.channels:
        try:
            opened[name] = open_channel(name, settings)
        except SettingsError as error:
            complaints.append(str(error))
    if complaints:
        raise SettingsError("\n".join(complaints))
    return opened


def open_channel(name: str, settings: Settings) -> Channel[Any]:
    kind = find_channel(name)
    if kind is None:
        raise SettingsError(f"{PREFIX}{name.upper()}_…: {name} is no messaging channel.")
    values = {field: value.get_secret_value() for field, value in settings.channels.get(name, {}).items()}
    try:
        return kind(kind.Settings.model_validate(values), settings.text_limit_characters, address(settings, name))
    except ValidationError as error:
        raise SettingsError("\n".join(explained(kind, error))) from None


def variables(kind: Kind) -> dict[str, str]:
    """A channel's variables and what each means."""
    fields = kind.Settings.model_fields
    return {f"{PREFIX}{kind.name}_{field}".upper(): str(info.description) for field, info in fields.items()}


def explained(kind: Kind, error: ValidationError) -> list[str]:
    """A line for each wrong setting; values are never shown, most of them are secrets."""
    return [_explained(kind, str(problem["loc"][0]), problem["type"], problem["msg"]) for problem in error.errors()]


def _explained(kind: Kind, field: str, code: str, words: str) -> str:
    variable, known = f"{PREFIX}{kind.name}_{field}".upper(), variables(kind)
    page = f"See docs/channels/{kind.name}.md."
    if code == "missing":
        return f"{variable} is missing: {known[variable]} {page}"
    if code == "extra_forbidden":
        near = difflib.get_close_matches(variable, known, n=2, cutoff=0.6)
        hint = f"Did you mean {' or '.join(near)}?" if near else page
        return f"{variable}: Kefu has no such setting. {hint}"
    return f"{variable}: {words.removeprefix('Value error, ')}. {page}"


def address(settings: Settings, name: str) -> str | None:
    """Where the platform delivers to, if it does and Kefu knows the address at which it is reached."""
    kind = find_channel(name)
    if kind is None or not kind.delivers or not settings.public_url:
        return None
    return f"{settings.public_url.rstrip('/')}/webhooks/{name}{kind.path}"
