"""The demo shop's agents, with a password that everybody may know. They come in only while KEFU_DEMO is on.

Without it they are switched off, and with them whomever they let in: everybody could be their administrator.
"""

import time
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.console.login import accounts, passwords, sessions
from bot.console.person import Role
from bot.conversation.sql import Statement
from bot.database import Database
from bot.handoff import agents

PASSWORD = "welcome-to-kefu"
HOST = "@demo.kefu.example"

_LET_IN = Statement(
    "SELECT agent_id, target FROM console_audit WHERE operation IN ('add_agent', 'reset_password', 'change_agent')"
)


@dataclass(frozen=True)
class DemoAgent:
    name: str
    local: str
    role: Role
    languages: tuple[str, ...]

    @property
    def email(self) -> str:
        return self.local + HOST


AGENTS = (
    DemoAgent("Anna Berg", "anna", "agent", ("en", "zh")),
    DemoAgent("李梅", "limei", "agent", ("zh", "en")),
    DemoAgent("Sam Okafor", "sam", "supervisor", ("en",)),
    DemoAgent("Ada Lin", "ada", "admin", ("en", "zh")),
)


def seed_demo_agents(database: Database) -> None:
    """Make those that are not there yet; those of an earlier demo come back."""
    with database.read() as connection:
        found = [accounts.find_by_email(connection, agent.email) for agent in AGENTS]
    if all(account and account.agent.is_active for account in found):
        return
    made = passwords.hashed(PASSWORD)
    with database.writing() as connection:
        for agent in AGENTS:
            _add(connection, agent, made)
        connection.commit()


def shut_demo_agents_out(database: Database) -> None:
    """For a service that is no demo, on a database that perhaps was one's."""
    with database.read() as connection:
        if not any(one.is_active and is_demo_account(one.email) for one in agents.everybody(connection)):
            return
    with database.writing() as connection:
        for agent_id in _of_demo(connection):
            agents.change(connection, agent_id, is_active=False)
            sessions.end_all(connection, agent_id, time.time())
        connection.commit()


def _of_demo(connection: Connection) -> set[str]:
    """The demo's agents, whomever they gave an account, a password or rights to, and so on."""
    known = {one.id: one.email for one in agents.everybody(connection)}
    found = {agent_id for agent_id, email in known.items() if is_demo_account(email)}
    let_in = _LET_IN.all(connection, {})
    while more := {target for giver, target in let_in if giver in found and target in known} - found:
        found |= more
    return found


def _add(connection: Connection, agent: DemoAgent, password_hash: str) -> None:
    now = time.time()
    there = accounts.find_by_email(connection, agent.email)
    if there is not None:
        agents.change(connection, there.id, is_active=True)
    else:
        account = accounts.add(connection, agent.email, agent.name, agent.role, now, languages=agent.languages)
        accounts.set_password(connection, account.id, password_hash, False, now)


def is_demo_account(email: str) -> bool:
    return accounts.folded(email).endswith(HOST)


def shown() -> list[dict[str, str]]:
    """For the login page."""
    return [{"name": one.name, "email": one.email, "password": PASSWORD, "role": one.role} for one in AGENTS]
