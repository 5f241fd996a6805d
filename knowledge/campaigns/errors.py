"""What can be wrong with a campaign. The message names the thing and the way out; never a customer's address."""


class CampaignError(ValueError):
    """A campaign, its message or its audience can't be used."""


class PostError(CampaignError):
    """A mail was not handed over. `code` is short enough to keep with the recipient."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


class Unreachable(PostError):
    """The mail server can't be used at all: nobody's turn was spent."""


class RefusedForGood(PostError):
    """The server will never take this mail."""


class RefusedForNow(PostError):
    """The server may take it later."""


class Uncertain(PostError):
    """The connection broke while the mail was being handed over: it may have arrived."""
