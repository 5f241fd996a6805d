"""A letter as the e-mail that goes out: headers, both parts, and the ways to unsubscribe that mail programs know."""

import secrets
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy, Policy
from email.utils import format_datetime, parseaddr

from knowledge.campaigns.errors import CampaignError, RefusedForGood
from knowledge.campaigns.letter import Letter


class OneLine(UnstructuredHeader, BaseHeader):
    """A header that is never folded: a longer link would be cut into encoded words, and its button disappear."""

    max_count = 1

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


def sender_address(text: str) -> Address:
    """ "Kefu Shop <news@shop.example>" → its parts. Raises CampaignError."""
    name, address = parseaddr(text)
    try:
        return Address(name, addr_spec=address)
    except (ValueError, IndexError, MessageError):
        raise CampaignError(f"KEFU_MAIL_FROM is no sender: '{text}'; write Name <news@shop.example>") from None


def new_message_id(campaign_id: str, sender: Address) -> str:
    """Nobody can guess it, so that only who got the mail can reply to it."""
    return f"<{campaign_id}.{secrets.token_hex(12)}@{sender.domain}>"


def enclose(
    letter: Letter,
    recipient: str,
    sender: Address,
    reply_to: str | None,
    message_id: str,
    unsubscribe_link: str,
    now: datetime,
) -> EmailMessage:
    """Raises RefusedForGood for an address that is none."""
    message = EmailMessage(policy=_policy())
    message["From"] = sender
    message["To"] = _recipient(recipient)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id
    message["Reply-To"] = reply_to or sender.addr_spec
    message["List-Unsubscribe"] = f"<{unsubscribe_link}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Auto-Submitted"] = "auto-generated"
    message["Precedence"] = "bulk"
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = "zh-CN" if letter.language == "zh" else "en"  # last: it would move into a part
    return message


def _recipient(address: str) -> Address:
    try:
        return Address(addr_spec=address)
    except (ValueError, IndexError, MessageError):
        raise RefusedForGood("no address", "the customer's e-mail address is none") from None


def _policy() -> "EmailPolicy[EmailMessage]":
    headers = HeaderRegistry()
    headers.map_to_type("list-unsubscribe", OneLine)
    return SMTP.clone(header_factory=headers)
