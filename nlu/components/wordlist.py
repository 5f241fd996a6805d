"""Word lists that stay readable in the source."""


def wordlist(text: str) -> tuple[str, ...]:
    """The words of a block of text, in order."""
    return tuple(text.split())
