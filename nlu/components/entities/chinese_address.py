"""Chinese postal addresses: province, city, district, road and number, as far as they were said."""

import re
from collections.abc import Iterator

from nlu.components.entities.span import Span
from nlu.components.wordlist import wordlist

_PROVINCES = "|".join(
    wordlist(
        """
        北京 上海 天津 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东
        海南 四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门
        """
    )
)
_CITIES = "|".join(
    wordlist(
        """
        广州 深圳 杭州 南京 成都 武汉 西安 苏州 郑州 长沙 东莞 佛山 宁波 青岛 济南 合肥 福州 厦门 昆明
        大连 沈阳 哈尔滨 长春 石家庄 太原 南昌 南宁 贵阳 兰州 海口 无锡 常州 温州 泉州 珠海 中山 惠州
        徐州 烟台 嘉兴 绍兴 金华 台州 南通 扬州 洛阳 桂林 三亚 乌鲁木齐 呼和浩特 银川 西宁 拉萨
        """
    )
)
_MUNICIPALITIES = ("北京", "上海", "天津", "重庆")
_HAN = r"[\u4e00-\u9fff]"
_NO_BEGINNING = r"(?!(?:地址|改成|改到|寄到|送到|收货|搬到))"
_ROAD = r"(?:路|大街|街|大道|道|巷|弄|胡同|里|园区|小区|花园|公寓|大厦|广场|村|苑|城)"
_BUILDING = r"(?:小区|花园|公寓|大厦|广场|苑|城|园|院)"
_PART = r"(?:号楼|栋|幢|座|单元|楼|层|室|号|房|户)"
_ADDRESS = re.compile(
    rf"(?P<province>(?:{_PROVINCES})(?:省|市|自治区|壮族自治区|回族自治区|维吾尔自治区|特别行政区)?)?\s?"
    rf"(?P<city>(?:{_CITIES})市?|{_NO_BEGINNING}{_HAN}{{2,6}}?(?:市|自治州|地区|盟))?\s?"
    rf"(?P<district>{_NO_BEGINNING}{_HAN}{{1,6}}?(?:区|县|旗|新区))?\s?"
    rf"(?P<street>(?:{_HAN}{{2,6}}?(?:街道|镇|乡))?\s?{_HAN}{{1,10}}?{_ROAD}(?:{_HAN}{{0,2}}段)?\s?"
    r"(?:\d{1,5}(?:-\d{1,4})?\s?(?:号|弄))?)"
    rf"(?P<rest>(?:{_HAN}{{1,8}}{_BUILDING})?"
    rf"(?:\s?[\dA-Za-z一二三四五六七八九十]{{1,5}}\s?{_PART}(?:[\dA-Za-z-]{{1,6}}室?(?![\dA-Za-z栋单楼]))?)*)"
)
_PLACE = rf"{_PROVINCES}|{_CITIES}"
_LEADING = re.compile(
    rf"^(?:.{{0,12}}?(?:地址写?|改寄到?|址写|改成|改到|改为|换成|换到|寄到|送到|寄往|送去|发到|搬到|住在|住|是|在|到|为|:)|[寄发送写](?={_PLACE}))+"
)
_ZIP_NEAR = re.compile(r"[\s,]*(?:邮编|邮政编码)?[\s:是为]*(?P<zip>\d{6})(?!\d)")


def find_chinese_addresses(text: str) -> Iterator[Span]:
    """Spans that hold a number; details as in `find_western_addresses`, district and road together in address1."""
    for match in _ADDRESS.finditer(text):
        lead = _LEADING.match(match[0])
        inner = _ADDRESS.search(text, match.start() + lead.end()) if lead else match
        if inner and _has_digit(inner[0]) and not _LEADING.match(inner[0]):
            yield _span(text, inner)


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


def _span(text: str, match: re.Match[str]) -> Span:
    province, city = match["province"] or "", match["city"] or ""
    if not city and province.removesuffix("市") in _MUNICIPALITIES:
        city = province
    near = _ZIP_NEAR.match(text, match.end())
    details = {
        "address1": ((match["district"] or "") + match["street"] + (match["rest"] or "")).replace(" ", ""),
        "city": city,
        "state": province,
        "country": "中国" if province or city else "",
        "zip": near["zip"] if near else "",
    }
    start, end = match.end() - len(match[0].lstrip()), match.start() + len(match[0].rstrip())
    said = {name: value for name, value in details.items() if value}
    return Span("address", text[start:end], start, end, details=said)
