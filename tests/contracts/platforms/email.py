"""Mail: a mailbox in a real Dovecot, and an SMTP server that keeps what Kefu sends."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from bot.channels.email import Email
from tests.bot.mail_servers import PASSWORD, USER, Dovecot, dovecot, smtp
from tests.contracts.emulator import Emulator, Hangup, Heard, Reply
from tests.contracts.platform import PICTURE, Delivered, Platform

PORTS = re.compile(r"mail://127\.0\.0\.1:(\d+)/(\d+)")
Email.pull_seconds = 0.1  # no test waits for the next quarter of a minute


class Mail(Platform):
    delivers = False
    is_pulled = True
    names_a_pause = False

    def __init__(self) -> None:
        self.box: Dovecot | None = None

    def settings(self, url: str) -> dict[str, str]:
        found = PORTS.fullmatch(url)
        imap, post = found.groups() if found else ("9", "9")
        servers = {"imap_host": "127.0.0.1", "imap_port": imap, "smtp_host": "127.0.0.1", "smtp_port": post}
        how = {"imap_security": "none", "smtp_security": "none", "smtp_login": "false"}
        return {"address": USER, "password": PASSWORD, "answers_per_hour": "1000", **servers, **how}

    def delivery(self, sender: str, text: str, number: int, at: float, secret: str = "current") -> Delivered:  # noqa: ARG002
        mail = begun(sender, number, at)
        mail["Subject"] = f"about {number}"
        mail.set_content(text)
        return Delivered(mail.as_bytes())

    def with_file(self, sender: str, number: int, at: float) -> Delivered:
        """It comes with the mail, and is read from the mailbox again."""
        mail = begun(sender, number, at)
        mail.set_content(PICTURE, maintype="image", subtype="png", filename="shoe.png")
        return Delivered(mail.as_bytes())

    def keep(self, delivered: Delivered) -> None:
        assert self.box
        self.box.keep(delivered.body)

    @contextmanager
    def running(self) -> Iterator[Emulator]:
        emulator = Emulator(self.answer)

        def take(recipient: str, content: bytes) -> str:
            heard = Heard(recipient, {}, content)
            emulator.heard.append(heard)
            try:
                status = emulator.answer(heard).status
            except Hangup:
                return ""
            return "" if status in (502, 504) else f"{said(status)} by the tests"

        with dovecot() as self.box, smtp(take) as port:
            emulator.url = f"mail://127.0.0.1:{self.box.port}/{port}"
            yield emulator

    def answer(self, heard: Heard) -> Reply:  # noqa: ARG002
        return Reply(250, b"")

    def said(self, heard: Heard) -> tuple[str, str] | None:
        parts = message_from_bytes(heard.body).walk()
        words = next(one for one in parts if one.get_content_type() == "text/plain").get_payload(decode=True)
        assert isinstance(words, bytes)
        return heard.path.partition("@")[0], words.decode().replace("\r\n", "\n").rstrip("\n")


def begun(sender: str, number: int, at: float) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = f"{sender}@a.example", USER
    mail["Date"] = format_datetime(datetime.fromtimestamp(at, UTC))
    mail["Message-ID"] = f"<{number}@a.example>"
    return mail


def said(status: int) -> int:
    """An HTTP status in the words of SMTP."""
    if status < 300:
        return 250
    return 451 if status in (408, 425, 429) or status >= 500 else 550


PLATFORM = Mail()
