"""Sending to a real SMTP server: what arrives, who gets nothing, and what a crash leaves."""

import ssl
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from knowledge.campaigns.errors import CampaignError, Uncertain, Unreachable
from knowledge.campaigns.permission import Cap
from knowledge.campaigns.planning import cancel
from knowledge.campaigns.post import Post, Server, SmtpPost
from knowledge.campaigns.schema import CampaignRow, MemberRow, UnsubscribeRow
from knowledge.campaigns.sending import Office, send
from knowledge.campaigns.unsubscribing import Links
from knowledge.profiles.erasing import erase_from_profiles
from knowledge.profiles.pseudonyms import Pseudonyms
from knowledge.shop.schema import CustomerRow
from tests.knowledge.campaigns.conftest import CUSTOMERS, KEY, NOW, PRINTS, MailServer, Transaction, planned

MAILED = 30


def sent(
    transaction: Transaction,
    office: Office,
    server: Server,
    name: str = "spring",
    now: datetime = NOW,
    limit: int | None = None,
) -> Counter[str]:
    with SmtpPost(server) as post:
        return send(transaction, name, office, post, lambda: now, limit=limit)


def states(transaction: Transaction) -> Counter[str]:
    with transaction() as session:
        return Counter(session.scalars(select(MemberRow.state)))


def test_everybody_in_the_mail_arm_gets_one_mail_and_the_control_group_none(
    transaction: Transaction, office: Office, mails: MailServer
) -> None:
    planned(transaction)
    assert sent(transaction, office, mails.server) == {"sent": MAILED}
    assert len(set(mails.recipients)) == len(mails.recipients) == MAILED
    assert states(transaction) == {"sent": MAILED, "held out": CUSTOMERS - MAILED}
    with transaction() as session:
        held_out = session.scalars(select(MemberRow.customer_id).where(MemberRow.arm == "control")).all()
        assert session.get_one(CampaignRow, "spring").sent_from == NOW
    assert not {f"{customer}@example.com" for customer in held_out} & set(mails.recipients)
    assert sent(transaction, office, mails.server) == {} and len(mails.taken) == MAILED


def test_a_mail_carries_what_mail_programs_and_the_law_want(
    transaction: Transaction, office: Office, mails: MailServer
) -> None:
    planned(transaction)
    sent(transaction, office, mails.server)
    number = next(
        place for place, mail in enumerate(mails.taken) if "c01@" in mail[0] or "c02@" in mail[0] or "c03@" in mail[0]
    )
    mail = mails.mail(number)
    [link] = [part.strip("<>") for part in str(mail["List-Unsubscribe"]).split(",")]
    assert link.startswith("https://shop.example/unsubscribe?token=")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["From"] == "Kefu Shop <news@shop.example>" and mail["Reply-To"] == "news@shop.example"
    assert mail["Message-ID"].endswith("@shop.example>") and mail["Precedence"] == "bulk"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None and html is not None
    for body in (text.get_content(), html.get_content()):
        assert "12 Harbor Street" in body and "unsubscribe" in body.lower() and "Hi Ann," in body
    assert link in text.get_content() and "<b>" not in html.get_content()
    assert all(len(line) <= 998 for line in mails.taken[number][1].splitlines())


def test_chinese_customers_get_chinese_mails(transaction: Transaction, office: Office, mails: MailServer) -> None:
    planned(transaction)
    sent(transaction, office, mails.server)
    number = next(place for place, address in enumerate(mails.recipients) if int(address[1:3]) % 4 == 0)
    mail = mails.mail(number)
    text = mail.get_body(("plain",))
    assert text is not None and "王伟，您好！" in text.get_content() and "退订" in text.get_content()
    assert mail["Subject"].startswith("王伟，") and mail["Content-Language"] == "zh-CN"


def test_what_was_shown_is_kept_with_its_reason(transaction: Transaction, office: Office, mails: MailServer) -> None:
    planned(transaction)
    sent(transaction, office, mails.server)
    with transaction() as session:
        shown = session.scalars(select(MemberRow.items).where(MemberRow.state == "sent")).all()
    assert len(shown) == MAILED and all({"product_id", "reason"} == set(items[0]) for items in shown)
    text = mails.mail().get_body(("plain",))
    assert text is not None and text.get_content().count("\n* ") == 3


def test_consent_is_asked_when_a_mail_is_sent_and_not_when_it_was_planned(
    transaction: Transaction, office: Office, mails: MailServer
) -> None:
    planned(transaction, control=0)
    with transaction() as session:
        session.get_one(CustomerRow, "c03").newsletter_consent = False
        address = PRINTS.of("C04@example.com ")
        session.add(UnsubscribeRow(address=address, at=NOW, campaign_id=None, way="page"))
        session.get_one(CustomerRow, "c05").email = "@nowhere"
        session.get_one(CustomerRow, "c06").email = "nobody"
    assert sent(transaction, office, mails.server) == {"sent": CUSTOMERS - 4, "refused": 3, "failed": 1}
    assert not {"c03@example.com", "c04@example.com"} & set(mails.recipients)
    with transaction() as session:
        why = {
            row[0]: row[1]
            for row in session.execute(select(MemberRow.customer_id, MemberRow.why).where(MemberRow.why.is_not(None)))
        }
    assert why == {"c03": "no consent", "c04": "unsubscribed", "c05": "no address", "c06": "no address"}


def test_a_consent_given_after_an_unsubscribe_counts(
    transaction: Transaction, office: Office, mails: MailServer
) -> None:
    planned(transaction, control=0)
    with transaction() as session:
        for customer in ("c03", "c04"):
            at = NOW - timedelta(days=50)
            address = PRINTS.of(f"{customer}@example.com")
            session.add(UnsubscribeRow(address=address, at=at, campaign_id=None, way="page"))
        session.get_one(CustomerRow, "c04").newsletter_consent_at = NOW - timedelta(days=20)
    assert sent(transaction, office, mails.server)["refused"] == 1
    assert "c04@example.com" in mails.recipients and "c03@example.com" not in mails.recipients


def test_nobody_gets_more_mails_than_the_cap_allows(
    transaction: Transaction, office: Office, mails: MailServer
) -> None:
    planned(transaction, "first", control=0)
    planned(transaction, "second", control=0, cap=Cap(1, 7))
    assert sent(transaction, office, mails.server, "first") == {"sent": CUSTOMERS}
    assert sent(transaction, office, mails.server, "second") == {"refused": CUSTOMERS}
    planned(transaction, "third", control=0, cap=Cap(2, 7))
    assert sent(transaction, office, mails.server, "third") == {"sent": CUSTOMERS}


class DiesAfter:
    """A post whose process is killed after so many mails were taken, before the row could say so."""

    def __init__(self, post: Post, count: int) -> None:
        self._post, self._left = post, count

    def hand_over(self, message: EmailMessage, sender: str, recipient: str) -> None:
        self._post.hand_over(message, sender, recipient)
        self._left -= 1
        if self._left == 0:
            raise KeyboardInterrupt


def test_after_a_crash_the_rest_is_sent_and_nobody_gets_a_mail_twice(
    transaction: Transaction, office: Office, mails: MailServer
) -> None:
    planned(transaction, control=0)
    with SmtpPost(mails.server) as post, pytest.raises(KeyboardInterrupt):
        send(transaction, "spring", office, DiesAfter(post, 7), lambda: NOW)
    assert states(transaction) == {"sent": 6, "sending": 1, "waiting": CUSTOMERS - 7}
    assert sent(transaction, office, mails.server) == {"sent": CUSTOMERS - 7}
    assert sorted(mails.recipients) == sorted({f"c{number:02}@example.com" for number in range(CUSTOMERS)})
    assert states(transaction) == {"sent": CUSTOMERS - 1, "unsure": 1}


def test_a_server_that_is_away_costs_nobody_their_turn(
    transaction: Transaction, office: Office, mails: MailServer
) -> None:
    planned(transaction, control=0)
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1:1 can't be used"):
        sent(transaction, office, Server("127.0.0.1", 1, "none"))
    assert states(transaction) == {"waiting": CUSTOMERS}
    with transaction() as session:
        assert session.get_one(CampaignRow, "spring").sent_from is None
    assert sent(transaction, office, mails.server) == {"sent": CUSTOMERS}


def test_not_now_is_tried_again_and_never_is_not(transaction: Transaction, office: Office, mails: MailServer) -> None:
    planned(transaction, control=0)
    asked: Counter[str] = Counter()

    def answer(recipient: str) -> str | None:
        asked[recipient] += 1
        if recipient.startswith("c01"):
            return "550 no such user"
        if recipient.startswith("c02") or (recipient.startswith("c03") and asked[recipient] == 1):
            return "451 greylisted"
        return None

    mails.answer = answer
    mails.answer_data = lambda recipient: "554 spam" if recipient.startswith("c04") else None
    done = sent(transaction, office, mails.server)
    assert (done["sent"], done["failed"]) == (CUSTOMERS - 3, 3)
    assert (asked["c01@example.com"], asked["c02@example.com"], asked["c03@example.com"]) == (1, 3, 2)
    with transaction() as session:
        failed = select(MemberRow.customer_id, MemberRow.why).where(MemberRow.state == "failed")
        assert {row[0]: row[1] for row in session.execute(failed)} == {"c01": "550", "c02": "451", "c04": "554"}


class HangsUp:
    def hand_over(self, message: EmailMessage, sender: str, recipient: str) -> None:  # noqa: ARG002
        raise Uncertain("connection lost", "hung up in the middle")


def test_a_mail_that_may_have_arrived_is_not_sent_again(
    transaction: Transaction, office: Office, mails: MailServer
) -> None:
    planned(transaction, control=0)
    assert send(transaction, "spring", office, HangsUp(), lambda: NOW, limit=None) == {"unsure": CUSTOMERS}
    assert sent(transaction, office, mails.server) == {} and not mails.taken


def test_a_limit_stops_and_the_next_run_goes_on(transaction: Transaction, office: Office, mails: MailServer) -> None:
    planned(transaction, control=0)
    assert sent(transaction, office, mails.server, limit=5) == {"sent": 5}
    assert sent(transaction, office, mails.server) == {"sent": CUSTOMERS - 5}


def test_the_rate_is_kept(transaction: Transaction, office: Office, mails: MailServer) -> None:
    from time import monotonic

    planned(transaction, control=0)
    begun = monotonic()
    sent(transaction, replace(office, mails_a_minute=1200), mails.server, limit=8)
    assert monotonic() - begun >= 8 * 60 / 1200


def test_an_erased_customer_is_on_no_list(transaction: Transaction, office: Office, mails: MailServer) -> None:
    planned(transaction, control=0)
    with transaction() as session:
        assert erase_from_profiles(session, "c07", Pseudonyms(KEY)) == {"campaign_members": 1}
    sent(transaction, office, mails.server)
    assert "c07@example.com" not in mails.recipients and len(mails.taken) == CUSTOMERS - 1


def test_a_coupon_that_has_ended_stops_the_campaign_before_it_promises_anything(
    transaction: Transaction, office: Office, mails: MailServer
) -> None:
    planned(transaction, message="we_miss_you")
    with pytest.raises(CampaignError, match="WELCOME10"):
        sent(transaction, office, mails.server, now=NOW + timedelta(days=21))
    assert not mails.taken and states(transaction)["waiting"] == MAILED


def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(
    transaction: Transaction, office: Office, mails: MailServer
) -> None:
    planned(transaction)
    for security in ("starttls", "ssl"):
        server = Server(mails.server.host, mails.server.port, security)
        with SmtpPost(server, ssl.create_default_context()) as post, pytest.raises(Unreachable):
            send(transaction, "spring", office, post, lambda: NOW)
    assert not mails.taken and states(transaction)["waiting"] == MAILED


def test_an_unknown_campaign_is_told_with_those_there_are(
    transaction: Transaction, office: Office, mails: MailServer
) -> None:
    planned(transaction)
    with pytest.raises(CampaignError, match="no campaign 'autumn'; there are: spring"):
        sent(transaction, office, mails.server, "autumn")


def test_a_cancelled_campaign_sends_no_further_mail(
    transaction: Transaction, office: Office, mails: MailServer
) -> None:
    planned(transaction, control=0)
    sent(transaction, office, mails.server, limit=5)
    with transaction() as session:
        assert cancel(session, "spring") == CUSTOMERS - 5
        assert cancel(session, "spring") == 0
    assert sent(transaction, office, mails.server) == {}
    assert states(transaction) == {"sent": 5, "cancelled": CUSTOMERS - 5}


def test_a_long_address_of_the_shop_leaves_the_link_whole(
    transaction: Transaction, office: Office, mails: MailServer
) -> None:
    url = f"https://customer-service.{'a-long-name-' * 4}example.com/kefu"
    planned(transaction, name="a-campaign-with-a-name-as-long-as-names-may-be-and-then-some-ab")
    long = replace(office, links=Links(KEY, url))
    with SmtpPost(mails.server) as post:
        send(transaction, "a-campaign-with-a-name-as-long-as-names-may-be-and-then-some-ab", long, post, lambda: NOW)
    lines = mails.taken[0][1].decode("ascii").split("\r\n")
    [line] = [each for each in lines if each.startswith("List-Unsubscribe: ")]
    assert line.startswith(f"List-Unsubscribe: <{url}/unsubscribe?token=") and line.endswith(">")
    with transaction() as session:
        kept = set(session.scalars(select(MemberRow.message_id).where(MemberRow.state == "sent")))
    assert {str(mails.mail(number)["Message-ID"]) for number in range(MAILED)} == kept
