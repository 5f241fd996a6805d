"""The details an account is made of, as the customer says them: an e-mail, a phone number, a name."""

import re
from collections.abc import Mapping
from dataclasses import replace

import phonenumbers

from actions.base import Language
from actions.desk import Desk
from actions.form import Step
from actions.identification import proofs
from actions.identification.chinese_names import DOUBLE_FAMILY_NAMES, is_chinese_name
from actions.said import EMAIL, Said
from actions.words import is_chinese

PHONE = re.compile(r"(?<![A-Za-z0-9#@])\+?\d[\d\s().-]{6,18}\d(?![A-Za-z0-9@])")
NEW_NAME = re.compile(
    r"(?:name|surname)(?: is| to|:)?\s+(?:be\s+|is\s+)?(?:now\s+)?([A-Z][\w'’-]+(?: [A-Z][\w'’.-]*){0,3})"
    r"|(?:call me|i'm now|change it to|name to)\s+([A-Z][\w'’-]+(?: [A-Z][\w'’.-]*){0,3})"
)
ONE_NAME = re.compile(r"[A-Z][\w'’-]+(?: [A-Z][\w'’.-]+){0,3}")
NEW_NAME_ZH = re.compile(
    r"(?:(?P<becomes>(?:名字|姓名|昵称)\S{0,2}(?:改成|改为|换成))|改成|改为|换成|应该是|是)\s*(?P<name>[\u4e00-\u9fff·]{2,4})$"
)


CALLED_OLD = re.compile(
    r"(?:old|current|present|previous)[^@,.;]{0,24}$|(?:旧|老|原来|原先|现在|以前|目前)[^@，。；,]{0,6}$"
)
CALLED_OLD_BEHIND = re.compile(
    r"\s*(?:is|was|being)? ?(?:the|my)? ?(?:old|current|present|previous)|\s*是?(?:旧|老|原来|以前)"
)


def split_name(full_name: str) -> tuple[str, str]:
    """(first, last) of "Mary Ann Li" or 王小明: a Chinese family name is one character, or a known double one."""
    if is_chinese(full_name):
        family = full_name[:2] if full_name[:2] in DOUBLE_FAMILY_NAMES and len(full_name) > 2 else full_name[:1]
        return full_name.removeprefix(family), family
    first, _, last = full_name.strip().rpartition(" ")
    return (first, last) if first else (last, "")


def phone_said(said: Said, language: Language) -> str | None:
    """A phone number in international form (+8613812345678), or None where the text has no valid one."""
    found = said.values("phone") or [match.group() for match in PHONE.finditer(EMAIL.sub(" ", said.text))]
    return next((number for text in found if (number := international(text, language))), None)


def international(phone: str, language: str) -> str | None:
    """The phone number as +8613812345678; without a country's code it is one of where they speak the language."""
    for region in ("CN", "US") if language == "zh" else ("US", "CN", "GB"):
        try:
            number = phonenumbers.parse(phone, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return None


def new_name_said(said: Said) -> str | None:
    """A name that shall replace another: "my name to Ann Lee", 姓名改成王玥."""
    text = said.text.strip(" 。.!！")
    if found := NEW_NAME.search(text):
        return next(group for group in found.groups() if group)
    if (chinese := NEW_NAME_ZH.search(text)) and (chinese["becomes"] or is_chinese_name(chinese["name"])):
        return chinese["name"]
    return None


def name_said(said: Said, is_asked: bool) -> str | None:
    """A name that is introduced as one, or a whole answer."""
    if name := new_name_said(said) or proofs.person(said, is_asked):
        return name
    words = said.text.strip(" .。!！~～")
    is_western = bool(ONE_NAME.fullmatch(words)) and not said.is_yes and not said.is_no
    is_name = is_chinese_name(words) or is_western
    return words if is_asked and is_name else None


class NewDetails(Step):
    """What shall be changed: `account_change`, any of email, phone and name.

    It reads before the identification and takes the new e-mail away, so that it is not mistaken for the known one.
    """

    slot = "account_change"

    def read(self, desk: Desk) -> None:
        if desk.said.intent != "edit_account" and desk.requested not in (self.slot, "confirmed"):
            return
        found = self._found(desk)
        if found:
            desk.put(self.slot, {**(desk.get(self.slot) or {}), **found})
            if "email" in found:
                desk.said = _without(desk.said, found["email"])

    def _found(self, desk: Desk) -> dict[str, str]:
        said, is_asked = desk.said, desk.requested == self.slot
        phone = phone_said(said, desk.language)
        emails = [email for email in said.emails if not _is_the_old_one(email, desk)]
        name = None if emails or phone else name_said(said, True) if is_asked else new_name_said(said)
        known = {"email": emails[-1] if emails else None, "phone": phone, "name": name}
        return {field: value for field, value in known.items() if value}

    def ask(self, desk: Desk) -> None:
        topic = next((name for name, words in TOPICS.items() if words.search(desk.said.folded)), "detail")
        desk.say(f"utter_ask_account_change_{topic}")


def _is_the_old_one(email: str, desk: Desk) -> bool:
    """The e-mail that is to be replaced: the account's own, or one that is called so."""
    if desk.customer and email.lower() == desk.customer.email.lower():
        return True
    before, _, after = desk.said.folded.partition(email.lower())
    return bool(CALLED_OLD.search(before) or CALLED_OLD_BEHIND.match(after))


TOPICS: Mapping[str, re.Pattern[str]] = {
    "email": re.compile(r"e-?mail|mail|邮箱|邮件"),
    "phone": re.compile(r"phone|mobile|number|手机|电话|号码"),
    "name": re.compile(r"name|surname|spelt|spelled|名字|姓名|改名"),
}


class NewName(Step):
    """The name for a new account."""

    slot = "account_name"

    def read(self, desk: Desk) -> None:
        name = name_said(desk.said, desk.requested == self.slot)
        if name:
            desk.put(self.slot, name)

    def ask(self, desk: Desk) -> None:
        desk.say("utter_ask_account_name")


class AccountEmail(Step):
    """The e-mail of a new account, or of the one whose password is lost: there a known customer need not say it.

    Nothing here tells whether an e-mail has an account.
    """

    slot = "account_email"

    def __init__(self, question: str, *, takes_own: bool = False) -> None:
        self._question = question
        self._takes_own = takes_own

    def read(self, desk: Desk) -> None:
        emails = desk.said.emails
        if emails:
            desk.put(self.slot, emails[-1].lower())
        elif desk.requested == self.slot and "@" in desk.said.text:
            desk.refuse("account_email_invalid")
        elif self._takes_own and desk.customer and not desk.get(self.slot):
            desk.put(self.slot, desk.customer.email)

    def ask(self, desk: Desk) -> None:
        desk.say(self._question)


def described(change: Mapping[str, str], language: Language) -> str:
    """ "e-mail: ann@example.com, phone: +1…" """
    names = {"email": ("e-mail", "邮箱"), "phone": ("phone", "电话"), "name": ("name", "姓名")}
    colon, comma = ("：", "，") if language == "zh" else (": ", ", ")
    return comma.join(f"{names[field][language == 'zh']}{colon}{value}" for field, value in change.items())


def _without(said: Said, email: str) -> Said:
    entities = tuple(found for found in said.entities if str(found.get("value")).lower() != email.lower())
    return replace(said, text=re.sub(re.escape(email), " ", said.text, flags=re.I), entities=entities)
