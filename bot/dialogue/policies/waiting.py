"""What a customer who waits for a person may still say to the bot. All else is for the person, and the bot is silent.

They may call it off, ask how long it takes, or leave a number to be called at.
"""

import re
from functools import partial

from bot.conversation import events as happened
from bot.dialogue.certainty import is_sure
from bot.dialogue.declining import declines_person
from bot.dialogue.exchange import Exchange
from bot.dialogue.performing import perform
from bot.dialogue.phrases import STOP
from bot.dialogue.policies.base import Prediction
from bot.dialogue.reasons import because
from bot.dialogue.request import Request
from bot.dialogue.words import all_words

NAME = "handoff"
BACK = "utter_back_to_bot"
CALL_BACK = "action_request_call_back"
HOW_LONG = "action_say_waiting"
CALL_BACK_OFFERED = "is_call_back_offered"
SHORT_WORDS = 4
RATHER_BOT = re.compile(
    r"\b(?:back|return|go on|continue|carry on|talk|speak|chat|rather|prefer|switch|stay)\b.{0,30}"
    r"\b(?:the|this|my) (?:bot|robot|assistant|chat ?bot)\b"
    r"|\bi(?:'ll| will|'d| would)?(?: rather)?(?: just)? (?:ask|take|use) the (?:bot|robot|assistant)\b"
    r"|\b(?:stop|cancel|end|leave|quit) (?:the )?(?:waiting|queue|wait|handover|transfer|request for a person)\b"
    r"|\b(?:not|done|tired of) (?:going to )?wait(?:ing)?(?: (?:any ?more|any longer|here|in the queue|for (?:a|the) "
    r"(?:person|human|agent|colleague)))?\W*$"
    r"|(?:(?:^|[\s，,。]|算了|那)还是|换回|转回|回到|改回|继续)(?:让|跟|和|由|用|找)?(?:机器人|智能客服|智能助手|小助手)"
    r"|(?<![不别])(?:让|由|用)(?:机器人|智能客服|智能助手)(?:来|继续|帮|回答|处理|服务)"
    r"|^\W*(?:算了|那就?|我|还是|[\s，,])*不(?:想)?(?:再)?(?:等|排)(?:队)?了(?:[\s，,。.！!吧]|算了|谢谢)*$"
    r"|取消(?:转接|排队|转人工|人工|等待)|不用(?:转|接|等)(?:人工)?了",
    re.IGNORECASE,
)
"""The customer would rather have the bot after all."""
DROPS = re.compile(
    r"\W*(?:(?:no|nope|nah)(?:[\s,.!]+(?:no|thanks|thank you|thx|please|need|never ?mind|it'?s (?:fine|ok|okay)))*"
    r"|cancel(?: (?:it|that|this))?|stop|(?:i )?(?:don'?t|do not) (?:want|need) (?:that|this|it)(?: any ?more)?"
    r"|(?:不|不用|不要|不了|不需要|不必|取消|算了|没事了?)(?:了|啦|吧|谢谢|[\s，,。.!！])*(?:谢谢)?)\W*",
    re.IGNORECASE,
)
"""All of a message that calls it off."""
WAITING = re.compile(
    r"\bhow (?:much )?long(?:er)?(?: (?:now|still|more))?\W*$"
    r"|\bhow (?:much )?long(?:er)? (?:will|does|would) (?:it|this|that)(?: still)?(?: take| be)?\W*$"
    r"|\bhow (?:much )?long(?:er)? (?:do|must|will|would|should|am) i (?:still )?(?:have to |need to |got to )?"
    r"(?:be )?wait(?:ing)?(?: (?:here|now|for (?:some|a ).*))?\W*$"
    r"|\bhow (?:much )?long(?:er)? (?:is the (?:wait|queue|line)|(?:until|till|before) (?:some|any|it'?s my turn))"
    r"|\bmy (?:place|position|number|turn)\b.{0,20}\b(?:queue|line|come|yet|now)\b"
    r"|\b(?:what(?:'s| is)|where is) my (?:place|position)\b"
    r"|\bhow many (?:people |customers |others )?(?:are )?(?:there )?(?:before|ahead of|in front of) (?:me|us)\b"
    r"|\b(?:any|some)(?:one|body) (?:there|here|coming|available|at all)\W*$"
    r"|^\W*(?:(?:i'?m|i am) )?still (?:waiting|here)\W*$"
    r"|\bwhen (?:will|can|does|is) (?:(?:some|any)(?:one|body)|(?:a|the) (?:person|human|agent|colleague))"
    r"|^(?!.*(?:退|货|快递|包裹|到账)).*(?:还要|还得)(?:等)?(?:多久|多长时间|几分钟)(?:[啊呀呢了]|才(?:有人|轮到我|接))*\W*$"
    r"|^\W*(?:请问|那|我|还|要|得|大概|[\s，,])*等(?:多久|多长时间|几分钟)[啊呀呢]?\W*$|多久(?:能|才|可以)(?:接通|轮到我|有人)"
    r"|排(?:到)?(?:第几|几|多少|哪)|(?:前面|还)(?:还)?有(?:几|多少)(?:个|位)?人|轮到我"
    r"|^\W*(?:请问|你好|您好|喂|哈喽|怎么|还|[\s，,])*(?:有|没)人(?:吗|在吗|么|在么|呢)?\W*$|^\W*人呢\W*$|怎么(?:还|一直)没人(?:接|理|回)?\W*$",
    re.IGNORECASE,
)
"""The customer asks how it stands, and nothing else."""
WANTS_CALL = re.compile(
    r"\b(?:call|ring|phone|e-?mail|mail|text|write|reach|contact)\b.{0,12}\b(?:me|us)\b|\bcall ?back\b"
    r"|(?:给我|打我|回我|联系我|打|回).{0,4}(?:电话|回电|邮件|邮箱|短信)|回电|打给我|联系我|发我邮箱",
    re.IGNORECASE,
)
CONTACT = re.compile(r"[\w.%+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\w#@.])\+?\(?\d(?:[\s().-]{0,2}\d){6,14}(?![\w@])", re.ASCII)
"""An e-mail address or a telephone number; the action says for good which it is."""


def predict(exchange: Exchange, request: Request) -> Prediction | None:
    """For a conversation that waits in the queue; None: the message is for the person."""
    if calls_off(exchange, request):
        return Prediction(NAME, BACK, because("rather_bot"), partial(_go_on, exchange))
    if wants_call(exchange, request):
        return _action(exchange, request, CALL_BACK, "call_back")
    if WAITING.search(request.text) and exchange.assistant.can(HOW_LONG):
        return _action(exchange, request, HOW_LONG, "how_long")
    return None


def call_back(exchange: Exchange, request: Request) -> Prediction | None:
    """A number or address for the call back that was just offered, while the bot has the conversation again."""
    if not exchange.tracker.slot(CALL_BACK_OFFERED):
        return None
    if exchange.tracker.active_loop is None and wants_call(exchange, request):
        return _action(exchange, request, CALL_BACK, "call_back")
    exchange.set_slot(CALL_BACK_OFFERED, False)  # it was for the next message
    return None


def calls_off(exchange: Exchange, request: Request) -> bool:
    text = request.text.strip()
    if DROPS.fullmatch(text) or STOP.fullmatch(text) or RATHER_BOT.search(text) or declines_person(text):
        return True
    is_short = len(all_words(text)) <= SHORT_WORDS
    return is_short and request.intent.name in ("nevermind", "deny") and is_sure(exchange, request)


def wants_call(exchange: Exchange, request: Request) -> bool:
    if not exchange.assistant.can(CALL_BACK):
        return False
    has_contact = bool(CONTACT.search(request.text))
    is_offered = bool(exchange.tracker.slot(CALL_BACK_OFFERED))
    if has_contact and is_offered:
        return True
    return bool(WANTS_CALL.search(request.text)) and (has_contact or is_offered)


def _go_on(exchange: Exchange) -> None:
    exchange.apply(happened.resumed(exchange.now))
    exchange.set_slot("handoff_reason", None)
    exchange.set_slot(CALL_BACK_OFFERED, False)
    exchange.say(BACK)


def _action(exchange: Exchange, request: Request, action: str, why: str) -> Prediction:
    return Prediction(NAME, action, because(why), partial(perform, exchange, action, request))
