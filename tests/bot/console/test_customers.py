"""Profile 360 over HTTP and WebSocket, on a small demo shop."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from starlette.websockets import WebSocketDisconnect

from bot.database import Database, open_database
from bot.dialogue.assistant import Assistant
from bot.settings import PACKAGE_ROOT
from knowledge.next_best_action import Action
from knowledge.next_best_action.schema import DecisionRow
from knowledge.profiles.schema import ProfileChangeRow, ProfileRow
from knowledge.shop.columns import utc_now
from knowledge.shop.demo.seeding import seed
from knowledge.shop.schema import AuditRow, CustomerRow, OrderRow
from knowledge.shop.shop import Shop
from tests.bot.conftest import API_TOKEN, Serve

BEARER = {"Authorization": f"Bearer {API_TOKEN}"}
WEEK = timedelta(days=7)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return open_database(f"sqlite:///{tmp_path}/kefu.db")


@pytest.fixture
def client(serve: Serve, database: Database) -> TestClient:
    client = serve()
    with database.transaction() as session:
        seed(session, seed=7, customers=30, now=utc_now())
    return client


@pytest.fixture
def someone(client: TestClient, database: Database) -> str:  # noqa: ARG001  (the shop must be there)
    """Whoever has bought most."""
    with database.read_session() as session:
        orders = select(OrderRow.customer_id).group_by(OrderRow.customer_id).order_by(func.count().desc())
        return str(session.scalars(orders).first())


def profiled(database: Database, customer_id: str, segment: str, together: int) -> datetime:
    """Profiles as a fit writes them, `together` customers in the segment."""
    at = utc_now()
    reasons = [{"code": "pause", "facts": {"recency_days": 84.0, "gap_days": 14.0}, "contribution": 0.8}]
    with database.transaction() as session:
        others = session.scalars(select(CustomerRow.customer_id).where(CustomerRow.customer_id != customer_id))
        for one in [customer_id, *others][:together]:
            session.add(
                ProfileRow(
                    customer_id=one,
                    computed_at=at,
                    version="v1",
                    segment=segment,
                    segment_since=at - WEEK,
                    features={},
                    predictions=[{"task": "churn", "value": 0.61, "reasons": reasons}],
                )
            )
        session.add(
            ProfileChangeRow(customer_id=customer_id, at=at - WEEK, before="loyal", after=segment, version="v0")
        )
    return at


def test_it_shows_who_the_customer_is_and_what_they_bought(
    client: TestClient, someone: str, database: Database
) -> None:
    said = client.get(f"/api/customers/{someone}", headers=BEARER).json()
    with database.read_session() as session:
        customer = Shop(session).customer(someone)
        orders = Shop(session).orders_of(someone)
    assert customer is not None
    assert (said["customer_id"], said["email"]) == (someone, customer.email)
    assert said["consent"]["newsletter"] is customer.newsletter_consent
    assert [order["order_number"] for order in said["orders"]] == [order.order_number for order in orders[:5]]
    kept = [order for order in orders if order.status != "cancelled"]
    assert said["rfm"]["orders"] <= len(kept)
    assert said["rfm"]["spend"] > 0
    assert said["rfm"]["recency_days"] < said["rfm"]["tenure_days"]
    assert len(said["recommendations"]) == 3
    assert said["computed"] is said["segment"] is None
    assert said["predictions"] == said["sentiment"] == []


def test_it_shows_what_the_models_said(client: TestClient, someone: str, database: Database) -> None:
    at = profiled(database, someone, "at_risk", together=5)
    said = client.get(f"/api/customers/{someone}", headers=BEARER).json()
    assert said["computed"] == {"at": at.isoformat(timespec="seconds"), "version": "v1"}
    assert said["segment"]["code"] == "at_risk"
    assert said["segment"]["since"] == (at - WEEK).isoformat(timespec="seconds")
    assert [one["after"] for one in said["segment"]["history"]] == ["at_risk"]
    assert [(one["task"], one["value"]) for one in said["predictions"]] == [("churn", 0.61)]
    assert said["predictions"][0]["reasons"] == ["12 weeks without a purchase; used to buy every 2 weeks"]
    in_chinese = client.get(f"/api/customers/{someone}?language=zh", headers=BEARER).json()
    assert "12 周没有下单" in in_chinese["predictions"][0]["reasons"][0]
    assert in_chinese["segment"]["name"] == "流失预警"


def test_a_segment_of_fewer_than_five_is_not_shown(client: TestClient, someone: str, database: Database) -> None:
    profiled(database, someone, "at_risk", together=4)
    assert client.get(f"/api/customers/{someone}", headers=BEARER).json()["segment"] is None


def test_a_small_segment_of_the_past_is_not_shown_either(client: TestClient, someone: str, database: Database) -> None:
    profiled(database, someone, "at_risk", together=5)  # came from "loyal", where nobody is now
    [change] = client.get(f"/api/customers/{someone}", headers=BEARER).json()["segment"]["history"]
    assert (change["before"], change["after"]) == (None, "at_risk")


def test_the_mood_of_the_conversations_is_told(client: TestClient, someone: str) -> None:
    client.post("/webhooks/rest/webhook", json={"sender": "ann", "message": "hello"})
    event = {"event": "slot", "name": "customer_id", "value": someone}
    client.post("/conversations/rest:ann/tracker/events", json=event, headers=BEARER)
    [mood] = client.get(f"/api/customers/{someone}", headers=BEARER).json()["sentiment"]
    assert (mood["conversation_id"], mood["turn"], mood["label"], mood["score"]) == ("rest:ann", 1, "neutral", 0.0)


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Bearer "])
def test_without_the_token_nothing_is_shown(client: TestClient, someone: str, header: str | None) -> None:
    headers = {"Authorization": header} if header else {}
    for customer_id in (someone, "nobody"):
        answer = client.get(f"/api/customers/{customer_id}", headers=headers)
        assert answer.status_code == 401
        assert someone not in answer.text


def test_with_no_token_set_the_routes_do_not_exist(serve: Serve) -> None:
    assert serve(api_token=None).get("/api/customers/anyone", headers=BEARER).status_code == 404


def test_nobody_is_a_404_and_no_look(client: TestClient, database: Database) -> None:
    answer = client.get("/api/customers/nobody", headers=BEARER)
    assert (answer.status_code, answer.json()["title"]) == (404, "Not found")
    assert looks(database) == []


def test_who_looked_is_written_down(client: TestClient, someone: str, database: Database) -> None:
    client.get(f"/api/customers/{someone}", headers={**BEARER, "X-Operator": "mia"})
    client.get(f"/api/customers/{someone}", headers=BEARER)
    assert looks(database) == [("agent:mia", someone), ("agent:token", someone)]


def looks(database: Database) -> list[tuple[str, str | None]]:
    with database.read_session() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.operation == "view_profile"))
        return [(row.actor, row.customer_id) for row in rows]


def test_looking_at_the_next_best_action_logs_no_choice(client: TestClient, someone: str, database: Database) -> None:
    said = client.get(f"/api/customers/{someone}", headers=BEARER).json()["next_best_action"]
    assert said["is_drawn"] and len(said["options"]) > 1
    assert sum(option["propensity"] for option in said["options"]) == pytest.approx(1, abs=0.001)
    assert said["action"] in list(Action)
    assert 0 < said["propensity"] <= 1
    assert said["because"]
    with database.read_session() as session:
        assert session.scalars(select(DecisionRow)).all() == []


def test_reasons_are_told_in_the_language_asked_for(client: TestClient, someone: str) -> None:
    path = f"/api/customers/{someone}"
    in_english, in_chinese = (
        client.get(f"{path}?language={language}", headers=BEARER).json() for language in ("en", "zh")
    )
    assert in_english["recommendations"] != in_chinese["recommendations"]
    assert client.get(f"{path}?language=fr", headers=BEARER).status_code == 422


def test_a_change_is_pushed_and_a_look_is_none(client: TestClient, someone: str, database: Database) -> None:
    with client.websocket_connect(f"/api/customers/{someone}/changes", headers=BEARER) as socket:
        assert socket.receive_json() == {"type": "watching", "customer_id": someone}
        client.get(f"/api/customers/{someone}", headers=BEARER)
        with database.transaction() as session:
            customer = Shop(session).customer(someone)
            assert customer is not None
            is_consenting = not customer.newsletter_consent
            Shop(session).set_newsletter_consent(someone, is_consenting, key="k", actor=f"customer:{someone}")
        assert socket.receive_json() == {"type": "changed", "parts": ["consent", "account"]}
        profiled(database, someone, "loyal", together=5)
        assert socket.receive_json() == {"type": "changed", "parts": ["models"]}
        with database.transaction() as session:
            order = session.scalars(select(OrderRow).where(OrderRow.customer_id == someone)).first()
            assert order is not None
            order.status = "cancelled" if order.status != "cancelled" else "pending"
        assert socket.receive_json() == {"type": "changed", "parts": ["orders"]}


def test_a_browser_shows_the_token_as_a_subprotocol(client: TestClient, someone: str) -> None:
    path = f"/api/customers/{someone}/changes"
    with client.websocket_connect(path, subprotocols=["kefu", API_TOKEN]) as socket:
        assert socket.accepted_subprotocol == "kefu"
        assert socket.receive_json()["type"] == "watching"


@pytest.mark.parametrize("protocols", [None, ["kefu"], ["kefu", "wrong"], [API_TOKEN], ["other", API_TOKEN]])
def test_without_the_token_nobody_watches(client: TestClient, someone: str, protocols: list[str] | None) -> None:
    path = f"/api/customers/{someone}/changes"
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(path, subprotocols=protocols) as socket:
        socket.receive_json()


@pytest.mark.parametrize("name", ["<script>", "x" * 201])
def test_a_name_that_is_none_does_not_get_into_the_audit(
    client: TestClient, someone: str, database: Database, name: str
) -> None:
    headers = {**BEARER, "X-Operator": name}
    path = f"/api/customers/{someone}"
    assert client.get(path, headers=headers).status_code == 422
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(f"{path}/changes", headers=headers) as socket:
        socket.receive_json()
    assert looks(database) == []


def test_nobody_cannot_be_watched(client: TestClient) -> None:
    with client.websocket_connect("/api/customers/nobody/changes", headers=BEARER) as socket:
        assert socket.receive_json()["status"] == 404


def test_the_reasons_words_come_from_the_assistant(someone: str, database: Database) -> None:
    from bot.console.profile_view import ProfileView
    from knowledge.shop.policy import load_policy

    domain = Assistant.load(PACKAGE_ROOT / "bot" / "assistant").domain_dict()
    with database.read_session() as session:
        said = ProfileView(load_policy, domain).of(session, someone, "zh", datetime.now(UTC))
    assert said is not None
    assert all(any("一" <= sign <= "鿿" for sign in one["reason"]) for one in said["recommendations"])
