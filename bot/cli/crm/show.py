"""`kefu crm show CUSTOMER`: profile 360 in the terminal."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from rich.console import Console

Pair = tuple[str, str]
HEADS: dict[str, Pair] = {
    "orders": ("Latest orders", "最近的订单"),
    "predictions": ("What is likely", "可能会发生什么"),
    "recommendations": ("What fits", "适合推荐"),
    "next": ("What to do next", "接下来怎么做"),
    "sentiment": ("How they felt", "最近的情绪"),
}
WORDS: dict[str, Pair] = {
    "consent": ("Agrees to offers", "同意接收优惠"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "since": ("since", "自"),
    "bought": (
        "orders: {orders}, spent: {spend:,.2f}, the last one {days:.0f} days ago",
        "{orders} 单，共消费 {spend:,.2f}，上次是 {days:.0f} 天前",
    ),
    "nothing": ("has bought nothing yet", "还没有买过东西"),
    "loyalty": ("{points} points, {tier}", "{points} 积分，{tier}"),
    "computed": ("models of {at}, version {version}", "模型：{at}，版本 {version}"),
    "not_computed": ("no models know this customer yet: `kefu crm fit`", "模型还不认识这位客户：请运行 `kefu crm fit`"),
    "chance": ("chosen with probability {share:.0%} by {policy}", "由 {policy} 以 {share:.0%} 的概率选出"),
    "drawn": ("One of these; no policy has learned yet which is best", "以下都可以；还没有学出哪一个最好"),
}  # fmt: skip
SHOWN_MOODS = 5


def command(
    customer: Annotated[str, typer.Argument(help="The customer's id.")],
    language: Annotated[Literal["en", "zh"], typer.Option(help="The language of reasons and names.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print what GET /api/customers/{id} answers.")] = False,
) -> None:
    """Everything the shop knows and the models say about one customer. The audit notes the look."""
    found = _look(customer, language)
    if as_json:
        import json

        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    from rich.console import Console

    _print(Console(highlight=False), found, language == "zh")


def _look(customer: str, language: Literal["en", "zh"]) -> dict[str, Any]:
    from bot.console.customers import Door
    from bot.console.profile_view import ProfileView
    from bot.crm_in_service import CrmInService
    from bot.database import open_database, upgrade
    from bot.dialogue.assistant import Assistant
    from bot.problem import Problem
    from bot.settings import load_settings
    from knowledge.next_best_action.limits import load_limits
    from knowledge.shop.policy import load_policy

    settings = load_settings()
    database = open_database(settings)
    upgrade(database)
    try:
        with database.read_session() as session:
            policy = load_policy(session, settings.policy_file)
        domain, crm = Assistant.load(settings.assistant_dir).domain_dict(), CrmInService(settings.crm_models)
        limits = load_limits(settings.next_best_action_file)
        view = ProfileView(lambda: policy, domain, lambda: crm.recommendation, limits)
        return Door(database, view).look(customer, language, "cli")
    except Problem as problem:
        typer.echo(problem.detail, err=True)
        raise typer.Exit(1) from None
    finally:
        database.close()


def _print(console: Console, found: dict[str, Any], zh: bool) -> None:
    console.print(f"[bold]{found['name']}[/bold]  {found['customer_id']}  {found['email']}  {found['locale']}")
    console.print(_history(found, zh))
    consent = _day(found["consent"]["at"])
    agrees = WORDS["yes" if found["consent"]["newsletter"] else "no"][zh]
    console.print(f"{WORDS['consent'][zh]}{'：' if zh else ': '}{agrees} {consent}".rstrip())
    console.print(_segment(found, zh))
    for head, lines in _sections(found, zh).items():
        if lines:
            console.print(f"\n[bold]{HEADS[head][zh]}[/bold]")
            for line in lines:
                console.print(f"  {line}")


def _history(found: dict[str, Any], zh: bool) -> str:
    rfm, loyalty = found["rfm"], WORDS["loyalty"][zh].format(**found["loyalty"])
    bought = WORDS["bought"][zh].format(days=rfm["recency_days"], **rfm) if rfm["orders"] else WORDS["nothing"][zh]
    return bought + ("；" if zh else "; ") + loyalty


def _segment(found: dict[str, Any], zh: bool) -> str:
    computed, segment = found["computed"], found["segment"]
    if computed is None:
        return WORDS["not_computed"][zh]
    source = WORDS["computed"][zh].format(at=_day(computed["at"]), version=computed["version"])
    if segment is None:
        return source
    since = f"{WORDS['since'][zh]} {_day(segment['since'])}"
    name = f"[bold]{segment['name']}[/bold]" + (f"（{since}）：" if zh else f" ({since}): ")
    return f"{name}{segment['about']}\n[dim]{source}[/dim]"


def _sections(found: dict[str, Any], zh: bool) -> dict[str, list[str]]:
    moods = [f"{_day(one['at'])}  {one['score']:+.1f}  {one['conversation_id']}" for one in found["sentiment"]]
    return {
        "orders": [f"{one['order_number']}  {_day(one['placed_at'])}  {one['status_name']}" for one in found["orders"]],
        "predictions": [line for one in found["predictions"] for line in _prediction(one)],
        "recommendations": [f"{one['name']}: {one['reason']}" for one in found["recommendations"]],
        "next": [*_next(found["next_best_action"], zh), *(f"- {why}" for why in found["next_best_action"]["because"])],
        "sentiment": moods[-SHOWN_MOODS:],
    }


def _next(one: dict[str, Any], zh: bool) -> list[str]:
    options = ("、" if zh else ", ").join(option["name"] for option in one["options"])
    if one["is_drawn"] and len(one["options"]) > 1:
        return [f"{WORDS['drawn'][zh]}{'：' if zh else ': '}{options}"]
    chance = WORDS["chance"][zh].format(share=one["propensity"], policy=one["policy"])
    return [f"{one['name']} ({chance})"]


def _prediction(one: dict[str, Any]) -> list[str]:
    from bot.console.profile_words import SHARES

    value = f"{one['value']:.0%}" if one["task"] in SHARES else f"{one['value']:,.2f}"
    return [f"{one['name']}: [bold]{value}[/bold]", *(f"  - {reason}" for reason in one["reasons"])]


def _day(at: str | None) -> str:
    return f"{datetime.fromisoformat(at):%Y-%m-%d}" if at else ""
