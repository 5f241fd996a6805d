"""The page and the one click behind every campaign mail's link."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.database import open_database
from knowledge.campaigns.schema import CampaignRow, MemberRow, UnsubscribeRow
from knowledge.campaigns.unsubscribing import Links
from knowledge.profiles.pseudonyms import Pseudonyms
from knowledge.shop.columns import utc_now
from knowledge.shop.schema import CustomerRow
from tests.bot.conftest import Serve

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


class Shop:
    """The served bot, and one customer who got a mail."""

    def __init__(self, client: TestClient, url: str) -> None:
        self.client, self.database = client, open_database(url)
        with self.database.transaction() as session:
            given = {"customer_id": "ann", "email": "ann@example.com", "email_key": "ann@example.com"}
            consent = {"newsletter_consent": True, "newsletter_consent_at": utc_now() - timedelta(days=9)}
            session.add(CustomerRow(first_name="Ann", last_name="Lee", locale="en", **given, **consent))
            session.add(self._campaign())
            member = MemberRow(campaign_id="spring", customer_id="ann", arm="mail", state="sent", items=[])
            session.add(member)
            session.flush()
            self.token = Links(Pseudonyms.of_shop(session).key).token(member.member_id)

    def _campaign(self) -> CampaignRow:
        return CampaignRow(
            campaign_id="spring", made_at=utc_now(), message={}, audience={}, seed=1, control_share=0.0, sent_from=None
        )

    def agrees(self) -> bool:
        with self.database.read_session() as session:
            return session.get_one(CustomerRow, "ann").newsletter_consent

    def ways(self) -> list[str]:
        with Session(self.database.engine) as session:
            return list(session.scalars(select(UnsubscribeRow.way)))


@pytest.fixture
def shop(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    url = f"sqlite:///{tmp_path_factory.mktemp('shop')}/kefu.db"
    return Shop(serve(database_url=url), url)


def test_the_link_of_an_erased_customer_is_never_somebody_elses(shop: Shop) -> None:
    with shop.database.transaction() as session:
        session.delete(session.scalars(select(MemberRow)).one())
        session.flush()
        session.add(MemberRow(campaign_id="spring", customer_id="ann", arm="mail", state="sent", items=[]))
    shop.client.post(f"/unsubscribe?token={shop.token}", data=ONE_CLICK)
    assert shop.agrees()


def test_a_mail_programs_one_click_unsubscribes_without_login_or_question(shop: Shop) -> None:
    for _ in range(2):
        answer = shop.client.post(f"/unsubscribe?token={shop.token}", data=ONE_CLICK)
        assert answer.status_code == 200 and "You are unsubscribed" in answer.text
    assert not shop.agrees() and set(shop.ways()) == {"one click"}


def test_looking_at_the_link_changes_nothing(shop: Shop) -> None:
    for method in ("GET", "HEAD"):
        shop.client.request(method, f"/unsubscribe?token={shop.token}")
    assert shop.agrees() and shop.ways() == []


def test_the_page_asks_and_its_button_unsubscribes(shop: Shop) -> None:
    page = shop.client.get(f"/unsubscribe?token={shop.token}&lang=zh")
    assert 'lang="zh-CN"' in page.text and "是的，退订" in page.text
    assert "ann" not in page.text.lower().replace("channel", "") and 'method="post"' in page.text
    action = page.text.split('action="')[1].split('"')[0].replace("&amp;", "&")
    done = shop.client.post(action)
    assert "已经退订" in done.text and not shop.agrees() and shop.ways() == ["page"]


@pytest.mark.parametrize("token", ["", "1", "1-abc", "999-ffffffffffffffffffffffffffffffff", "é-1", "1-" + "0" * 32])
def test_a_link_that_is_not_ours_changes_nothing_and_says_what_to_do(shop: Shop, token: str) -> None:
    for method in ("GET", "POST"):
        answer = shop.client.request(method, "/unsubscribe", params={"token": token, "lang": "en"})
        assert answer.status_code == 404 and "Reply “unsubscribe”" in answer.text
    assert shop.agrees()


def test_what_a_stranger_writes_into_the_link_is_not_run(shop: Shop) -> None:
    answer = shop.client.get("/unsubscribe", params={"token": shop.token, "lang": '"><script>alert(1)</script>'})
    assert "<script" not in answer.text
