"""Whether a text says yes, no, or "let's drop it". Pure.

What hangs on a yes may be a write, so a yes is one only if it opens the text and nothing in the rest takes it back,
hesitates or asks.
"""

import re

YES = re.compile(
    r"(?:(?:oh|well|so|then|um+|uh|哦|喔|噢|那就|那|就)[\s,，]*)*"
    r"(?:(?:yes|yess+|yep|yeah|yup|yea|ya|sure(?: thing)?|ok(?:ay|ey|ie)?|k|alright|all right|correct|right|"
    r"that(?:'s| is|s)? (?:right|correct|fine|good|it|great|ok(?:ay)?|perfect)|that works|works for me|"
    r"go ahead|go for it|"
    r"go on|do it|do that|do so|please do|please|confirm(?:ed)?|i confirm|i agree|proceed|absolutely|definitely|"
    r"certainly|"
    r"of course|sounds (?:good|great|fine|right)|looks (?:good|right|fine)|perfect|exactly|great|fine|"
    r"agreed?|y)(?![a-z'])|"
    r"是(?:的|呀|啊|哒|滴)|没错|没问题|对(?:的|呀|啊|滴|头)?(?=$|[\s,，.。!！~～对就是确])|"
    r"好(?:的|呀|啊|滴|嘞|哒|吧|咧)?(?=$|[\s,，.。!！~～好就那您你帮请麻确退换取办发没])|"
    r"行(?:吧|啊|呀|的)?(?=$|[\s,，.。!！~～行就那您你帮请麻确没])|可以(?:的|呀|啊)?(?=$|[\s,，.。!！~～就那您你帮请麻确])|"
    r"是(?=$|[\s,，.。!！~～])|中(?=$|[\s,，.。!！~～])|嗯+(?:呢|啊|哪)?|恩+(?=$|[\s,，.。!！~～])|确认|确定|同意|"
    r"需?要的?(?=$|[\s,，.。!！~～])|办吧|就这样|就这么办|正确|当然|麻烦(?:您|你)?了)"
)
AGREES_TO = re.compile(
    r"(?:那|就|请|麻烦|帮我|帮忙|给我|您|你)*(?:发|转|办|退|换|改|登记|确认|提交|开|寄|处理|催|报|申请|查|订|退订|订阅|删除?|注销|来)"
    r"(?:一下|一份|一张|给我|给同事|到邮箱|过来|过去|人工|货|款)*吧[!！。.~～\s]*"
    r"|(?:能|可以|麻烦)(?:不能|不可以)?(?:请)?(?:你|您)?帮(?:我|忙)?(?:催|查|报|登记|转|跟进|联系|提交)(?:一下|同事|人工)*[吗么]?[?？]?"
)
""" "发一份吧": the question's own verb, said back."""
DROPS = re.compile(
    r"(?<![a-z])(?:never ?mind|nvm|forget (?:it|that|about it)|leave (?:it|that)(?! (?:at|with|in|by|to|on)\b)|"
    r"skip (?:it|that)|"
    r"drop (?:it|that)|don't (?:bother|do (?:it|that|anything))|do not (?:do|bother)|not any ?more|"
    r"changed? my mind)(?![a-z])|"
    r"算了|不(?:弄|搞|办|退|换|改|取消|发|用|必|了)了?(?=$|[\s,，.。!！~～吧])|不用(?:麻烦)?了|先不|还是不|作罢|不必了|当我没说|"
    r"改(?:变)?主意"
)
HESITATES = re.compile(
    r"(?<![a-z])(?:wait|stop|hold on|hang on|(?:one|a|just a) (?:moment|second|sec|minute)|think|not|no|don't|do not|"
    r"didn't|isn't|can't|won't|but|except|however|although|unless|if|later|instead|actually|maybe|perhaps|"
    r"check (?:first|with)|ask my|rather)(?![a-z'])|"
    r"等等|等一?下|稍等|慢着|别|不|没|想想|考虑|再说|再看|看看再|以后|回头|晚点|待会|一会|如果|要是|但是?|不过|只是|可是|除了|"
    r"换成|改成|改为|另外一|另一"
)
ASKS = re.compile(
    r"[?？]|(?<![a-z])(?:how|what|when|where|which|who|why)(?![a-z])|吗|么|呢|多少|什么|怎么|几[天时个号]|哪[里个天]|是不是|能不能|可不可以"
)
HARMLESS = re.compile(
    r"no (?:problem|worries|more questions|doubt)|not a problem|why not|what(?:ever| a)|don't (?:worry|mind)|"
    r"(?:don't|do not|no longer|doesn't|didn't|won't) (?:really )?(?:need|want|like|fit|use)(?: \w+){0,2}?"
    r"(?: any ?more| any longer)?|"
    r"doesn't fit|didn't fit|nothing (?:else|to change)|"
    r"(?:can|could|would|will) you (?:please )?[^?？]*[?？]|is fine|i think so|yes i do|"
    r"if (?:you|that) \w+|when(?:ever)? you can|"
    r"没有?问题|没错|不错|没关系|没有?意见|不客气|别客气|不用谢|不好意思|不需?要(?:它)?了|不想要了|用不[上着到]了?|没什么问题|不后悔|嗯+呢|"
    r"你?看着办|给同事看看"
)
NO = re.compile(
    r"(?:no(?! problem| worries| doubt)|nope|nah|noo+|not (?:yet|really|quite|now|that|right|correct)|wrong|"
    r"don't|do not|"
    r"wait|stop|hold on|n|cancel that|never ?mind|forget (?:it|that)|that's (?:wrong|not)|i (?:don't|do not|didn't)|"
    r"不(?!错|客气|好意思)|别|先别|先不|等等|等一下|慢着|错了|不是|不对|不行|不用|算了|没有(?!问题|意见)|不要)(?![a-z])"
)
OPENING = " ,.!，。！~～"


def is_yes(folded: str) -> bool:
    """Whether folded text opens with a yes that the rest of it does not take back."""
    text = folded.strip(OPENING)
    if AGREES_TO.fullmatch(text):
        return not drops(text)
    return bool(YES.match(text)) and not NO.match(text) and not takes_back(text)


def takes_back(folded: str) -> bool:
    """Whether anything in it drops, doubts or asks: nobody who speaks so has agreed."""
    rest = HARMLESS.sub(" ", folded)
    return bool(DROPS.search(rest) or HESITATES.search(rest) or ASKS.search(rest))


def is_no(folded: str) -> bool:
    """Whether folded text opens with a no, or drops the matter."""
    return bool(NO.match(folded.lstrip(OPENING))) or drops(folded)


def drops(folded: str) -> bool:
    """Whether folded text wants none of it any more: "okay, never mind", 好的，算了."""
    return bool(DROPS.search(HARMLESS.sub(" ", folded)))
