"""Unsubscribing and replies."""

import mailbox
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from knowledge.campaigns.errors import CampaignError
from knowledge.campaigns.permission import Cap, Permission
from knowledge.campaigns.post import SmtpPost
from knowledge.campaigns.replies import read_replies
from knowledge.campaigns.schema import MemberRow, UnsubscribeRow
from knowledge.campaigns.sending import Office, send
from knowledge.campaigns.unsubscribing import Links, unsubscribe
from knowledge.shop.schema import CustomerRow
from tests.knowledge.campaigns.conftest import KEY, NOW, PRINTS, MailServer, Transaction, planned

LINKS = Links(KEY, "https://shop.example")


def member(transaction: Transaction, customer_id: str) -> MemberRow:
    with transaction() as session:
        row = session.scalars(select(MemberRow).where(MemberRow.customer_id == customer_id)).one()
        session.expunge(row)
    return row


def test_a_token_is_good_for_its_mail_only() -> None:
    token = LINKS.token(17)
    assert LINKS.member(token) == 17
    forged = (
        "",
        "17",
        "17-",
        "18-" + token.split("-")[1],
        token[:-1],
        token + "0",
        "-1-x",
        "１７-" + token.split("-")[1],
        "9" * 40 + "-x",
        "17-é",
    )
    for each in forged:
        assert LINKS.member(each) is None, each
    assert Links(b"another key").member(token) is None


def test_unsubscribing_takes_the_consent_back_at_once_and_for_later_imports(transaction: Transaction) -> None:
    planned(transaction, control=0)
    number = member(transaction, "c05").member_id
    with transaction() as session:
        unsubscribe(session, number, "one click", PRINTS, NOW)
        unsubscribe(session, number, "one click", PRINTS, NOW)
    with transaction() as session:
        customer = session.get_one(CustomerRow, "c05")
        assert not customer.newsletter_consent
        customer.newsletter_consent, customer.newsletter_consent_at = True, None  # an import of old data
        [address] = {row.address for row in session.scalars(select(UnsubscribeRow))}
        assert "c05" not in address and address == PRINTS.of(" C05@EXAMPLE.com")
    assert member(transaction, "c05").unsubscribed_at == NOW
    planned(transaction, name="next", control=0)
    with transaction() as session:
        query = select(MemberRow).where(MemberRow.campaign_id == "next", MemberRow.customer_id == "c05")
        assert session.scalars(query).first() is None


def test_unsubscribing_who_is_gone_does_nothing(transaction: Transaction) -> None:
    with transaction() as session:
        unsubscribe(session, 12345, "one click", PRINTS, NOW)
        assert session.scalars(select(UnsubscribeRow)).all() == []


@pytest.fixture
def sent(transaction: Transaction, office: Office, mails: MailServer) -> Transaction:
    planned(transaction, control=0)
    with SmtpPost(mails.server) as post:
        send(transaction, "spring", office, post, lambda: NOW)
    return transaction


def reply(transaction: Transaction, customer_id: str, text: str, **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = f"{customer_id}@example.com", "news@shop.example"
    message["Subject"] = "Re: A few things"
    message["In-Reply-To"] = member(transaction, customer_id).message_id
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def bounce(transaction: Transaction, customer_id: str, action: str = "failed") -> bytes:
    message_id = member(transaction, customer_id).message_id
    return (
        "From: MAILER-DAEMON@mx.example\nTo: news@shop.example\nSubject: Undelivered\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nSorry.\n"
        f"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nAction: {action}\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {message_id}\nSubject: x\n\n--b--\n"
    ).encode()


def test_replies_are_told_apart(sent: Transaction, tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "replies.mbox")
    box.add(reply(sent, "c01", "Thanks, do you have it in blue?\n\n> unsubscribe"))
    box.add(reply(sent, "c02", "Unsubscribe."))
    box.add(reply(sent, "c03", "退订，谢谢"))
    box.add(reply(sent, "c05", "I am on holiday", Auto_Submitted="auto-replied"))
    box.add(bounce(sent, "c06"))
    box.add(bounce(sent, "c09", "delayed"))
    strange = reply(sent, "c07", "hello")
    strange.replace_header("In-Reply-To", "<somebody@elsewhere.example>")
    box.add(strange)
    box.close()
    for _ in range(2):
        with sent() as session:
            found = read_replies(session, tmp_path / "replies.mbox", PRINTS, NOW + timedelta(days=1))
        assert found == {"reply": 1, "unsubscribe": 2, "automatic": 2, "bounce": 1, "not to a campaign": 1}
    assert member(sent, "c01").replied_at is not None and member(sent, "c01").unsubscribed_at is None
    assert member(sent, "c02").unsubscribed_at is not None and member(sent, "c05").replied_at is None
    assert (member(sent, "c06").state, member(sent, "c06").why) == ("failed", "bounced")
    assert member(sent, "c09").state == "sent"
    with sent() as session:
        consents = {row.customer_id: row.newsletter_consent for row in session.scalars(select(CustomerRow))}
        assert not consents["c02"] and not consents["c03"] and consents["c01"] and consents["c07"]
        ways = session.scalars(select(UnsubscribeRow.way).order_by(UnsubscribeRow.unsubscribe_id)).all()
        assert ways == ["reply", "reply", "bounce"] and consents["c06"]


def test_an_address_that_bounced_is_not_tried_again_but_a_new_one_is(sent: Transaction, tmp_path: Path) -> None:
    for customer_id in ("c06", "c07"):
        (tmp_path / "one.eml").write_bytes(bounce(sent, customer_id))
        with sent() as session:
            read_replies(session, tmp_path / "one.eml", PRINTS, NOW + timedelta(days=1))
    with sent() as session:
        customer = session.get_one(CustomerRow, "c07")
        customer.email = customer.email_key = "new@example.com"
    with sent() as session:
        later = NOW + timedelta(days=30)
        permission = Permission.now(session, PRINTS, Cap(), later)
        assert permission.problem(session.get(CustomerRow, "c06")) == "unsubscribed"
        assert permission.problem(session.get(CustomerRow, "c07")) is None


def test_one_mail_and_a_maildir_are_read_too(sent: Transaction, tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_bytes(reply(sent, "c01", "Hello").as_bytes())
    folder = mailbox.Maildir(tmp_path / "maildir")
    folder.add(reply(sent, "c02", "Hello"))
    folder.add(b"\xff\xfe no mail at all")
    with sent() as session:
        assert read_replies(session, tmp_path / "one.eml", PRINTS, NOW) == {"reply": 1}
        assert read_replies(session, tmp_path / "maildir", PRINTS, NOW) == {"reply": 1, "not to a campaign": 1}


def test_a_mail_in_an_unknown_character_set_is_still_a_reply(sent: Transaction, tmp_path: Path) -> None:
    content = reply(sent, "c01", "Hello").as_bytes().replace(b'charset="utf-8"', b'charset="klingon"')
    (tmp_path / "one.eml").write_bytes(content)
    with sent() as session:
        assert read_replies(session, tmp_path / "one.eml", PRINTS, NOW) == {"reply": 1}


def test_a_file_that_is_not_there_is_told(transaction: Transaction, tmp_path: Path) -> None:
    with transaction() as session:
        for name in ("no.mbox", "no.eml"):
            with pytest.raises(CampaignError, match=name):
                read_replies(session, tmp_path / name, PRINTS, NOW)
        with pytest.raises(CampaignError, match="Maildir"):
            read_replies(session, tmp_path, PRINTS, NOW)
