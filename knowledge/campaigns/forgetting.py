"""A customer's erasure: off every list. What stays is the fingerprint of who unsubscribed, so that they stay so."""

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from knowledge.campaigns.schema import MemberRow


def forget(session: Session, customer_id: str) -> int:
    """Take the customer off all campaigns, sent or not; returns of how many. Their links do nothing from then on."""
    count = session.scalar(select(func.count()).where(MemberRow.customer_id == customer_id)) or 0
    session.execute(delete(MemberRow).where(MemberRow.customer_id == customer_id))
    return count
