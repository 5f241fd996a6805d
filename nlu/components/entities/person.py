"""A customer's own name: `I'm Yusuf Rossi`, `my name is …`, `我叫王小明`; a name standing alone is a weak guess."""

import re
from collections.abc import Iterator

from nlu.components.entities.span import Span
from nlu.components.wordlist import wordlist
from nlu.types import Language

_NAME = r"(?P<name>[A-Z][\w'’-]+(?:\s+(?:(?:de|da|van|von|der|la|al|bin)\s+)*[A-Z][\w'’.-]*){0,3})"
_ANY_CASE = r"(?P<name>[a-z][a-z'-]+(?:\s+[a-z][a-z'-]+){0,2})"
_SAID = re.compile(
    r"\b(?:[Mm]y (?:full )?name(?:'s| is|:)|[Nn]ame(?:'s| is| on the order is|:)|"
    r"[Ii]'?m|[Ii] am|[Tt]his is|[Ii]t's|[Cc]all me|[Uu]nder(?: the name)?)"
    rf"\s+(?:(?:[Mm]rs?|[Mm]s|[Dd]r)\.?\s+)?{_NAME}"
)
_SAID_LOWER = re.compile(rf"\b(?:my (?:full )?name(?:'s| is|:)|full name(?: is|:))\s*{_ANY_CASE}", re.IGNORECASE)
_ALONE = re.compile(r"^\s*(?P<name>[A-Z][a-z'’-]+(?:\s+[A-Z][a-z'’.-]*){1,2})\s*(?=$|[.,;]|\s+\d)")
_HERE = re.compile(rf"^\s*(?:[Hh]i|[Hh]ello|[Hh]ey)?[,! ]*{_NAME} here\b")
_NO_NAME = frozenset(
    wordlist(
        """
    a an the and my is it i im on in at here not so very really sorry still just also from with for calling asking
    looking trying waiting having getting hoping happy angry upset sure done good fine ok okay thanks thank hello hi
    hey yes no please track cancel return refund exchange order where what when how why can could would should do
    does did which who order's shipping delivery customer service support happy new merry christmas black friday
    gift card good morning afternoon evening night help need want united kingdom states new york los angeles san
    francisco monday tuesday wednesday thursday friday saturday sunday january february march april june july august
    september october november december
    """
    )
)
_STOP_AFTER = re.compile(
    r"\s+(?:and|my|from|with|at|zip|i|the|in|order|email|postcode|living|but|who|here|please|phone)\b.*", re.IGNORECASE
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜"
    "崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向汤温葛"
)
_DOUBLE = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|令狐"
_CHINESE_NAME = rf"(?P<name>(?:{_DOUBLE}|[{_SURNAMES}])[\u4e00-\u9fff·]{{1,2}}|[A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+)*)"
_CHINESE_SAID = re.compile(
    r"(?:我(?:的)?(?:名字|姓名)?(?:叫|是)|姓名[:是为]?|名字[:是叫]|收[件货]人[:是叫改成为]{1,3}|本人)\s*"
    rf"{_CHINESE_NAME}"
)
_CHINESE_ALONE = re.compile(
    rf"^\s*(?P<name>(?:{_DOUBLE}|[{_SURNAMES}])[\u4e00-\u9fff]{{1,2}})\s*(?=$|[，,。;；\s]\s*(?:[\dA-Za-z#]|邮编|电话|手机|订单|邮箱))"
)
_NO_CHINESE_NAME = re.compile(
    r"[的了吗呢吧啊要想买换退货单号在不没说问我你您他这那]|上周|周[一二三四五六日末]|高兴|方便|任何|万一|向您|"
    r"白色|黄色|金色|夏天|钱包|石头"
)


def find_persons(text: str, language: Language) -> Iterator[Span]:
    """Names as written; after a cue surely, alone with half a confidence."""
    if language == "zh":
        for match in _CHINESE_SAID.finditer(text):
            if not _NO_CHINESE_NAME.search(match["name"]):
                yield _span(match, 0.95)
        if (alone := _CHINESE_ALONE.search(text)) and not _NO_CHINESE_NAME.search(alone["name"]):
            yield _span(alone, 0.5)
    for pattern, confidence in ((_SAID, 0.95), (_SAID_LOWER, 0.85), (_HERE, 0.8), (_ALONE, 0.5)):
        for match in pattern.finditer(text):
            name = _STOP_AFTER.sub("", match["name"]).rstrip(" .,'-")
            words = {word.lower().removesuffix("'s") for word in re.split(r"[\s.]+", name)}
            if name and not words & _NO_NAME:
                yield Span(
                    "person",
                    name.title() if name.islower() else name,
                    match.start("name"),
                    match.start("name") + len(name),
                    confidence,
                )


def _span(match: re.Match[str], confidence: float) -> Span:
    return Span("person", match["name"], match.start("name"), match.end("name"), confidence)
