"""Debian's rsyslog and syslog-ng on loopback with TLS: each writes what it understood of a message as one line of JSON."""

import json
import os
import socket
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.servers.certificates import Leaf
from tests.servers.process import LoopbackServer, ServerMissing, ServerProcess, free_port

READY_SECONDS = 30.0
HOME = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vonggac-test" / "syslog"


class SyslogServer(LoopbackServer):
    """One server on `port` that asks clients for a certificate of `leaf.authority` where `mutual`."""

    program: str

    def __init__(self, leaf: Leaf, *, mutual: bool = False) -> None:
        if not (HOME / "usr/sbin" / self.program).exists():
            raise ServerMissing(f"no {self.program}: deploy/fetch-test-syslog.sh")
        super().__init__(self.program, READY_SECONDS)
        self.port = free_port()
        self._out = self.folder / "messages.json"
        (self.folder / "server.conf").write_text(self._config(leaf, mutual))

    def messages(self) -> list[dict[str, str]]:
        """What it wrote so far: keys pri, host, app, msgid, msg."""
        said = self._out.read_text(errors="replace") if self._out.exists() else ""
        return [json.loads(line) for line in said.splitlines() if line.endswith("}")]

    def until(self, count: int) -> list[dict[str, str]]:
        """Waits for so many messages."""
        self._process.until(lambda: len(self.messages()) >= count, READY_SECONDS)
        return self.messages()

    def _ready(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _config(self, leaf: Leaf, mutual: bool) -> str:
        raise NotImplementedError

    def _argv(self) -> list[str]:
        raise NotImplementedError

    @cached_property
    def _process(self) -> ServerProcess:
        env: dict[str, Any] = {"PATH": "/usr/bin:/bin", "LD_LIBRARY_PATH": str(HOME / "usr/lib/syslog-ng")}
        return ServerProcess(self._argv(), self.folder / "server.log", folder=self.folder, env=env)


class Rsyslog(SyslogServer):
    """rsyslogd with its GnuTLS driver."""

    program = "rsyslogd"

    def _config(self, leaf: Leaf, mutual: bool) -> str:
        mode = "x509/certvalid" if mutual else "anon"
        keys = [("pri", "pri"), ("hostname", "host"), ("app-name", "app"), ("msgid", "msgid"), ("msg", "msg")]
        fields = '\n  constant(value=",")\n'.join(f'  property(name="{theirs}" outname="{ours}" format="jsonf")' for theirs, ours in keys)
        return f"""
global(workDirectory="{self.folder}" defaultNetstreamDriver="gtls" defaultNetstreamDriverCAFile="{leaf.authority}"
  defaultNetstreamDriverCertFile="{leaf.chain}" defaultNetstreamDriverKeyFile="{leaf.key}" net.enableDNS="off")
module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="{mode}")
template(name="understood" type="list") {{
  constant(value="{{")
{fields}
  constant(value="}}\\n")
}}
ruleset(name="theirs") {{ action(type="omfile" file="{self._out}" template="understood") }}
input(type="imtcp" address="127.0.0.1" port="{self.port}" ruleset="theirs")
"""

    def _argv(self) -> list[str]:
        modules = f"{HOME}/usr/lib/x86_64-linux-gnu/rsyslog"
        return [f"{HOME}/usr/sbin/rsyslogd", "-n", "-f", "server.conf", "-i", f"{self.folder}/pid", "-M", modules]


class SyslogNg(SyslogServer):
    """syslog-ng with its own TLS."""

    program = "syslog-ng"

    def _config(self, leaf: Leaf, mutual: bool) -> str:
        pairs = " ".join(f"--pair {key}=${macro}" for key, macro in {"pri": "PRI", "host": "HOST", "app": "PROGRAM", "msgid": "MSGID", "msg": "MSG"}.items())
        verify = "required-trusted" if mutual else "optional-untrusted"
        return f"""@version: 3.38
options {{ keep-hostname(yes); use-dns(no); stats-freq(0); }};
source theirs {{ syslog(ip("127.0.0.1") port({self.port}) transport("tls")
  tls(key-file("{leaf.key}") cert-file("{leaf.chain}") ca-file("{leaf.authority}") peer-verify({verify}))); }};
destination out {{ file("{self._out}" template("$(format-json {pairs})\\n")); }};
log {{ source(theirs); destination(out); }};
"""

    def _argv(self) -> list[str]:
        modules = next((HOME / "usr/lib/syslog-ng").glob("[0-9]*"))
        own = [f"--{name}={self.folder}/{name}" for name in ("persist-file", "pidfile", "control")]
        return [f"{HOME}/usr/sbin/syslog-ng", "-F", "--no-caps", "-f", "server.conf", f"--module-path={modules}", *own]
