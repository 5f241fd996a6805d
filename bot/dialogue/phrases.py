"""Turns of phrase, in both languages, that say what a message does beside what it asks for."""

import re

STOP = re.compile(
    r"(?:(?:ok|okay|no|well|actually|oh|ah|hm+|sorry|please|just|let's|alright|all right|"
    r"(?:i(?:'ve| have)? )?changed my mind)[\s,.!]+)*"
    r"(?:never ?mind(?: (?:that|it|then))?|forget (?:about )?(?:it|that)|(?:just )?leave it(?: as it is)?|drop it|"
    r"don't bother|(?:i'll |i will )?keep (?:it|them)(?: as it is)?)"
    r"(?:[\s,.!]+(?:thanks|thank you|then|please|now|forget (?:about )?it|never ?mind|leave it))*"
    r"|(?:(?:好的?|行|那就?|还是|嗯+|哦|啊|唉|哎|ok)[\s，,]*)*"
    r"(?:算了|不办了|不弄了|先不办了|先不弄了|不用办了|当我没说|别办了|先这样吧|没事了)"
    r"(?:[\s，,]*(?:吧|算了|不办了|不弄了|先不办了|不用了|没事|谢谢|不麻烦了))*",
    re.IGNORECASE,
)
"""All of a text that drops whatever is under way, whichever question it answers."""
ASKING = re.compile(
    r"\b(i want to|i'd like to|i would like to|i need to|can you|could you|can i|help me|please|first|also|instead)\b"
    r"|^\W*((no|wait|ok|and|but|then|now|actually)\W+)*(change|cancel|return|exchange|track|check|show|send|find|update)\b"
    r"|我想|我要|想要|帮我|麻烦|先|另外|还有|顺便|能不能|可不可以|改|退|换|取消|查",
    re.IGNORECASE,
)
"""Another task is asked for in so many words."""
INSTEAD = re.compile(
    r"\b(instead|rather than|i meant to|not \w+\W+but)\b"
    r"|不\w{0,4}了\W*(改|换)|还是\w{1,12}吧|不是\w{1,8}\W*(而?是|我?(要|想))",
    re.IGNORECASE,
)
"""The other request takes this one's place; it does not only come first."""
BESIDE = re.compile(r"\b(by the way|btw|speaking of|incidentally)\b|对了|话说|顺便|说起来|另外问", re.IGNORECASE)
"""The customer says that it is another matter."""
QUESTION = re.compile(
    r"[?？]|吗|呢|什么|怎么|咋|多少|哪|几|^\W*(what|how|when|where|which|who|why|do|does|can|is|are)\b", re.IGNORECASE
)
OPEN_QUESTION = re.compile(
    r"^\W*(?:(?:by the way|btw|and|but|wait|ok|okay|so|sorry|first|just)\W+)*(?:how|when|where|why|what)\b(?! about)"
    r"|多久|多少|几天|什么时候|啥时候|怎么|为什么|哪里|哪儿",
    re.IGNORECASE,
)
"""A question that no form's answer looks like, whatever words it holds."""
ASKED = re.compile(
    r"[?？吗呢]|什么|怎么|咋|啥|多少|多久|哪|几|查|看|告诉|显示|推荐|找"
    r"|\b(what|how|when|where|which|who|why|do|does|did|can|could|will|is|are|show|tell|track|check|find|see|list|know|"
    r"look|recommend|compare)\b",
    re.IGNORECASE,
)
"""A question puts itself as one; what merely sounds like its topic ("put it on my gift card") tells something."""
QUESTION_WORD = re.compile(
    r"[?？吗]|哪|什么|怎么|谁|啥|几|多少|多久|\b(?:what|which|who|where|when|how|why)\b", re.IGNORECASE
)
"""Whoever says one of these still wants to know something: 是哪一单啊 is no yes, though it begins with one."""
ELLIPSIS = re.compile(
    r"^\W*(?:ok\W+|okay\W+)?(?:and|also|what about|how about|and what about|and how about)\b.{1,40}$"
    r"|^\W*(?:那么?|还有|以及).{1,24}呢?\W*$|^.{1,24}呢\W*$",
    re.IGNORECASE,
)
"""The same again, about something else."""
CODE = re.compile(r"\b(?=[A-Z0-9-]*[A-Z])[A-Z0-9-]{4,}\b", re.ASCII)
POINTS = re.compile(
    r"\bones?\b|\b(this|that|these|those)\b|第[一二两三四五六七八九十\d]+|[这那]([个款件双台只种]|一)", re.IGNORECASE
)
"""It may point at something that was just offered."""
POINTS_AT = re.compile(
    r"\bthe (\w+[ -]){1,4}ones?\b|第[一二两三四五六七八九十\d]+[个款件双台只种]|的那[个款件双台只种]", re.IGNORECASE
)
"""It does."""
PUTS_RIGHT = re.compile(
    r"不是(?:要|想)?.{1,8}[，,、\s]*(?:而?是|我?(?:是)?(?:要|想))|搞错了.{0,4}(?:要|想)|"
    r"\bi meant? (?:to )?(?:change|cancel|return|exchange|swap|send|track|update)|"
    r"\bnot (?:to )?\w+\W+(?:but |i (?:want|need|meant)|just )|\bnot \w+ing\b.{0,12}\bbut\b",
    re.IGNORECASE,
)
"""Something else was meant than what is under way."""
REPROACH = re.compile(
    r"\bwhy (?:did|have|would|do) you\b.{0,20}\b(?:cancel|chang|delet|exchang|return|unsubscrib|subscrib)\w*"
    r"|\b(?:who|nobody|i never|i didn'?t)\b.{0,6}\b(?:told|asked|said|allowed|tell|ask|want)\b.{0,12}"
    r"\b(?:cancel|chang|delet|exchang|return|subscrib)\w*"
    r"|(?:谁|凭什么|怎么|为什么|干嘛|干吗).{0,4}你们.{0,6}(?:取消|改|删|退|换|注销).{0,8}的"
    r"|你们(?:凭什么|为什么|怎么|干嘛).{0,8}(?:取消|改|删|退|换|注销).{0,6}了",
    re.IGNORECASE,
)
"""We are asked why we did it, not to do it."""
RUNS_OUT = re.compile(
    r"^\W*(?:so\W+|hey\W+)?what(?:'s| is| am| are| do| have| might)?\b.{0,12}\b(?:running|run|runs) (?:out|low)\b"
    r"|我.{0,4}(?:什么|啥|哪些).{0,6}(?:快?用完|快?没了|要补)|(?:什么|啥|哪些).{0,6}(?:快用完|快没了|该补货)",
    re.IGNORECASE,
)
"""What is to be bought again, whatever the words remind a model of (points run out, too)."""
YES = re.compile(
    r"^\W*(?:yes|yep|yeah|yup|sure|ok(?:ay)?|please do|嗯+|好的?|是的?|对的?|行|可以|要)(?:\W+|$|(?=[^a-z]))",
    re.IGNORECASE,
)
WISH = re.compile(r"^\W*(?:那就?|你|您|就|麻烦(?:你|您)?|请(?:你|您)?|帮我|帮忙|给我)+(?=\w)")
"""How a yes begins that names what is to be done: 那你帮我催一下."""
NO = re.compile(r"\b(no|not|don'?t|never|stop|wait)\b|不|别|没|算了|等等", re.IGNORECASE)
HEATED = re.compile(
    r"[!！]{2,}|[?？]{2,}|[!?！？]{3,}"
    r"|\b(damn|hell|wtf|fuck\w*|shit\w*|crap|idiots?|stupid|moron\w*|incompetent|useless|pathetic|ridiculous|disgrac\w+|"
    r"disgusting|outrageous|unacceptable|furious|angry|fed up|sick of|worst|horrible|terrible|awful|hate|scam\w*|"
    r"liars?|thieves|fraud|joke|rubbish|garbage|bullshit|sue you|never again)\b"
    r"|气死|生气|愤怒|火大|恼火|无语|垃圾|骗子|骗人|坑人|忽悠|滚蛋|妈的|他妈|傻[逼叉]|什么破|破店|太差|差劲|最差|恶心|离谱|过分|"
    r"受够|忍不了|投诉你们|受不了|废物|没用(?!过)|搞什么|开玩笑|不像话|要脸|再也不",
    re.IGNORECASE,
)
"""Words and signs of anger. Bad news told plainly sounds negative to a model, too."""
