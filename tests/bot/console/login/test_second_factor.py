import time
from collections.abc import Callable

import pyotp
import pytest

from bot.console.login import second_factor
from tests.bot.console.conftest import PASSWORD, Browser

EMAIL = "anna@shop.example"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Moves time on; from the beginning of a half minute, so that no code ends by itself."""
    start = (int(time.time()) // 30 + 1) * 30.0
    now = [start]
    monkeypatch.setattr(time, "time", lambda: now[0])

    def move(seconds: float) -> None:
        now[0] += seconds

    return move


def switched_on(anna: Browser, clock: Callable[[float], None]) -> tuple[pyotp.TOTP, list[str]]:
    prepared = anna.post("/totp", {"password": PASSWORD}).json()
    totp = pyotp.TOTP(prepared["secret"])
    codes = anna.post("/totp/confirm", {"code": totp.at(int(time.time()))}).json()["recovery_codes"]
    clock(60)
    return totp, codes


def test_it_is_off_until_a_code_shows_that_the_phone_has_it(anna: Browser, clock: Callable[[float], None]) -> None:
    prepared = anna.post("/totp", {"password": PASSWORD}).json()
    assert prepared["uri"].startswith("otpauth://totp/Kefu:anna%40shop.example?secret=" + prepared["secret"])
    assert prepared["qr_svg"].startswith("<svg") and "http://www.w3.org" in prepared["qr_svg"]
    assert anna.sign_in(EMAIL).json()["me"]["has_totp"] is False
    wrong = anna.post("/totp/confirm", {"code": "000000"})
    assert (wrong.status_code, wrong.json()["title"]) == (422, "Wrong code")
    clock(0)


def test_setting_it_up_needs_the_password(anna: Browser) -> None:
    assert anna.post("/totp", {"password": "wrong"}).status_code == 403
    assert anna.post("/totp/off", {"password": "wrong"}).status_code == 403


def test_with_it_the_password_alone_is_not_enough(anna: Browser, clock: Callable[[float], None]) -> None:
    totp, _ = switched_on(anna, clock)
    anna.write("DELETE", "/session")
    assert anna.sign_in(EMAIL).json() == {"code_needed": True}
    assert anna.get("/me").status_code == 401
    assert anna.sign_in(EMAIL, code="123456").json()["title"] == "Wrong code"
    assert anna.sign_in(EMAIL, "wrong", code=totp.at(int(time.time()))).json()["title"] == "Wrong e-mail or password"
    assert anna.sign_in(EMAIL, code=totp.at(int(time.time()))).json()["me"]["has_totp"] is True


def test_a_code_is_good_once(anna: Browser, clock: Callable[[float], None]) -> None:
    totp, _ = switched_on(anna, clock)
    code = totp.at(int(time.time()))
    assert anna.sign_in(EMAIL, code=code).status_code == 200
    assert anna.sign_in(EMAIL, code=code).json()["title"] == "Wrong code"
    clock(30)
    assert anna.sign_in(EMAIL, code=code).json()["title"] == "Wrong code"  # in its own half minute it was used
    assert anna.sign_in(EMAIL, code=totp.at(int(time.time()))).status_code == 200


def test_a_code_of_long_ago_is_wrong(anna: Browser, clock: Callable[[float], None]) -> None:
    totp, _ = switched_on(anna, clock)
    old = totp.at(int(time.time()))
    clock(90)
    assert anna.sign_in(EMAIL, code=old).json()["title"] == "Wrong code"


def test_a_recovery_code_lets_in_once(anna: Browser, clock: Callable[[float], None]) -> None:
    _, codes = switched_on(anna, clock)
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    assert anna.sign_in(EMAIL, code=codes[0].upper()).status_code == 200
    assert anna.sign_in(EMAIL, code=codes[0]).json()["title"] == "Wrong code"
    assert anna.sign_in(EMAIL, code=codes[1]).status_code == 200


def test_guessing_codes_makes_one_wait(anna: Browser, clock: Callable[[float], None]) -> None:
    switched_on(anna, clock)
    found = [anna.sign_in(EMAIL, code=f"{number:06}").status_code for number in range(7)]
    assert found == [401] * 5 + [429, 429]


def test_it_can_be_switched_off_by_oneself_and_by_an_administrator(
    anna: Browser, admin: Browser, clock: Callable[[float], None]
) -> None:
    switched_on(anna, clock)
    assert anna.post("/totp", {"password": PASSWORD}).json()["title"] == "On already"
    assert anna.post("/totp/off", {"password": PASSWORD}).status_code == 204
    assert anna.sign_in(EMAIL).status_code == 200
    switched_on(anna, clock)
    assert admin.post(f"/admin/agents/{anna.id}/totp/off").status_code == 204
    assert anna.sign_in(EMAIL).json()["me"]["has_totp"] is False
