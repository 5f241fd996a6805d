"""The console's files: other people's code as it was published, all words in both languages, and little to load."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import Server
from tests.e2e.desk import visiting

CONSOLE = Path(__file__).parents[2] / "bot" / "web" / "console"
VENDOR = CONSOLE / "vendor"
SCRIPTS = sorted([*CONSOLE.rglob("*.js"), *CONSOLE.rglob("*.mjs")])
MOST_BYTES = 350_000
PATHS = """words => {
    const walk = (value, path) => value && typeof value === "object" && !Array.isArray(value)
        ? Object.entries(value).flatMap(([name, inner]) => walk(inner, `${path}.${name}`))
        : [`${path}: ${Array.isArray(value) ? `list of ${value.length}` : typeof value}`];
    return walk(words, "");
}"""


def published() -> dict[str, str]:
    rows = re.findall(
        r"^\| (\S+\.mjs) \|.*\| ([0-9a-f]{64}) \|$", (VENDOR / "README.md").read_text("utf-8"), re.MULTILINE
    )
    return dict(rows)


def test_every_vendored_file_is_the_one_that_was_published() -> None:
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in VENDOR.glob("*.mjs")} == published()


def test_the_page_names_beforehand_what_the_desk_imports() -> None:
    """Else the browser learns of each file only from the one that imports it, one round trip after another."""
    page = (CONSOLE / "index.html").read_text("utf-8")
    named = set(re.findall(r'rel="modulepreload" href="([^"]+)"', page))
    needed: set[Path] = set()
    for start in ("app.js", "desk/page.js"):
        gather(CONSOLE / start, dict(re.findall(r'"([^"]+)": "/console/(vendor/[^"]+)"', page)), needed)
    assert named == {f"/console/{path.relative_to(CONSOLE).as_posix()}" for path in needed} - {"/console/app.js"}


def gather(script: Path, packages: dict[str, str], found: set[Path]) -> None:
    """The script and all that it imports, but not what it fetches later."""
    if script in found:
        return
    found.add(script)
    for name in re.findall(r'(?:^|\s|})(?:from|import)\s*"([^"]+)"', script.read_text("utf-8")):
        gather(CONSOLE / packages[name] if name in packages else (script.parent / name).resolve(), packages, found)


def test_all_scripts_together_are_small() -> None:
    assert sum(len(gzip.compress(path.read_bytes())) for path in SCRIPTS) < MOST_BYTES


@pytest.mark.parametrize("path", [path for path in SCRIPTS if VENDOR not in path.parents], ids=lambda path: path.stem)
def test_no_script_sets_markup_from_text_or_asks_another_site(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|dangerouslySet|\beval\(|new Function", text
    )
    assert not re.search(r"""["'`]https?://(?!www\.w3\.org/)""", text)


def test_both_languages_say_the_same_things(browser: Browser, server: Server) -> None:
    with visiting(browser, server, "en-US") as page:
        page.goto(f"{server.url}/console/")
        sources = [path for path in CONSOLE.rglob("*.js") if "inLanguages(" in path.read_text("utf-8")]
        assert len(sources) > 1
        for source in sources:
            english, chinese = said(page, source.relative_to(CONSOLE).as_posix())
            assert english == chinese, source


def said(page: Page, module: str) -> tuple[list[str], list[str]]:
    """The names of all words of a module, with what they are, in both languages."""
    load = f"""async module => {{
        const {{ locale }} = await import("/console/store/preferences.js");
        const {{ words }} = await import(`/console/${{module}}`);
        const named = {PATHS};
        return ["en", "zh"].map(language => {{ locale.value = language; return named(words.value); }});
    }}"""
    english, chinese = page.evaluate(load, module)
    return english, chinese
