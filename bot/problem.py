"""A request that cannot be served, in the terms of RFC 9457 (problem+json). app.py turns it into the HTTP answer."""

from collections.abc import Mapping, Sequence


class Problem(Exception):
    """`detail` tells the caller what is wrong and what to do; `errors` name the fields, when it is about fields."""

    def __init__(self, status: int, title: str, detail: str, errors: Sequence[Mapping[str, str]] = ()) -> None:
        super().__init__(f"{status} {title}: {detail}")
        self.status = status
        self.title = title
        self.detail = detail
        self.errors = errors

    def body(self) -> dict[str, object]:
        body: dict[str, object] = {"type": "about:blank", "title": self.title, "status": self.status}
        return {**body, "detail": self.detail, **({"errors": list(self.errors)} if self.errors else {})}
