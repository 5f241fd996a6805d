"""The shipped model, loaded once."""

import pytest

from nlu.components.gazetteer import Gazetteer, OptionName, ProductName
from nlu.interpreter import Interpreter


@pytest.fixture(scope="session")
def interpreter() -> Interpreter:
    products = [ProductName("kb", "Mechanical Keyboard", "机械键盘"), ProductName("flask", "Thermos Flask", "保温杯")]
    return Interpreter.load().with_gazetteer(Gazetteer(products, [OptionName("colour", "blue", "蓝色")]))
