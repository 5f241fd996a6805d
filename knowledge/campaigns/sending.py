"""Sends a campaign: one recipient after the other, each a row that says how far it got.

    waiting ──claimed──► sending ──taken──► sent
       ▲                    │ ├──never────► failed        (the server's code)
       └──── not now ───────┘ ├──no longer► refused       (consent gone, enough mails …: permission.py)
                              └──crash────► unsure        (may have arrived: never sent again)

The claim is committed before the mail goes out, so that a crash at any point sends no mail twice: a row that is found
`sending` at the next start becomes `unsure`. Several processes may send the same campaign.
"""

import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from knowledge.campaigns.envelope import enclose, new_message_id
from knowledge.campaigns.errors import PostError, RefusedForNow, Uncertain, Unreachable
from knowledge.campaigns.facts import facts_for
from knowledge.campaigns.letter import Sender, write_letter
from knowledge.campaigns.message import Message, message_from
from knowledge.campaigns.permission import Fingerprints, Permission
from knowledge.campaigns.picking import Picker
from knowledge.campaigns.planning import MAIL, WAITING, campaign_of, cap_of
from knowledge.campaigns.post import Post
from knowledge.campaigns.schema import CampaignRow, MemberRow
from knowledge.campaigns.unsubscribing import Links
from knowledge.recommendation.recommender import Recommender
from knowledge.shop.schema import CustomerRow
from knowledge.shop.shop import Shop
from knowledge.shop.types import Language

SENDING, SENT, FAILED, REFUSED, UNSURE = "sending", "sent", "failed", "refused", "unsure"
TRIES = 3
"""For a mail that the server does not want now."""
Transaction = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True)
class Office:
    """What every mail of the shop needs."""

    sender: Sender
    mail_from: Address
    reply_to: str | None
    links: Links
    fingerprints: Fingerprints
    mails_a_minute: int
    shop: Callable[[Session], Shop] = Shop
    recommender: Callable[[Session, datetime], Recommender] = Recommender


@dataclass(frozen=True)
class Ready:
    """A claimed row and its mail."""

    member_id: int
    recipient: str
    message: EmailMessage


def send(
    transaction: Transaction,
    campaign_id: str,
    office: Office,
    post: Post,
    now: Callable[[], datetime],
    progress: Callable[[int, int], None] = lambda *_: None,
    limit: int | None = None,
) -> Counter[str]:
    """Until nobody is waiting, or `limit` mails are out. Returns what became of how many.

    Raises Unreachable when the server can't be used; who was waiting still is, and the next call goes on.
    """
    with transaction() as session:
        _take_up(session, campaign_id)
        total = waiting(session, campaign_id)
    done: Counter[str] = Counter()
    while limit is None or done[SENT] < limit:
        begun = time.monotonic()
        with transaction() as session:
            claimed, left = _claim(session, campaign_id, office, now()), waiting(session, campaign_id)
        if claimed is None:
            break
        state = claimed if isinstance(claimed, str) else _hand_over(transaction, claimed, office, post, now)
        done[state] += 1
        progress(total - left, total)
        if not isinstance(claimed, str):
            time.sleep(max(0.0, 60 / office.mails_a_minute - (time.monotonic() - begun)))
    return done


def _take_up(session: Session, campaign_id: str) -> None:
    """What an earlier run left half done becomes `unsure`."""
    half_done = select(MemberRow).where(MemberRow.campaign_id == campaign_id, MemberRow.state == SENDING)
    for member in session.scalars(half_done.order_by(MemberRow.sent_at).with_for_update()):
        member.state, member.why = UNSURE, "interrupted"
        if member.sent_at is not None:
            _note_first_mail(session, campaign_id, member.sent_at)
    session.flush()


def _claim(session: Session, campaign_id: str, office: Office, now: datetime) -> Ready | str | None:
    """The next row, taken by this process: its mail, or the state it got instead of one. None when nobody waits."""
    query = select(MemberRow).where(*_waiting(campaign_id)).order_by(MemberRow.tries, MemberRow.member_id).limit(1)
    member = session.scalars(query.with_for_update(skip_locked=True)).first()
    if member is None:
        return None
    mine = update(MemberRow).where(MemberRow.member_id == member.member_id, MemberRow.state == WAITING)
    taken = session.execute(mine.values(state=SENDING), execution_options={"synchronize_session": False})
    assert isinstance(taken, CursorResult)
    if taken.rowcount != 1:
        return "taken by another process"
    session.refresh(member)
    campaign = campaign_of(session, campaign_id)
    customer = session.get(CustomerRow, member.customer_id)
    problem = Permission.now(session, office.fingerprints, cap_of(campaign), now).problem(customer)
    if problem is None and customer is not None:
        return _prepare(session, campaign, member, customer, office, now)
    member.state, member.why = REFUSED, problem
    return REFUSED


def _prepare(
    session: Session, campaign: CampaignRow, member: MemberRow, customer: CustomerRow, office: Office, now: datetime
) -> Ready | str:
    """The mail, with everything of it that is kept written to the row."""
    message, shop = message_from(campaign.message, campaign.campaign_id), office.shop(session)
    try:
        mail = _mail(session, campaign.campaign_id, message, member, customer, shop, office, now)
    except PostError as error:
        member.state, member.why = FAILED, error.code
        return FAILED
    member.tries, member.message_id, member.sent_at = member.tries + 1, mail["Message-ID"], now
    return Ready(member.member_id, customer.email, mail)


def _mail(
    session: Session,
    campaign_id: str,
    message: Message,
    member: MemberRow,
    customer: CustomerRow,
    shop: Shop,
    office: Office,
    now: datetime,
) -> EmailMessage:
    language: Language = "zh" if customer.locale == "zh" else "en"
    picked = Picker(shop, office.recommender(session, now)).pick(customer.customer_id, message.products, language)
    member.items = [{"product_id": one.product_id, "reason": one.code} for one in picked]
    link = office.links.link(member.member_id, language)
    facts = facts_for(message, customer, language, shop, now)
    letter = write_letter(message, language, facts, picked, office.sender, link)
    message_id = new_message_id(campaign_id, office.mail_from)
    return enclose(letter, customer.email, office.mail_from, office.reply_to, message_id, link, now)


def _hand_over(transaction: Transaction, ready: Ready, office: Office, post: Post, now: Callable[[], datetime]) -> str:
    """Outside of any transaction; what came of it is committed at once."""
    state, why, error = SENT, None, None
    try:
        post.hand_over(ready.message, office.mail_from.addr_spec, ready.recipient)
    except PostError as raised:
        state, why, error = FAILED, raised.code, raised
    with transaction() as session:
        member = session.get(MemberRow, ready.member_id)
        if member is not None:  # else erased in between
            state = _settle(session, member, state, error, now())
            member.why = why
    if isinstance(error, Unreachable):
        raise error
    return state


def _settle(session: Session, member: MemberRow, state: str, error: PostError | None, now: datetime) -> str:
    """What the row says from now on; a mail that went out, or may have, counts for the cap and starts the window."""
    member.state = _after(member, state, error)
    member.sent_at = now if member.state in (SENT, UNSURE) else None
    if member.sent_at is not None:
        _note_first_mail(session, member.campaign_id, now)
    return member.state


def _note_first_mail(session: Session, campaign_id: str, at: datetime) -> None:
    campaign = campaign_of(session, campaign_id)
    if campaign.sent_from is None:
        campaign.sent_from = at


def _after(member: MemberRow, state: str, error: PostError | None) -> str:
    if isinstance(error, Uncertain):
        return UNSURE
    if isinstance(error, Unreachable):
        member.tries -= 1
        return WAITING
    if isinstance(error, RefusedForNow):
        return WAITING if member.tries < TRIES else FAILED
    return state


def _waiting(campaign_id: str) -> tuple[ColumnElement[bool], ...]:
    return (MemberRow.campaign_id == campaign_id, MemberRow.arm == MAIL, MemberRow.state == WAITING)


def waiting(session: Session, campaign_id: str) -> int:
    """How many mails are still to be sent. Raises CampaignError when there is no such campaign."""
    campaign_of(session, campaign_id)
    return session.scalar(select(func.count()).where(*_waiting(campaign_id))) or 0
