"""Account names out of a message: those that look like one, and those that the word before them names."""

import re
from collections.abc import Collection

_STAND_IN = "account0"
_LIKE_ONE = re.compile(
    r"(?<![\w@])@[A-Za-z]\w{2,}"
    r"|(?<![\w@.#-])(?=[A-Za-z_-]*\d)(?=\w*[A-Za-z])\w{6,}(?![\w@])"
    r"|(?<![\w@.#-])[A-Za-z]\w*_\w+(?![\w@])"
    r"|(?<!\w)[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){3,7}(?:[ -]?[A-Z0-9]{1,3})?(?!\w)",
    re.ASCII,
)
"""@ada, words of six characters or more with digits, words with an underscore, and bank accounts (IBAN)."""
_PLACES = (
    "wechat|weixin|skype|telegram|whatsapp|instagram|facebook|twitter|snapchat|discord|alipay|paypal|line|qq|"
    "user ?name|login|nickname|user id|account name"
)
_HAN_PLACES = "微信|扣扣|QQ|支付宝|微博|抖音|小红书|旺旺|用户名|会员名|登录名|昵称|账号|帐号"
_NO_NAME = (
    r"(?!(?:a|accepted|also|and|app|available|bad|better|blocked|broken|busy|button|closed|down|easier|faster|fine|for|"
    r"gone|good|great|group|id|in|is|linked|locked|login|my|name|no|not|now|ok|on|or|page|pay|payment|possible|slow|so|"
    r"still|the|there|to|too|unavailable|very|wallet|working|wrong|your|account0)\b)"
)
"""What often follows, and names nobody."""
_NAME = r"[A-Za-z0-9][\w.-]*\w"
_SAID = re.compile(
    rf"(?P<before>(?<![A-Za-z])(?:{_PLACES})(?:\s+(?:id|name|account|handle|number))?\s*(?:\bis\b|[:：=])\s*@?"
    rf"|(?:{_HAN_PLACES})(?:号码?|账号|帐号|名|id)?\s*[是为叫：:,，]?\s*@?)"
    rf"(?<![A-Za-z]){_NO_NAME}{_NAME}",
    re.ASCII | re.IGNORECASE,
)
"""An account that a word says to be one: `skype: ada.byron`, 微信是 lovecat."""
_BESIDE = re.compile(
    rf"(?P<before>(?<![A-Za-z])(?:{_PLACES})(?:\s+(?:id|name|account|handle|number))?\s+)"
    rf"(?=[\w.-]*[._\d]\w){_NO_NAME}{_NAME}",
    re.ASCII | re.IGNORECASE,
)
"""One that only stands beside the word, and has a point, a line or a digit: `skype ada.byron`."""


def without_accounts(text: str, kept: Collection[str]) -> str:
    """The text with a stand-in for every account name; what stands in `kept` (with # before it or not) stays."""

    def stand_in(found: re.Match[str]) -> str:
        is_kept = found.group() in kept or f"#{found.group()}" in kept
        return found.group() if is_kept else found.groupdict().get("before", "") + _STAND_IN

    for pattern in (_SAID, _BESIDE, _LIKE_ONE):
        text = pattern.sub(stand_in, text)
    return text
