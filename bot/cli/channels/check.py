"""`kefu channels check [NAME]`: what is misconfigured, as far as it can be seen from here and from the platform."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.settings import Settings

HANDOFF = "handoff"
OWN = ("rest", "socketio", "web")
"""Channels without a platform behind them."""


def command(
    name: Annotated[
        str | None,
        typer.Argument(
            help="The channel, e.g. telegram; or handoff: the system whose people answer. Without: all that are on."
        ),
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask the platform.")] = False,
) -> None:
    """Tell what is misconfigured and the address to give to the platform. Exit status 1: something is."""
    from bot.settings import load_settings

    settings = load_settings()
    names = [_known(name)] if name else _set_up(settings)
    if not names:
        typer.echo("No messaging channel is set up. `kefu channels list` shows them, docs/channels.md how to begin.")
    are_right = [_looks_right(one, settings, offline, has_heading=len(names) > 1) for one in names]
    if not all(are_right):
        raise typer.Exit(1)


def _known(name: str) -> str:
    """The name, if there is something to check. Ends the command with words where there is not."""
    from bot.channels_in_use import all_channels

    if name in all_channels() or name == HANDOFF:
        return name
    if name in OWN:
        typer.echo(f"{name} belongs to no platform that could be asked: docs/channels/{name}.md says what it needs.")
        raise typer.Exit
    typer.echo(f"{name}: there is no such channel. There are: {', '.join(all_channels())}, {HANDOFF}.", err=True)
    raise typer.Exit(2)


def _set_up(settings: "Settings") -> list[str]:
    return [*sorted(settings.channels), *([] if settings.handoff_target == "console" else [HANDOFF])]


def _looks_right(name: str, settings: "Settings", offline: bool, has_heading: bool) -> bool:
    import asyncio

    if has_heading:
        typer.secho(name, bold=True)
    if name == HANDOFF:
        problems = asyncio.run(_handoff_problems(settings, offline))
    else:
        problems = _channel_problems(name, settings, offline)
    for problem in problems:
        typer.secho(f"✗ {problem}", fg=typer.colors.RED)
    if not problems:
        typer.secho(f"✓ {name} looks right", fg=typer.colors.GREEN)
    return not problems


def _channel_problems(name: str, settings: "Settings", offline: bool) -> list[str]:
    """In sentences; the address to give to the platform is told on the way."""
    import asyncio

    from bot.channels_in_use import address, all_channels
    from bot.settings import SettingsError

    kind, url = all_channels()[name], address(settings, name)
    if kind.delivers:
        shown = url or f"<KEFU_PUBLIC_URL>/webhooks/{name}{kind.path}"
        typer.echo(f"The platform delivers to: {shown}  (docs/channels/{name}.md)")
    try:
        problems = asyncio.run(_problems(name, offline))
    except SettingsError as error:
        problems = str(error).splitlines()
    if url is None and (kind.delivers or (kind.can.files and not kind.can.uploads)):
        problems.append("KEFU_PUBLIC_URL is not set: Kefu does not know the address to give to the platform.")
    elif url is not None and not url.startswith("https://"):
        problems.append(f"{url} is not https: most platforms deliver nowhere else.")
    return problems


async def _handoff_problems(settings: "Settings", offline: bool) -> list[str]:
    import httpx

    from bot.helpdesks.choosing import open_helpdesk
    from bot.messaging.errors import SendError
    from bot.settings import SettingsError

    try:
        helpdesk = open_helpdesk(settings)
    except SettingsError as error:
        return str(error).splitlines()
    missing = [] if settings.public_url else ["KEFU_PUBLIC_URL is not set: that system cannot reach Kefu."]
    if helpdesk is None:
        return []
    address = f"{(settings.public_url or '<KEFU_PUBLIC_URL>').rstrip('/')}/handoff/{helpdesk.name}"
    typer.echo(f"What is done in {helpdesk.name} is delivered to: {address}  (docs/helpdesks.md)")
    if offline:
        return missing
    async with httpx.AsyncClient(follow_redirects=False) as http:
        try:
            return missing + await helpdesk.check(http)
        except SendError as error:
            return [*missing, f"{helpdesk.name} did not answer as it should: {error.reason}. Look at KEFU_HANDOFF_*."]


async def _problems(name: str, offline: bool) -> list[str]:
    import httpx

    from bot.channels_in_use import address, open_channel
    from bot.messaging.errors import SendError
    from bot.settings import load_settings

    settings = load_settings()
    channel = open_channel(name, settings)
    if offline:
        return []
    async with httpx.AsyncClient(follow_redirects=False) as http:
        try:
            return await channel.check(http, address(settings, name))
        except SendError as error:
            return [f"The platform could not be asked: {error.reason}."]
