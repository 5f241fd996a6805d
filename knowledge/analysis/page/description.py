"""Section: customers and orders in figures."""

from knowledge.analysis.description import SHARES
from knowledge.analysis.page.html import limits, note, section, table
from knowledge.analysis.survey import Survey
from knowledge.analysis.words import Words


def described(words: Words, found: Survey) -> str:
    head = [words(f"head.{name}") for name in ("column", "count", "missing", "mean", "median", "deviation")]
    head += [words("head.quantile", share=words.percent(share)) for share in SHARES]
    rows = [
        [
            words.column(row.column),
            words.number(row.count),
            words.number(row.missing),
            *(words.figure(value) for value in (row.mean, row.median, row.deviation)),
            *(words.figure(value) for value in row.quantiles or [None] * len(SHARES)),
        ]
        for row in found.description
    ]
    said = [words(f"description.limit.{number}") for number in (1, 2, 3)]
    if found.without_category > 0:
        said.append(words("description.limit.category", share=words.percent(found.without_category, 1)))
    intro = note(words("description.intro"))
    return section("description", words("description.title"), intro, table(head, rows), limits(words, *said))
