"""`kefu campaign plan`: who gets it, who is held out; nothing is sent."""

from typing import Annotated

import typer


def command(
    name: Annotated[str, typer.Argument(help="A name of your own, e.g. autumn-2026.")],
    message: Annotated[str, typer.Option(help="picked_for_you, thank_you, we_miss_you, or a .yml file of yours.")],
    segment: Annotated[list[str] | None, typer.Option(help="Only this segment; may be given several times.")] = None,
    where: Annotated[
        list[str] | None, typer.Option(help="A prediction or feature, e.g. 'churn>=0.4'; all of them must hold.")
    ] = None,
    language: Annotated[str | None, typer.Option(help="Only customers of this language: en or zh.")] = None,
    limit: Annotated[int | None, typer.Option(min=5, help="So many customers at most, both arms together.")] = None,
    control: Annotated[
        float, typer.Option(min=0.0, max=0.9, help="Share held out to compare with; it gets nothing.")
    ] = 0.2,
    cap: Annotated[int, typer.Option(min=1, help="A customer gets so many campaign mails at most …")] = 1,
    cap_days: Annotated[int, typer.Option(min=1, help="… within so many days.")] = 7,
    seed: Annotated[int, typer.Option(help="Draws the control group; it is stored with the campaign.")] = 7,
) -> None:
    """Choose the audience, draw the control group, store both. Consent is asked again when a mail is sent."""
    from bot.cli.campaign._office import fingerprints_of, opened, shop_of
    from knowledge.campaigns.audience import Condition, Criteria
    from knowledge.campaigns.errors import CampaignError
    from knowledge.campaigns.facts import coupon_conditions, coupon_problem
    from knowledge.campaigns.lift import SMALLEST_ARM
    from knowledge.campaigns.message import load_message
    from knowledge.campaigns.permission import Cap
    from knowledge.campaigns.planning import Design, plan
    from knowledge.shop.columns import utc_now

    if language not in (None, "en", "zh"):
        raise typer.BadParameter(f"'{language}' is no language here; use en or zh")
    conditions = tuple(Condition.read(text) for text in where or ())
    design = Design(Criteria(tuple(segment or ()), conditions, language, limit), Cap(cap, cap_days), control, seed)
    texts = load_message(message)
    with opened() as (settings, database), database.transaction() as session:
        shop = shop_of(settings, session)
        if problem := coupon_problem(texts, shop, utc_now()):
            raise CampaignError(f"{message}: {problem}; the mails would promise what they can't keep")
        for condition in coupon_conditions(texts, shop):
            typer.echo(f"note: the coupon {texts.coupon} is only for {condition}; see that the text says so", err=True)
        planned = plan(session, name, texts, design, fingerprints_of(session), utc_now())
    typer.echo(
        f"{planned.campaign_id}: {planned.mailed:,} will get a mail, {planned.control:,} are held out to compare."
    )
    for reason, count in sorted(planned.left_out.items(), key=lambda each: -each[1]):
        typer.echo(f"  left out: {count:,} ({reason})")
    if planned.control < SMALLEST_ARM:
        typer.echo(f"  a control group of fewer than {SMALLEST_ARM} is never shown: there will be no comparison")
    elif planned.detectable is not None:
        points = f"{100 * planned.detectable:.1f} points"
        typer.echo(f"  the report will probably show an effect of {points} or more; a smaller one may drown in chance")
    typer.echo(f"Look at it: kefu campaign preview {planned.campaign_id}")
