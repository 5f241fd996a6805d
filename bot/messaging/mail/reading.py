"""A mail as it came → who wrote it, in which thread, and what. Nothing in a mail can make this raise."""

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parseaddr
from urllib.parse import unquote

from bot.messages import Attachment
from bot.messaging.mail.plain import plain

WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs", "ks_c_5601-1987": "cp949"}
"""Senders name the small set and use the large one."""
NO_CHARSETS = frozenset({"punycode", "idna"})
"""Python decodes them too, in time that grows with the square of the length; no mail is written in them."""
LONGEST_ID = 255
LONGEST_HEADER = 998
SMALLEST_INLINE_BYTES = 8_000
"""A smaller picture within the text is a logo."""
KINDS = {"image": "image", "audio": "audio", "video": "video"}


@dataclass(frozen=True)
class Thread:
    """What an answer refers to."""

    message_id: str
    references: str
    subject: str


def parsed(raw: bytes) -> Message:
    return message_from_bytes(raw)


def header(mail: Message, name: str) -> str:
    """A header on one line, decoded as far as it can be."""
    value = mail.get(name)
    if value is None:
        return ""
    try:
        pieces = decode_header(value)
    except (ValueError, TypeError, AttributeError, MessageError):
        pieces = [(str(value), None)]
    words = "".join(text(piece, charset) if isinstance(piece, bytes) else piece for piece, charset in pieces)
    words = words.encode("utf-8", "replace").decode()
    return re.sub(r"\s+", " ", words).strip()[:LONGEST_HEADER]


def text(content: bytes, charset: str | None) -> str:
    """By the charset that is named, else by the first that fits."""
    named = (charset or "").strip().strip("\"'").lower()
    for one in (WIDER.get(named, named), "utf-8", "gb18030"):
        try:
            if one and codecs.lookup(one).name not in NO_CHARSETS:
                return content.decode(one)
        except (LookupError, ValueError):
            continue
    return content.decode("latin-1")


def sender_of(mail: Message) -> str:
    """The address in small letters; empty where there is none that could be answered."""
    replies = [address for _name, address in getaddresses([header(mail, "reply-to")])]
    address = next((one for one in replies if "@" in one), parseaddr(header(mail, "from"))[1])
    is_one = re.fullmatch(r"[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]{1,180}", address)
    return address.lower() if is_one and address.isprintable() else ""


def thread_of(mail: Message, raw: bytes) -> Thread:
    """The mail's own id is made of its bytes where it has none that can be used."""
    message_id = header(mail, "message-id").replace(" ", "")
    if not 3 <= len(message_id) <= LONGEST_ID or not message_id.isprintable():
        message_id = f"<{hashlib.sha256(raw).hexdigest()}@no-message-id>"
    before = header(mail, "references") or header(mail, "in-reply-to")
    return Thread(message_id, " ".join(re.findall(r"<[^<>\s]+>", before)[-10:]), header(mail, "subject"))


def words_of(mail: Message) -> str:
    """What is to be read: the plain text, else that of the HTML; of all parts that are no attachments."""
    plains: list[str] = []
    pages: list[str] = []
    for part in bodies(mail):
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            words = text(payload, part.get_content_charset())
            (pages if part.get_content_subtype() == "html" else plains).append(words)
    written = "\n\n".join(plains).replace("\r\n", "\n").strip()
    return written or "\n\n".join(plain(page) for page in pages).strip()


def bodies(mail: Message) -> Iterator[Message]:
    for part in mail.walk():
        is_text = part.get_content_type() in ("text/plain", "text/html")
        if is_text and not part.is_multipart() and part.get_content_disposition() != "attachment" and not name_of(part):
            yield part


def files_of(mail: Message) -> Iterator[tuple[int, Message]]:
    """The attachments, by their place among all parts."""
    texts = {id(part) for part in bodies(mail)}
    for number, part in enumerate(mail.walk()):
        if not part.is_multipart() and id(part) not in texts and not is_decoration(part):
            yield number, part


def is_decoration(part: Message) -> bool:
    """Logos, and what is for programs only."""
    if part.get_content_type() in ("text/plain", "text/html", "message/delivery-status", "text/rfc822-headers"):
        return not name_of(part)
    if part.get_content_maintype() == "application" and part.get_content_subtype().endswith("-signature"):
        return True
    is_inline = part.get("content-id") is not None and part.get_content_disposition() != "attachment"
    return is_inline and part.get_content_maintype() == "image" and len(bytes_of(part)) < SMALLEST_INLINE_BYTES


def attachment_of(part: Message, reference: str) -> Attachment:
    kind = KINDS.get(part.get_content_maintype(), "file")
    size = len(bytes_of(part))
    return Attachment(kind, reference, name_of(part), part.get_content_type(), size)  # type: ignore[arg-type]


def bytes_of(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def name_of(part: Message) -> str:
    """The file's name without a path; mail programs write it in three ways."""
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, TypeError, AttributeError):
        name = ""
    holder: Message = Message()
    holder["name"] = name if "=?" in name else ""
    decoded = header(holder, "name") or name
    return re.split(r"[\\/]", unquote(decoded) if "%" in decoded else decoded)[-1][:200]
