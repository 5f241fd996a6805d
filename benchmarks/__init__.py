"""Everything that prints a figure. `make bench-*` runs it."""
