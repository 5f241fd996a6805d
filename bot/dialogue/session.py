"""When a conversation that went quiet begins anew, and what it keeps."""

from dataclasses import dataclass

from bot.conversation.tracker import Tracker
from bot.dialogue.yaml_source import Problems, YamlMap

SESSION_KEYS = ("session_expiration_time", "carry_over_slots_to_new_session")


@dataclass(frozen=True)
class SessionConfig:
    expiration_minutes: float = 60
    """0: a session never expires."""
    carries_over_slots: bool = True

    def begins(self, tracker: Tracker, now: float) -> bool:
        """Whether a message at `now` (epoch seconds) opens a session. A person's session goes on until handed back."""
        if not tracker.has_session:
            return True
        if tracker.paused or not self.expiration_minutes or tracker.last_active_at is None:
            return False
        return now - tracker.last_active_at > self.expiration_minutes * 60


def parse_session(node: YamlMap, problems: Problems) -> SessionConfig:
    problems.check_keys(node, SESSION_KEYS, "session_config")
    minutes = node.get("session_expiration_time", SessionConfig.expiration_minutes)
    if isinstance(minutes, bool) or not isinstance(minutes, int | float) or minutes < 0:
        problems.add(node.at("session_expiration_time"), "session_expiration_time is a number of minutes, 0 for never")
        minutes = SessionConfig.expiration_minutes
    return SessionConfig(minutes, bool(node.get("carry_over_slots_to_new_session", True)))
