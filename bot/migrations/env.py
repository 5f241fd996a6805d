"""How alembic reaches Kefu's tables: the shop's and the conversations' in one history.

`bot.database.migrate` hands over an open connection. For a new one: change the schema, then `python -m bot.migrations`.
"""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, TypeDecorator

from bot.console import schema as _console  # noqa: F401  (its tables, and those of handoffs, register with metadata)
from bot.conversation import ratings as _ratings  # noqa: F401  (its table registers with the metadata)
from bot.conversation import visits as _visits  # noqa: F401  (its tables register with the metadata)
from bot.conversation.schema import metadata as conversations
from bot.helpdesks import schema as _helpdesks  # noqa: F401  (its tables register with the metadata)
from knowledge.campaigns import schema as _campaigns  # noqa: F401  (its tables register with Base)
from knowledge.next_best_action import schema as _next_best_action  # noqa: F401  (its tables register with Base)
from knowledge.profiles import schema as _profiles  # noqa: F401  (its tables register with Base)
from knowledge.shop.schema import Base


def render_item(kind: str, item: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """A migration names plain column types, so that it still runs when our own types have moved."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=[Base.metadata, conversations],
        render_item=render_item,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
