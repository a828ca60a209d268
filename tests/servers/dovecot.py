"""A real Dovecot on loopback: any user name, the password `secret`, a mailbox of its own for each."""

import itertools
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from imapclient import IMAPClient

from tests.ports import free_port

PASSWORD = "secret"
SETTINGS = """
base_dir={folder}/run
state_dir={folder}/state
log_path={folder}/dovecot.log
protocols=imap
listen=127.0.0.1
ssl=no
disable_plaintext_auth=no
auth_failure_delay=0
default_internal_user={owner}
default_login_user={owner}
default_internal_group={group}
mail_location=maildir:~/Maildir
mail_uid=nobody
mail_gid={group}
first_valid_uid=1
mailbox_idle_check_interval=1 secs
passdb {{
  driver=static
  args=password={password}
}}
userdb {{
  driver=static
  args=uid=nobody gid={group} home={folder}/home/%u
}}
service anvil {{
  chroot=
}}
service imap-login {{
  chroot=
  inet_listener imap {{
    port={port}
  }}
  inet_listener imaps {{
    port=0
  }}
}}
{more}
"""


class Dovecot:
    """Started when made; `stop` ends it and throws its mail away."""

    def __init__(self, more: str = "") -> None:
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="redress-dovecot-"))  # short: sockets live in it
        self._folder.chmod(0o755)
        (self._folder / "home").mkdir()
        shutil.chown(self._folder / "home", "nobody")
        config = self._folder / "dovecot.conf"
        config.write_text(
            SETTINGS.format(
                folder=self._folder, port=self.port, password=PASSWORD, more=more, owner="nobody", group="nogroup"
            )
        )
        self._process = subprocess.Popen(["dovecot", "-F", "-c", config], stderr=subprocess.DEVNULL)
        self._users = itertools.count(1)
        self._wait()

    def a_user(self) -> str:
        """A user nobody has used yet."""
        return f"user{next(self._users)}"

    def url(self, user: str, *, mailbox: str = "INBOX", password: str = PASSWORD) -> str:
        """The address of this user's mailbox."""
        return f"imap://{user}:{password}@127.0.0.1:{self.port}/{mailbox}"

    def client(self, user: str) -> IMAPClient:
        """A mail program of this user, signed in."""
        client = IMAPClient("127.0.0.1", self.port, ssl=False, timeout=20)
        client.login(user, PASSWORD)
        return client

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(20)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _wait(self) -> None:
        ends_at = time.monotonic() + 20
        while time.monotonic() < ends_at:
            try:
                IMAPClient("127.0.0.1", self.port, ssl=False, timeout=5).shutdown()
            except (OSError, IMAPClient.Error):
                time.sleep(0.05)
            else:
                return
        raise RuntimeError((self._folder / "dovecot.log").read_text())


def missing() -> str:
    """Why there can be no Dovecot here; empty when there can, or must (CI)."""
    if os.environ.get("CI"):
        return ""
    if shutil.which("dovecot") is None:
        return "dovecot is not on this machine"
    return "" if os.geteuid() == 0 else "this Dovecot needs root"
