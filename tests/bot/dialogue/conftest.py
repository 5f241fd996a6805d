"""A conversation with the sample assistant, its actions run in this process."""

import pytest

from bot.action_runner import LocalActionRunner
from bot.dialogue.assistant import Assistant
from tests.bot.dialogue.chat import SAMPLE, SAMPLE_ACTIONS, Chat


@pytest.fixture(scope="session")
def sample() -> Assistant:
    return Assistant.load(SAMPLE)


@pytest.fixture(scope="session")
def runner() -> LocalActionRunner:
    return LocalActionRunner(SAMPLE_ACTIONS)


@pytest.fixture
def chat(sample: Assistant, runner: LocalActionRunner) -> Chat:
    return Chat(sample, runner)
