"""A shop's own files (CSV or Parquet) → the database, keeping the good rows and saying what is wrong with the others.

    tables.py    a file → numbered rows of cells
    records.py   the columns of each kind of file, and what a row of it must be
    references.py  what the rows refer to: in these files or in the database already
    builder.py   records → rows of the shop's tables
    importer.py  all of it in order, with a report

docs/importing-a-shop.md lists the columns for the people who make the files.
"""
