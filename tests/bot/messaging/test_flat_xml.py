"""XML deliveries: read flat, and without anything that XML can do to its reader."""

import time

import pytest

from bot.messaging.flat_xml import fields_of

BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><xml><Content>&b;</Content></xml>'
FILE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><Content>&f;</Content></xml>'
REMOTE = '<!DOCTYPE xml SYSTEM "http://127.0.0.1:9/x.dtd"><xml><Content>x</Content></xml>'


def test_fields_are_read_with_and_without_cdata() -> None:
    body = "<xml>\n<A><![CDATA[一 < 二]]></A><B>1 &lt; 2</B><C><D>deep</D></C><E/></xml>\n".encode()
    assert fields_of(body) == {"A": "一 < 二", "B": "1 < 2", "C": "", "D": "deep", "E": ""}


@pytest.mark.parametrize("hostile", [BOMB, FILE, REMOTE])
def test_a_dtd_is_not_read(hostile: str) -> None:
    with pytest.raises(ValueError, match="DTD"):
        fields_of(hostile.encode())


@pytest.mark.parametrize("broken", [b"", b"{}", b"<xml>", b"<xml></a>", b"<xml><A>&nope;</A></xml>", b"\xff\xfe<"])
def test_what_is_no_xml_is_told(broken: bytes) -> None:
    with pytest.raises(ValueError, match="XML"):
        fields_of(broken)


def test_what_is_far_too_long_is_not_read() -> None:
    """It comes before anything is known of who sent it."""
    began = time.process_time()
    with pytest.raises(ValueError, match="too long"):
        fields_of(b"<x><a>" + b"<b/>a" * 700_000 + b"</a></x>")
    assert time.process_time() - began < 0.5
