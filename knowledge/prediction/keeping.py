"""One scorer with its calibration in a folder, and back: model.json beside the scorer's own files."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from knowledge.prediction.calibration import Calibration
from knowledge.prediction.errors import DamagedModel
from knowledge.prediction.families import loading
from knowledge.prediction.families.scorer import Scorer


def keep(folder: Path, scorer: Scorer, calibration: Calibration, more: Mapping[str, Any]) -> None:
    """`more`: what else the model is made of, as JSON has it."""
    folder.mkdir(parents=True, exist_ok=True)
    scorer.save(folder / "scorer")
    shape = {"parts": loading.described(scorer), "calibration": asdict(calibration), "more": dict(more)}
    (folder / "model.json").write_text(json.dumps(shape, indent=1) + "\n", encoding="utf-8")


def kept(folder: Path) -> tuple[Scorer, Calibration, Mapping[str, Any]]:
    """Raises DamagedModel where a file is missing."""
    try:
        shape = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        calibration = Calibration(shape["calibration"]["how"], tuple(shape["calibration"]["numbers"]))
        return loading.loaded(folder / "scorer", shape["parts"]), calibration, shape["more"]
    except (OSError, KeyError, json.JSONDecodeError) as error:
        raise DamagedModel(f"{folder} holds no whole model: {error}; learn it again") from error
