"""The mail channel against a real Dovecot and a real SMTP server."""

import asyncio
import random
import sqlite3
import ssl
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage, Message
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from bot.channels.email import Email, EmailSettings
from bot.messages import Attachment, BotMessage, UserMessage
from bot.messaging.channel import Fetched, Part, Pulled, Recipient
from bot.messaging.errors import NotNow, Rejected
from bot.messaging.mail import reading
from bot.messaging.mail.mailbox import Login, opened
from tests.bot.mail_servers import PASSWORD, USER, Dovecot, dovecot, smtp
from tests.contracts.platforms.email import Mail
from tests.contracts.test_killed import served

HTTP = httpx.AsyncClient()


@pytest.fixture
def box() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


def channel(box: Dovecot, post: int = 9, **fields: Any) -> Email:
    servers = {"imap_host": "127.0.0.1", "imap_port": box.port, "smtp_host": "127.0.0.1", "smtp_port": post}
    how = {"imap_security": "none", "smtp_security": "none", "smtp_login": False}
    return Email(EmailSettings(**{"address": USER, "password": SecretStr(PASSWORD), **servers, **how, **fields}))


def mail(text: str, **headers: str) -> bytes:
    made = EmailMessage()
    made["From"], made["To"] = headers.pop("sender", "Ann <Ann@a.example>"), USER
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made.as_bytes()


def pulled(one: Email, cursor: str | None) -> Pulled:
    return asyncio.run(one.pull(HTTP, cursor))


def all_pulled(one: Email, cursor: str | None) -> tuple[list[UserMessage], str]:
    messages: list[UserMessage] = []
    while True:
        got = pulled(one, cursor)
        messages += got.messages
        cursor = got.cursor
        if not got.is_more:
            return messages, cursor


def test_what_lay_there_before_is_left_alone_and_what_comes_is_read_once(box: Dovecot) -> None:
    for number in range(3):
        box.keep(mail(f"old {number}"))
    time.sleep(1.1)
    one = channel(box)
    box.keep(mail("Came while Kefu started"))
    messages, cursor = all_pulled(one, None)
    assert [said.text for said in messages] == ["Came while Kefu started"]
    for number in range(25):
        box.keep(mail(f"new {number}", Message_ID=f"<{number}@a>"))
    messages, cursor = all_pulled(one, cursor)
    assert [said.text for said in messages] == [f"new {number}" for number in range(25)]
    assert all_pulled(one, cursor) == ([], cursor)


def test_an_empty_mailbox_is_no_trouble(box: Dovecot) -> None:
    one = channel(box)
    messages, cursor = all_pulled(one, None)
    assert messages == []
    box.keep(mail("first"))
    assert [said.text for said in all_pulled(one, cursor)[0]] == ["first"]


def test_a_mailbox_that_was_made_anew_is_read_again_under_the_same_ids(box: Dovecot) -> None:
    one = channel(box)
    box.keep(mail("hello", Message_ID="<1@a>"))
    [before], cursor = all_pulled(one, None)
    time.sleep(1.1)  # the new number is made of the second
    box.begin_anew()
    [again], later = all_pulled(one, cursor)
    assert again.message_id == before.message_id == "<1@a>"
    assert later.partition(".")[0] != cursor.partition(".")[0]


def test_a_mail_is_one_message_of_its_sender_with_its_thread(box: Dovecot) -> None:
    one = channel(box)
    text = "It is W1001.\n\nOn Mon, Shop wrote:\n\n> Which one?\n"
    thread = {"Message_ID": "<2@a>", "References": "<1@shop>", "Subject": "=?utf-8?B?6K6i5Y2V?="}
    box.keep(mail(text, **thread))
    [said], _ = all_pulled(one, None)
    assert (said.conversation_id, said.text, said.message_id) == ("email:ann@a.example", "It is W1001.", "<2@a>")
    assert said.metadata == {
        "message_id": "<2@a>",
        "references": "<1@shop>",
        "subject": "订单",
        "original": text.strip(),
    }


def test_a_mail_without_words_says_its_subject(box: Dovecot) -> None:
    one = channel(box)
    box.keep(mail("\n", Subject="Where is W1001?"))
    [said], _ = all_pulled(one, None)
    assert said.text == "Where is W1001?"


def test_machines_are_left_alone_and_those_after_them_are_read(box: Dovecot) -> None:
    one = channel(box)
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2000))
    for raw in (mail("away", Auto_Submitted="auto-replied"), b"", b"\xff\xfe\x00", b"From: ann@a.example\n" + deep):
        box.keep(raw)
    box.keep(mail("I am a person", sender="li@a.example"))
    messages, _ = all_pulled(one, None)
    assert [said.text for said in messages if said.sender_id == "li@a.example"] == ["I am a person"]
    assert {said.sender_id for said in messages} <= {"li@a.example", "ann@a.example"}


def test_what_our_own_server_calls_forged_is_not_answered(box: Dovecot) -> None:
    one = channel(box, authserv_id="mx.shop.example")
    box.keep(mail("forged", Authentication_Results="mx.shop.example; spf=none; dmarc=fail (p=reject) header.from=a"))
    box.keep(mail("genuine", Authentication_Results="mx.shop.example; dmarc=pass"))
    box.keep(mail("told by somebody else", Authentication_Results="mx.evil.example; dmarc=fail"))
    messages, _ = all_pulled(one, None)
    assert [said.text for said in messages] == ["genuine", "told by somebody else"]


def test_attachments_are_fetched_from_the_mailbox(box: Dovecot) -> None:
    one = channel(box)
    made = EmailMessage()
    made["From"] = "ann@a.example"
    made.set_content("See here")
    made.add_attachment(b"\x89PNG" * 1000, maintype="image", subtype="png", filename="鞋.png")
    box.keep(made.as_bytes())
    [said], _ = all_pulled(one, None)
    [attachment] = said.attachments
    assert (attachment.kind, attachment.name, attachment.size) == ("image", "鞋.png", 4000)
    assert asyncio.run(one.fetch(HTTP, attachment)) == Fetched(b"\x89PNG" * 1000, "image/png", "鞋.png")
    gone = Attachment("image", attachment.reference.replace(".1.", ".99."))
    with pytest.raises(Rejected, match="no longer"):
        asyncio.run(one.fetch(HTTP, gone))


def test_of_a_huge_mail_the_beginning_is_read(box: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.email.MAIL_LIMIT_BYTES", 300_000)
    one = channel(box)
    made = EmailMessage()
    made["From"] = "ann@a.example"
    made.set_content("See here")
    made.add_attachment(b"x" * 400_000, maintype="application", subtype="zip", filename="all.zip")
    box.keep(made.as_bytes())
    [said], _ = all_pulled(one, None)
    assert (said.text, said.attachments[0].size) == ("See here", 300_000)


def test_over_tls_a_server_has_to_prove_itself(box: Dovecot) -> None:
    login = Login("localhost", box.tls_port, "ssl", USER, PASSWORD, "INBOX")
    with pytest.raises(NotNow, match="not reached: SSLCertVerificationError"), opened(login):
        pass
    trusted = ssl.create_default_context(cafile=str(box.certificate))
    for security, port in (("ssl", box.tls_port), ("starttls", box.port)):
        with opened(Login("localhost", port, security, USER, PASSWORD, "INBOX"), trusted) as mailbox:  # type: ignore[arg-type]
            assert mailbox.uids_after(0) == []


def test_what_is_misconfigured_is_said(box: Dovecot) -> None:
    def problems(**fields: Any) -> list[str]:
        with smtp(lambda _to, _content: "250 OK") as port:
            return asyncio.run(channel(box, port, **fields).check(HTTP, None))

    assert problems() == []
    assert "KEFU_EMAIL_PASSWORD" in problems(password=SecretStr("another-password"))[0]
    assert "KEFU_EMAIL_FOLDER" in problems(folder="Kefu")[0]
    assert "is not reached" in problems(imap_port=1)[0]
    assert "KEFU_EMAIL_SMTP_HOST" in asyncio.run(channel(box, 1).check(HTTP, None))[0]


def test_an_answer_arrives_in_the_thread_and_a_bounce_says_that_it_did_not(box: Dovecot) -> None:
    arrived: list[tuple[str, Message]] = []

    def take(to: str, content: bytes) -> str:
        arrived.append((to, reading.parsed(content)))
        return "250 OK"

    latest = {"message_id": "<2@a>", "references": "<1@a>", "subject": "order\r\nBcc: evil@a.example"}
    with smtp(take) as port:
        one = channel(box, port, name="客服")
        to = Recipient("ann@a.example", latest=latest)
        sent = asyncio.run(one.deliver(HTTP, Part(BotMessage(text="你好"), "kefu-1-2-0", 1), to))
    [(recipient, answer)] = arrived
    assert (recipient, sent) == ("ann@a.example", "<kefu-1-2-0@shop.example>")
    assert (answer["In-Reply-To"], answer["Bcc"]) == ("<2@a>", None)
    assert reading.header(answer, "subject") == "Re: order Bcc: evil@a.example"
    assert (reading.words_of(answer), reading.header(answer, "from")) == ("你好", f"客服 <{USER}>")
    report = (
        f"From: MAILER-DAEMON@mx\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n"
        f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nAction: failed\nStatus: 5.1.1\n\n--b\n"
        f"Content-Type: text/rfc822-headers\n\nMessage-ID: {sent}\n\n--b--\n"
    )
    box.keep(report.encode())
    got = pulled(one, pulled(one, None).cursor)
    assert [(one.platform_id, one.state) for one in got.receipts] == [(sent, "failed")]
    assert got.messages == []


def test_the_bot_falls_silent_towards_a_machine_that_never_does_and_agents_do_not(box: Dovecot) -> None:
    def send(number: int, owner: str) -> str:
        to = Recipient("robot@a.example", latest={"message_id": f"<{number}@a>"}, owner=owner)
        return asyncio.run(one.deliver(HTTP, Part(BotMessage(text="hi"), f"k-{number}", 1), to))

    with smtp(lambda _to, _content: "250 OK") as port:
        one = channel(box, port, answers_per_hour=3)
        for number in range(3):
            send(number, "bot")
        with pytest.raises(Rejected, match="is it a machine"):
            send(3, "bot")
        assert send(4, "agent")


def test_killed_again_and_again_while_it_reads_nothing_is_lost_and_nothing_answered_twice(tmp_path: Path) -> None:
    platform, count, dice = Mail(), 12, random.Random(5)
    database = tmp_path / "kefu.db"
    with platform.running() as emulator:
        with served("email", emulator.url, database):
            until(lambda: rows(database, "SELECT cursor FROM cursors WHERE cursor IS NOT NULL"))
        for number in range(count):
            platform.keep(platform.delivery(f"guest{number % 5}", f"words {number}", number, time.time()))
        for _ in range(2):
            with served("email", emulator.url, database) as (process, _url):
                time.sleep(dice.uniform(0.1, 0.5))
                process.kill()
                process.wait()
            with sqlite3.connect(database) as connection:
                connection.execute("UPDATE deliveries SET claimed_until = 1 WHERE claimed_until IS NOT NULL")
                connection.execute("UPDATE cursors SET held_until = 1")
        with served("email", emulator.url, database):
            until(lambda: len(statuses(database)) == count and "pending" not in statuses(database))
    settled = statuses(database)
    said = [words[1].split("\n")[0] for one in emulator.heard if (words := platform.said(one))]
    assert len(said) == len(set(said))
    assert len(said) + settled.count("unsure") >= count
    assert len(settled) == count and set(settled) <= {"delivered", "unsure"}


def rows(database: Path, sql: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(database) as connection:
        return connection.execute(sql).fetchall()


def statuses(database: Path) -> list[str]:
    return [str(status) for (status,) in rows(database, "SELECT status FROM outbox")]


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)
