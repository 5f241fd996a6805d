"""As `served`, but it dies where conversations change hands: `… served_dying NAME API DATABASE before|after NUMBER`."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence

from bot.messaging.channel import Handover
from bot.messaging.intake import Intake
from tests.contracts.served import serve

hand_over = Intake.hand_over


async def dying(intake: Intake, channel: str, moved: Sequence[Handover]) -> None:
    """Dies before the change of that number, or right after it is committed."""
    moment, number = sys.argv[4], int(sys.argv[5])
    if not moved:
        return
    await hand_over(intake, channel, moved[: number + (moment == "after")])
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    Intake.hand_over = dying  # type: ignore[method-assign, assignment]
    asyncio.run(serve(*sys.argv[1:4]))
