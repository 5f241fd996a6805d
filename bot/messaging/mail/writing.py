"""An answer as a mail: in the customer's thread, as text and as HTML, and marked so that no machine answers it."""

import html
import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from bot.messaging.channel import Fetched
from bot.messaging.mail.reading import Thread

REPLIES = re.compile(r"\s*(?:(?:re|aw|sv|antw|回复|答复|回覆|答覆)\s*(?:\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE)
LINK = re.compile(r"https?://[^\s<>\"'，。；）)]+[^\s<>\"'，。；）).,;:!?]")
MOST_REFERENCES = 10
STYLE = "font-family:system-ui,'Segoe UI','PingFang SC','Microsoft YaHei',sans-serif;font-size:15px;line-height:1.5"


@dataclass(frozen=True)
class Letter:
    """What is to be sent. `key` makes its Message-ID: the same for every try."""

    to: str
    text: str
    key: str
    is_automatic: bool
    files: tuple[Fetched, ...] = ()


def written(letter: Letter, sender: Address, thread: Thread | None) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = sender, letter.to
    mail["Message-ID"] = message_id(letter.key, sender.domain)
    mail["Subject"] = subject(thread)
    if thread:
        mail["In-Reply-To"] = thread.message_id
        mail["References"] = " ".join([*thread.references.split()[-MOST_REFERENCES:], thread.message_id])
    if letter.is_automatic:
        mail["Auto-Submitted"] = "auto-replied"
        mail["X-Auto-Response-Suppress"] = "All"
    text = letter.text or "\n".join(file.name for file in letter.files)
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(page(text), subtype="html", cte="quoted-printable")
    for file in letter.files:
        kind, _, subkind = (file.media_type or "application/octet-stream").partition("/")
        mail.add_attachment(
            file.content, maintype=kind, subtype=subkind or "octet-stream", filename=file.name or "file"
        )
    return mail


def message_id(key: str, domain: str) -> str:
    return f"<{key}@{domain}>"


def subject(thread: Thread | None) -> str:
    about = REPLIES.sub("", thread.subject, count=1).strip() if thread else ""
    return f"Re: {about}" if about else "Re: your message · 您的来信"


def page(text: str) -> str:
    """The text as HTML, with its lines and its links."""
    paragraphs = "".join(f"<p>{linked(one)}</p>" for one in re.split(r"\n{2,}", text))
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body style="{STYLE}">{paragraphs}</body></html>'


def linked(paragraph: str) -> str:
    made, at = [], 0
    for found in LINK.finditer(paragraph):
        address = html.escape(found[0])
        made += [html.escape(paragraph[at : found.start()]), f'<a href="{address}">{address}</a>']
        at = found.end()
    return "".join([*made, html.escape(paragraph[at:])]).replace("\n", "<br>\n")
