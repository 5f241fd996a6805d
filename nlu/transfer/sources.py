"""Every set that is counted, by name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlu.errors import DatasetError
from nlu.transfer import bitext, jd, tau
from nlu.transfer.mapping import Mapping
from nlu.transfer.rows import Row


@dataclass(frozen=True)
class Source:
    """One set: which file maps its labels, and how to read it from the data folder."""

    name: str
    mapping: str
    read: Callable[[Path, Mapping], list[Row]]


SOURCES = (
    Source("bitext", "bitext", bitext.read_intents),
    Source("bitext-27k", "bitext", bitext.read_instructions),
    Source("jd", "jd", jd.read_reviewed),
    Source("jd-any-wish", "jd", jd.read_wishes),
    Source("jd-every-turn", "jd", jd.read_turns),
    Source("tau-wishes", "tau", tau.read_wishes),
    Source("tau-stories", "tau", tau.read_stories),
)


def chosen(sources: Sequence[Source], only: Sequence[str] | None) -> list[Source]:
    """All of them, or those named. Raises DatasetError for a name that is none."""
    names = [source.name for source in sources]
    for name in only or ():
        if name not in names:
            raise DatasetError(f"no set is called '{name}'; there are: {', '.join(names)}")
    return [source for source in sources if not only or source.name in only]
