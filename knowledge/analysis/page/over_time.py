"""Sections: who comes back, how much comes from how few, and where it is heading."""

import numpy as np

from knowledge.analysis.effects import Estimate
from knowledge.analysis.page.html import figure, limits, note, pair, section
from knowledge.analysis.pictures import concentration as shares
from knowledge.analysis.pictures import time as pictures
from knowledge.analysis.survey import Survey
from knowledge.analysis.trends import YEAR
from knowledge.analysis.words import Words


def returning(words: Words, found: Survey) -> str:
    title = words("cohorts.title")
    said = limits(words, *(words(f"cohorts.limit.{number}") for number in (1, 2, 3)))
    if found.cohorts is None:
        return section("cohorts", title, note(words("cohorts.none")), said)
    parts = []
    if np.isfinite(found.cohorts.average[1:]).any():
        parts.append(figure(words("cohorts.curve"), pictures.retention(words, found.cohorts)))
    table = figure(words("cohorts.table"), pictures.cohort_table(words, found.cohorts), kind="dense")
    intro = note(words("cohorts.intro", days=round(found.cohorts.period_days)))
    return section("cohorts", title, intro, pair(*parts, table), said)


def concentrated(words: Words, found: Survey) -> str:
    title = words("concentration.title")
    said = limits(words, words("concentration.limit.1"), words("concentration.limit.2"))
    if (its := found.concentration) is None:
        return section("concentration", title, note(words("concentration.none")), said)
    facts = {"gini": words.decimal(its.gini.value, 2), "low": words.decimal(its.gini.low, 2)}
    facts |= {"high": words.decimal(its.gini.high, 2)}
    sentences = [words("concentration.intro", **facts)]
    for name, top in (("tenth", its.top_tenth), ("fifth", its.top_fifth)):
        sentences += [_share(words, name, top)] if top else []
    picture = f'<div class="narrow">{figure("", shares.lorenz(words, its))}</div>'
    return section("concentration", title, note(words("between_sentences").join(sentences)), picture, said)


def _share(words: Words, name: str, share: Estimate) -> str:
    figures = {"share": share.value, "low": share.low, "high": share.high}
    return words(f"concentration.{name}", **{key: words.percent(value) for key, value in figures.items()})


def heading(words: Words, found: Survey) -> str:
    title = words("trends.title")
    if (its := found.trend) is None:
        said = limits(words, words("trends.limit.1"), words("trends.limit.2"))
        return section("trends", title, note(words("trends.none")), said)
    parts = [figure(words("weekdays.title"), pictures.weekdays(words, its))]
    parts += [figure(words("seasons.title"), pictures.seasons(words, its))] if its.season else []
    season = words("trends.limit.season")
    if its.season:
        season = words("trends.limit.two_years", years=words.decimal(len(its.days) / YEAR, 1))
    return section(
        "trends",
        title,
        note(words("trends.intro")),
        figure("", pictures.revenue(words, its), kind="wide dense"),
        pair(*parts),
        limits(words, words("trends.limit.1"), season, words("trends.limit.2")),
    )
