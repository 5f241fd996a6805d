"""The few shapes that the page is made of. What comes from the shop's data is escaped here."""

from collections.abc import Iterable, Sequence
from html import escape

from knowledge.analysis.words import Words

__all__ = ["escape", "figure", "limits", "note", "pair", "section", "table"]


def section(key: str, title: str, *parts: str) -> str:
    return f'<section id="{key}"><h2>{title}</h2>{"".join(parts)}</section>'


def note(text: str) -> str:
    return f'<p class="quiet">{text}</p>'


def limits(words: Words, *sentences: str) -> str:
    """What a section can't tell: its last part, always."""
    items = "".join(f"<li>{sentence}</li>" for sentence in sentences)
    return f'<aside class="limits"><h3>{words("limits")}</h3><ul>{items}</ul></aside>'


def figure(title: str, svg: str, said: str = "", kind: str = "") -> str:
    """`kind`: "wide" takes the whole width; "dense" may be scrolled sideways on a small screen, and so
    has to be reached by keyboard."""
    reached = ' tabindex="0"' if "dense" in kind else ""
    more = f"<span>{said}</span>" if said else ""
    return f'<figure class="{kind}"{reached}><figcaption>{title}{more}</figcaption>{svg}</figure>'


def pair(*figures: str) -> str:
    return f'<div class="pair">{"".join(figures)}</div>'


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers_from: int = 1) -> str:
    """`rows`: ready HTML; the first column names the row, those from `numbers_from` on stand to the right."""

    def cell(position: int, content: str, *, is_head: bool) -> str:
        kind = ' class="number"' if position >= numbers_from else ""
        if is_head:
            return f'<th scope="col"{kind}>{content}</th>'
        return f'<th scope="row">{content}</th>' if position == 0 else f"<td{kind}>{content}</td>"

    def line(cells: Sequence[str], *, is_head: bool = False) -> str:
        return f"<tr>{''.join(cell(*each, is_head=is_head) for each in enumerate(cells))}</tr>"

    body = "".join(line(row) for row in rows)
    whole = f"<table><thead>{line(head, is_head=True)}</thead><tbody>{body}</tbody></table>"
    return f'<div class="table" tabindex="0">{whole}</div>'
