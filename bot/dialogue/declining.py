"""No person, please: "no need for an agent", 不用转人工. A model hears only "person" in it."""

import re

WHO_EN = r"(?:person|people|human|agent|operator|colleague|representative|rep|someone|somebody)s?(?: being)?"
DECLINING = re.compile(
    r"\b(?:do(?:n'?t| not)|doesn'?t|rather not|no need to|without|not? (?:want|wish|need)(?:ing)? to)"
    r"(?: want you| need you)?(?: (?:need|want|wish|bother|me|to|get|getting|call|calling|fetch|involve|involving|"
    r"talk(?:ing)?|speak(?:ing)?|chat(?:ting)?|transfer|connect|forward|hand|put|pass|send|over|through|on|with|it|this|a|an|any|the|another|your|"
    rf"real|live|actual|human))* {WHO_EN}\b"
    rf"|\bno need (?:for|of) (?:a |an |any |the )?(?:real |live |human )?{WHO_EN}\b"
    rf"|(?:^|[,.!;]|\b(?:and|but|please)) *no (?:real |live |human )?{WHO_EN}"
    r"(?=\W*$|\W+(?:please|needed|necessary|required|thanks))"
    r"|(?:不用|不要|不需要?|不必|不想|别|甭|无需|没必要|用不着|先不|暂不)"
    r"(?:再|要|给|帮|我|您|你|们|麻烦|转接?|接|找|叫|跟|和|与|用|去|到|真的)*?(?:人工|真人|同事)",
    re.IGNORECASE,
)
WHO = re.compile(rf"\b{WHO_EN}\b|人工|真人|同事", re.IGNORECASE)

CALLING = re.compile(
    r"(?<![不别甭])(?:转|找|要|叫|接|换)(?:个|一个|一下|到|给)?(?:人工|真人)"
    r"|\b(?:(?:talk|speak|chat) (?:to|with)|(?:get|give|call|want|need|connect)(?: me)?(?: to| with)?) "
    rf"(?:a |an |the )?(?:real |live |human )?{WHO_EN}\b",
    re.IGNORECASE,
)


def calls_person(text: str) -> bool:
    """Whether the text, which calls something off, asks for a person instead: 算了，还是转人工吧."""
    plain = DECLINING.sub(" ", text.replace("’", "'"))
    return bool(CALLING.search(plain))


def declines_person(text: str) -> bool:
    """Whether the text wants no person, and does not ask for one beside that."""
    plain = text.replace("’", "'")
    rest = DECLINING.sub(" ", plain)
    return rest != plain and not WHO.search(rest)
