"""The shop floor of the handoffs' own tests."""

from tests.bot.handoff.conftest import database, either_database, floor, postgres_url

__all__ = ["database", "either_database", "floor", "postgres_url"]
