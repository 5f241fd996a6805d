"""Taking a customer out of what the models said, and telling which models learned from them."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.orm import Session

from knowledge.campaigns.schema import MemberRow
from knowledge.next_best_action.log import forget
from knowledge.profiles.artefacts import Artefacts
from knowledge.profiles.pseudonyms import Pseudonyms, has_learned_from
from knowledge.profiles.schema import ProfileChangeRow, ProfileRow

TABLES = (ProfileRow, ProfileChangeRow, MemberRow)


def erase_from_profiles(session: Session, customer_id: str, pseudonyms: Pseudonyms) -> dict[str, int]:
    """Delete profile, its history, places in campaigns and logged choices; returns how many rows, by table."""
    gone = {table.__tablename__: _delete(session, table, customer_id) for table in TABLES}
    gone["nba_decisions"] = forget(session, pseudonyms.of(customer_id))
    return {table: count for table, count in gone.items() if count}


def versions_that_learned_from(artefacts: Artefacts, customer_id: str, pseudonyms: Pseudonyms) -> Sequence[str]:
    """The versions, oldest first, that saw this customer's purchases."""
    pseudonym = pseudonyms.of(customer_id)
    versions = [entry.version for entry in artefacts.entries()]
    return [version for version in versions if has_learned_from(artefacts.root / version, pseudonym)]


def _delete(session: Session, table: type[ProfileRow | ProfileChangeRow | MemberRow], customer_id: str) -> int:
    return int(session.execute(delete(table).where(table.customer_id == customer_id)).rowcount)  # type: ignore[attr-defined]
