from collections.abc import Iterator

import pytest

from tests.actions.products.stage import Stage, open_stage


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = open_stage()
    yield stage
    stage.session.close()
