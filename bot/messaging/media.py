"""What a file is, by its bytes: never by its name, nor by what the sender calls it.

A file is taken if its bytes are of a type that is allowed and it is not too large. It is given out so that no browser
ever runs it: as a download, in a sandbox, under the type that its bytes are.
"""

import io
import re
import unicodedata
import zipfile
from collections.abc import Collection
from urllib.parse import quote

from bot.conversation.attachments import LONGEST_NAME, File, Kind, Opened, Status

MEGABYTE = 1_000_000
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf2", "audio/mpeg"),
    (b"\xff\xf1", "audio/aac"),
    (b"\xff\xf9", "audio/aac"),
    (b"#!AMR", "audio/amr"),
    (b"fLaC", "audio/flac"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
)
BRANDS = {"qt  ": "video/quicktime", "M4A ": "audio/mp4", "avif": "image/avif"}
"""Of the ISO container, by the four letters after `ftyp`; `hei…` and `mif1` are HEIC, `3g…` is 3GPP, others are MP4."""
CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
IN_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
ENDINGS = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "image/heic": (".heic", ".heif"),
    "image/avif": (".avif",),
    "application/pdf": (".pdf",),
    "audio/ogg": (".ogg", ".oga", ".opus"),
    "audio/mpeg": (".mp3",),
    "audio/aac": (".aac",),
    "audio/amr": (".amr",),
    "audio/mp4": (".m4a",),
    "audio/wav": (".wav",),
    "audio/flac": (".flac",),
    "video/mp4": (".mp4",),
    "video/webm": (".webm",),
    "video/quicktime": (".mov",),
    "video/3gpp": (".3gp",),
    "text/plain": (".txt", ".csv", ".log", ".md"),
    WORD: (".docx",),
    SHEET: (".xlsx",),
}


class NotTaken(Exception):
    """`status` is what becomes of the attachment, `why` says it for the shop's people."""

    def __init__(self, status: Status, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


def inspected(name: str, content: bytes, allowed: Collection[str], limit_bytes: int) -> File:
    """The file as it may be kept. Raises NotTaken."""
    if len(content) > limit_bytes:
        raise NotTaken("too_large", f"larger than {limit_bytes / MEGABYTE:g} MB")
    if not content:
        raise NotTaken("refused", "the file is empty")
    media_type = type_of(content)
    if media_type not in allowed:
        raise NotTaken("refused", f"of a kind that is not taken: {media_type or 'unknown'}")
    return File(named(name, media_type), media_type, kind_of(media_type), content)


def type_of(content: bytes) -> str:
    """The type that the bytes are; empty where they are none that is known."""
    for beginning, media_type in BEGINNINGS:
        if content.startswith(beginning):
            return media_type
    if content[:4] == b"RIFF":
        return IN_RIFF.get(content[8:12], "")
    if content[4:8] == b"ftyp":
        return _in_iso(content[8:12].decode("latin-1"))
    if content.startswith(b"PK\x03\x04"):
        return _in_zip(content)
    return "text/plain" if _is_text(content) else ""


def _in_iso(brand: str) -> str:
    if brand.startswith(("hei", "hev", "mif1", "msf1")):
        return "image/heic"
    return "video/3gpp" if brand.startswith("3g") else BRANDS.get(brand, "video/mp4")


def _in_zip(content: bytes) -> str:
    """Word and Excel documents without macros; no other archive."""
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return ""
    if "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        return ""
    return WORD if "word/document.xml" in names else SHEET if "xl/workbook.xml" in names else ""


def _is_text(content: bytes) -> bool:
    """UTF-8 without control characters, and nothing that a browser could take for a page."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not text.lstrip().startswith("<") and CONTROL.search(text) is None


def kind_of(media_type: str) -> Kind:
    kinds: dict[str, Kind] = {"image": "image", "audio": "audio", "video": "video"}
    return kinds.get(media_type.partition("/")[0], "file")


def named(name: str, media_type: str) -> str:
    """The name without a path and signs that mislead, with an ending that is true."""
    base = name.replace("\\", "/").rpartition("/")[2]
    safe = "".join(sign for sign in base if unicodedata.category(sign)[0] != "C").strip(" .")
    endings = ENDINGS.get(media_type, ())
    if endings and not safe.lower().endswith(endings):
        safe = (safe or kind_of(media_type)) + endings[0]
    return safe[-LONGEST_NAME:]


def safe_headers(opened: Opened) -> dict[str, str]:
    """Of an answer that gives the bytes out. An image is shown where a page asks for it as an image, and only there."""
    media_type = opened.kept.media_type
    return {
        "content-type": f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type,
        "content-disposition": f"attachment; filename*=UTF-8''{quote(opened.kept.name, safe='')}",
        "content-security-policy": "default-src 'none'; sandbox",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cache-control": "private, max-age=3600",
    }
