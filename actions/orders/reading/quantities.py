"""How many pieces a customer wants instead: "make it 3 headphones", "one more", 改成三个, 再加一件. Pure."""

import re

from actions.choosing import NUMBERS

COUNTS = r"\d{1,2}|one|two|three|four|five|six|一|两|二|三|四|五|六"
PIECES = (
    r"(?:of (?:them|it|those|the)|pieces?|pcs|units?|items?|"
    r"件|个|双|台|只|条|本|把|瓶|套|盒|包|支|张|对|副)(?![号码人色])"
)
WANTED = re.compile(
    r"(?<![a-z])(?:make (?:it|that|them|this)|(?:change|set|update|increase|reduce)(?: (?:it|that|them|the quantity|"
    r"the number|the amount))?(?: of \S+)? to|quantity (?:of|to|is|should be)|want|need|take|only|just|to|"
    r"改成|改为|换成|变成|改到|加到|减到|减成|数量|[要改买来订])\s*(?:了|到|是)?\s*"
    rf"(?P<count>{COUNTS})\s*(?:(?P<unit>{PIECES})|(?=$|…|[,.!?;]|please|instead|in (?:order|#)|not ))"
)
BARE_COUNT = re.compile(r"make (?:it|that|them|this)|quantity|number|amount|数量")
"""What must stand before a count without a unit: "change to 8" may speak of a size."""
MORE = re.compile(rf"(?P<count>{COUNTS}|another) more(?![a-z])|[再多][加要来买](?P<more>{COUNTS})\s*{PIECES}")


def pieces_wanted(folded: str, now: int) -> int | None:
    """The number of pieces that folded text asks for, where there are `now`; None where it asks for none."""
    if more := MORE.search(folded):
        return now + _number(more["count"] or more["more"])
    said = WANTED.search(folded)
    if not said or not (said["unit"] or BARE_COUNT.search(said.group())):
        return None
    return _number(said["count"])


def _number(word: str) -> int:
    return 1 if word == "another" else NUMBERS.get(word) or int(word)
