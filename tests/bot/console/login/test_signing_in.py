from collections.abc import Callable

from fastapi.testclient import TestClient

from tests.bot.console.conftest import API, PASSWORD, Browser


def test_who_signs_in_is_known_until_they_sign_out(client: TestClient, hire: Callable[..., str]) -> None:
    agent_id = hire("anna@shop.example")
    browser = Browser(client)
    assert client.get(f"{API}/session").json() == {"me": None, "csrf": None, "demo": None}
    assert browser.get("/me").status_code == 401
    assert browser.sign_in(" Anna@Shop.example ").status_code == 200
    assert browser.get("/me").json()["id"] == agent_id
    assert client.get(f"{API}/session").json()["csrf"] == browser.csrf
    assert browser.write("DELETE", "/session").status_code == 204
    assert browser.get("/me").status_code == 401
    assert PASSWORD not in client.get("/metrics").text
