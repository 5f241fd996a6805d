"""The linear layer that turns an encoder's first state into its sentence vector, where it has one. Needs torch."""

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor


def pooler_weights(folder: Path) -> dict[str, Tensor] | None:
    """`weight` and `bias` out of pooler.safetensors, or out of pooler.pt (tensors alone); None where there is none."""
    if (folder / "pooler.safetensors").is_file():
        return load_file(folder / "pooler.safetensors")
    if (folder / "pooler.pt").is_file():
        loaded: dict[str, Tensor] = torch.load(folder / "pooler.pt", weights_only=True)
        return loaded
    return None
