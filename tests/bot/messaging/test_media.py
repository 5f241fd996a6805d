"""A file is what its bytes are, and leaves in a way that no browser runs it."""

import io
import zipfile

import pytest

from bot.conversation.attachments import Kept, Opened
from bot.messaging.links import LIFE_SECONDS, Links
from bot.messaging.media import SHEET, WORD, NotTaken, inspected, named, safe_headers, type_of
from bot.settings import ATTACHMENT_TYPES
from tests.contracts.platform import PICTURE


def archive(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PICTURE, "image/png"),
        (b"\xff\xd8\xff\xe0 JFIF", "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"\x00\x00\x00\x18ftypisom", "video/mp4"),
        (b"\x00\x00\x00\x18ftypM4A ", "audio/mp4"),
        (b"%PDF-1.7", "application/pdf"),
        ("订单号,金额\nW1,9.90\n".encode(), "text/plain"),
        (archive("[Content_Types].xml", "word/document.xml"), WORD),
        (archive("[Content_Types].xml", "xl/workbook.xml"), SHEET),
    ],
)
def test_a_type_is_read_from_the_bytes_and_is_taken(content: bytes, media_type: str) -> None:
    assert type_of(content) == media_type and media_type in ATTACHMENT_TYPES


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00 a program",
        b"\x7fELF",
        b"<!doctype html><script>alert(1)</script>",
        b"  \n<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"\xef\xbb\xbf<html>",
        b"#!/bin/sh\n\x00",
        archive("run.exe"),
        archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
        b"PK\x03\x04 no archive at all",
        archive("word/document.xml").replace(b"\x14\x00", b"\xa4\x00"),  # of a ZIP that is not invented yet
        b"a bell \x07",
        "a control \x85".encode(),
    ],
)
def test_programs_pages_macros_and_archives_are_not_taken_whatever_they_are_called(content: bytes) -> None:
    with pytest.raises(NotTaken) as refused:
        inspected("holiday.png", content, ATTACHMENT_TYPES, 1_000_000)
    assert refused.value.status == "refused"


def test_a_name_has_no_path_no_tricks_and_a_true_ending() -> None:
    assert named("..\\..\\etc/passwd.exe", "image/png") == "passwd.exe.png"
    assert named("invoice\u202egpj.pdf\x00", "application/pdf") == "invoicegpj.pdf"
    assert named("", "image/jpeg") == "image.jpg"
    assert named("发票.PDF", "application/pdf") == "发票.PDF"


def test_headers_survive_any_name() -> None:
    kept = Kept(1, "web:ann", 1, "user", "file", '发票"\r\n.txt', "text/plain", 1, "", "stored", None)
    headers = safe_headers(Opened(kept, b"x"))
    assert headers["content-disposition"] == "attachment; filename*=UTF-8''%E5%8F%91%E7%A5%A8%22%0D%0A.txt"
    assert headers["content-type"] == "text/plain; charset=utf-8"


def test_an_address_is_good_for_one_file_and_three_days() -> None:
    links = Links("a secret", "https://kefu.example/")
    address = links.address(7, 1000.0)
    until, signature = address.partition("until=")[2].split("&signature=")
    assert address.startswith("https://kefu.example/attachments/7?until=")
    assert links.is_good(7, until, signature, 1000.0 + LIFE_SECONDS)
    assert not links.is_good(7, until, signature, 1001.0 + LIFE_SECONDS)
    assert not links.is_good(8, until, signature, 1000.0)
    assert not links.is_good(7, str(int(until) + 1), signature, 1000.0)
    assert not Links("another", "https://kefu.example").is_good(7, until, signature, 1000.0)
