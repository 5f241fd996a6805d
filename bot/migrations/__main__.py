"""Write the next migration after a change of a schema: `python -m bot.migrations "Say what changes."`

It brings an empty database to the newest migration, compares it with the code's tables and writes the difference. Read
what it wrote: a renamed column looks like one dropped and one added.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config

from bot.database import MIGRATIONS, head_revision, open_database, upgrade


def write(message: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    with tempfile.TemporaryDirectory() as directory:
        database = open_database(f"sqlite:///{Path(directory) / 'kefu.db'}")
        upgrade(database)
        with database.writer.begin() as connection:
            config.attributes["connection"] = connection
            number = f"{int(head_revision()) + 1:04}"
            command.revision(config, message=message.rstrip("."), rev_id=number, autogenerate=True)
        database.close()


if __name__ == "__main__":
    write(sys.argv[1])
