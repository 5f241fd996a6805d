"""`kefu agents list`: who answers customers, and what they may do."""


def command() -> None:
    """Show all agents: e-mail, name, role, languages, whether they are there, whether they have a second factor."""
    import time

    from rich.console import Console
    from rich.table import Table

    from bot.cli.agents._office import writing
    from bot.console.login.accounts import everybody

    with writing() as connection:
        accounts, now = everybody(connection), time.time()
    table = Table("e-mail", "name", "role", "languages", "skills", "at once", "there", "second factor")
    for one in accounts:
        agent = one.agent
        there = "yes" if agent.is_present(now) else "no" if agent.is_active else "disabled"
        told = (", ".join(agent.languages), ", ".join(agent.skills), str(agent.capacity), there)
        table.add_row(agent.email, agent.name, agent.role, *told, "on" if one.has_totp else "off")
    Console().print(table if accounts else "There are no agents yet: kefu agents add EMAIL --name NAME --role admin")
