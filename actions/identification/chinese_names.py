"""Whether a few Chinese characters can be somebody's name: a family name first, and no everyday word. Pure."""

import re

FAMILY_NAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛奚范彭郎鲁韦马苗凤花方"
    "俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于傅皮齐康伍余顾孟黄穆萧尹姚邵汪祁毛狄臧戴宋庞熊纪舒屈项祝"
    "董梁杜阮蓝闵席季贾路江童颜郭梅盛林钟徐邱骆高夏蔡田樊胡凌霍虞万柯管卢莫房裘丁邓洪包左石崔吉龚程邢裴陆荣翁荀"
    "甄芮储靳焦谷车侯宁仇甘厉祖武符刘景詹龙叶司黎白蒲邰赖卓蔺屠池乔闻党翟谭姬申冉边尚温庄晏柴瞿阎慕艾向古易廖耿"
    "匡文寇聂曾关岳桂牛肖游阳涂付代覃兰简饶敖揭植丛佟苟佘"
)
DOUBLE_FAMILY_NAMES = frozenset(
    ["欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯", "端木", "南宫"]
)
NOT_GIVEN = re.compile("[订单号邮箱不没有是的吗呢吧啊么了我你您它这那哪谁请退换买要想在还很就也都给把和或谢]")
"""Characters of small words, which no given name holds."""
EVERYDAY = re.compile(
    "任何|任意|万一|方便|高兴|高级|[黄白蓝金花]色|周[一二三四五六日末]|钱包|马上|安全|常用|常见|关于|关闭|关掉|文件|左右|石头|易碎|"
    "路上|包裹|包邮|包括|华为|江苏|江西|宁波|宁夏|温州|温度|常州|武汉|安徽|向您|乐意|简单|代收|代付|边上|项目|古怪|游客|花茶|"
    "毛毯|毛衣|管用|尚未|房间|车牌|钟表|金额|高跟|毛巾|皮带|皮鞋|皮包|柜子|水杯|白天|方式|方案|齐全|计算|胡说|甘愿|曾经|别的"
)


def is_chinese_name(text: str) -> bool:
    """Whether the text, by itself, reads as a name of two to four characters."""
    if not re.fullmatch(r"[\u4e00-\u9fff·]{2,4}", text) or EVERYDAY.match(text):
        return False
    family = 2 if text[:2] in DOUBLE_FAMILY_NAMES and len(text) > 2 else 1
    is_family = family == 2 or text[0] in FAMILY_NAMES
    return is_family and not NOT_GIVEN.search(text[family:])
