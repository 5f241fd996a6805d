"""The numbers that steer the dialogue."""

from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True)
class DialogueSettings:
    """Confidences are calibrated probabilities (0-1), sentiment scores run from -1 (angry) to 1."""

    fallback_threshold: float = 0.5
    """An intent below this is not acted upon, but for questions that only look something up."""
    lookup_threshold: float = 0.4
    """From here on a question is answered, unless a task is about as likely: a wrong answer does no harm."""
    write_threshold: float = 0.75
    """What writes without asking for a yes (a newsletter, say) must be as sure as this."""
    digression_threshold: float = 0.8
    """From here on another request is followed in the middle of a form, even if the form could use a value in it."""
    clarify_threshold: float = 0.5
    """Two guesses that together reach this are worth asking "did you mean A or B?"."""
    clarify_floor: float = 0.15
    """A guess below this is not offered."""
    angry_score: float = -0.75
    """A message at or below this is very negative; two of the last three hand over to a person."""
    unhappy_score: float = -0.4
    """Two of the last three messages at or below this: a person is offered, once a session."""
    patience_turns: int = 3
    """After so many turns in a row that were not understood a person is offered; after one more, called."""
    max_actions_per_turn: int = 20
    person_topics: frozenset[str] = frozenset()
    """Intents that always go to a person."""
    most_calls_a_day: int = 3
    """So often within 24 hours the bot calls a person by itself; whoever asks for one always gets one."""

    def at(self, threshold: float | None) -> Self:
        """The same with the fallback threshold that the model wants for a message; None: as it is."""
        return self if threshold in (None, self.fallback_threshold) else replace(self, fallback_threshold=threshold)
