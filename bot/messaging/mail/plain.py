"""The text of an HTML mail as a person reads it: without what is hidden, and without the history that is quoted."""

import re
from html.parser import HTMLParser

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
    reader.feed(html[:LONGEST_CHARACTERS])
    reader.close()
    lines = ("".join(reader.pieces)).split("\n")
    tidy = "\n".join(re.sub(r"[ \t\r\f\v\xa0]+", " ", line).strip() for line in lines)
    return re.sub(r"\n{3,}", "\n\n", tidy).strip()


class Reader(HTMLParser):
    """Collects the pieces of text outside of what is left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._left_out: list[str] = []
        """The open elements from the outermost one that is left out on."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._left_out:
            if tag not in VOID and len(self._left_out) < DEEPEST:
                self._left_out.append(tag)
        elif is_left_out(tag, {name: value or "" for name, value in attrs}) and tag not in VOID:
            self._left_out.append(tag)
        elif tag == "br":
            self.pieces.append("\n")
        elif tag in BLOCKS:
            self._begin_line()
            self.pieces.append("- " if tag == "li" else "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._left_out:  # what was not closed within is closed with it
            del self._left_out[len(self._left_out) - 1 - self._left_out[::-1].index(tag) :]
        elif not self._left_out and tag in BLOCKS:
            self.pieces.append("\n\n" if tag == "p" else "\n")
        elif not self._left_out and tag in ("td", "th"):
            self.pieces.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._left_out:
            self.pieces.append(re.sub(r"\s+", " ", data))

    def _begin_line(self) -> None:
        if self.pieces and not self.pieces[-1].endswith("\n"):
            self.pieces.append("\n")


def is_left_out(tag: str, attributes: dict[str, str]) -> bool:
    is_quote = tag == "blockquote" or QUOTES.search(f"{attributes.get('class', '')} {attributes.get('id', '')}")
    return bool(tag in UNSEEN or is_quote or HIDDEN.search(attributes.get("style", "")))
