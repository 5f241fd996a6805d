"""`kefu crm policy`: what chooses the next best action; how it learns, is judged by the log, and is replaced."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from knowledge.next_best_action.evaluation.estimators import Estimate
    from knowledge.next_best_action.gate import Judgement

app = typer.Typer(help="What chooses the next best action: learn, judge by the log, promote.", no_args_is_help=True)
Version = Annotated[str, typer.Argument(help="A version from `kefu crm policy list`.")]


@app.command("list")
def list_policies() -> None:
    """The policies, oldest first; ● chooses."""
    from knowledge.next_best_action.policies import CURRENT, Policies

    with _session() as session:
        rows = Policies(session).rows()
        is_uniform = all(row.state != CURRENT for row in rows)
        typer.echo(f"{'●' if is_uniform else ' '} uniform  every action the rules leave, alike")
        for row in rows:
            judged = " (refused by the gate)" if row.evaluation.get("may_choose") is False else ""
            learned = row.parameters["learned_from"]
            mark = "●" if row.state == CURRENT else " "
            typer.echo(f"{mark} {row.version}  {row.state}, learned from {learned:,} choices{judged}")


@app.command()
def reward() -> None:
    """Give the choices whose time is over their reward: did the customer order?"""
    with _session() as session:
        count = _reward_due(session)
    typer.echo(f"{count:,} choices have their reward now.")


@app.command()
def learn(
    kind: Annotated[str, typer.Option(help="linucb, thompson or epsilon_greedy.")] = "linucb",
    share: Annotated[
        float, typer.Option(min=0.1, max=0.9, help="The oldest part of the log to learn from; the rest judges.")
    ] = 0.6,
) -> None:
    """Make a candidate from the log. It chooses nothing until it is promoted."""
    from knowledge.next_best_action.gate import logged
    from knowledge.next_best_action.policies import Policies
    from knowledge.next_best_action.training import learn as learn_from
    from knowledge.next_best_action.training import split
    from knowledge.shop.columns import utc_now

    with _session() as session:
        _reward_due(session)
        rows, until = split(logged(session), share)
        version = Policies(session).add(learn_from(kind, rows), utc_now(), until, len(rows))
    typer.echo(f"{version} has learned from {len(rows):,} choices; `kefu crm policy evaluate {version}` judges it")


@app.command()
def evaluate(version: Version) -> None:
    """What the candidate would have earned on the log it did not learn from, and whether it may choose."""
    with _session() as session:
        _show(_judge(session, version))


@app.command()
def promote(version: Version) -> None:
    """Let the candidate choose, if the log shows that it earns more than the present policy."""
    from knowledge.next_best_action.policies import Policies
    from knowledge.shop.columns import utc_now

    with _session() as session:
        judgement, policies = _judge(session, version), Policies(session)
        if judgement.may_choose:
            policies.promote(version, utc_now(), judgement.to_json())
        else:
            policies.refuse(version, judgement.to_json())
    _show(judgement)
    if not judgement.may_choose:
        raise typer.Exit(1)


@app.command()
def rollback() -> None:
    """Let the policy before the present one choose again."""
    from knowledge.next_best_action.policies import Policies

    with _session() as session:
        version = Policies(session).rollback()
    typer.echo(f"{version} chooses from now on.")


def _reward_due(session: Session) -> int:
    from bot.crm_choices import reward_choices
    from bot.settings import load_settings
    from knowledge.shop.columns import utc_now

    return reward_choices(session, load_settings(), utc_now())


def _judge(session: Session, version: str) -> Judgement:
    from knowledge.next_best_action.gate import judge, logged
    from knowledge.next_best_action.policies import Policies

    _reward_due(session)
    policies = Policies(session)
    candidate = policies.get(version).policy
    return judge(logged(session, policies.learned_until(version)), candidate, policies.current().policy)


def _show(judgement: Judgement) -> None:
    overlap = judgement.overlap
    typer.echo(f"{overlap.rounds:,} choices, worth {overlap.effective:,.0f} for this policy. Reward a choice:")
    for name, estimate in (
        ("IPS", judgement.ips),
        ("SNIPS", judgement.snips),
        ("doubly robust", judgement.doubly_robust),
        ("present policy", judgement.present),
        ("gain", judgement.gain),
    ):
        typer.echo(f"  {name:<15} {_interval(estimate)}")
    if judgement.may_choose:
        typer.echo("The gain's lower bound is above 0: it may choose.")
    else:
        typer.echo("The gain's interval reaches down to 0 or below: the present policy stays.")


def _interval(estimate: Estimate) -> str:
    return f"{estimate.value:+.4f}  95 % [{estimate.low:+.4f}, {estimate.high:+.4f}]"


@contextmanager
def _session() -> Iterator[Session]:
    """A transaction on the settings' database, its tables made if need be."""
    from bot.database import open_database, upgrade
    from bot.settings import load_settings

    database = open_database(load_settings())
    upgrade(database)
    try:
        with database.transaction() as session:
            yield session
    finally:
        database.close()
