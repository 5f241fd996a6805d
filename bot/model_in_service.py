"""The language model that serves, and its replacement while customers write.

    promoted      `kefu models promote` moves the pointer in the models folder
    noticed       `poll`, every two seconds
    made ready    files checked, sessions opened, a sentence of each language read, every article's vector made
    taken up      a message that is being read keeps the model it began with, the next one has the new

Whatever goes wrong before the last step leaves the old model serving. What may pass, such as a database that is away
for a moment, is tried again; a model that is refused for what it is waits for the next promotion.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.article_vectors import StoredVectors
from bot.database import Database
from bot.models_folder import registry_of
from bot.settings import Settings
from knowledge.articles.index import ArticleIndex
from nlu.errors import NluError
from nlu.interpreter import Interpreter

log = logging.getLogger("kefu.model")

RETRY_SECONDS = 30.0
TRIAL = ("Where is my order?", "我的订单到哪了？")


@dataclass(frozen=True)
class Served:
    """A model and what depends on it: they are replaced as one."""

    name: str
    """Its name in the models folder, `default`, or the directory of KEFU_MODEL_DIR."""
    folder: Path
    interpreter: Interpreter
    articles: ArticleIndex

    @property
    def version(self) -> str:
        return self.interpreter.metadata.version


class ModelInService:
    """`now` may be read by any thread at any time; `poll` by one at a time."""

    def __init__(self, settings: Settings, database: Database, articles: ArticleIndex) -> None:
        """Loads the model. Raises NluError when it cannot be loaded: a start is no time to guess."""
        self._registry = registry_of(settings)
        self._fixed = settings.model_dir
        self._max_error_rate = settings.nlu_max_error_rate
        self._database = database
        self._articles = articles
        self._stamp = self._registry.stamp()
        self._failed: tuple[tuple[int, ...], float] | None = None
        """The stamp that could not be followed for a reason that may pass, and when to try again."""
        self.problem: str | None = None
        """Why the version that was promoted last does not serve."""
        self.taken_up: Callable[[Served], None] = lambda _served: None
        """Called with a new model before the first turn uses it. What it raises must have changed nothing."""
        self.refused: Callable[[], None] = lambda: None
        """Called when a promoted model could not be taken up."""
        if self._fixed is not None:
            self.now = self._served(str(self._fixed), self._fixed)
        else:
            name = self._registry.current
            self.now = self._served(name, self._registry.folder(name))

    def poll(self) -> bool:
        """Take up what was promoted since the last call; True if another model serves now. Takes seconds if so."""
        stamp = self._registry.stamp()
        if self._fixed is not None or stamp == self._stamp or self._waits(stamp):
            return False
        has_swapped = False
        try:
            has_swapped = self._follow()
        except NluError as error:
            self._refuse(str(error))
        except Exception as error:  # a candidate is anybody's file: whatever it does, the old model goes on serving
            self._refuse(f"{error}; tried again in {RETRY_SECONDS:g} seconds")
            self._failed = stamp, time.monotonic() + RETRY_SECONDS
            return False
        self._stamp = stamp
        return has_swapped

    def _waits(self, stamp: tuple[int, ...]) -> bool:
        return self._failed is not None and self._failed[0] == stamp and time.monotonic() < self._failed[1]

    def _refuse(self, reason: str) -> None:
        self.problem = f"the promoted model does not serve; '{self.now.name}' goes on: {reason}"
        log.warning(self.problem)
        self.refused()

    def _follow(self) -> bool:
        name = self._registry.current
        if name == self.now.name:
            self.problem = None
            return False
        served = self._made_ready(name)
        self.taken_up(served)
        self.now, self.problem = served, None
        log.info("another language model serves", extra={"model": served.version, "model_name": name})
        return True

    def _made_ready(self, name: str) -> Served:
        served = self._served(name, self._registry.folder(name), beside=self.now.version)
        for sentence in TRIAL:
            served.interpreter.parse(sentence)
        served.articles.warm()
        return served

    def _served(self, name: str, folder: Path, beside: str = "") -> Served:
        interpreter = Interpreter.load(folder, max_error_rate=self._max_error_rate)
        vectors = StoredVectors(self._database, interpreter.embed, interpreter.metadata.version, beside)
        return Served(name, folder, interpreter, self._articles.reading_with(vectors))
