"""What users of other bots complain about most, each as a test that would fail where it happens.

Each file is named after a complaint. Those that are about who was faster are played out: real threads, two processes'
worth of turns on one database, SQLite and PostgreSQL.
"""
