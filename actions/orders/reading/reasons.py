"""Why a customer cancels: "ordered by mistake", "changed my mind", 拍错了, 不想要了. Pure."""

import re
from collections.abc import Collection

from actions.words import fold

REASONS = {
    "ordered_by_mistake": (
        r"mistake|accident|accidental|by error|in error|mis-?ordered|twice|duplicate|ordered too many",
        r"wrong (?:item|product|thing|order|one|model)|did(?:n't| not) mean to|ordered_by_mistake",
        r"拍错|买错|下错|选错|点错|订错|误拍|误下|误点|重复|[拍买]多|多[拍买]|手滑|手抖|弄错|搞错|不小心",
    ),
    "change_something": (
        r"wrong (?:address|size|colou?r|variant)|order (?:it )?again|reorder|change_something",
        r"change (?:the |my )?(?:address|size|colou?r|something|items?)",
        r"地址(?:写|填|选)?错|[改换]个?(?:地址|尺码|颜色|款)|信息有误|重新(?:拍|下单|买)",
    ),
    "found_cheaper": (
        r"cheaper|better (?:price|deal|offer)|price (?:dropped|drop|went down)|too expensive|found_cheaper",
        r"更?便宜|降价|太贵|有优惠|差价",
    ),
    "too_slow": (
        r"(?:too|so) (?:slow|long|late)|takes? (?:forever|ages)|hasn't (?:been )?shipped|too_slow",
        r"not (?:shipped|sent) yet|arrives? too late|in time",
        r"太慢|等不[及了]|(?:还|一直|迟迟)[没不]发|不发货|来不及|太久|这么慢",
    ),
    "no_longer_needed": (
        r"no longer (?:need|want|require)|not needed|unneeded|unnecessary|no_longer_needed|don't like",
        r"(?:don't|do not|not|doesn't|didn't) (?:really )?(?:need|want|require)(?! to)",
        r"changed? my mind|change of mind",
        r"不想要|不要了|不需要|用不[上着到]|改主意|改变主意|不用了|没用了|不喜欢|不想买",
    ),
    "other": (
        r"(?<![a-z])other(?! (?:one|order|item))(?![a-z])|(?:another|different) reason|personal",
        r"none of (?:these|those|them|the above)|no (?:particular |specific |real )?reason",
        r"just cancel|rather not say|none of your business",
        r"其[他它]|别的原因|没有?什么?原因|不想说|个人原因|就是想取消|直接取消",
    ),
}
"""Code → the ways people say it. Earlier ones win: a "wrong item" is a mistake even if it is "not needed"."""


def read_reason(text: str, accepted: Collection[str]) -> str | None:
    """The accepted reason that the text gives, if any."""
    folded = fold(text)
    return next(
        (code for code, said in REASONS.items() if code in accepted and re.search("|".join(said), folded)), None
    )
