"""`kefu crm simulate-outreach`: Q-learning and policy gradient in a simulator, beside what is exactly best there."""

from typing import Annotated

import typer


def command(
    episodes: Annotated[int, typer.Option(min=100, help="Simulated half-years each method learns from.")] = 10_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same figures.")] = 7,
) -> None:
    """For study: when to write to a customer, learned in a SIMULATOR. Its figures say nothing about real customers."""
    import numpy as np

    from bot.progress import counted
    from knowledge.next_best_action import outreach

    given = outreach.world()
    _, exact = outreach.best(given)
    policies = {"at random": np.full((outreach.STATES, 3), 1 / 3)}
    for name, row in zip(outreach.NAMES, np.eye(3), strict=True):
        policies[f"always {name}"] = np.tile(row, (outreach.STATES, 1))
    with counted("Q-learning in the simulator") as progress:
        policies["Q-learning"] = outreach.q_learning(episodes, seed, progress)
    with counted("policy gradient in the simulator") as progress:
        policies["policy gradient (REINFORCE)"] = outreach.policy_gradient(episodes, seed, progress)
    typer.echo(f"SIMULATOR, no real customers: purchases' worth a customer in {outreach.WEEKS} simulated weeks")
    for name, chances in policies.items():
        value = outreach.value_of(given, chances)[: outreach.GONE].mean()
        typer.echo(f"  {name:<30} {value:.3f}  (simulator)")
    typer.echo(f"  {'the best there is':<30} {exact[: outreach.GONE].mean():.3f}  (simulator, exact)")
    typer.echo("  Learned by Q-learning in the simulator: rows are interest, columns fatigue 0–3")
    actions = policies["Q-learning"][: outreach.GONE].argmax(axis=1).reshape(outreach.INTERESTS, outreach.FATIGUES)
    for interest, row in zip(("cold", "warm", "hot"), actions.tolist(), strict=True):
        typer.echo(f"    {interest:<6} {'  '.join(f'{outreach.NAMES[action]:<7}' for action in row)} (simulator)")
