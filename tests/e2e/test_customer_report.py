"""The customers' report in a real browser: fits a phone, asks nobody for anything, can be read by everybody."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser

from knowledge.analysis.page.report import html_report
from knowledge.analysis.words import LANGUAGES, Language
from tests.knowledge.analysis.test_report import surveyed
from tests.knowledge.segmentation.shops import shop

pytest.importorskip("matplotlib")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[Language, Path]:
    folder, found = tmp_path_factory.mktemp("report"), surveyed(shop())
    written = {language: folder / f"{language}.html" for language in LANGUAGES}
    for language, file in written.items():
        file.write_text(html_report(found, language), "utf-8")
    return written


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_the_report_fits_and_axe_finds_nothing(
    browser: Browser, pages: dict[Language, Path], language: Language, width: int, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(pages[language].as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert asked == [pages[language].as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    found = [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in Axe().run(page).response["violations"]]
    context.close()
    assert found == []
