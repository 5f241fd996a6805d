"""How long and how boldly an encoder is tuned, from the size of the data alone."""

from dataclasses import dataclass

_PASSES = 90_000
_FEWEST_EPOCHS, _MOST_EPOCHS = 2, 30


@dataclass(frozen=True)
class Recipe:
    """Learning rates are the highest of a run: a warm-up leads there, a straight line back to nothing."""

    epochs: int
    learning_rate: float = 2e-4
    """Of the encoder's last layer …"""
    layer_decay: float = 0.9
    """… and each layer below learns by this factor more slowly."""
    head_learning_rate: float = 1e-3
    batch_size: int = 64
    label_smoothing: float = 0.1
    contrast_weight: float = 0.0
    """How much drawing texts of one label together counts beside naming the label."""
    warmup: float = 0.1
    seed: int = 0
    most_tokens: int = 128


def recipe_for(rows: int) -> Recipe:
    """The recipe for that many training texts: about the same work for all sizes between 3,000 and 45,000."""
    epochs = min(max(_PASSES // max(rows, 1), _FEWEST_EPOCHS), _MOST_EPOCHS)
    return Recipe(epochs=min(epochs, 8) if rows > 2_000 else epochs, batch_size=32 if rows < 2_000 else 64)
