"""Nothing is ever unpickled, or evaluated: a file can be wrong, it cannot run."""

import ast
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from nlu.errors import NluError
from nlu.interpreter import DEFAULT_MODEL, Interpreter
from nlu.metadata import load_metadata

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "nlu", "actions", "knowledge", "benchmarks")
UNPICKLING = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
NEEDED = {("np", "load"): ("allow_pickle", False), ("torch", "load"): ("weights_only", True)}
FORBIDDEN = {("yaml", "load"), ("yaml", "unsafe_load"), ("yaml", "full_load"), ("pd", "read_pickle")}
EVALUATING = {"eval", "exec", "compile"}


@cache
def trees() -> dict[Path, ast.Module]:
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return {path.relative_to(ROOT): ast.parse(path.read_text("utf-8")) for path in files}


def nodes() -> Iterator[tuple[str, ast.AST]]:
    for path, tree in trees().items():
        for node in ast.walk(tree):
            yield f"{path}:{getattr(node, 'lineno', 0)}", node


def called(call: ast.Call) -> tuple[str, str]:
    """("np", "load") for np.load(…), ("", "eval") for eval(…)."""
    match call.func:
        case ast.Attribute(value=ast.Name(id=module), attr=name):
            return module, name
        case ast.Name(id=name):
            return "", name
    return "", ""


def says(call: ast.Call, keyword: str, value: bool) -> bool:
    return any(
        given.arg == keyword and isinstance(given.value, ast.Constant) and given.value.value is value
        for given in call.keywords
    )


def test_no_module_that_unpickles_is_imported() -> None:
    imported = [
        (where, name)
        for where, node in nodes()
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [*(alias.name for alias in node.names), getattr(node, "module", None) or ""]
        if name.split(".")[0] in UNPICKLING
    ]
    assert imported == []


def test_every_loader_is_told_not_to_unpickle() -> None:
    unsafe = []
    for where, node in nodes():
        if not isinstance(node, ast.Call):
            continue
        name = called(node)
        if name in FORBIDDEN or (name in NEEDED and not says(node, *NEEDED[name])):
            unsafe.append((where, ".".join(name)))
        if not name[0] and name[1] in EVALUATING:
            unsafe.append((where, name[1]))
        if says(node, "trust_remote_code", True) or says(node, "allow_pickle", True):
            unsafe.append((where, "trusts what it loads"))
    assert unsafe == []


class Trap:
    """Writes a file when it is unpickled."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return Path.write_text, (self.file, "sprung")  # type: ignore[return-value]


@pytest.mark.parametrize("name", ["en/head.npz", "zh/head.npz"])
def test_a_model_with_a_pickled_object_in_its_arrays_is_refused_and_the_object_never_built(
    name: str, tmp_path: Path
) -> None:
    model = Path(shutil.copytree(DEFAULT_MODEL, tmp_path / "model"))
    sprung = tmp_path / "sprung"
    np.savez(model / name, shares=np.array([Trap(sprung)], dtype=object))
    load_metadata(DEFAULT_MODEL).save(model)
    with pytest.raises(NluError, match=r"head\.npz"):
        Interpreter.load(model)
    assert not sprung.exists()
    np.load(model / name, allow_pickle=True)["shares"]  # the trap is a real one
    assert sprung.exists()
