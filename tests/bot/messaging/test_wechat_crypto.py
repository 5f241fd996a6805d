"""The encryption of WeChat, WeCom and DingTalk: Tencent's own sample, wechatpy's vectors, and wechatpy both ways."""

from dataclasses import replace

import pytest
from pydantic import SecretStr
from wechatpy.crypto import PrpCrypto

from bot.messaging.wechat_crypto import Envelopes, NotTheirs, Signed, decrypted, encrypted, key_of, signature

CORP = "wx5823bf96d3bd56c7"
SAMPLE = Envelopes([SecretStr("QDG6eK")], [SecretStr("jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C")], CORP)
ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
ECHO_SIGNED = Signed("5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", "1409659589", "263014780")
MESSAGE = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3"
    "TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gs"
    "ijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUa"
    "x5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIG"
    "HBZZIs2pDBS8R07+qN+E7Q=="
)
MESSAGE_SIGNED = Signed("477715d11cdb4164915debcba66cb864d751f3e6", "1409659813", "1372623149")
KEY = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR"


def test_tencents_sample_is_opened() -> None:
    assert SAMPLE.open(ECHO, ECHO_SIGNED, 1409659589) == b"1616140317555161061"
    assert b"<Content><![CDATA[hello]]></Content>" in SAMPLE.open(MESSAGE, MESSAGE_SIGNED, 1409659813 + 300)


def test_wechatpys_vector_is_opened() -> None:
    theirs = Envelopes([SecretStr("123456")], [SecretStr(KEY)], "wx49f0ab532d5d035a")
    ciphertext = "4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q=="
    signed = Signed("dd6b9c95b495b3f7e2901bfbc76c664930ffdb96", "1411443780", "437374425")
    assert theirs.open(ciphertext, signed, 1411443780)


@pytest.mark.parametrize(
    ("changed", "now"),
    [
        ({"signature": ECHO_SIGNED.signature[:-1] + "4"}, 1409659589),
        ({"nonce": "263014781"}, 1409659589),
        ({"timestamp": "1409659590"}, 1409659589),
        ({"timestamp": "", "signature": ""}, 1409659589),
        ({"nonce": "\udcff"}, 1409659589),
        ({}, 1409659589 + 301),
        ({}, 1409659589 - 301),
    ],
)
def test_what_is_not_signed_just_now_is_refused(changed: dict[str, str], now: float) -> None:
    with pytest.raises(NotTheirs):
        SAMPLE.open(ECHO, replace(ECHO_SIGNED, **changed), now)


@pytest.mark.parametrize("ciphertext", ["", "QUJD", "not base64!", "A" * 64, ECHO[:-24]])
def test_what_is_signed_but_not_encrypted_so_is_refused(ciphertext: str) -> None:
    signed = Signed(signature("QDG6eK", "1409659589", "1", ciphertext), "1409659589", "1")
    with pytest.raises(NotTheirs):
        SAMPLE.open(ciphertext, signed, 1409659589)


def test_what_is_for_another_account_is_refused() -> None:
    with pytest.raises(NotTheirs):
        replace(SAMPLE, receiver="wx5823bf96d3bd56c8").open(ECHO, ECHO_SIGNED, 1409659589)


def test_the_token_and_the_key_before_are_also_taken() -> None:
    changed = Envelopes([SecretStr("a-new-token"), *SAMPLE.tokens], [SecretStr(KEY), *SAMPLE.keys], CORP)
    assert changed.open(ECHO, ECHO_SIGNED, 1409659589) == b"1616140317555161061"


@pytest.mark.parametrize("text", ["", "hello", "你好，我的订单呢？" * 300, "x" * 31, "x" * 32])
def test_wechatpy_reads_what_kefu_seals_and_kefu_reads_what_wechatpy_does(text: str) -> None:
    key = key_of(KEY)
    assert PrpCrypto(key).decrypt(encrypted(key, text.encode(), b"corp", b"r" * 16), "corp") == text
    assert decrypted(key, PrpCrypto(key).encrypt(text, "corp").decode()) == (text.encode(), b"corp")


def test_an_answer_is_sealed_with_the_first_token_and_key() -> None:
    ciphertext, signed = SAMPLE.seal(b"success", "1409659589")
    assert SAMPLE.open(ciphertext, signed, 1409659589) == b"success"


@pytest.mark.parametrize("wrong", ["", KEY[:-1], KEY + "x", "ä" * 43, "!" * 43])
def test_a_key_that_is_none_is_told(wrong: str) -> None:
    with pytest.raises(ValueError, match="43"):
        key_of(wrong)
