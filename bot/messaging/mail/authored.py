"""What somebody wrote anew in a mail: without the history that it answers to, and without the signature.

Line by line, so that no mail takes long; in English, Chinese and the usual words of some neighbours. In doubt a line is
kept, and an agent has the whole mail in any case.
"""

import re
from itertools import islice

LONGEST_CHARACTERS = 100_000
INTRODUCES = re.compile(
    r"\s*(?:(?:on|am|le|el|il|op)\s.{4,200}(?:wrote|schrieb|écrit|escribió|scritto|schreef).{0,80}[:：]"
    r"|(?:在\s?|于\s?)?.{4,200}(?:写道|寫道|的邮件|來信)\s?[:：])\s*",
    re.IGNORECASE,
)
"""The line above a quoted mail."""
CUTS = re.compile(
    r"\s*[-_*\s]{0,40}(?:original message|forwarded message|begin forwarded message:?|ursprüngliche nachricht"
    r"|message d'origine|原始邮件|原始郵件|转发邮件|轉寄郵件|转发的邮件|回复的原邮件)[-_*:：\s]{0,40}",
    re.IGNORECASE,
)
FIELD = re.compile(
    r"\s*\*?(?:from|sent|to|cc|date|subject|von|gesendet|an|betreff|发件人|寄件者|发送时间|日期|收件人|抄送|主题|主旨)\*?\s?[:：]",
    re.IGNORECASE,
)
RULE = re.compile(r"\s*[_\-=]{10,}\s*")
SIGNATURE = re.compile(r"--\s?|—\s?")
SENT_FROM = re.compile(
    r"\s*(?:sent from (?:my|yahoo|outlook|mail for|samsung).{0,60}|get outlook for .{0,40}|发自我的.{0,40}"
    r"|從我的.{0,40}傳送|发自.{0,20}(?:邮箱|大师|手机).{0,20}|来自我的.{0,40})",
    re.IGNORECASE,
)
CLOSES = re.compile(
    r"\s*(?:(?:best|kind|warm|many thanks and)?\s?(?:regards|wishes)|sincerely(?: yours)?"
    r"|yours (?:truly|faithfully|sincerely)|cheers|mit freundlichen grüßen"
    r"|此致|祝好|敬上|顺祝商祺|顺颂商祺|谨上)\s?[,，.。!！]?\s*",
    re.IGNORECASE,
)
LINES_OF_A_CLOSING = 5
LONGEST_OF_A_CLOSING = 60


def authored(text: str) -> str:
    """The new words; the whole text where nothing would be left of it."""
    lines = text[:LONGEST_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    mine = without_signature(without_history(lines))
    words = "\n".join(line.rstrip() for line in mine).strip()
    return re.sub(r"\n{3,}", "\n\n", words) or "\n".join(lines).strip()


def without_history(lines: list[str]) -> list[str]:
    kept: list[str] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        if begins_history(lines, number):
            break
        if skipped := introduction(lines, number):
            number += skipped
        else:
            kept += [] if line.lstrip().startswith(">") else [line]
            number += 1
    return kept


def begins_history(lines: list[str], number: int) -> bool:
    """Whether all from this line on is an older mail: a marker, or a block of its header."""
    line = lines[number]
    if CUTS.fullmatch(line):
        return True
    if RULE.fullmatch(line):
        return is_header(lines, number + 1)
    if is_header(lines, number):
        return True
    is_introduced = INTRODUCES.fullmatch(line) or INTRODUCES.fullmatch(joined(lines, number))
    return bool(is_introduced) and not is_quoted_below(lines, number)


def introduction(lines: list[str], number: int) -> int:
    """How many lines introduce a quotation that is answered below or within; 0: none."""
    for count, words in ((1, lines[number]), (2, joined(lines, number))):
        if INTRODUCES.fullmatch(words) and is_quoted_below(lines, number + count - 1):
            return count
    return 0


def joined(lines: list[str], number: int) -> str:
    """A line and the next: mail programs break long introductions."""
    return " ".join(line.strip() for line in lines[number : number + 2])


def is_quoted_below(lines: list[str], number: int) -> bool:
    following = [line for line in lines[number + 1 : number + 4] if line.strip()]
    return any(line.lstrip().startswith(">") for line in following[:2])


def is_header(lines: list[str], number: int) -> bool:
    """Three fields of a mail's header, one below the other."""
    following = [line for line in lines[number : number + 8] if line.strip()][:3]
    return len(following) == 3 and all(FIELD.match(line) for line in following)


def without_signature(lines: list[str]) -> list[str]:
    has_words = False
    for number, line in enumerate(lines):
        if has_words and (SIGNATURE.fullmatch(line) or is_closing(lines, number)):
            lines = lines[:number]
            break
        has_words = has_words or bool(line.strip())
    return [line for line in lines if not SENT_FROM.fullmatch(line)]


def is_closing(lines: list[str], number: int) -> bool:
    """A farewell, with no more than a name and a few short lines after it."""
    if not CLOSES.fullmatch(lines[number]):
        return False
    after = list(islice((line for line in lines[number + 1 : number + 100] if line.strip()), LINES_OF_A_CLOSING + 1))
    is_short = len(after) <= LINES_OF_A_CLOSING and all(len(line) <= LONGEST_OF_A_CLOSING for line in after)
    return is_short and not any(line.rstrip().endswith(("?", "？")) for line in after)
