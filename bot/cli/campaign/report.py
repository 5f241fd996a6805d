"""`kefu campaign report`: what became of the mails, and what the campaign changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from knowledge.campaigns.lift import Interval, Lift


HALF_WIDTH = 12
"""Signs to either side of "no effect"."""


def command(
    name: Annotated[str, typer.Argument(help="A campaign.")],
    days: Annotated[int, typer.Option(min=1, help="Orders within so many days of the first mail count.")] = 28,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Mails by state, replies, unsubscribes; and orders and spend beside the control group, with intervals."""
    from bot.cli.campaign._office import opened, shop_of
    from knowledge.campaigns.lift import lift, responses, states
    from knowledge.shop.columns import utc_now

    with opened() as (settings, database), database.read_session() as session:
        counts, came_back = states(session, name), responses(session, name)
        found = lift(session, name, days, utc_now())
        currency = shop_of(settings, session).policy.currency
    if json:
        typer.echo(_json(counts | came_back, found))
        return
    for what, count in (*sorted(counts.items()), *came_back.items()):
        typer.echo(f"{what:<13} {count:>9,}")
    _show(found, currency)


def _show(found: Lift, currency: str) -> None:
    typer.echo(f"\nOrders within {found.days} days of the first mail, everybody in the arm they were drawn into:")
    for name, arm in (("mailed", found.mail), ("control", found.control)):
        typer.echo(
            f"{name:<13} {arm.people:>9,} people  {arm.rate:7.2%} ordered  {arm.spend.mean():10,.2f} {currency} each"
        )
    typer.echo(_line("difference", found.difference, 0, lambda value: f"{100 * value:+.2f} points"))
    if found.ratio is not None:
        typer.echo(_line("ratio", found.ratio, 1, lambda value: f"×{value:.3f}"))
    typer.echo(_line("spend each", found.spend, 0, lambda value: f"{value:+,.2f} {currency}"))
    if found.days_left:
        typer.echo(f"The window is open for another {found.days_left:.1f} days: these figures are not final.")


def _line(name: str, interval: Interval, nothing: float, shown: Callable[[float], str]) -> str:
    picture = _picture(interval, nothing)
    says = "no effect can't be ruled out" if interval.includes(nothing) else "more than chance"
    figures = f"{shown(interval.value)}  95 % [{shown(interval.low)}, {shown(interval.high)}]"
    return f"{name:<13} {figures:<52} {picture}  {says}"


def _picture(interval: Interval, nothing: float) -> str:
    """The interval as a line, and where no effect lies: `│   ├──●──┤`."""
    reach = max(abs(interval.low - nothing), abs(interval.high - nothing)) or 1.0
    low, value, high = (
        round(HALF_WIDTH * (1 + (each - nothing) / reach)) for each in (interval.low, interval.value, interval.high)
    )
    line = [" "] * (2 * HALF_WIDTH + 1)
    line[low : high + 1] = "─" * (high + 1 - low)
    line[low], line[high] = "├", "┤"
    line[HALF_WIDTH] = "┼" if low < HALF_WIDTH < high else "│"
    line[value] = "●"
    return "".join(line)


def _json(counts: dict[str, int], found: Lift) -> str:
    import json

    def arm(of: str) -> dict[str, float]:
        one = getattr(found, of)
        return {"people": one.people, "buyers": one.buyers, "rate": one.rate, "mean_spend": float(one.spend.mean())}

    intervals = {name: vars(one) for name in ("difference", "ratio", "spend") if (one := getattr(found, name))}
    arms = {"mail": arm("mail"), "control": arm("control")}
    return json.dumps({"counts": counts, **arms, **intervals, "days": found.days, "days_left": found.days_left})
