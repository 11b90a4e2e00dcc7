"""A real single-node Elasticsearch on loopback, as the unprivileged user it insists on."""

import hashlib
import os
import shutil
import ssl
from base64 import b64encode
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from tests.servers.call import Login
from tests.servers.certificates import SERVER_NAME, Leaf
from tests.servers.engine import ADMIN, Distribution, Engine, distribution
from tests.servers.process import ServerProcess, free_port

EDGE = Login("edge", "edge-password-of-the-tests")

# What a box's own login may do: append, and let the template make the stream. Nothing else.
ROLES = """\
edge_writer:
  indices:
    - names: ["logs-vonggac.*"]
      privileges: ["create_doc", "auto_configure"]
"""


class Elasticsearch(Engine):
    """One server with a data folder of its own; `stop` and `start` again keep data and port. `which`: the chosen one or the older (engine.Distribution).

    A setting that is empty is left out.
    """

    dialect = "elasticsearch"

    def __init__(
        self,
        *,
        security: bool = False,
        tls: Leaf | None = None,
        settings: Mapping[str, str] | None = None,
        which: str = "elasticsearch",
    ) -> None:
        self.distribution: Distribution = distribution(which)
        super().__init__(str(self.distribution).partition(" with ")[0])
        self.security = security
        self.tls = tls
        self.port = free_port()
        self._settings = dict(settings or {})
        self._user = "nobody" if os.geteuid() == 0 else None
        self._prepare()

    @property
    def url(self) -> str:
        """Address of the HTTP interface, by the name its certificate carries when it has one."""
        return f"https://{SERVER_NAME}:{self.port}" if self.tls else f"http://127.0.0.1:{self.port}"

    @property
    def wrong_name_url(self) -> str:
        """The same server by a name that its certificate does not carry."""
        return f"https://127.0.0.1:{self.port}"

    def launch(self) -> None:
        """Start it and go on."""
        self._pid_file.unlink(missing_ok=True)
        super().launch()

    def stop(self) -> None:
        """Orderly stop; data and port stay."""
        # The launcher obeys SIGTERM at once and leaves its child running: the server itself is told.
        server = self._pid_file.read_text() if self._pid_file.exists() else ""
        self._process.stop(int(server) if server else None)

    @cached_property
    def _process(self) -> ServerProcess:
        return ServerProcess(
            [str(self.folder / "home/bin/elasticsearch"), "-p", str(self._pid_file)],
            self.folder / "output.log",
            folder=self.folder,
            env=self._environment(),
            user=self._user,
        )

    @property
    def _pid_file(self) -> Path:
        return self.folder / "config/server.pid"

    def _login(self, login: Login | None) -> Login | None:
        return login if self.security else None

    def _client_context(self) -> ssl.SSLContext | None:
        return ssl.create_default_context(cafile=str(self.tls.authority)) if self.tls else None

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.defpath,
            "HOME": str(self.folder),
            "ES_JAVA_HOME": str(self.distribution.java_home),
            "ES_PATH_CONF": str(self.folder / "config"),
            "ES_TMPDIR": str(self.folder / "tmp"),
            # The quick compiler alone: a server that lives for a minute is ready 2 s sooner.
            "ES_JAVA_OPTS": "-Xms512m -Xmx512m -XX:TieredStopAtLevel=1",
            "CLI_JAVA_OPTS": "-XX:TieredStopAtLevel=1",
        }

    def _prepare(self) -> None:
        self.folder.chmod(0o755)
        # Linked, not run in place: root's cache is closed to the user that the server runs as.
        shutil.copytree(self.distribution.home, self.folder / "home", copy_function=_link)
        for name in ("config/jvm.options.d", "data", "logs", "tmp"):
            (self.folder / name).mkdir(parents=True)
        config = self.folder / "config"
        for name in ("jvm.options", "log4j2.properties"):
            shutil.copy(self.distribution.home / "config" / name, config / name)
        if self.tls:
            shutil.copy(self.tls.chain, config / "http.pem")
            shutil.copy(self.tls.key, config / "http.key")
        if self.security:
            _write_file_realm(config)
        (config / "elasticsearch.yml").write_text("".join(f"{k}: {v}\n" for k, v in self._all_settings().items()))
        if self._user:
            for path in (self.folder, *_own_files(self.folder)):
                shutil.chown(path, self._user)

    def _all_settings(self) -> dict[str, str]:
        settings = {
            "discovery.type": "single-node",
            "network.host": "127.0.0.1",
            "http.port": str(self.port),
            "transport.port": str(free_port()),
            "path.data": str(self.folder / "data"),
            "path.logs": str(self.folder / "logs"),
            # A nearly full disk of the machine must not turn indices read-only in the middle of a test.
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            "xpack.security.enabled": str(self.security).lower(),
        }
        if self.tls:
            settings |= {
                "xpack.security.http.ssl.enabled": "true",
                "xpack.security.http.ssl.certificate": "http.pem",
                "xpack.security.http.ssl.key": "http.key",
            }
        return {name: value for name, value in (settings | self._settings).items() if value}


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)


def _own_files(folder: Path) -> list[Path]:
    # `home` is left out: its files are links to the cache, which must stay as it is.
    return [path for name in ("config", "data", "logs", "tmp") for path in (folder / name, *(folder / name).rglob("*"))]


def _write_file_realm(config: Path) -> None:
    (config / "users").write_text("".join(f"{login.user}:{_password_hash(login.password)}\n" for login in (ADMIN, EDGE)))
    (config / "users_roles").write_text(f"superuser:{ADMIN.user}\nedge_writer:{EDGE.user}\n")
    (config / "roles.yml").write_text(ROLES)
    (config / "role_mapping.yml").write_text("")


def _password_hash(password: str) -> str:
    # The format of the server's own `elasticsearch-users`, without the seconds its JVM takes for each user.
    salt, rounds = os.urandom(32), 10_000
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, rounds, dklen=32)
    return f"{{PBKDF2}}{rounds}${b64encode(salt).decode()}${b64encode(digest).decode()}"
