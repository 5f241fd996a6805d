"""A customer's own name: `I'm Yusuf Rossi`, `my name is …`, `我叫王小明`; a name standing alone is a weak guess."""

import re
from collections.abc import Iterator

from nlu.components.entities.span import Span
from nlu.components.wordlist import wordlist
from nlu.types import Language

_CAPITAL = r"[A-ZÀ-ÖØ-ÞĆČĐŁŘŚŠŹŻŽ]"
_NAME = rf"(?P<name>{_CAPITAL}[\w'’-]+(?:\s+(?:(?:de|da|van|von|der|la|al|bin)\s+)*{_CAPITAL}[\w'’.-]*){{0,3}})"
_TWO_NAMES = _NAME.replace("{0,3}", "{1,3}")
_ANY_CASE = r"(?P<name>[a-z][a-z'-]+(?:\s+[a-z][a-z'-]+){0,2})"
_FAMILY = "wife|husband|partner|mother|mum|mom|father|dad|son|daughter|sister|brother|aunt|uncle|colleague|friend"
_SAID = re.compile(
    r"\b(?:[Mm]y (?:full )?name(?:'s| is|:)(?: spel(?:led|t))?|[Nn]ame(?:'s| is| to|:)|"
    r"[Nn]ame on (?:the|my) (?:order|parcel|account)(?: is|:)|"
    r"(?:[Ff]irst|[Ll]ast|[Ff]amily|[Gg]iven) name(?:'s| is|:)?|[Ss]urname(?:'s| is|:)?|"
    r"[Rr]ecipient(?:'s| is|:)?|[Aa]ddressed to|[Ss]peaking (?:with|to)|[Ss]igned (?:for )?by|(?:'m|am|is|'s) called|"
    r"[Ii]'?m|[Ii] am|[Tt]his is|[Ii]t's|[Cc]all me|[Uu]nder(?: the name)?)"
    rf"\s+(?:(?:[Mm]rs?|[Mm]s|[Dd]r)\.?\s+)?{_NAME}"
)
_SAID_FULL = re.compile(
    rf"(?:\b[Nn]ame\s+|\b[Mm]y (?:{_FAMILY})\s+|\b(?:[Rr]egards|[Ss]incerely|[Cc]heers),?\s+){_TWO_NAMES}"
    rf"|\b[Ff]or\s+{_TWO_NAMES.replace('<name>', '<other>')}(?=,\s(?:s?he|my|who)\b)"
)
"""Cues that only a first and a last name may follow."""
_SAID_LOWER = re.compile(rf"\b(?:my (?:full )?name(?:'s| is|:)|full name(?: is|:))\s*{_ANY_CASE}", re.IGNORECASE)
_ALONE = re.compile(rf"^\s*(?P<name>{_CAPITAL}[^\W\d_]['’\w-]*(?:\s+{_CAPITAL}['’\w.-]*){{1,2}})\s*(?=$|[.,;]|\s+\d)")
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
    september october november december spelled spelt called
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
_WRITTEN = r"(?:[:是叫为写填]|改成|改为|换成|要改成|应该是){0,2}"
_ROLE = r"(?:收[件货]|签收|下单|联系|取[件货]|寄件|购买|付款)人"
_CHINESE_SAID = re.compile(
    rf"(?:我(?:的)?(?:名字|姓名)?(?:叫|是)|姓名{_WRITTEN}|名字{_WRITTEN}|(?:名字|姓名)[^，,。]{{0,6}}[，,]?应该是|全名{_WRITTEN}|"
    rf"{_ROLE}(?:姓名|名字)?{_WRITTEN}|本人(?:姓名)?[是叫]?|是我[，,])\s*"
    rf"{_CHINESE_NAME}"
)
_OTHER = _CHINESE_NAME.replace("<name>", "<other>")
_CHINESE_BEFORE = re.compile(
    rf"(?:[寄发送]给{_CHINESE_NAME}(?=的|[，,。]|$)|[是写填用]{_OTHER}(?=的名字|的包裹|的快递))"
    rf"|我(?:老婆|老公|爱人|妈妈?|爸爸?|儿子|女儿|朋友|同事|[姐哥弟妹]{{1,2}})"
    rf"{_OTHER.replace('<other>', '<third>')}(?=[下买订收签的，,。]|电话|手机|$)"
)
"""Names that what follows makes certain."""
_CHINESE_ALONE = re.compile(
    rf"^\s*(?P<name>(?:{_DOUBLE}|[{_SURNAMES}])[\u4e00-\u9fff]{{1,2}})\s*(?=$|[，,。;；\s]\s*(?:[\dA-Za-z#]|邮编|电话|手机|订单|邮箱))"
)
_NO_LAST = "下的了在是和跟收签买订要就吧啊呢吗也"
"""A name of three characters does not end in these: 宋慧 in 宋慧下的单."""
_NO_CHINESE_NAME = re.compile(
    r"[的了吗呢吧啊要想买换退货单号在不没说问我你您他这那]|上周|周[一二三四五六日末]|高兴|方便|任何|万一|向您|"
    r"白色|黄色|金色|夏天|钱包|石头|马上|时间|谢谢"
)


def find_persons(text: str, language: Language) -> Iterator[Span]:
    """Names as written; after a cue surely, alone with half a confidence."""
    if language == "zh":
        yield from _chinese(text)
    patterns = ((_SAID, 0.95), (_SAID_FULL, 0.9), (_SAID_LOWER, 0.85), (_HERE, 0.8), (_ALONE, 0.5))
    for pattern, confidence in patterns:
        for match in pattern.finditer(text):
            written, start = _named(match)
            name = _STOP_AFTER.sub("", written).rstrip(" .,'-")
            words = {word.lower().removesuffix("'s") for word in re.split(r"[\s.]+", name)}
            if name and not words & _NO_NAME:
                value = name.title() if name.islower() else name
                yield Span("person", value, start, start + len(name), confidence)


def _chinese(text: str) -> Iterator[Span]:
    for pattern in (_CHINESE_SAID, _CHINESE_BEFORE):
        for match in pattern.finditer(text):
            yield from _chinese_span(*_named(match), 0.95)
    if alone := _CHINESE_ALONE.search(text):
        yield from _chinese_span(*_named(alone), 0.5)


def _chinese_span(written: str, start: int, confidence: float) -> Iterator[Span]:
    name = written[:-1] if len(written) == 3 and written[-1] in _NO_LAST else written
    if not _NO_CHINESE_NAME.search(name):
        yield Span("person", name, start, start + len(name), confidence)


def _named(match: re.Match[str]) -> tuple[str, int]:
    """The name and where it begins; a pattern may have several places for it."""
    group = next(group for group, written in match.groupdict().items() if written)
    return match[group], match.start(group)
