"""What the bot holds of the shop between turns: the catalogue's names, which the model hears, and the policy."""

from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from sqlalchemy.orm import Session

from bot.database import Database
from knowledge.shop.policy import ShopPolicy, load_policy
from knowledge.shop.shop import Shop
from knowledge.shop.types import CatalogueName
from nlu.components.gazetteer import Gazetteer, OptionName, ProductName
from nlu.interpreter import Interpreter


@dataclass(frozen=True)
class _Read:
    policy: ShopPolicy
    names: list[CatalogueName]


class ShopInMemory:
    """`refresh` now and then: an import or a changed price rule needs no restart."""

    def __init__(self, database: Database, interpreter: Interpreter, policy_file: Path | None) -> None:
        self._database = database
        self._policy_file = policy_file
        self._changing = Lock()
        self._read = self._read_now()
        self.interpreter = interpreter.with_gazetteer(make_gazetteer(self._read.names))

    @property
    def policy(self) -> ShopPolicy:
        return self._read.policy

    def refresh(self) -> bool:
        """Read the shop again; True if anything had changed. Takes some ten milliseconds for a thousand products."""
        with self._changing:
            read, before = self._read_now(), self._read
            if read.names != before.names:
                self.interpreter = self.interpreter.with_gazetteer(make_gazetteer(read.names))
            self._read = read
            return read != before

    def hear_with(self, interpreter: Interpreter) -> None:
        """From now on this model hears the catalogue's names."""
        with self._changing:
            self.interpreter = interpreter.with_gazetteer(make_gazetteer(self._read.names))

    def _read_now(self) -> _Read:
        with self._database.read() as connection, Session(connection) as session:
            policy = load_policy(session, self._policy_file)
            return _Read(policy, Shop(session, policy).catalogue_names())


def make_gazetteer(names: list[CatalogueName]) -> Gazetteer:
    """The catalogue's names as plain values: what the model may recognise in a sentence."""
    products = [ProductName(name.product_id, name.name_en, name.name_zh) for name in names]
    options = {option for name in names for option in name.option_values}
    return Gazetteer(products, [OptionName(*option) for option in sorted(options)])
