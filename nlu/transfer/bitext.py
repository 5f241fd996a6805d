"""Bitext's two sets: the intent-detection set, and the instructions of the larger one with `{{placeholders}}`."""

from pathlib import Path

from nlu.transfer.mapping import Mapping
from nlu.transfer.rows import Part, Row, read_table


def read_intents(data: Path, mapping: Mapping) -> list[Row]:
    """Its published test split to count on, its train split to look at."""
    parts: dict[str, Part] = {"train": "look", "test": "test"}
    return [
        Row(mapping.filled(row["text"]), (row["intent"],), part)
        for split, part in parts.items()
        for row in read_table(data / "bitext_intents" / f"{split}.parquet", ["text", "intent"])
    ]


def read_instructions(data: Path, mapping: Mapping) -> list[Row]:
    """The same two parts, by its split column (which keeps equal texts together)."""
    rows = read_table(data / "bitext_intents" / "llm27k.parquet", ["text", "intent", "split"])
    return [
        Row(mapping.filled(row["text"]), (row["intent"],), "test" if row["split"] == "test" else "look")
        for row in rows
        if row["split"] != "dev"
    ]
