"""The question "how was it?", its five answers, and what customers write instead of pressing one."""

import unicodedata

import regex

from bot.messages import BotMessage, Button

ANSWERS = {
    "en": ("1 · bad", "2 · poor", "3 · okay", "4 · good", "5 · great"),
    "zh": ("1 分 很不满意", "2 分 不满意", "3 分 一般", "4 分 满意", "5 分 非常满意"),
}
"""In this order: where a channel shows them as a numbered list, the number is the score. They are what is sent, too: so
everybody reads later what was pressed."""
ASKED_BY_BOT = {
    "en": "One quick question before you go: how did I do today?",
    "zh": "最后想请您打个分：这次我帮上忙了吗？",
}
ASKED_AFTER_PERSON = {
    "en": "One quick question: how was your chat with {name}?",
    "zh": "最后想请您打个分：{name} 这次的服务您满意吗？",
}
OUR_TEAM = {"en": "our team", "zh": "我们同事"}
THANKED = {
    "en": "Thank you, that's good to hear! If you'd like to add a word, just write it here.",
    "zh": "谢谢您的肯定！如果还有什么想说的，直接写在这里就行。",
}
SORRY = {
    "en": "Thank you for telling us honestly. What should we have done better? Write it here if you like, "
    "or just go on with anything else.",
    "zh": "谢谢您如实告诉我们。您觉得我们哪里该做得更好？愿意的话直接写在这里，想问别的也可以接着说。",
}
COMMENTED = {
    "en": "Thank you, I've put that down for the team.",
    "zh": "谢谢，您的意见我记下了，团队会看到的。",
}
NO_COMMENT = {"en": "That's fine. Have a good day!", "zh": "好的，祝您一切顺心！"}
PUT_RIGHT = {"en": "All right, I've changed it to {score} of 5.", "zh": "好的，已经帮您改成 {score} 分。"}
GOOD = 4
"""A score from here on is good news."""

_NUMERALS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
_NAMED = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_NUMBER = r"(?P<number>[1-5]|[一二两三四五]|one|two|three|four|five)"
_MARKED = regex.compile(
    rf"(?:打|给|我给)?\s*{_NUMBER}\s*(?:(?:颗|个)?星(?:好评)?|分|stars?|points?|(?:/|out of|of)\s*5)", regex.IGNORECASE
)
"""A number that says that it is a score."""
_BARE = regex.compile(rf"[(\[]?{_NUMBER}[.)\]、]?", regex.IGNORECASE)
_STARS = regex.compile(r"[⭐★🌟]{1,5}")
_TINTS = regex.compile(r"[\N{VARIATION SELECTOR-16}\U0001F3FB-\U0001F3FF]")
"""What gives a picture its colour."""
_EDGES = regex.compile(r"^[\s,，。.!！~～、😊🙂😀🙏]+|[\s,，。.!！~～、😊🙂😀🙏]+$")
_BESIDE = regex.compile(r"\b(?:thanks?(?: you)?(?: a lot| so much)?|thx)\b|谢谢[您你]?|多谢", regex.IGNORECASE)
_WORDS = {
    1: {"bad", "very bad", "terrible", "awful", "horrible", "the worst", "worst", "👎", "😡", "😠", "🤬"}
    | {"很差", "太差了", "太差", "极差", "差评", "很不满意", "非常不满意", "垃圾"},
    2: {"poor", "not good", "not great", "not very good", "disappointing", "😞", "🙁", "☹"}
    | {"不满意", "不好", "不太好", "不太满意", "差", "较差", "失望"},
    3: {"ok", "okay", "so so", "so-so", "average", "fine", "meh", "alright", "all right", "not bad", "😐"}
    | {"一般", "一般般", "还行", "还可以", "凑合", "中评", "马马虎虎"},
    4: {"good", "pretty good", "quite good", "nice", "happy", "satisfied", "🙂"}
    | {"满意", "好", "不错", "挺好", "挺好的", "还不错", "蛮好的", "比较满意"},
    5: {"great", "very good", "excellent", "perfect", "amazing", "awesome", "super", "fantastic", "wonderful"}
    | {"very satisfied", "very happy", "brilliant", "the best", "👍", "😀", "😍", "❤"}
    | {"很满意", "非常满意", "非常好", "很好", "太好了", "好评", "五星好评", "特别好", "棒", "很棒", "太棒了", "完美"},
}
_SCORE_OF = {word: score for score, words in _WORDS.items() for word in words}


def question(language: str, name: str | None, is_of_person: bool) -> BotMessage:
    """The question and its five answers; `name` is the person's, if it is a person who is rated."""
    asked = ASKED_BY_BOT[language]
    if is_of_person:
        asked = ASKED_AFTER_PERSON[language].format(name=name or OUR_TEAM[language])
    return BotMessage(text=asked, buttons=tuple(Button(answer, answer) for answer in ANSWERS[language]))


def score_of(text: str, is_next: bool) -> int | None:
    """The score that a message gives, if it is nothing but that. A bare number or a word of praise counts only as the
    very next message (`is_next`): later it may answer another question."""
    plain = _plain(text)
    if _STARS.fullmatch(plain):
        return len(plain)
    if plain in _PRESSED:
        return _PRESSED[plain]
    if found := _MARKED.fullmatch(plain) or (_BARE.fullmatch(plain) if is_next else None):
        return _value(found["number"])
    return _SCORE_OF.get(plain) if is_next else None


def _plain(text: str) -> str:
    """Without courtesies, punctuation and pictures at the edges."""
    folded = _TINTS.sub("", unicodedata.normalize("NFKC", text).casefold().strip())
    bare = _EDGES.sub("", _BESIDE.sub(" ", folded))
    return regex.sub(r"\s+", " ", bare) or folded


_PRESSED = {_plain(answer): score for answers in ANSWERS.values() for score, answer in enumerate(answers, 1)}


def _value(number: str) -> int:
    return _NUMERALS.get(number) or _NAMED.get(number) or int(number)
