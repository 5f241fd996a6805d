"""Whole dialogues with the real shop on a real PostgreSQL, their messages answered by two processes in turn."""

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from bot.assembly import Kefu, assemble
from bot.conversation.schema import metadata
from bot.database import Database, open_database, upgrade
from bot.settings import Settings
from knowledge.shop.schema import Base
from tests.bot import servers
from tests.conversations.checking import wrong_answer, wrong_shop, wrong_state
from tests.conversations.conversation import Conversation
from tests.conversations.dialogue import Dialogue, dialogues
from tests.conversations.small_shop import fill

ALL = {name: dialogue for language in ("en", "zh") for name, dialogue in dialogues(language)}
FILES = ("cancelling", "changing", "returning", "handoff")
FIRST_OF_FILES = [
    next(name for name in ALL if name.startswith(f"{language}/{file}:")) for language in ("en", "zh") for file in FILES
]


@pytest.fixture(scope="module")
def processes() -> Iterator[list[Kefu]]:
    with servers.postgres() as url:
        database = open_database(url)
        upgrade(database)
        refill(database)
        processes = [assemble(Settings(database_url=url)) for _ in range(2)]
        yield processes
        for process in processes:
            asyncio.run(process.close())
        database.close()


def refill(database: Database) -> None:
    tables = ", ".join(sorted({*Base.metadata.tables, *metadata.tables}))
    with database.transaction() as session:
        session.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
        fill(session)


@pytest.mark.parametrize("name", FIRST_OF_FILES)
async def test_a_dialogue_goes_as_written_whichever_process_answers(name: str, processes: list[Kefu]) -> None:
    dialogue: Dialogue = ALL[name]
    refill(processes[0].database)
    conversation = Conversation(processes[0], dialogue.signed_in_as)
    complaints: list[str] = []
    for number, turn in enumerate(dialogue.turns):
        conversation.kefu = processes[number % 2]
        answer = await conversation.say(turn.user, turn.message_id)
        complaints += [*wrong_answer(turn, answer), *wrong_state(turn, conversation)]
    with processes[0].database.read_session() as session:
        complaints += wrong_shop(dialogue.shop, session)
    assert complaints == []
