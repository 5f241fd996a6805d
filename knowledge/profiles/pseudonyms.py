"""Customers under other names, so that no model holds a customer's id.

A pseudonym is a keyed hash: whoever has the shop's key can tell whether a model learned from a customer (`kefu privacy
erase` must), and nobody else can go from the model to a person.
"""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Self
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
from sqlalchemy import Executable
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from knowledge.customers.transactions import Texts, Transactions
from knowledge.shop.schema import ShopSettingRow

FILE = "learned_from.npz"
BYTES = 8
KEY_BYTES = 32
SETTING = "pseudonym_key"


@dataclass(frozen=True)
class Pseudonyms:
    """`key` is 16 to 64 bytes that stay with the shop."""

    key: bytes

    @classmethod
    def of_shop(cls, session: Session) -> Self:
        """With the key of the shop's database, made at the first use: the session must be allowed to write then."""
        found = cls.kept(session)
        if found is None:
            session.execute(_KEEP[session.get_bind().dialect.name](secrets.token_hex(KEY_BYTES)))
            found = cls.kept(session)
        assert found is not None, "it was kept just now"
        return found

    @classmethod
    def kept(cls, session: Session) -> Self | None:
        """With the key of the shop's database; None before the first use."""
        stored = session.get(ShopSettingRow, SETTING)
        return cls(bytes.fromhex(stored.value["key"])) if stored else None

    def of(self, customer_id: str) -> str:
        """16 signs, always the same for the same customer and key."""
        return blake2b(customer_id.encode(), digest_size=BYTES, key=self.key).hexdigest()

    def all_of(self, customer_ids: Iterable[str]) -> Texts:
        return np.array([self.of(str(customer_id)) for customer_id in customer_ids], dtype=f"U{2 * BYTES}")

    def applied(self, transactions: Transactions) -> Transactions:
        """The same purchases, customers under their pseudonyms; numbers stay."""
        return replace(transactions, customers=self.all_of(transactions.customers.tolist()))


def known_as(session: Session) -> Callable[[str], str]:
    """How a model that was fitted on this shop names a customer; the key is read at the first question."""

    @cache
    def kept() -> Pseudonyms | None:
        return Pseudonyms.kept(session)

    def pseudonym(customer_id: str) -> str:
        pseudonyms = kept()
        return pseudonyms.of(customer_id) if pseudonyms else ""

    return pseudonym


def _kept_in_sqlite(key: str) -> Executable:
    return sqlite.insert(ShopSettingRow).values(name=SETTING, value={"key": key}).on_conflict_do_nothing()


def _kept_in_postgresql(key: str) -> Executable:
    return postgresql.insert(ShopSettingRow).values(name=SETTING, value={"key": key}).on_conflict_do_nothing()


_KEEP = {"sqlite": _kept_in_sqlite, "postgresql": _kept_in_postgresql}


def keep(folder: Path, pseudonyms: Texts) -> None:
    """Beside a model: whom it learned from."""
    np.savez_compressed(folder / FILE, pseudonyms=np.unique(_numbers(pseudonyms)))


def has_learned_from(folder: Path, pseudonym: str) -> bool:
    """Whether the model in `folder` learned from this customer; one that does not say, or can't be read, may have."""
    try:
        with np.load(folder / FILE, allow_pickle=False) as stored:
            return bool(np.isin(np.uint64(int(pseudonym, 16)), stored["pseudonyms"]))
    except (OSError, ValueError, KeyError, BadZipFile):
        return True


def _numbers(pseudonyms: Texts) -> npt.NDArray[np.uint64]:
    return np.array([int(one, 16) for one in pseudonyms.tolist()], dtype=np.uint64)
