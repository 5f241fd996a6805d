"""Mails that no person wrote: to answer them would begin a conversation of two machines, without end. And bounces."""

import re
from email.message import Message

from bot.messaging.channel import Receipt
from bot.messaging.mail.reading import header, sender_of

LISTS = (
    "list-id",
    "list-unsubscribe",
    "list-post",
    "x-mailing-list",
    "x-autoreply",
    "x-autorespond",
    "x-failed-recipients",
)
BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
NOBODY = re.compile(
    r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|auto-?reply)(?:[+@-].*|)", re.IGNORECASE
)


def why_automatic(mail: Message, own_address: str) -> str | None:
    """Why a mail is not answered; None where a person seems to have written it."""
    address = sender_of(mail)
    if not address or address == own_address.lower():
        return "from nobody, or from this mailbox"
    if header(mail, "auto-submitted").partition(";")[0].strip().lower() not in ("", "no"):
        return "Auto-Submitted"
    if header(mail, "precedence").lower() in BULK:
        return "Precedence"
    if found := next((name for name in LISTS if name in mail), None):
        return found
    suppressed = {one.strip().lower() for one in header(mail, "x-auto-response-suppress").split(",")}
    if suppressed & {"all", "autoreply"}:
        return "X-Auto-Response-Suppress"
    if header(mail, "return-path").strip() == "<>" or mail.get_content_type() == "multipart/report":
        return "a report"
    if header(mail, "x-spam-flag").lower() == "yes":
        return "spam"
    return "from a machine" if NOBODY.fullmatch(address) else None


def bounce(mail: Message) -> Receipt | None:
    """What a delivery report (RFC 3464) says of a mail that did not arrive; None for any other mail."""
    if mail.get_content_type() != "multipart/report" or mail.get_param("report-type") != "delivery-status":
        return None
    fields = [
        one for part in mail.walk() if part.get_content_type() == "message/delivery-status" for one in reports(part)
    ]
    failed = next((one for one in fields if header(one, "action").lower() == "failed"), None)
    message_id = next((found for part in mail.walk() if (found := bounced_id(part))), "")
    if failed is None or not message_id:
        return None
    code = re.match(r"[245]\.\d{1,3}\.\d{1,3}", header(failed, "status"))
    return Receipt(message_id, "failed", f"the mail came back: {code[0] if code else 'undeliverable'}")


def reports(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def bounced_id(part: Message) -> str:
    """The Message-ID in the returned mail, or in its returned headers."""
    payload = part.get_payload()
    if part.get_content_type() == "message/rfc822" and isinstance(payload, list) and isinstance(payload[0], Message):
        return header(payload[0], "message-id")
    if part.get_content_type() == "text/rfc822-headers" and isinstance(payload, str):
        found = re.search(r"^message-id:\s*(<[^>\s]+>)", payload, re.IGNORECASE | re.MULTILINE)
        return found[1] if found else ""
    return ""
