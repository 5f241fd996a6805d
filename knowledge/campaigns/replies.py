"""Replies to a campaign's mails, from a file: who answered, who wants no more of them, and what could not be delivered.

A reply is known by the Message-ID it answers, so no pixel has to watch who opens what. `file` is an mbox, a Maildir or
one .eml, as any mail program exports it.
"""

import mailbox
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, message_from_string
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.campaigns.errors import CampaignError
from knowledge.campaigns.permission import Fingerprints
from knowledge.campaigns.schema import MemberRow
from knowledge.campaigns.sending import FAILED
from knowledge.campaigns.unsubscribing import keep_off, unsubscribe
from knowledge.shop.schema import CustomerRow

LEAVING = ("unsubscribe", "stop", "退订", "取消订阅", "不要再发")
BOUNCED = "bounced"
REPLY, UNSUBSCRIBE, BOUNCE, AUTOMATIC, UNKNOWN = "reply", "unsubscribe", "bounce", "automatic", "not to a campaign"


def read_replies(session: Session, file: Path, fingerprints: Fingerprints, now: datetime) -> Counter[str]:
    """How many of each kind; reading the same file again changes nothing. The caller commits."""
    found: Counter[str] = Counter()
    for message in _messages(file):
        member = _answered(session, message)
        kind = UNKNOWN if member is None else _kind(message)
        found[kind] += 1
        if member is None or kind == AUTOMATIC:
            continue
        if kind == BOUNCE:
            _bounced(session, member, fingerprints, now)
            continue
        member.replied_at = member.replied_at or now
        if kind == UNSUBSCRIBE and member.unsubscribed_at is None:
            unsubscribe(session, member.member_id, "reply", fingerprints, now)
    session.flush()
    return found


def _bounced(session: Session, member: MemberRow, fingerprints: Fingerprints, now: datetime) -> None:
    """No later campaign tries this address again; another address of the same customer it does."""
    customer = session.get(CustomerRow, member.customer_id)
    if customer is not None and member.why != BOUNCED:
        keep_off(session, fingerprints.of(customer.email), member.campaign_id, "bounce", now)
    member.state, member.why, member.sent_at = FAILED, BOUNCED, None


def _messages(file: Path) -> Iterator[EmailMessage]:
    """Raises CampaignError for a file that isn't there or can't be read."""
    try:
        if file.is_dir():
            contents = [entry.read_bytes() for folder in ("new", "cur") for entry in sorted((file / folder).iterdir())]
        elif file.suffix.lower() == ".eml":
            contents = [file.read_bytes()]
        else:
            contents = _of_mbox(file)
    except OSError as error:
        raise CampaignError(f"{file} is no mbox, Maildir or .eml that can be read: {error.strerror}") from error
    for content in contents:
        yield message_from_bytes(content, policy=default)


def _of_mbox(file: Path) -> list[bytes]:
    if not file.is_file():
        raise CampaignError(f"there is no file {file}")
    box = mailbox.mbox(file, create=False)
    try:
        return [box.get_bytes(key) for key in box.keys()]  # noqa: SIM118  (a mailbox is no dict)
    finally:
        box.close()


def _answered(session: Session, message: EmailMessage) -> MemberRow | None:
    """The member whose mail this answers, or reports as undeliverable."""
    named = f"{message.get('In-Reply-To', '')} {message.get('References', '')} {_reported(message)}".split()
    ids = [each for each in named if each.startswith("<")]
    return session.scalars(select(MemberRow).where(MemberRow.message_id.in_(ids))).first() if ids else None


def _reported(message: EmailMessage) -> str:
    """The Message-ID in a delivery report's copy of the mail."""
    if message.get_content_type() != "multipart/report":
        return ""
    for part in message.walk():
        if part is not message and (inner := part.get("Message-ID")):
            return str(inner)
        if part.get_content_type() == "text/rfc822-headers":
            return str(message_from_string(part.get_content(), policy=default).get("Message-ID", ""))
    return ""


def _kind(message: EmailMessage) -> str:
    if message.get_content_type() == "multipart/report":
        return BOUNCE if _is_final(message) else AUTOMATIC
    if str(message.get("Auto-Submitted", "no")).lower() != "no":
        return AUTOMATIC
    said = (_first_line(message) or str(message.get("Subject", ""))).casefold().strip(" .!。！")
    return UNSUBSCRIBE if any(said.startswith(word) for word in LEAVING) else REPLY


def _is_final(report: EmailMessage) -> bool:
    """Not one of "delayed", "relayed" or "delivered"."""
    parts = [part for part in report.walk() if part.get_content_type() == "message/delivery-status"]
    blocks = [block for part in parts for block in part.walk()]
    return any(str(block.get("Action", "")).strip().lower() == "failed" for block in blocks)


def _first_line(message: EmailMessage) -> str:
    """What the customer wrote first; quoted lines are ours."""
    body = message.get_body(("plain", "html"))
    try:
        text = body.get_content() if body is not None else ""
    except (LookupError, ValueError):  # a character set that nobody knows
        return ""
    lines = (line.strip() for line in str(text).splitlines())
    return next((line for line in lines if line and not line.startswith((">", "<"))), "")
