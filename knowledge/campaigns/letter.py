"""One mail, written: subject, plain text and HTML that say the same. Nothing in it is fetched from anywhere.

The HTML is the old kind that mail programs show alike: tables for the layout (hidden from screen readers), inline
styles, one column, no pictures, no tracking pixel.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from string import Template

from knowledge.campaigns.message import Message
from knowledge.campaigns.picking import Picked
from knowledge.campaigns.words import PHRASES
from knowledge.shop.types import Language


@dataclass(frozen=True)
class Sender:
    """The shop as its mails name it. `address` is the postal one, which the law wants in such a mail."""

    name: str
    link: str
    address: Mapping[Language, str]


@dataclass(frozen=True)
class Letter:
    language: Language
    subject: str
    text: str
    html: str


def write_letter(
    message: Message,
    language: Language,
    facts: Mapping[str, str],
    picked: tuple[Picked, ...],
    sender: Sender,
    unsubscribe_link: str,
) -> Letter:
    """`facts`: a value for each name that the message's texts may use."""
    words = message.words(language)
    subject, preview, heading, button = (
        text.format_map(facts) for text in (words.subject, words.preview, words.heading, words.button)
    )
    paragraphs = [paragraph.format_map(facts) for paragraph in words.paragraphs]
    link = message.link or sender.link
    text = _text(language, heading, paragraphs, picked, f"{button}: {link}", sender, unsubscribe_link)
    parts = {
        "lang": PHRASES[language]["lang"],
        "subject": escape(subject),
        "preview": escape(preview),
        "shop": escape(sender.name),
        "heading": escape(heading),
        "paragraphs": "".join(_PARAGRAPH.substitute(text=escape(paragraph)) for paragraph in paragraphs),
        "coupon": _COUPON.substitute(code=escape(facts["coupon"])) if message.coupon else "",
        "products": "".join(_product(one) for one in picked),
        "button": escape(button),
        "link": escape(link, quote=True),
        "why_you": escape(PHRASES[language]["why_you"].format(shop=sender.name)),
        "unsubscribe": escape(PHRASES[language]["unsubscribe"]),
        "unsubscribe_link": escape(unsubscribe_link, quote=True),
        "reply": escape(PHRASES[language]["reply"]),
        "address": escape(sender.address[language]),
    }
    return Letter(language, " ".join(subject.split()), text, _page().substitute(parts))


def _text(
    language: Language,
    heading: str,
    paragraphs: list[str],
    picked: tuple[Picked, ...],
    button: str,
    sender: Sender,
    unsubscribe_link: str,
) -> str:
    phrases = PHRASES[language]
    products = [f"* {one.name}{f' ({one.price})' if one.price else ''}\n  {one.reason}" for one in picked]
    footer = (
        f"-- \n{sender.name}\n{sender.address[language]}\n\n{phrases['why_you'].format(shop=sender.name)}\n"
        f"{phrases['unsubscribe']}: {unsubscribe_link}\n{phrases['reply']}"
    )
    return "\n\n".join([heading, *paragraphs, *products, button, footer]) + "\n"


def _product(one: Picked) -> str:
    return _PRODUCT.substitute(name=escape(one.name), price=escape(one.price), reason=escape(one.reason))


def _page() -> Template:
    return Template(files(__package__).joinpath("letter.html").read_text("utf-8"))


_PARAGRAPH = Template('<p style="margin:0 0 16px;">$text</p>')
_COUPON = Template(
    '<p class="coupon" style="display:inline-block;margin:0 0 20px;padding:8px 18px;border:2px dashed #14532d;'
    'border-radius:10px;font-size:20px;font-weight:700;letter-spacing:.08em;color:#14532d;">$code</p>'
)
_PRODUCT = Template(
    '<tr><td class="card" style="padding:16px 18px;border:1px solid #e7e5e4;border-radius:12px;">'
    '<p class="name" style="margin:0;font-size:17px;font-weight:600;color:#1c1917;">$name'
    '<span class="price" style="font-weight:400;color:#57534e;white-space:nowrap;"> &nbsp;$price</span></p>'
    '<p class="reason" style="margin:6px 0 0;font-size:15px;color:#57534e;">$reason</p>'
    '</td></tr><tr><td style="height:12px;line-height:12px;font-size:12px;">&nbsp;</td></tr>'
)
