"""E-mail: a mailbox of the shop's is read by IMAP, answers go out by SMTP into the same thread.

    in    every mail since the last look, by its UID; its Message-ID keeps it from being answered twice
    out   text and HTML, files; In-Reply-To and References; a Message-ID made of Part.key

Everybody has one conversation, named by the address that is answered, however many threads they begin: a customer who
asks twice is one customer, and each answer goes into the thread of the mail that it answers.

What machines wrote (lists, absence notes, reports) is not answered, and no address is answered more than so often an
hour, so that two machines never talk for long. A sender's address proves nothing: anybody can write it.
"""

import asyncio
import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from email.errors import MessageError
from email.headerregistry import Address
from email.message import Message
from itertools import islice
from typing import Any, Literal

import httpx
from pydantic import Field, SecretStr

from bot.channels.base import make_message
from bot.messages import Attachment, UserMessage
from bot.messaging.capabilities import Capabilities
from bot.messaging.channel import Channel, ChannelSettings, Fetched, Inbound, Part, Pulled, Receipt, Recipient
from bot.messaging.errors import NotNow, Rejected, SendError, Uncertain
from bot.messaging.intake import MISSHAPEN
from bot.messaging.mail import reading
from bot.messaging.mail.authored import authored
from bot.messaging.mail.automatic import bounce, why_automatic
from bot.messaging.mail.mailbox import AT_ONCE, Login, Mail, Place, opened
from bot.messaging.mail.restraint import Restraint
from bot.messaging.mail.writing import Letter, message_id, written
from bot.messaging.sending import Call
from bot.messaging.signatures import refused
from knowledge.campaigns import errors
from knowledge.campaigns.post import Server, SmtpPost

log = logging.getLogger("kefu.messaging")

MAIL_LIMIT_BYTES = 30_000_000
ORIGINAL_CHARACTERS = 20_000
MOST_FILES = 20
"""Of one mail: to fetch one, the whole mail is read again."""
ID, REFERENCES, SUBJECT, ORIGINAL = "message_id", "references", "subject", "original"
"""In a message's metadata: its thread, and the whole text where only a part of it was read."""
Security = Literal["ssl", "starttls", "none"]


class EmailSettings(ChannelSettings):
    """One mailbox."""

    address: str = Field(
        description="The mailbox's address, e.g. `help@shop.example`.", pattern=r"^[^@\s<>]+@[^@\s<>]+$"
    )
    name: str = Field(default="", description="The name beside it, e.g. `Shop help`.")
    password: SecretStr = Field(description="The mailbox's password, or an app password.")
    imap_host: str = Field(description="The server that holds the mailbox.")
    imap_port: int = Field(default=993, description="Its port: 993 with `ssl`, 143 with `starttls`.", ge=1, le=65535)
    imap_security: Security = Field(
        default="ssl", description="`ssl`, `starttls`, or `none` for a server on the same machine."
    )
    imap_user: str | None = Field(default=None, description="The login there; without it the address.")
    folder: str = Field(default="INBOX", description="The folder that is read.", pattern=r"^[ -!#-\[\]-~]+$")
    smtp_host: str = Field(description="The server that takes the answers.")
    smtp_port: int = Field(default=587, description="Its port: 587 with `starttls`, 465 with `ssl`.", ge=1, le=65535)
    smtp_security: Security = Field(
        default="starttls", description="`starttls`, `ssl`, or `none` for a server on the same machine."
    )
    smtp_user: str | None = Field(default=None, description="The login there; without it the same as at the mailbox.")
    smtp_password: SecretStr | None = Field(
        default=None, description="The password there; without it the same as at the mailbox."
    )
    smtp_login: bool = Field(default=True, description="`false` for a server that asks for no login.")
    answers_per_hour: int = Field(
        default=10, description="Mails of one address that the bot answers within an hour, at most.", ge=1
    )
    authserv_id: str | None = Field(
        default=None,
        description="The name that your own mail server writes first into `Authentication-Results`. With it, mail "
        "whose DMARC check failed there is not answered.",
    )


class Email(Channel[EmailSettings]):
    name = "email"
    Settings = EmailSettings
    can = Capabilities(text_limit=100_000, files=True, uploads=True)
    calls_per_second = 5
    delivers = False
    says_in_one = True
    pull_seconds = 15.0

    def __init__(self, settings: EmailSettings, text_limit: int = 4000, url: str | None = None) -> None:
        super().__init__(settings, text_limit, url)
        self._restraint = Restraint(settings.answers_per_hour)
        self._began_at = time.time() // 1  # the mailbox's clock has no fractions

    def verify(self, request: Inbound, now: float) -> None:  # noqa: ARG002
        """Nobody delivers mail to Kefu."""
        raise refused(self.name)

    def decode(self, request: Inbound) -> Sequence[UserMessage]:  # noqa: ARG002
        return ()

    # ---- in ----

    async def pull(self, http: httpx.AsyncClient, cursor: str | None) -> Pulled:  # noqa: ARG002
        return await asyncio.to_thread(self._pull, cursor)

    def _pull(self, cursor: str | None) -> Pulled:
        """What lay in the mailbox when Kefu first began to read it is left alone. One that was made anew (its UIDs
        begin again) is read as a whole: what was answered before is known by its Message-ID.
        """
        with opened(self._login) as mailbox:
            if cursor is None:
                first = mailbox.last_uid_before(self._began_at)
                return Pulled((), str(Place(mailbox.validity, first)), is_more=True)
            known = Place.of(cursor)
            since = known.uid if known.validity == mailbox.validity else 0
            uids = mailbox.uids_after(since)
            mails = mailbox.mails(uids[:AT_ONCE], MAIL_LIMIT_BYTES)  # one by one: ten of them may be large
            read = [one for mail in mails for one in self._read(mail)]
        end = str(Place(mailbox.validity, uids[:AT_ONCE][-1] if uids else since))
        messages = [one for one in read if isinstance(one, UserMessage)]
        receipts = [one for one in read if isinstance(one, Receipt)]
        return Pulled(messages, end, is_more=len(uids) > AT_ONCE, receipts=receipts)

    def _read(self, mail: Mail) -> Iterator[UserMessage | Receipt]:
        """What one mail says; no mail may keep those after it from being read."""
        try:
            content = reading.parsed(mail.raw)
            if report := bounce(content):
                yield report
            elif why := self._why_not(content):
                log.info("a mail is not answered: %s", why)
            else:
                yield self._message(mail, content)
        except (*MISSHAPEN, MessageError, LookupError, RecursionError) as error:
            log.warning("a mail could not be read: %s", type(error).__name__, extra={"uid": mail.place.uid})

    def _why_not(self, mail: Message) -> str | None:
        return why_automatic(mail, self.settings.address) or ("DMARC" if self._is_forged(mail) else None)

    def _is_forged(self, mail: Message) -> bool:
        """By what our own server says, which writes above whatever a sender has written."""
        results = reading.header(mail, "authentication-results").lower()
        wanted = (self.settings.authserv_id or "").lower()
        return bool(wanted) and results.partition(";")[0].split()[:1] == [wanted] and "dmarc=fail" in results

    def _message(self, mail: Mail, content: Message) -> UserMessage:
        thread, whole = reading.thread_of(content, mail.raw), reading.words_of(content)
        words = authored(whole) or thread.subject
        marks = {ID: thread.message_id, REFERENCES: thread.references, SUBJECT: thread.subject}
        if words != whole:
            marks[ORIGINAL] = whole[:ORIGINAL_CHARACTERS]
        files = tuple(
            replace(one, size=one.size if mail.is_whole else MAIL_LIMIT_BYTES)
            for one in (
                reading.attachment_of(part, f"{mail.place}.{number}")
                for number, part in islice(reading.files_of(content), MOST_FILES)
            )
        )
        sender_id = reading.sender_of(content)
        return make_message(self.name, sender_id, words, thread.message_id, marks, self.text_limit, attachments=files)

    async def fetch(self, http: httpx.AsyncClient, attachment: Attachment) -> Fetched:  # noqa: ARG002
        return await asyncio.to_thread(self._fetch, attachment)

    def _fetch(self, attachment: Attachment) -> Fetched:
        validity, uid, number = (int(one) for one in attachment.reference.split("."))
        with opened(self._login) as mailbox:
            found = list(mailbox.mails([uid], MAIL_LIMIT_BYTES)) if mailbox.validity == validity else []
        if not found:
            raise Rejected("the mail is no longer in the mailbox")
        part = list(reading.parsed(found[0].raw).walk())[number]
        return Fetched(reading.bytes_of(part), part.get_content_type(), reading.name_of(part))

    # ---- out ----

    def render(self, part: Part, to: Recipient) -> Call:
        """Not of HTTP: the body is the mail, as it goes over the wire."""
        mail = written(self._letter(part, to), self._sender, thread_of(to.latest))
        return Call(f"mailto:{to.sender_id}", mail.as_bytes())

    def _letter(self, part: Part, to: Recipient) -> Letter:
        files = tuple(part.contents[one.reference] for one in part.message.files)
        return Letter(to.sender_id, part.message.text or "", part.key, to.owner != "agent", files)

    async def deliver(self, http: httpx.AsyncClient, part: Part, to: Recipient) -> str:  # noqa: ARG002
        if to.owner == "bot" and not self._restraint.allows(to.sender_id, str(to.latest.get(ID))):
            raise Rejected(f"more than {self.settings.answers_per_hour} mails an hour: is it a machine?")
        mail = written(self._letter(part, to), self._sender, thread_of(to.latest))
        await asyncio.to_thread(self._hand_over, mail, to.sender_id)
        return message_id(part.key, self._sender.domain)

    def _hand_over(self, mail: Any, to: str) -> None:
        try:
            with SmtpPost(self._server) as post:
                post.hand_over(mail, self.settings.address, to)
        except errors.RefusedForGood as error:
            raise Rejected(f"SMTP {error.code}") from None
        except errors.Uncertain as error:
            raise Uncertain(f"no answer: {error.code}") from None
        except errors.PostError as error:
            raise NotNow(f"SMTP {error.code}") from None

    def sent_id(self, response: httpx.Response) -> str:  # noqa: ARG002
        return ""

    async def check(self, http: httpx.AsyncClient, url: str | None) -> list[str]:  # noqa: ARG002
        return await asyncio.to_thread(self._problems)

    def _problems(self) -> list[str]:
        problems = []
        try:
            with opened(self._login) as mailbox:
                mailbox.uids_after(0)
        except SendError as error:
            problems.append(f"The mailbox can't be read: {error.reason}.")
        try:
            with SmtpPost(self._server) as post:
                post.greet()
        except errors.PostError as error:
            problems.append(f"Answers can't be sent by KEFU_EMAIL_SMTP_HOST: {error.code}.")
        return problems

    # ---- the mailbox's own ----

    @property
    def _sender(self) -> Address:
        return Address(self.settings.name, addr_spec=self.settings.address)

    @property
    def _login(self) -> Login:
        own = self.settings
        password = own.password.get_secret_value()
        return Login(
            own.imap_host, own.imap_port, own.imap_security, own.imap_user or own.address, password, own.folder
        )

    @property
    def _server(self) -> Server:
        own = self.settings
        if not own.smtp_login:
            return Server(own.smtp_host, own.smtp_port, own.smtp_security)
        user = own.smtp_user or own.imap_user or own.address
        password = (own.smtp_password or own.password).get_secret_value()
        return Server(own.smtp_host, own.smtp_port, own.smtp_security, user, password)


def thread_of(latest: Any) -> reading.Thread | None:
    """What the mail that is answered was, as it was stored with it."""
    if not latest.get(ID):
        return None
    known = {name: " ".join(str(latest.get(name) or "").split()) for name in (ID, REFERENCES, SUBJECT)}
    return reading.Thread(known[ID], known[REFERENCES], known[SUBJECT])
