"""What can be wrong with customer models and profiles. The message names the thing and the way out."""

from pathlib import Path


class ProfileError(ValueError):
    """A customer model or a profile can't be used."""


class NoModel(ProfileError):
    """Nothing has been fitted yet, or not this version."""


class ModelTampered(ProfileError):
    """A file of a model is not what was saved."""

    def __init__(self, file: Path, what: str) -> None:
        super().__init__(f"{file} {what}; go back to another version (`kefu crm list`) or fit again (`kefu crm fit`)")


class ModelIncompatible(ProfileError):
    """A model of another format."""
