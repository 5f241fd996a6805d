"""A survey → one HTML file that needs nothing else: no script, no font, no request."""

from pathlib import Path

from knowledge.analysis.groups import SMALLEST_GROUP
from knowledge.analysis.page.comparison import compared, correlated
from knowledge.analysis.page.description import described
from knowledge.analysis.page.html import note
from knowledge.analysis.page.over_time import concentrated, heading, returning
from knowledge.analysis.page.overview import head, in_short
from knowledge.analysis.page.segments import segmented
from knowledge.analysis.survey import Survey
from knowledge.analysis.words import Language, Words

STYLE = Path(__file__).with_name("report.css")
LANG = {"en": "en", "zh": "zh-CN"}


def html_report(found: Survey, language: Language) -> str:
    words = Words(language)
    body = head(words, found) + _sections(words, found)
    return (
        f'<!doctype html>\n<html lang="{LANG[language]}">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{words('title')}</title><style>{STYLE.read_text('utf-8')}</style></head>\n"
        f"<body><main>{body}<footer>{note(words('footer'))}</footer></main></body>\n</html>\n"
    )


def _sections(words: Words, found: Survey) -> str:
    if found.standing is None:
        return note(words("too_few", count=found.customers, needed=SMALLEST_GROUP))
    return "".join(
        (
            in_short(words, found),
            segmented(words, found, found.standing),
            compared(words, found),
            returning(words, found),
            concentrated(words, found),
            heading(words, found),
            correlated(words, found),
            described(words, found),
        )
    )
