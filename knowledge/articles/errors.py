"""What can be wrong with an article, said with the file and the way out."""

from pathlib import Path


class ArticleError(Exception):
    """An article or the shop profile cannot be read."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path}: {what}")
        self.path = path
