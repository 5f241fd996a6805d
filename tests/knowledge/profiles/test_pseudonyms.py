from pathlib import Path

import numpy as np

from knowledge.customers.transactions import Transactions
from knowledge.profiles.pseudonyms import Pseudonyms, has_learned_from, keep

OURS = Pseudonyms(b"a key that stays here")


def test_a_pseudonym_is_the_same_for_the_same_key_only() -> None:
    assert OURS.of("c_1") == OURS.of("c_1") != OURS.of("c_2")
    assert OURS.of("c_1") != Pseudonyms(b"the key of another shop").of("c_1")
    assert "c_1" not in OURS.of("c_1")


def test_purchases_stay_what_they_were() -> None:
    whole = np.array([0, 0, 1], dtype=np.int32)
    given = Transactions(np.array(["ann", "ben"]), np.array(["tea", "cup"]), whole, whole, whole, *(np.ones(3),) * 3)
    hidden = OURS.applied(given)
    assert hidden.customers.tolist() == [OURS.of("ann"), OURS.of("ben")]
    assert hidden.customer is given.customer
    assert hidden.item is given.item


def test_a_model_knows_whom_it_learned_from_without_naming_anybody(tmp_path: Path) -> None:
    keep(tmp_path, OURS.all_of(["ann", "ben"]))
    assert has_learned_from(tmp_path, OURS.of("ann"))
    assert not has_learned_from(tmp_path, OURS.of("cat"))
    assert b"ann" not in (tmp_path / "learned_from.npz").read_bytes()


def test_a_model_that_does_not_say_or_cannot_be_read_may_have(tmp_path: Path) -> None:
    assert has_learned_from(tmp_path, OURS.of("ann"))
    (tmp_path / "learned_from.npz").write_bytes(b"PK\x03\x04 broken")
    assert has_learned_from(tmp_path, OURS.of("ann"))
