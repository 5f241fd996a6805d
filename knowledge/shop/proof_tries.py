"""Wrong proofs of identity, counted in the database, so that nobody can guess: not after a restart, nor as another.

A proof that failed is remembered under every part of it that others may try again (the e-mail, the order, the name with
its postcode) and under its conversation, all as fingerprints. Being right later takes nothing back: it would let who
owns one order go on guessing. Where several processes answer, as many tries as there are turns at once may slip by.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from knowledge.shop.folding import digits_of, email_key, fold, order_number_key, postcode_key
from knowledge.shop.policy import TriesPolicy
from knowledge.shop.schema import WrongProofRow


class ProofTries:
    """`given` is a proof by its parts: order_number, email, name, postcode, as the customer wrote them."""

    def __init__(self, session: Session, rules: TriesPolicy, now: Callable[[], datetime]) -> None:
        self._session = session
        self._rules = rules
        self._now = now

    def are_used_up(self, given: Mapping[str, str], conversation_id: str | None) -> bool:
        """Whether the conversation, or anything in the proof, has been wrong too often lately."""
        tries = (
            select(func.count(WrongProofRow.proof.distinct()))
            .where(WrongProofRow.subject.in_(_subjects(given, conversation_id)), WrongProofRow.at > self._since())
            .group_by(WrongProofRow.subject)
        )
        return any(count >= self._rules.wrong for count in self._session.scalars(tries))

    def count(self, given: Mapping[str, str], conversation_id: str | None) -> None:
        """Remember that the proof was wrong. The same one again is no further guess."""
        self._session.execute(delete(WrongProofRow).where(WrongProofRow.at <= self._since()))
        proof = _fingerprint("proof", *sorted(_keys(given)))
        subjects = _subjects(given, conversation_id)
        self._session.add_all(WrongProofRow(subject=subject, proof=proof, at=self._now()) for subject in subjects)
        self._session.flush()

    def _since(self) -> datetime:
        return self._now() - timedelta(minutes=self._rules.within_minutes)


def _subjects(given: Mapping[str, str], conversation_id: str | None) -> list[str]:
    conversation = [_fingerprint("conversation", conversation_id)] if conversation_id else []
    return [*conversation, *_keys(given)]


def _keys(given: Mapping[str, str]) -> Iterator[str]:
    """However it is spelled, the same thing has the same fingerprint."""
    if "email" in given:
        yield _fingerprint("email", email_key(given["email"]))
    if "order_number" in given:
        key = order_number_key(given["order_number"])
        yield _fingerprint("order", digits_of(key) or key)
    if "name" in given and "postcode" in given:
        letters = "".join(sorted(fold(given["name"])))  # whichever name comes first
        yield _fingerprint("person", letters, postcode_key(given["postcode"]))


def _fingerprint(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()
