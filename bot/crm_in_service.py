"""The customer models that serve, and their replacement while customers write.

    fitted       `kefu crm fit` puts a new version in place and moves the pointer
    noticed      `poll`, every two seconds
    taken up     files checked and loaded, then one assignment: a turn that began keeps what it began with

Without a model, or with one that is damaged, the bot goes on with what it has: what the shop's own orders say.
"""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.profiles.artefacts import Artefacts
from knowledge.profiles.errors import NoModel
from knowledge.profiles.models import load_part
from knowledge.profiles.sealing import verified

if TYPE_CHECKING:
    from knowledge.recommendation.prepared import RecommendationModel

log = logging.getLogger("kefu.crm")


class CrmInService:
    """`recommendation` may be read by any thread at any time; `poll` by one at a time. Nothing here raises."""

    def __init__(self, root: Path) -> None:
        self._artefacts = Artefacts(root)
        self._stamp: tuple[int, ...] | None = None
        self.version: str | None = None
        self.recommendation: RecommendationModel | None = None
        self.problem: str | None = None
        """Why the newest version does not serve."""
        self.poll()

    def poll(self) -> bool:
        """Take up what was fitted, or gone back to, since the last call; True if another version serves now."""
        stamp = self._artefacts.stamp()
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        try:
            self._take_up()
        except NoModel:
            return False
        except Exception as error:  # a model is anybody's file: whatever it does, the old one goes on serving
            self.problem = f"the newest customer model does not serve: {error}"
            log.warning(self.problem)
            return False
        return True

    def _take_up(self) -> None:
        folder = self._artefacts.folder()
        metadata = verified(folder)
        recommendation = load_part(folder, "recommendation")
        self.recommendation, self.version, self.problem = recommendation, metadata.version, None
        log.info("other customer models serve", extra={"crm_version": metadata.version})
