"""`kefu agents list`: who answers customers, and what they may do."""


def command() -> None:
    """Show all agents: e-mail, name, role, languages, whether they are there, whether they have a second factor."""
    import time

    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Column, Table

    from bot.cli.agents._office import writing
    from bot.console.login.accounts import everybody

    with writing() as connection:
        accounts, now = everybody(connection), time.time()
    heads = ("role", "speaks", "skills", "at once", "there", "2FA")
    table = Table(Column("who", no_wrap=True), *(Column(head, overflow="fold") for head in heads), box=SIMPLE)
    for one in accounts:
        agent = one.agent
        there = "yes" if agent.is_present(now) else "no" if agent.is_active else "disabled"
        told = (", ".join(agent.languages), ", ".join(agent.skills), str(agent.capacity), there)
        table.add_row(f"{agent.name}\n{agent.email}", agent.role, *told, "on" if one.has_totp else "off")
    Console().print(table if accounts else "There are no agents yet: kefu agents add EMAIL --name NAME --role admin")
