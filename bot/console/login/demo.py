"""The demo shop's agents, with a password that everybody may know. They come in only while KEFU_DEMO is on."""

import time
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.console.login import accounts, passwords
from bot.console.person import Role
from bot.database import Database

PASSWORD = "welcome-to-kefu"
HOST = "@demo.kefu.example"


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
    """Make those that are not there yet."""
    with database.read() as connection:
        missing = [agent for agent in AGENTS if accounts.find_by_email(connection, agent.email) is None]
    if not missing:
        return
    made = passwords.hashed(PASSWORD)
    with database.writing() as connection:
        for agent in missing:
            _add(connection, agent, made)
        connection.commit()


def _add(connection: Connection, agent: DemoAgent, password_hash: str) -> None:
    now = time.time()
    if accounts.find_by_email(connection, agent.email) is None:  # another process may have been faster
        account = accounts.add(connection, agent.email, agent.name, agent.role, now, languages=agent.languages)
        accounts.set_password(connection, account.id, password_hash, False, now)


def is_demo_account(email: str) -> bool:
    return accounts.folded(email).endswith(HOST)


def shown() -> list[dict[str, str]]:
    """For the login page."""
    return [{"name": one.name, "email": one.email, "password": PASSWORD, "role": one.role} for one in AGENTS]
