"""`kefu channels list`: every messaging channel, whether it is on, and the address to give to its platform."""


def command() -> None:
    """Show every channel, whether it is set up, and where its platform should deliver."""
    from rich.console import Console
    from rich.table import Column, Table

    from bot.channels_in_use import address, all_channels, variables
    from bot.settings import load_settings

    settings = load_settings()
    table = Table("channel", "", Column("where it delivers", overflow="fold"), Column("settings", no_wrap=True))
    for name, kind in all_channels().items():
        state = "on" if name in settings.channels else "off"
        where = address(settings, name) or (f"…/webhooks/{name}{kind.path}" if kind.delivers else "is asked by Kefu")
        table.add_row(name, state, where, "\n".join(variables(kind)))
    Console().print(table)
    if settings.public_url is None:
        Console().print("Set KEFU_PUBLIC_URL to the address at which the platforms reach Kefu.")
