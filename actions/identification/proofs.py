"""What a customer says to show who they are: e-mail, order number, name, postcode. Pure."""

import re

from actions.identification.chinese_names import is_chinese_name
from actions.said import EMAIL, ORDER_NUMBER, Said
from actions.words import is_chinese

NAME_SAID = re.compile(
    r"(?:my (?:full )?name is|my name's|name(?: is|:)|this is|i am|i'm|im|it's|under(?: the name)?(?: of)?|for)\s+"
    r"([A-Z][\w'’-]+(?: [A-Z][\w'’.-]*){1,3})",
)
NAME_SAID_FOLDED = re.compile(
    r"(?:my (?:full )?name is|my name's|name:|i am|i'm)\s+([a-z'’-]+ [a-z'’-]+)(?=$|[,.;]| and| zip|"
    r" postcode| in )",
    re.I,
)
NAME_SAID_ZH = re.compile(
    r"(?:我叫|我是|名字(?:是|叫|[:：])|姓名(?:是|[:：])?|收件人(?:是|[:：])?|收货人(?:是|"
    r"[:：])?)\s*([\u4e00-\u9fff·]{2,4}?|[A-Za-z][A-Za-z'-]+ [A-Za-z'-]+)(?=$|[,，。.;；、\s]|邮|的|手机|"
    r"电话)"
)
POSTCODE_SAID = re.compile(
    r"(?:zip(?: ?code)?|post ?code|postal code|邮编|邮政编码)(?: is| to|'s|是|为)?\s*[:：]?\s*"
    r"(\d{5}(?:-\d{4})?|\d{6}|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})(?![A-Za-z0-9_])",
    re.I,
)
POSTCODE_ALONE = re.compile(
    r"(?<![A-Za-z0-9_#@.-])(\d{5}(?:-\d{4})?|\d{6}|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})(?![A-Za-z0-9_@-])"
)
NOT_NAMES = frozenset(
    """
    yes no ok hello hi thanks the order my please sure email zip and i not sorry here unknown none i'm looking
    trying having sick tired going very really so just still also
    """.split()  # noqa: SIM905
)


def postcode(said: Said, is_asked: bool) -> str | None:
    """A postcode that is named as one, or stands alone where one was asked for or a name stands beside it."""
    if found := POSTCODE_SAID.search(said.text) or POSTCODE_SAID.search(said.whole):
        return found.group(1).upper()
    if values := said.values("postcode"):
        return values[0]
    rest = ORDER_NUMBER.sub(" ", EMAIL.sub(" ", said.text))
    alone = POSTCODE_ALONE.search(rest)
    return alone.group(1) if alone and (is_asked or _named(said)) else None


def person(said: Said, is_asked: bool) -> str | None:
    """A full name that is introduced as one, or is all that is left of an answer."""
    if name := _named(said):
        return name
    return _what_is_left(said.text) if is_asked else None


def _named(said: Said) -> str | None:
    for value in said.values("person"):
        if is_chinese_name(value) if is_chinese(value) else len(value.split()) > 1:
            return value
    for pattern in (NAME_SAID, NAME_SAID_ZH, NAME_SAID_FOLDED):
        found = pattern.search(said.text) or pattern.search(said.whole)
        if found and _may_be_name(found.group(1)):
            return found.group(1).strip(" .")
    return None


def _may_be_name(text: str) -> bool:
    return is_chinese_name(text) if is_chinese(text) else not NOT_NAMES & set(text.lower().split())


def _what_is_left(text: str) -> str | None:
    """Two or three words beside a postcode are a name even in small letters."""
    has_postcode = bool(POSTCODE_ALONE.search(text) or POSTCODE_SAID.search(text))
    rest = POSTCODE_ALONE.sub(" ", ORDER_NUMBER.sub(" ", EMAIL.sub(" ", POSTCODE_SAID.sub(" ", text))))
    for piece in re.split(r"[,，;；。\n]|(?<!\w)(?:and|in|is|zip|code|我叫|我是|邮编)(?!\w)", rest):
        plain = piece.strip(" .:：")
        if is_chinese_name(plain):
            return plain
        parts = plain.split()
        if has_postcode:
            parts = [part[:1].upper() + part[1:] for part in parts]
        if (
            2 <= len(parts) <= 4
            and all(part[:1].isupper() and part.isascii() for part in parts)
            and not (NOT_NAMES & {part.lower() for part in parts})
        ):
            return plain
    return None
