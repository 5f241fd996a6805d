"""The import itself: customers, products, variants, then orders with their lines; good rows in, bad ones reported."""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from knowledge.shop.errors import ImportFailed
from knowledge.shop.folding import email_key, order_number_key
from knowledge.shop.importing.builder import Builder, merge_options
from knowledge.shop.importing.records import (
    KINDS,
    CustomerRecord,
    LineRecord,
    OrderRecord,
    ProductRecord,
    Record,
    VariantRecord,
    columns_of,
    required_of,
)
from knowledge.shop.importing.references import KnownVariant, known_in
from knowledge.shop.importing.tables import Rejection, read_table, row_count
from knowledge.shop.policy import load_policy
from knowledge.shop.schema import Base, ProductRow

AnyRecord = TypeVar("AnyRecord", bound=Record)
Progress = Callable[[str, int, int], None]
"""Hears what is being read or written, how many rows of it have been, and of how many."""


@dataclass
class Report:
    """What became of the rows, by kind of file. read = accepted + stored already + rejected."""

    accepted: Counter[str] = field(default_factory=Counter)
    stored_already: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    rejections: list[Rejection] = field(default_factory=list)
    """One for each thing that is wrong: a row can have several."""

    def write(self, path: Path) -> None:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("file", "row", "column", "message"))
            writer.writerows((item.file, item.row, item.column, item.message) for item in self.rejections)


@dataclass(frozen=True)
class Numbered(Generic[AnyRecord]):
    """A valid record and where it stands."""

    row: int
    record: AnyRecord


class ShopImport:
    """One import. `encoding` is that of CSV files; `time_zone` that of times which name none."""

    def __init__(
        self,
        session: Session,
        files: Mapping[str, Path],
        *,
        encoding: str = "utf-8-sig",
        ignored: Sequence[str] = (),
        time_zone: tzinfo = UTC,
        progress: Progress = lambda *_: None,
    ) -> None:
        self._session = session
        self._files = files
        self._encoding = encoding
        self._ignored = ignored
        self._progress = progress
        self._known = known_in(session)
        self._builder = Builder(self._known, load_policy(session), time_zone)
        self._variants: dict[str, list[VariantRecord]] = defaultdict(list)
        self.report = Report()

    def run(self, *, dry_run: bool) -> Report:
        """Check every row and, unless `dry_run`, insert the good ones. Does not commit.

        Raises ImportFailed when a file cannot be used at all; then nothing has been written.
        """
        if not self._files:
            raise ImportFailed(f"Name at least one file: {', '.join(f'--{kind}' for kind in KINDS)}")
        self._customers()
        self._products()
        self._take_variants()
        self._orders()
        if not dry_run:
            self._insert()
        return self.report

    def _customers(self) -> None:
        for numbered in self._records("customers", CustomerRecord):
            record = numbered.record
            if not self._is_new("customers", numbered.row, "customer_id", record.customer_id, self._known.addresses):
                continue
            if email_key(record.email) in self._known.emails:
                self._reject("customers", numbered.row, "email", "another customer has this e-mail address")
                continue
            self._known.emails.add(email_key(record.email))
            self._known.addresses[record.customer_id] = record.address
            self._builder.customer(record)
            self.report.accepted["customers"] += 1

    def _products(self) -> None:
        for numbered in self._records("products", ProductRecord):
            record = numbered.record
            if not self._is_new("products", numbered.row, "product_id", record.product_id, self._known.products):
                continue
            self._known.products[record.product_id] = (record.name_en, record.name_zh or record.name_en)
            self._builder.product(record)
            self.report.accepted["products"] += 1

    def _take_variants(self) -> None:
        for numbered in self._records("variants", VariantRecord):
            record = numbered.record
            if not self._is_new("variants", numbered.row, "variant_id", record.variant_id, self._known.variants):
                continue
            if record.product_id not in self._known.products:
                self._reject_reference("variants", numbered.row, "product_id", record.product_id, "products")
                continue
            siblings = self._variants[record.product_id]
            self._known.variants[record.variant_id] = KnownVariant(
                record.product_id, record.price, record.options, record.options_zh or record.options
            )
            self._builder.variant(record, len(siblings))
            siblings.append(record)
            self.report.accepted["variants"] += 1

    def _orders(self) -> None:
        lines = self._lines()
        for numbered in self._records("orders", OrderRecord):
            record, number = numbered.record, order_number_key(numbered.record.order_number)
            if not self._is_new("orders", numbered.row, "order_number", number, self._known.orders):
                continue
            problem = self._order_problem(numbered, lines.get(number, []))
            if problem is not None:
                self._reject("orders", numbered.row, *problem)
                continue
            ordered = lines.pop(number)
            self._known.orders.add(number)
            self._builder.order(record, [line.record for line in ordered])
            self.report.accepted["orders"] += 1
            self.report.accepted["lines"] += len(ordered)
        for number, orphans in lines.items():
            for line in orphans:
                self._orphan(number, line)

    def _order_problem(
        self, numbered: Numbered[OrderRecord], lines: Sequence[Numbered[LineRecord]]
    ) -> tuple[str, str] | None:
        """The column and what is wrong with it."""
        record = numbered.record
        if record.customer_id not in self._known.addresses:
            return "customer_id", self._reference_message(record.customer_id, "customers")
        if not lines:
            return "order_number", f"{record.order_number} has no valid line in the lines file"
        return None

    def _lines(self) -> dict[str, list[Numbered[LineRecord]]]:
        """Valid lines by order."""
        lines: dict[str, list[Numbered[LineRecord]]] = defaultdict(list)
        for numbered in self._records("lines", LineRecord):
            if numbered.record.variant_id not in self._known.variants:
                self._reject_reference("lines", numbered.row, "variant_id", numbered.record.variant_id, "variants")
            else:
                lines[order_number_key(numbered.record.order_number)].append(numbered)
        return lines

    def _orphan(self, number: str, line: Numbered[LineRecord]) -> None:
        if number in self._known.stored["orders"]:
            self.report.stored_already["lines"] += 1
        else:
            self._reject_reference("lines", line.row, "order_number", line.record.order_number, "orders")

    def _records(self, kind: str, record: type[AnyRecord]) -> Iterator[Numbered[AnyRecord]]:
        """The file's valid records; the others are reported."""
        path = self._files.get(kind)
        if path is None:
            return
        columns, required = columns_of(record), required_of(record)
        rows = read_table(path, columns, required, encoding=self._encoding, ignored=self._ignored)
        total = row_count(path)
        for count, read in enumerate(rows, 1):
            if count % 500 == 0 or count == total:
                self._progress(kind, count, total)
            if isinstance(read, Rejection):
                self._reject(kind, read.row, read.column, read.message)
                continue
            row, cells = read
            try:
                yield Numbered(row, record.model_validate(cells))
            except ValidationError as error:
                self._reject_invalid(kind, row, error)

    def _is_new(self, kind: str, row: int, column: str, key: str, known: Mapping[str, object] | set[str]) -> bool:
        if key in self._known.stored[kind]:
            self.report.stored_already[kind] += 1
            return False
        if key in known:
            self._reject(kind, row, column, f"{key} stands in an earlier row of this file")
            return False
        return True

    def _reject(self, kind: str, row: int, column: str, message: str) -> None:
        self.report.rejected[kind] += 1
        self.report.rejections.append(Rejection(self._files[kind].name, row, column, message))

    def _reject_reference(self, kind: str, row: int, column: str, key: str, other: str) -> None:
        self._reject(kind, row, column, self._reference_message(key, other))

    def _reference_message(self, key: str, other: str) -> str:
        return f"{key} is neither among the accepted {other} nor in the database"

    def _reject_invalid(self, kind: str, row: int, error: ValidationError) -> None:
        """One rejected row, a report line for each cell that is wrong. Cells of personal data are not repeated."""
        self.report.rejected[kind] += 1
        for detail in error.errors(include_input=False, include_url=False):
            column = str(detail["loc"][0]) if detail["loc"] else ""
            self.report.rejections.append(Rejection(self._files[kind].name, row, column, _message(column, detail)))

    def _insert(self) -> None:
        stored = self._known.stored["products"]
        for row in self._builder.rows[ProductRow]:
            row["options"] = merge_options([], _options_of(self._variants[row["product_id"]]))
        parents_first = [table.name for table in Base.metadata.sorted_tables]
        filled = [(mapped, rows) for mapped, rows in self._builder.rows.items() if rows]
        for mapped, rows in sorted(filled, key=lambda table: parents_first.index(table[0].__tablename__)):
            self._session.execute(insert(mapped), rows)
            self._progress(f"writing {mapped.__tablename__}", len(rows), len(rows))
        for product_id in stored & set(self._variants):
            product = self._session.get_one(ProductRow, product_id)
            options = merge_options(product.options, _options_of(self._variants[product_id]))
            changed = update(ProductRow).where(ProductRow.product_id == product_id)
            self._session.execute(changed.values(options=options))


def _message(column: str, detail: ErrorDetails) -> str:
    if detail["type"] == "missing":
        return "is empty"
    if detail["type"] == "string_pattern_mismatch":
        return "this is no e-mail address" if column == "email" else "this does not have the right form"
    return detail["msg"].removeprefix("Value error, ")


def _options_of(variants: Sequence[VariantRecord]) -> list[tuple[dict[str, str], dict[str, str]]]:
    return [(variant.options, variant.options_zh) for variant in variants]
