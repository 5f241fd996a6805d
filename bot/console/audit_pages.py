"""The administrators' page about who did what."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query

from bot.console import audit
from bot.console.login.access import Admin
from bot.database import Database

Until = Annotated[float, Query(description="Seconds since 1970.")]


def router(database: Database) -> APIRouter:
    routes = APIRouter(tags=["console"], prefix="/console/api/admin")

    @routes.get("/audit", summary="Who did what, newest first")
    def entries(
        _person: Admin,
        actor: str = "",
        operation: str = "",
        target: str = "",
        since: float = 0.0,
        until: Until = float(audit.LAST),
        before: int = audit.LAST,
        limit: Annotated[int, Query(ge=1, le=500)] = audit.PAGE,
    ) -> dict[str, Any]:
        search = audit.Search(actor, operation, target, since, until, before, limit)
        with database.read() as connection:
            found = audit.entries(connection, search)
        next_before = found[-1].id if len(found) == limit else None
        return {"entries": [asdict(one) for one in found], "next_before": next_before}

    return routes
