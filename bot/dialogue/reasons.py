"""Why the bot did what it did, in words a support lead understands, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass

WORDS: Mapping[str, tuple[str, str]] = {
    "means": ("the message means {intent} ({sure} sure)", "这句话的意思是 {intent}（把握 {sure}）"),
    "settled": ("that settles it: {intent} is wanted", "由此确定要的是 {intent}"),
    "person_owns": (
        "a person has the conversation, so the bot says nothing",
        "会话正由人工处理，机器人不发言",
    ),
    "rather_bot": (
        "the customer waits for a person and would rather have the bot after all",
        "顾客正在等人工，改主意要机器人继续",
    ),
    "how_long": ("the customer waits for a person and asks how long", "顾客正在等人工，问还要多久"),
    "call_back": ("the customer leaves a way to be called back", "顾客留下了回电方式"),
    "topic_for_people": (
        "the message means {intent} ({sure} sure), which the shop's rules leave to people",
        "这句话的意思是 {intent}（把握 {sure}），按店铺规则由人工处理",
    ),
    "called_enough": (
        "a person was called {times} times within a day already, so the bot calls nobody by itself",
        "一天内已转过 {times} 次人工，机器人不再主动转接",
    ),
    "person_asked": ("the customer asked for a person ({sure} sure)", "顾客要求人工客服（把握 {sure}）"),
    "person_declined": (
        "the customer does not want a person, so the bot goes on",
        "顾客不需要人工，机器人继续服务",
    ),
    "angry": (
        "two of the last three messages were very negative (plain reports and answers to our questions do not count)",
        "最近三条消息里有两条情绪非常负面（如实反映问题、回答提问的不算）",
    ),
    "after_anger": (
        "the customer was angry and was offered a person, and this is no request that the bot could meet",
        "顾客刚才很生气，已提出转人工，而这句话不是机器人能办的事",
    ),
    "gave_up": (
        "{failed} messages in a row were not understood, and this one was not either",
        "已连续 {failed} 条消息没听懂，这一条仍没听懂",
    ),
    "answered": ("the message was an answer: it settled {slots}", "这句话回答了问题：确定了 {slots}"),
    "points": (
        "the message points at something that was just offered, so it is taken as {intent} about that ({sure} sure)",
        "这句话指的是刚才列出的内容，所以理解为对它的提问 {intent}（把握 {sure}）",
    ),
    "continues": (
        "the message only names something else, so the last question, {intent}, is asked again about that",
        "这句话只换了一个对象，所以按上一个问题 {intent} 再查一次",
    ),
    "goes_on": (
        "{intent} had asked for more, and the message tells it",
        "上一个回答 {intent} 问了具体要求，这句话正是在说要求",
    ),
    "runs_out": (
        "the customer asks what is running out: what they buy again is recommended",
        "顾客问什么快用完了：推荐该回购的商品",
    ),
    "no_answer": (
        "nothing was asked, so it is no answer; of what else it can mean, {intent} is {sure} likely",
        "此前没有提问，所以这句话不是回答；其余可能里 {intent} 占 {sure}",
    ),
    "puts_right": (
        "the customer says that something else was meant, {intent}",
        "顾客更正说要办的是 {intent}",
    ),
    "reproaches": (
        "the customer complains that we did it ({intent}), and does not ask for it",
        "顾客是在质问我们为什么这么做（{intent}），不是要求办理",
    ),
    "way_declined": (
        "the customer wants none of what was offered instead",
        "顾客不需要所提议的其他办法",
    ),
    "both_named": (
        "a yes to a question with several answers does not say which, so it is asked again",
        "有几个选项，只回答“是”不知道选哪个，所以再问一次",
    ),
    "echoes": (
        "the message repeats the words of the yes-or-no question, so it is a yes",
        "这句话重复了问句里的话，算作“是”",
    ),
    "dropped_all": (
        "the customer wants to drop it, and nothing had come of it, so what it had interrupted is dropped, too",
        "顾客不想办了，这件事还没有进展，所以连同之前搁下的一起取消",
    ),
    "dropped": ("the customer wants to drop it", "顾客不想办了"),
    "refused": ("the customer said no where something else was asked", "机器人在问别的信息，顾客回答了“不”"),
    "digresses": (
        "the message is another request, {intent} ({sure} sure); {form} goes on after the answer",
        "这句话是另一个请求 {intent}（把握 {sure}）；回答之后继续 {form}",
    ),
    "suspends": (
        "the message is another request, {intent} ({sure} sure); {form} waits until {other} is done",
        "这句话是另一个请求 {intent}（把握 {sure}）；先办 {other}，{form} 稍后继续",
    ),
    "replaces": (
        "the message asks for {intent} instead ({sure} sure), so {form} is dropped for {other}",
        "顾客改为要求 {intent}（把握 {sure}），不再办 {form}，改办 {other}",
    ),
    "resumes": ("the request in between is done, so {form} goes on", "中间的请求已办完，继续 {form}"),
    "returns": (
        "the message does not answer {form}, a question that interrupted {other}, so {other} goes on with it",
        "这句话没有回答 {form}（插问），所以回到之前的 {other} 继续",
    ),
    "open_question": (
        "the message is a question about something else, so the help is searched before it goes on",
        "顾客问了别的问题，先查帮助文档，再继续办理",
    ),
    "repeats": ("the customer asked for the same again, so it goes on", "顾客重复了同一个请求，继续办理"),
    "not_taken": (
        "the message was an answer, but not one that can be right, so it is asked for again",
        "顾客回答了，但内容不对，所以再问一次",
    ),
    "not_an_answer": (
        "the message was neither an answer nor another request, so it is asked for again",
        "这句话既不是回答，也不是别的请求，所以再问一次",
    ),
    "check_failed": ("the answer could not be checked, because something went wrong", "核对顾客的回答时出了问题"),
    "out_of_scope": (
        "this is nothing that the bot can do by itself, so the help is searched",
        "这不是机器人能办的事，所以查帮助文档",
    ),
    "noted": (
        "the customer only told something while nothing was pending, so it is noted and the bot asks what to do",
        "顾客只提供了信息，没有正在办理的事，所以先记下，再问需要办什么",
    ),
    "unsure": (
        "the best guess, {intent}, is only {sure} sure ({needed} is needed); message {failed} in a row not understood",
        "最可能的意思 {intent} 把握只有 {sure}（需要 {needed}）；已连续 {failed} 条没听懂",
    ),
    "nothing_follows": (
        "the message means {intent} ({sure} sure), but there is nothing to do about that here",
        "这句话的意思是 {intent}（把握 {sure}），但现在没有可以办的",
    ),
    "rated": ("the message is a mark for the service, which was asked for", "这是顾客给这次服务打的分"),
    "commented": ("the message is a remark beside the mark", "这是顾客打分后留下的意见"),
    "none_of_these": ("none of the meanings offered was the right one", "给出的选项都不是顾客的意思"),
}


@dataclass(frozen=True)
class Reason:
    code: str
    facts: Mapping[str, str]

    def text(self, language: str = "en") -> str:
        return WORDS[self.code][language == "zh"].format_map(self.facts)


def because(code: str, **facts: object) -> Reason:
    return Reason(code, {name: str(value) for name, value in facts.items()})
