"""Analytics and the board, for supervisors. Every figure has a name under which `visits` lists what is behind it.

GET /console/api/analytics           totals, by day, by one more thing, reasons, agents
GET /console/api/analytics/visits    the visits behind a figure, newest first
GET /console/api/analytics/gaps      what is asked and not answered, by likeness
GET /console/api/analytics/csv       the table by day (or channel, intent …) or the visits, for a spreadsheet
GET /console/api/board               how it stands now

All but the board take from, to (days by the shop's clock), channel, customer_language, intent, segment, agent and
return_hours; `language` is that of the words.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Response

from bot.console import audit
from bot.console.analytics import exporting, figures, gaps, overview
from bot.console.analytics.board import Board, Now, board
from bot.console.analytics.catching_up import catch_up
from bot.console.analytics.figures import Moment, behind
from bot.console.analytics.gaps import Embed, Gap, Redact
from bot.console.analytics.overview import By, Language, Overview, Page
from bot.console.analytics.period import Period
from bot.console.analytics.reading import Filters, Visit, read_visits
from bot.console.login.access import Supervisor
from bot.database import Database

Name = Annotated[str | None, Query(max_length=200)]
PAGE = 50
LANGUAGES: tuple[Language, ...] = ("en", "zh")


@dataclass(frozen=True)
class Source:
    """What the figures are made from. `zone` is the shop's; `notes` the service's own worries."""

    database: Database
    zone: Callable[[], ZoneInfo]
    embed: Embed
    redact: Redact
    notes: Callable[[], Sequence[str]]
    answer_seconds: float
    clock: Callable[[], float] = time.time


@dataclass(frozen=True)
class Asked:
    """What a request wants to know about."""

    first: date | None
    last: date | None
    filters: Filters
    return_hours: float


def asked(
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    channel: Name = None,
    customer_language: Name = None,
    intent: Name = None,
    segment: Name = None,
    agent: Name = None,
    return_hours: Annotated[float, Query(ge=1, le=168)] = figures.RETURN_HOURS,
) -> Asked:
    return Asked(first, last, Filters(channel, customer_language, intent, segment, agent), return_hours)


Wanted = Annotated[Asked, Depends(asked)]


def router(source: Source) -> APIRouter:
    routes = APIRouter(tags=["console"], prefix="/console/api")

    @routes.get("/analytics", summary="The figures of a period")
    def analytics(_person: Supervisor, wanted: Wanted, by: By = "channel", language: Language = "en") -> Overview:
        period, moment, visits = _read(source, wanted)
        with source.database.read() as connection:
            return overview.of(connection, visits, period, moment, by, language)

    @routes.get("/analytics/visits", summary="The visits behind a figure")
    def visits(_person: Supervisor, wanted: Wanted, figure: str = "", offset: Annotated[int, Query(ge=0)] = 0) -> Page:
        _, moment, found = _read(source, wanted)
        chosen = [visit for visit in reversed(found) if behind(figure, moment)(visit)]
        with source.database.read() as connection:
            return overview.page(connection, chosen, moment, offset, PAGE)

    @routes.get("/analytics/gaps", summary="What is asked and not answered")
    def content_gaps(_person: Supervisor, wanted: Wanted, least: Annotated[int, Query(ge=1, le=50)] = 2) -> list[Gap]:
        period, _, _ = _read(source, wanted)
        channel, only = wanted.filters.channel, wanted.filters.language
        with source.database.read() as connection:
            looking = gaps.Looking(connection, period, channel, source.embed, source.redact)
            found = [gap for each in LANGUAGES if only in (None, each) for gap in looking.gaps(each, least)]
        return sorted(found, key=lambda gap: -gap.size)

    @routes.get("/analytics/csv", summary="A table for a spreadsheet")
    def table(
        person: Supervisor,
        wanted: Wanted,
        what: Literal["by", "visits"] = "by",
        by: By = "day",
        language: Language = "en",
    ) -> Response:
        period, moment, found = _read(source, wanted)
        if what == "visits":
            text = exporting.visits_csv(found, moment, language, period.zone)
        else:
            text = exporting.figures_csv(found, period, moment, by, language)
        with source.database.writing() as connection:
            told = {"from": period.first.isoformat(), "to": period.last.isoformat(), "visits": len(found)}
            audit.write(connection, person, "export", what, moment.now, **told)
            connection.commit()
        name = f"kefu-{what if what == 'visits' else by}-{period.first}-{period.last}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(text, media_type="text/csv; charset=utf-8", headers=headers)

    @routes.get("/board", summary="How it stands now")
    def now_on_the_board(_person: Supervisor) -> Board:
        catch_up(source.database)
        with source.database.read() as connection:
            return board(connection, today(source), source.notes())

    return routes


def _read(source: Source, wanted: Asked) -> tuple[Period, Moment, list[Visit]]:
    catch_up(source.database)
    now = source.clock()
    period = Period.of(wanted.first, wanted.last, source.zone(), now)
    with source.database.read() as connection:
        return period, Moment(now, wanted.return_hours), read_visits(connection, period, wanted.filters)


def today(source: Source) -> Now:
    now, zone = source.clock(), source.zone()
    period = Period.of(None, None, zone, now)
    return Now(now, period.last.isoformat(), Period(period.last, period.last, zone).since, source.answer_seconds)
