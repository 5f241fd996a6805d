"""Handing mails to an SMTP server, and knowing for each whether it was taken, refused, or nobody can say."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from typing import Literal, Protocol, Self

from knowledge.campaigns.errors import RefusedForGood, RefusedForNow, Uncertain, Unreachable

TIMEOUT_SECONDS = 30.0


class Post(Protocol):
    """`hand_over` returns when the server has taken the mail, and raises a PostError otherwise."""

    def hand_over(self, message: EmailMessage, sender: str, recipient: str) -> None: ...


@dataclass(frozen=True)
class Server:
    """`security`: none, starttls (before anything is said) or ssl (from the first byte). `user` None: no login."""

    host: str
    port: int
    security: Literal["none", "starttls", "ssl"] = "starttls"
    user: str | None = None
    password: str | None = None

    def __repr__(self) -> str:
        return f"{self.host}:{self.port}"


class SmtpPost:
    """One connection, opened when it is first needed and again when it was lost. Use it as a context manager."""

    def __init__(self, server: Server, trusted: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._trusted = trusted or ssl.create_default_context()
        self._connection: smtplib.SMTP | None = None

    def greet(self) -> None:
        """Connect and log in, and no more. Raises Unreachable where that does not work."""
        self._open()

    def hand_over(self, message: EmailMessage, sender: str, recipient: str) -> None:
        connection = self._open()
        try:
            _accepted(*connection.mail(sender))
            _accepted(*connection.rcpt(recipient))
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise RefusedForNow("connection lost", f"{self._server} hung up; the mail was not handed over") from error
        except (RefusedForGood, RefusedForNow):
            self._reset()
            raise
        self._hand_over_content(connection, message.as_bytes(policy=SMTP))

    def _hand_over_content(self, connection: smtplib.SMTP, content: bytes) -> None:
        """From here on a lost connection leaves open whether the mail was taken."""
        try:
            _accepted(*connection.data(content))
        except smtplib.SMTPDataError as error:
            self._reset()
            _accepted(error.smtp_code, b"")
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise Uncertain("connection lost", f"{self._server} hung up in the middle of a mail") from error

    def _open(self) -> smtplib.SMTP:
        if self._connection is None:
            try:
                self._connection = self._connected()
            except smtplib.SMTPAuthenticationError as error:
                raise Unreachable(
                    "login", f"{self._server} refuses the login: check KEFU_SMTP_USER and its password"
                ) from error
            except (smtplib.SMTPException, OSError) as error:
                raise Unreachable("unreachable", f"the mail server {self._server} can't be used: {error}") from error
        return self._connection

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        if server.security == "ssl":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=TIMEOUT_SECONDS, context=self._trusted
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
        if server.security == "starttls":
            connection.starttls(context=self._trusted)
        if server.user is not None:
            connection.login(server.user, server.password or "")
        connection.ehlo_or_helo_if_needed()
        return connection

    def _reset(self) -> None:
        """Ready for the next mail."""
        try:
            if self._connection is not None:
                self._connection.rset()
        except (smtplib.SMTPException, OSError):
            self.close()

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _accepted(code: int, _reply: bytes) -> None:
    """The server's words may hold the address, so only its code is kept."""
    if 200 <= code < 300:
        return
    if 400 <= code < 500:
        raise RefusedForNow(str(code), f"the mail server said {code}: not now")
    raise RefusedForGood(str(code), f"the mail server said {code}: never")
