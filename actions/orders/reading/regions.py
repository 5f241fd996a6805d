"""The names of states and provinces, so that nothing else is taken for one. Pure."""

import re

_CODES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR "
    "PA PR RI SC SD TN TX UT VT VA WA WV WI WY AB BC MB NB NL NS NT NU ON PE QC SK YT NSW VIC QLD TAS ACT"
)
_NAMES = (
    "alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|georgia|hawaii|idaho|illinois|"
    "indiana|iowa|kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota|mississippi|missouri|"
    "montana|nebraska|nevada|new hampshire|new jersey|new mexico|new york|north carolina|north dakota|ohio|oklahoma|"
    "oregon|pennsylvania|rhode island|south carolina|south dakota|tennessee|texas|utah|vermont|virginia|washington|"
    "west virginia|wisconsin|wyoming|district of columbia|alberta|british columbia|manitoba|new brunswick|"
    "newfoundland|nova scotia|ontario|quebec|saskatchewan|new south wales|victoria|queensland|tasmania|bavaria|"
    "england|scotland|wales"
)
STATES = frozenset([*_CODES.lower().split(), *_NAMES.split("|")])
PROVINCE = re.compile(
    "(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾)省?|"
    "(?:内蒙古|广西壮族|广西|西藏|宁夏回族|宁夏|新疆维吾尔|新疆)(?:自治区)?|(?:香港|澳门)(?:特别行政区)?"
)
MUNICIPALITIES = ("北京", "上海", "天津", "重庆")
CITIES = (
    *MUNICIPALITIES,
    *"""
    广州 深圳 杭州 南京 苏州 成都 武汉 西安 长沙 郑州 青岛 济南 大连 沈阳 宁波 厦门 福州 合肥
    无锡 佛山 东莞 昆明 南昌 哈尔滨 长春 石家庄 太原 南宁 贵阳 海口 兰州 银川 西宁 乌鲁木齐 拉萨 呼和浩特
    温州 嘉兴 绍兴 金华 台州 常州 南通 徐州 扬州 泉州 珠海 中山 惠州 烟台 潍坊 洛阳 保定 唐山
    廊坊 三亚 桂林 宜昌 株洲 芜湖 绵阳
    """.split(),  # noqa: SIM905
)
"""Cities that people write without 市."""


def is_state(text: str) -> bool:
    """ "TX", "Texas"; not "my zip code is"."""
    return text.strip(" .").lower() in STATES
