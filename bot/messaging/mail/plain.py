"""The text of an HTML mail as a person reads it: without what is hidden, and without the history that is quoted."""

import re

from bot.messaging.mail.markup import Tag, pieces_of

LISTED = frozenset({"dl", "dt", "dd", "li", "ol", "ul"})
BLOCKS = LISTED | {
    "address",
    "article",
    "div",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "p",
    "pre",
}
BLOCKS |= {"fieldset", "table", "tr"}
UNSEEN = frozenset({"head", "object", "script", "style", "svg", "template", "title"})
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
QUOTES = re.compile(
    r"gmail_quote|yahoo_quoted|moz-cite-prefix|divRplyFwdMsg|appendonsend|OLK_SRC_BODY|ntes_quote|qmbox"
)
"""Classes and ids of what is answered to: in Gmail, Yahoo, Thunderbird, Outlook, NetEase, QQ."""
HIDDEN = re.compile(r"display:\s*none|visibility:\s*hidden|mso-hide:\s*all", re.IGNORECASE)
DEEPEST = 200
LONGEST_CHARACTERS = 500_000


def plain(html: str) -> str:
    """Never raises: HTML that makes no sense gives what text there is."""
    reader = Reader()
    for piece in pieces_of(html[:LONGEST_CHARACTERS]):
        reader.read(piece)
    lines = ("".join(reader.pieces)).split("\n")
    tidy = "\n".join(re.sub(r"[ \t\r\f\v\xa0]+", " ", line).strip() for line in lines)
    return re.sub(r"\n{3,}", "\n\n", tidy).strip()


class Reader:
    """Collects the pieces of text outside of what is left out."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._left_out: list[str] = []
        """The open elements from the outermost one that is left out on."""

    def read(self, piece: str | Tag) -> None:
        if isinstance(piece, str):
            self._say(piece)
        elif piece.is_end:
            self._end(piece.name)
        else:
            self._begin(piece)

    def _begin(self, tag: Tag) -> None:
        if self._left_out:
            if tag.name not in VOID and len(self._left_out) < DEEPEST:
                self._left_out.append(tag.name)
        elif tag.name not in VOID and is_left_out(tag):
            self._left_out.append(tag.name)
        elif tag.name == "br":
            self.pieces.append("\n")
        elif tag.name in BLOCKS:
            self._begin_line()
            self.pieces.append("- " if tag.name == "li" else "")

    def _end(self, name: str) -> None:
        if name in self._left_out:  # what was not closed within is closed with it
            del self._left_out[len(self._left_out) - 1 - self._left_out[::-1].index(name) :]
        elif not self._left_out and name in BLOCKS:
            self.pieces.append("\n\n" if name == "p" else "\n")
        elif not self._left_out and name in ("td", "th"):
            self.pieces.append(" ")

    def _say(self, text: str) -> None:
        if text and not self._left_out:
            self.pieces.append(re.sub(r"\s+", " ", text))

    def _begin_line(self) -> None:
        if self.pieces and not self.pieces[-1].endswith("\n"):
            self.pieces.append("\n")


def is_left_out(tag: Tag) -> bool:
    if tag.name in UNSEEN or tag.name == "blockquote":
        return True
    is_quote = QUOTES.search(f"{tag.get('class')} {tag.get('id')}")
    return bool(is_quote or HIDDEN.search(tag.get("style")))
