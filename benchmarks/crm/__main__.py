"""Every table of this package, one after the other: `python -m benchmarks.crm [--data DIR] [NAME …]`."""

import argparse
import importlib
import pkgutil
from pathlib import Path

import benchmarks.crm


def main() -> None:
    """A table whose data isn't there says so and lets the others go on."""
    tables = [found.name for found in pkgutil.iter_modules(benchmarks.crm.__path__) if not found.name.startswith("_")]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(tables)}; all when none is named")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="the folder with the public data")
    given = parser.parse_args()
    for name in given.names or tables:
        importlib.import_module(f"benchmarks.crm.{name}").main(given.data)


if __name__ == "__main__":
    main()
