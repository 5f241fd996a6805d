"""A mailbox in a real Dovecot, and an SMTP server that takes mail; both on free ports, thrown away afterwards."""

import asyncio
import grp
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from aiosmtpd.controller import Controller

from tests.bot.servers import free_port, program, wait_for

USER, PASSWORD = "help@shop.example", "a-mailbox-password"
CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
ssl = {ssl}
ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
disable_plaintext_auth = no
auth_failure_delay = 0
first_valid_uid = 1
mail_location = maildir:{home}/mail
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner_group} home={home}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """One mailbox."""

    port: int
    tls_port: int
    home: Path
    owner: pwd.struct_passwd

    @property
    def certificate(self) -> Path:
        return self.home / "cert.pem"

    def keep(self, raw: bytes) -> None:
        """Put a mail into the mailbox, as a mail server does."""
        name = f"{time.time_ns()}.{uuid4().hex}"
        mail = self.home / "mail"
        (mail / "tmp" / name).write_bytes(raw)
        if os.geteuid() == 0:
            os.chown(mail / "tmp" / name, self.owner.pw_uid, self.owner.pw_gid)
        (mail / "tmp" / name).rename(mail / "new" / name)

    def begin_anew(self) -> None:
        """Lose what is known of the UIDs, as when a mailbox is moved to another server."""
        for one in (self.home / "mail").glob("dovecot*"):
            one.unlink()


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    tool = program("dovecot", "dovecot-imapd")
    with tempfile.TemporaryDirectory(prefix="kefu-dovecot-") as directory:
        home = Path(directory)
        is_root = os.geteuid() == 0
        owner = pwd.getpwnam("nobody") if is_root else pwd.getpwuid(os.geteuid())
        server = Dovecot(free_port(), free_port(), home, owner)
        prepare(server, "dovenull" if is_root else owner.pw_name)
        process = subprocess.Popen([str(tool), "-F", "-c", str(home / "dovecot.conf")], stderr=subprocess.DEVNULL)
        try:
            wait_for(server.port)
            yield server
        finally:
            process.terminate()
            process.wait(10)


def prepare(server: Dovecot, user: str) -> None:
    home = server.home
    home.chmod(0o755)
    make_certificate(home)
    for folder in ("mail/new", "mail/cur", "mail/tmp"):
        (home / folder).mkdir(parents=True)
    if os.geteuid() == 0:
        for path in (home / "mail", *(home / "mail").iterdir()):
            shutil.chown(path, server.owner.pw_uid, server.owner.pw_gid)
    group = pwd.getpwnam(user).pw_gid
    values: dict[str, Any] = {"user": user, "group": grp.getgrgid(group).gr_name, "password": PASSWORD}
    owner = {"owner": server.owner.pw_uid, "owner_group": server.owner.pw_gid}
    ports = {"port": server.port, "tls_port": server.tls_port}
    configuration = CONFIGURATION.format(home=home, ssl="yes", **values, **owner, **ports)
    (home / "dovecot.conf").write_text(configuration, "utf-8")


def make_certificate(home: Path) -> None:
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    files = ["-keyout", str(home / "key.pem"), "-out", str(home / "cert.pem"), "-days", "2"]
    subprocess.run([*command, *names, *files], check=True, capture_output=True)


@contextmanager
def smtp(take: Callable[[str, bytes], str]) -> Iterator[int]:
    """The port of a server that hands each mail, with its recipient, to `take`, and says what that returns.

    Where that is nothing, it hangs up.
    """

    class Handler:
        async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
            said = await asyncio.to_thread(take, envelope.rcpt_tos[0], envelope.content)
            if not said:
                server.transport.abort()
            return said

    controller = Controller(Handler(), "127.0.0.1", free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
