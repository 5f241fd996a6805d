"""A mailbox over IMAP, only ever read: nothing in it is marked, moved or deleted."""

import imaplib
import re
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from bot.messaging.errors import NotNow

TIMEOUT_SECONDS = 30.0
AT_ONCE = 10
BEGINNING_BYTES = 200_000
"""As much is read of a mail that is larger than wanted: its text comes first."""
SIZE = re.compile(rb"UID (\d+)\b.*?RFC822\.SIZE (\d+)|RFC822\.SIZE (\d+)\b.*?UID (\d+)", re.DOTALL)

UID = re.compile(rb"UID (\d+)")
LATEST = 200
"""So many of a mailbox's mails are looked at to find out where reading begins."""

Security = Literal["ssl", "starttls", "none"]


@dataclass(frozen=True)
class Login:
    host: str
    port: int
    security: Security
    user: str
    password: str
    folder: str

    def __repr__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Place:
    """How far a mailbox has been read: every mail of this `validity` up to `uid`."""

    validity: int
    uid: int

    def __str__(self) -> str:
        return f"{self.validity}.{self.uid}"

    @classmethod
    def of(cls, cursor: str) -> "Place":
        validity, _, uid = cursor.partition(".")
        return cls(int(validity), int(uid))


@dataclass(frozen=True)
class Mail:
    place: Place
    raw: bytes
    is_whole: bool = True


class Mailbox:
    """One open folder."""

    def __init__(self, client: imaplib.IMAP4, validity: int) -> None:
        self._client = client
        self.validity = validity

    def uids_after(self, uid: int) -> list[int]:
        """Those of the mails that came later, oldest first."""
        lines = _ok(self._client.uid("SEARCH", "UID", f"{uid + 1}:*"))
        found = [int(one) for line in lines if isinstance(line, bytes) for one in line.split()]
        return sorted(one for one in found if one > uid)  # "n:*" always finds the last one

    def last_uid_before(self, moment: float) -> int:
        """The last mail that had come before a moment (seconds since 1970); 0 where none had."""
        latest = self.uids_after(0)[-LATEST:]
        if not latest:
            return 0
        lines = _ok(self._client.uid("FETCH", ",".join(map(str, latest)), "(UID INTERNALDATE)"))
        found = [(UID.search(line), came_at(line)) for line in lines if isinstance(line, bytes)]
        came = {int(uid[1]): at for uid, at in found if uid}
        before = [uid for uid in latest if came.get(uid, moment) < moment]
        return max(before, default=latest[0] - 1)

    def mails(self, uids: list[int], limit_bytes: int) -> Iterator[Mail]:
        """A mail that was deleted meanwhile is left out."""
        sizes = self._sizes(uids)
        for uid in uids:
            is_whole = sizes.get(uid, 0) <= limit_bytes
            raw = self._fetch(uid, "BODY.PEEK[]" if is_whole else f"BODY.PEEK[]<0.{BEGINNING_BYTES}>")
            if raw is not None:
                yield Mail(Place(self.validity, uid), raw, is_whole)

    def _sizes(self, uids: list[int]) -> dict[int, int]:
        if not uids:
            return {}
        lines = _ok(self._client.uid("FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE)"))
        found = [SIZE.search(line) for line in lines if isinstance(line, bytes)]
        return {int(one[1] or one[4]): int(one[2] or one[3]) for one in found if one}

    def _fetch(self, uid: int, what: str) -> bytes | None:
        parts = _ok(self._client.uid("FETCH", str(uid), f"({what})"))
        return next((part[1] for part in parts if isinstance(part, tuple)), None)


def came_at(line: bytes) -> float:
    moment = imaplib.Internaldate2tuple(line)
    return time.mktime(moment) if moment else 0.0


@contextmanager
def opened(login: Login, trusted: ssl.SSLContext | None = None) -> Iterator[Mailbox]:
    """Raises NotNow with a reason that names what to look at."""
    try:
        client = connected(login, trusted or ssl.create_default_context())
    except imaplib.IMAP4.error:
        raise NotNow(f"{login!r} refuses this connection") from None
    except OSError as error:
        raise NotNow(f"the mail server {login!r} is not reached: {type(error).__name__}") from None
    try:
        yield folder_of(client, login)
    except (imaplib.IMAP4.error, OSError, ValueError) as error:
        raise NotNow(f"the mail server {login!r} stopped answering: {type(error).__name__}") from None
    finally:
        client.shutdown()


def connected(login: Login, trusted: ssl.SSLContext) -> imaplib.IMAP4:
    if login.security == "ssl":
        return imaplib.IMAP4_SSL(login.host, login.port, ssl_context=trusted, timeout=TIMEOUT_SECONDS)
    client = imaplib.IMAP4(login.host, login.port, timeout=TIMEOUT_SECONDS)
    if login.security == "starttls":
        client.starttls(trusted)
    return client


def folder_of(client: imaplib.IMAP4, login: Login) -> Mailbox:
    try:
        client.login(login.user, login.password)
    except imaplib.IMAP4.error:
        raise NotNow(f"{login!r} refuses the login (KEFU_EMAIL_IMAP_USER, KEFU_EMAIL_PASSWORD)") from None
    kind, _ = client.select(f'"{login.folder}"', readonly=True)
    if kind != "OK":
        raise NotNow(f"{login!r} has no folder {login.folder} (KEFU_EMAIL_FOLDER)")
    _, [validity] = client.response("UIDVALIDITY")
    return Mailbox(client, int(validity or b"0"))


def _ok(answer: tuple[str, list[bytes | tuple[bytes, bytes]]]) -> list[bytes | tuple[bytes, bytes]]:
    kind, lines = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(kind)
    return lines
