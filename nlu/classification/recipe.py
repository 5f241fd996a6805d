"""How long and how boldly an encoder is tuned, from the size of the data alone."""

from dataclasses import dataclass, replace

FEW = 2_000
_PASSES, _TINY_PASSES = 80_000, 150_000
_PLENTY = 40_000


@dataclass(frozen=True)
class Recipe:
    """Learning rates are the highest of a run: a warm-up leads there, a straight line back to nothing."""

    epochs: int
    learning_rate: float
    """Of the encoder's last layer …"""
    batch_size: int
    contrast_weight: float
    """How much drawing texts of one label together counts beside naming the label."""
    layer_decay: float = 0.9
    """… and each layer below learns by this factor more slowly."""
    head_learning_rate: float = 1e-3
    label_smoothing: float = 0.1
    warmup: float = 0.1
    seed: int = 0
    most_tokens: int = 128


def recipe_for(rows: int) -> Recipe:
    """The recipe for that many training texts. Few texts: many small, careful steps; many: some bolder ones, and from
    16,000 on about the same work for every size."""
    if rows < FEW:
        return Recipe(epochs=12, learning_rate=1e-4, batch_size=32, contrast_weight=1.0)
    epochs = min(max(_PASSES // rows, 1), 5)
    return Recipe(epochs=epochs, learning_rate=2e-4, batch_size=64, contrast_weight=0.0)


def tiny_recipe_for(rows: int) -> Recipe:
    """The same for an encoder of a few layers, which learns in half the time and needs twice the passes and bolder
    steps."""
    plain = recipe_for(rows)
    if rows < FEW:
        return replace(plain, learning_rate=2e-4)
    epochs = min(_TINY_PASSES // rows, 6) if rows < _PLENTY else 2
    most_tokens = plain.most_tokens if rows < _PLENTY else 96
    return replace(plain, epochs=epochs, learning_rate=3e-4, most_tokens=most_tokens)
