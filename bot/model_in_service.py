"""The language model that serves, and its replacement while customers write.

    promoted      `kefu models promote` moves the pointer in the models folder
    noticed       `poll`, every two seconds
    made ready    files checked, sessions opened, a sentence of each language read, every article's vector made
    taken up      one assignment: a turn that began keeps the model it began with, the next one has the new

Whatever goes wrong before the last step leaves the old model serving.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.article_vectors import StoredVectors
from bot.database import Database
from bot.models_folder import registry_of
from bot.settings import Settings
from knowledge.articles.index import ArticleIndex
from nlu.interpreter import Interpreter

log = logging.getLogger("kefu.model")

TRIAL = ("Where is my order?", "我的订单到哪了？")


@dataclass(frozen=True)
class Served:
    """A model and what depends on it: they are replaced as one."""

    name: str
    """Its name in the models folder, `default`, or the directory of KEFU_MODEL_DIR."""
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
        self.problem: str | None = None
        """Why the version that was promoted last does not serve."""
        self.taken_up: Callable[[Served], None] = lambda _served: None
        """Called with a new model before the first turn uses it."""
        self.refused: Callable[[], None] = lambda: None
        """Called when a promoted model could not be taken up."""
        if self._fixed is not None:
            self.now = self._served(str(self._fixed), self._load(self._fixed))
        else:
            name = self._registry.current
            self.now = self._served(name, self._load(self._registry.folder(name)))

    def poll(self) -> bool:
        """Take up what was promoted since the last call; True if another model serves now. Takes seconds if so."""
        stamp = self._registry.stamp()
        if self._fixed is not None or stamp == self._stamp:
            return False
        self._stamp = stamp
        try:
            return self._follow()
        except Exception as error:  # a candidate is anybody's file: whatever it does, the old model goes on serving
            self.problem = f"the promoted model does not serve; '{self.now.name}' goes on: {error}"
            log.warning(self.problem)
            self.refused()
            return False

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
        served = self._served(name, self._load(self._registry.folder(name)), beside=self.now.version)
        for sentence in TRIAL:
            served.interpreter.parse(sentence)
        served.articles.warm()
        return served

    def _load(self, folder: Path) -> Interpreter:
        return Interpreter.load(folder, max_error_rate=self._max_error_rate)

    def _served(self, name: str, interpreter: Interpreter, beside: str = "") -> Served:
        vectors = StoredVectors(self._database, interpreter.embed, interpreter.metadata.version, beside)
        return Served(name, interpreter, self._articles.reading_with(vectors))
