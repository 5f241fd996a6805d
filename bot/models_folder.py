"""Where the settings say that the language models are."""

from pathlib import Path

from bot.settings import PACKAGE_ROOT, Settings
from nlu.registry import Registry


def registry_of(settings: Settings) -> Registry:
    """The folder of the models that were trained here, with the one that came with Kefu."""
    return Registry(settings.models, PACKAGE_ROOT / "nlu" / "models")


def serving_folder(settings: Settings) -> Path:
    """The folder of the model that serves. Raises NluError when there is none."""
    return settings.model_dir or registry_of(settings).folder("current")
