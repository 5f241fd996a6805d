"""Cells as they are written → ids, numbers, times: SQL expressions, chosen by what the whole column holds.

A cell alone may be ambiguous (1,234 or 02/01/2017); the column seldom is. What was understood is noted.
"""

from knowledge.customers.tables import Workspace, quoted

NOTHING = ("", "null", "none", "nan", "na", "n/a", "<na>", "nat")
LONGEST_ID = 200
"""Letters: a longer text is no id, and every id would take its space in an array."""
LARGEST = 1e12
"""A quantity or an amount above this is no figure of a shop."""
CLOCKS = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p")
DAY_FIRST, MONTH_FIRST = ("%d/%m/%Y", "%d/%m/%y"), ("%m/%d/%Y", "%m/%d/%y")
IN_WORDS = ("%Y/%m/%d", "%d/%b/%Y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%Y年%m月%d日")


def text(column: str) -> str:
    """Trimmed; NULL where there is nothing."""
    return f"CASE WHEN lower(trim({column}::VARCHAR)) IN {NOTHING} THEN NULL ELSE trim({column}::VARCHAR) END"


def identifier(work: Workspace, table: str, column: str) -> str:
    """As the shop writes it: leading zeros stay. A whole number that a table keeps as a fraction loses its ".0"."""
    if work.types(table)[column] in ("DOUBLE", "FLOAT"):
        whole = f'"{column}" = floor("{column}") AND abs("{column}") < 9e15'
        return f'CASE WHEN {whole} THEN "{column}"::BIGINT::VARCHAR ELSE {text(quote(column))} END'
    return text(quote(column))


def number(work: Workspace, table: str, column: str) -> str:
    """A plain number, or one with thousands separators, a decimal comma, a currency, brackets for minus."""
    cell = quote(column)
    if work.types(table)[column] != "VARCHAR":
        return f"TRY_CAST({cell} AS DOUBLE)"
    odd = f"{table} WHERE {text(cell)} IS NOT NULL AND TRY_CAST({cell} AS DOUBLE) IS NULL"
    if not work.rows(f"SELECT 1 FROM {odd} LIMIT 1"):
        return f"TRY_CAST({cell} AS DOUBLE)"
    bare = rf"regexp_replace({cell}, '[^0-9.,+()-]|^\D+$', '', 'g')"
    is_comma = _has_decimal_comma(work, f"SELECT {bare} AS cell FROM {odd}")
    if is_comma:
        work.notes.append(f"{column}: 1.234,50 is read with a decimal comma")
    thousands, decimal = (".", ",") if is_comma else (",", ".")
    plain = f"replace(replace({bare}, '{thousands}', ''), '{decimal}', '.')"
    sign = f"CASE WHEN {cell} LIKE '%(%)%' OR trim({cell}) LIKE '%-' THEN -1 ELSE 1 END"
    parsed = f"{sign} * TRY_CAST(regexp_replace({plain}, '[()]|-$', '', 'g') AS DOUBLE)"
    is_grouped = rf"regexp_matches({cell}, '^\s*[+-]?\d{{1,3}}(\.\d{{3}})+\s*$')" if is_comma else "false"
    return f"CASE WHEN NOT {is_grouped} THEN coalesce(TRY_CAST({cell} AS DOUBLE), {parsed}) ELSE {parsed} END"


def _has_decimal_comma(work: Workspace, cells: str) -> bool:
    """Whether more cells say so (12,5 or 1.234,50) than say the contrary (1,234.50)."""
    comma = r"regexp_matches(cell, '\..*,\d+\D*$') OR regexp_matches(cell, '^\D*\d+,(\d{1,2}|\d{4,})\D*$')"
    point = r"regexp_matches(cell, ',.*\.\d+\D*$')"
    ((for_comma, for_point),) = work.rows(
        f"SELECT count(*) FILTER (WHERE {comma}), count(*) FILTER (WHERE {point}) FROM ({cells})"
    )
    return bool(for_comma > for_point)


def currency(work: Workspace, table: str) -> str:
    """The column `currency`, else the sign beside the amount; '' where nothing is said."""
    there = work.types(table)
    if "currency" in there:
        return f"upper(coalesce({text(quote('currency'))}, ''))"
    if there.get("amount") == "VARCHAR":
        return "upper(regexp_extract(\"amount\", '[$€£¥￥]|[A-Za-z]{3}'))"
    return "''"


def time(work: Workspace, table: str, column: str) -> str:
    """Days since 1970-01-01 UTC with the fraction. A time without a zone is UTC; NULL where there is no date."""
    cell, kind = quote(column), work.types(table)[column]
    if kind != "VARCHAR":
        is_number = any(
            kind.startswith(name) for name in ("BIGINT", "INT", "DOUBLE", "FLOAT", "UBIG", "UINT", "DECIMAL")
        )
        return _days(_from_number(f"{cell}::DOUBLE") if is_number else f"TRY_CAST({cell} AS TIMESTAMPTZ)")
    iso = rf"CASE WHEN regexp_matches({cell}, '^\s*\d{{4}}[-/]') THEN TRY_CAST({cell} AS TIMESTAMPTZ) END"
    odd = f"SELECT {cell} FROM {table} WHERE {text(cell)} IS NOT NULL AND {iso} IS NULL"
    if not work.rows(f"{odd} LIMIT 1"):
        return _days(iso)
    slashes = rf"regexp_replace(trim({cell}), '^(\d+)[-.](\w+)[-.](\d+)', '\1/\2/\3')"
    written = _parsed(slashes, _numeric_order(work, odd, slashes, column)) + f", {_parsed(slashes, IN_WORDS)}"
    return _days(f"coalesce({iso}, {written}, {_from_number(f'TRY_CAST({cell} AS DOUBLE)')})")


def _numeric_order(work: Workspace, odd: str, cell: str, column: str) -> tuple[str, ...]:
    """Day or month first: what fits more cells; if both do, what makes the shorter period, for sales are no scatter."""
    moments = {order: _parsed(cell, order) for order in (DAY_FIRST, MONTH_FIRST)}
    facts = [f"count({moment}), epoch(max({moment}) - min({moment}))" for moment in moments.values()]
    ((day, day_span, month, month_span),) = work.rows(f"SELECT {', '.join(facts)} FROM ({odd})")
    if not day and not month:
        return DAY_FIRST
    is_day = (day, -(day_span or 0)) >= (month, -(month_span or 0))
    work.notes.append(f"{column}: 02/01/2017 is read as {'2 January' if is_day else 'February 1'}")
    return DAY_FIRST if is_day else MONTH_FIRST


def _parsed(cell: str, dates: tuple[str, ...]) -> str:
    """The first format that fits and gives a year of our time ("17" must not become the year 17)."""
    tries = [f"try_strptime({cell}, {quoted(date + clock)})" for date in dates for clock in CLOCKS]
    sane = [f"CASE WHEN year({moment}) > 1900 THEN {moment} END" for moment in tries]
    return f"coalesce({', '.join(sane)})"


def _from_number(value: str) -> str:
    """20170102, or seconds, milli-, micro- or nanoseconds since 1970, or a spreadsheet's days since 1899-12-30."""
    date = f"try_strptime(({value})::BIGINT::VARCHAR, '%Y%m%d')"
    scales = ((1e8, 1e11, 1.0), (1e11, 1e14, 1e3), (1e14, 1e17, 1e6), (1e17, 1e20, 1e9))
    cases = [
        f"WHEN {value} >= {low} AND {value} < {high} THEN to_timestamp({value} / {unit})" for low, high, unit in scales
    ]
    cases.append(f"WHEN {value} BETWEEN 20000 AND 80000 THEN to_timestamp(({value} - 25569) * 86400)")
    return f"CASE WHEN {value} BETWEEN 19000101 AND 21001231 THEN {date} {' '.join(cases)} END"


def _days(moment: str) -> str:
    return f"epoch_us({moment}) / 8.64e10"


def quote(column: str) -> str:
    return f'"{column}"'
