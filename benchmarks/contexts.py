"""Short answers that mean something only after what went before (tests/nlu/frozen/context.yml), given to the real bot.

Every scene is held once, on the small shop of tests/conversations; every answer gets a copy of the database as it was.
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from sqlalchemy import select

from bot.assembly import Kefu, assemble
from bot.database import open_database, upgrade
from bot.settings import Settings
from knowledge.shop.schema import AuditRow
from nlu.cases import Cases
from nlu.errors import DatasetError
from nlu.phenomena import PhenomenonReport
from nlu.transfer.scoring import Share
from nlu.types import Language
from tests.conversations.checking import wrong_answer, wrong_state
from tests.conversations.conversation import Conversation
from tests.conversations.dialogue import Turn
from tests.conversations.small_shop import fill

_ANSWER = frozenset({"scene", "user", "bot"})
_ANSWER_KEYS = _ANSWER | {"not", "slots", "form", "writes"}


@dataclass(frozen=True)
class Scene:
    """How a conversation came to the point where the answer is given."""

    said: list[str]
    signed_in_as: str | None = None


@dataclass(frozen=True)
class Answer:
    """A short message and what must come of it."""

    scene: str
    turn: Turn
    where: str
    writes: list[str] = field(default_factory=list)


def measure_contexts(file: Path, model: Path) -> list[PhenomenonReport]:
    """A report for each language. Raises DatasetError with file and line."""
    cases = Cases.load(file)
    scenes = {name: Scene(**scene) for name, scene in (cases.value("scenes") or {}).items()}
    with tempfile.TemporaryDirectory() as folder, closing(_Stage(Path(folder), model)) as stage:
        return [
            _report(language, stage, scenes, list(_answers(cases, language, scenes))) for language in get_args(Language)
        ]


def _answers(cases: Cases, language: Language, scenes: dict[str, Scene]) -> Iterator[Answer]:
    for case, where in cases.mappings(language, _ANSWER, _ANSWER_KEYS):
        if case["scene"] not in scenes:
            raise DatasetError(f"{where}: there is no scene '{case['scene']}'; it must stand under `scenes`")
        turn = {key: value for key, value in case.items() if key not in ("scene", "writes")}
        yield Answer(case["scene"], Turn.model_validate(turn), where, case.get("writes", []))


def _report(language: Language, stage: "_Stage", scenes: dict[str, Scene], answers: list[Answer]) -> PhenomenonReport:
    wrong, blunders = [], 0
    for answer in answers:
        complaints, wrote = stage.play(answer.scene, scenes[answer.scene], answer)
        blunders += wrote != answer.writes and wrote != []
        if complaints:
            wrong.append(f"{answer.where}: {answer.scene}: {answer.turn.user} → {'; '.join(complaints)}")
    count = len(answers)
    right = Share(count - len(wrong), count)
    return PhenomenonReport("context", language, right, Share(blunders, count), tuple(wrong))


class _Stage:
    """The assembled bot and its database, put back before every answer to where its scene ended."""

    def __init__(self, folder: Path, model: Path) -> None:
        self._folder, self._path = folder, folder / "kefu.db"
        self._held: dict[str, Conversation] = {}
        database = open_database(f"sqlite:///{folder / 'shop.db'}", "OFF")
        upgrade(database)
        with database.transaction() as session:
            fill(session)
        database.close()
        _copy(folder / "shop.db", self._path)
        self._kefu: Kefu = assemble(
            Settings(
                database_url=f"sqlite:///{self._path}",
                sqlite_synchronous="NORMAL",
                model_dir=model,
                tracker_cache_size=0,  # what is in memory would not be put back
            )
        )
        self._loop = asyncio.new_event_loop()

    def play(self, name: str, scene: Scene, answer: Answer) -> tuple[list[str], list[str]]:
        """What is wrong, and what was written in the shop."""
        if name not in self._held:
            self._hold(name, scene)
        _copy(self._folder / f"{name}.db", self._path)
        conversation = self._held[name]
        reply = self._loop.run_until_complete(conversation.say(answer.turn.user))
        complaints = [*wrong_answer(answer.turn, reply), *wrong_state(answer.turn, conversation)]
        if (wrote := self._writes()) != answer.writes:
            complaints.append(f"writes: should be {answer.writes}, is {wrote}")
        return complaints, wrote

    def close(self) -> None:
        self._loop.run_until_complete(self._kefu.close())
        self._loop.close()

    def _hold(self, name: str, scene: Scene) -> None:
        _copy(self._folder / "shop.db", self._path)
        conversation = self._held[name] = Conversation(self._kefu, scene.signed_in_as)
        for said in scene.said:
            self._loop.run_until_complete(conversation.say(said))
        _copy(self._path, self._folder / f"{name}.db")

    def _writes(self) -> list[str]:
        with self._kefu.database.read_session() as session:
            return list(session.scalars(select(AuditRow.operation).order_by(AuditRow.audit_id)))


def _copy(source: Path, target: Path) -> None:
    """SQLite's own copy, which an open database notices."""
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)
