"""Starts the real software of screens and servers on laboratory hosts; each function returns once it is ready."""

from __future__ import annotations

import hashlib
import os
import shlex
import socket
import sys
import uuid
from pathlib import Path

import trustme
from lab import Host, LabError, Process, until

HERE = Path(__file__).parent
# gmediarender never sets its locale, so GLib takes a Vietnamese name for bad ASCII unless CHARSET says otherwise.
FAKE_SINKS = {"GST_PLUGIN_FEATURE_RANK": "fakeaudiosink:MAX,fakevideosink:MAX", "CHARSET": "UTF-8"}

_AVAHI = """\
[server]
host-name={host}
use-ipv6=no
allow-interfaces=eth0
[wide-area]
enable-wide-area=no
[publish]
publish-workstation=no
publish-hinfo=no
"""

_RYGEL = """\
[general]
interface=eth0
upnp-enabled=true
enable-transcoding=false
[Playbin]
enabled=true
title={name}
"""

_KODI = {
    "services.devicename": "{name}",
    "services.upnp": "true",
    "services.upnprenderer": "true",
    "services.upnpserver": "false",
    "services.zeroconf": "true",
    "services.esenabled": "true",
    "services.esallinterfaces": "true",
    "services.webserver": "true",
    "services.webserverauthentication": "false",
    "services.airplay": "true",
    "services.airplayvideosupport": "true",
    "services.useairplaypassword": "false",
}

_DIAL = """\
const dial = require('peer-dial'), express = require('express'), http = require('http');
const [ip, name] = process.argv.slice(2);
const app = express(); app.disable('etag');
const state = {{}};
const server = new dial.Server({{
  expressApp: app, port: 8008, host: ip, prefix: '/dial', corsAllowOrigins: '*',
  manufacturer: 'Laboratory', modelName: 'TV box', friendlyName: name,
  delegate: {{
    getApp: n => n === 'YouTube' ? {{name: n, state: state[n] ? 'running' : 'stopped', allowStop: true, pid: state[n] && 'run', launch: 0}} : null,
    launchApp: (n, data, done) => {{ state[n] = true; done('run'); }},
    stopApp: (n, pid, done) => {{ state[n] = false; done(true); }}
  }}
}});
http.createServer(app).listen(8008, ip, () => {{ server.start(); console.log('ready'); }});
process.on('SIGTERM', () => {{ server.stop(); setTimeout(() => process.exit(0), 300); }});
"""


def device_id(host: Host) -> uuid.UUID:
    """An identifier that is the same at every recording."""
    return uuid.UUID(bytes=hashlib.sha256(f"vonggac laboratory {host.mac}".encode()).digest()[:16], version=4)


def address(host: Host) -> str:
    """The host's IPv4 address; LabError before it has one."""
    if host.ip is None:
        raise LabError(f"{host.name} has no address yet")
    return host.ip


def avahi(host: Host) -> Process:
    """A bus and avahi in the host's own /run, for software that advertises through it."""
    host.shell("mkdir -p /run/dbus /run/avahi-daemon")
    host.popen(["dbus-daemon", "--system", "--nofork", "--nopidfile"])
    until(lambda: "yes" in host.shell("test -S /run/dbus/system_bus_socket && echo yes || true"), "the system bus")
    conf = host.folder / "avahi.conf"
    conf.write_text(_AVAHI.format(host=host.name))
    daemon = host.popen(["avahi-daemon", "-f", conf, "--no-drop-root", "--no-rlimits", "--no-chroot"])
    daemon.wait_for("Server startup complete")
    return daemon


def uxplay(host: Host, name: str) -> Process:
    """AirPlay receiver with no protection; advertises through avahi, which must run."""
    program = host.popen(["uxplay", "-n", name, "-nh", "-vs", "0", "-as", "0", "-p"], env={"HOME": str(host.folder)})
    until(lambda: ":7000" in host.run(["ss", "-Hltn"]), "UxPlay's port")
    return program


def shairport(host: Host, name: str) -> Process:
    """RAOP receiver, sound only; advertises through avahi, which must run."""
    conf = host.folder / "shairport.conf"
    conf.write_text(f'general = {{ name = "{name}"; output_backend = "dummy"; mdns_backend = "avahi"; port = 5000; }};\n')
    program = host.popen(["shairport-sync", "-u", "-c", conf])
    until(lambda: ":5000" in host.run(["ss", "-Hltn"]), "shairport-sync's port")
    return program


def gmediarender(host: Host, name: str) -> Process:
    """DLNA renderer on TCP 49494; a plain fakesink would play 13 seconds in 30 ms."""
    sinks = ["--gstout-audiosink=fakeaudiosink", "--gstout-videosink=fakevideosink"]
    argv = ["gmediarender", "-I", "eth0", "-u", str(device_id(host)), "-f", name, *sinks]
    program = host.popen(argv, env=FAKE_SINKS)
    # It listens before it knows what it is: until then its own description is not found.
    until(lambda: ":49494" in host.run(["ss", "-Hltn"]) and _served(host, 49494, "/description.xml"), "gmediarender's description")
    return program


def _served(host: Host, port: int, path: str) -> bool:
    """Whether the host's own server has the page; asked from the host itself, so that nothing of it is on the wire."""
    with host.socket(socket.AF_INET, socket.SOCK_STREAM) as stream:
        stream.settimeout(5)
        stream.connect((str(host.ip), port))
        stream.sendall(f"GET {path} HTTP/1.1\r\nHost: {host.ip}:{port}\r\nConnection: close\r\n\r\n".encode())
        return b" 200 " in stream.recv(64)


def rygel(host: Host, name: str) -> Process:
    """DLNA renderer of GNOME on a random port; reads only the configuration in its home folder."""
    home = host.folder / "rygel"
    (home / ".config").mkdir(parents=True)
    (home / "run").mkdir(mode=0o700)
    (home / ".config" / "rygel.conf").write_text(_RYGEL.format(name=name))
    env = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home / "run"), "XDG_CONFIG_HOME": str(home / ".config"), **FAKE_SINKS}
    program = host.popen(["dbus-run-session", "--", "rygel"], env=env)
    until(lambda: "rygel" in host.run(["ss", "-Hltnp"]), "rygel's port")
    return program


def kodi(host: Host, name: str) -> Process:
    """Kodi on a screen of its own without a monitor: DLNA on a random port, AirPlay on 36667, JSON-RPC on 8080 and 9090, events on UDP 9777.

    It advertises through avahi, which must run.
    """
    home = host.folder / "kodi"
    settings = home / ".kodi" / "userdata" / "guisettings.xml"
    settings.parent.mkdir(parents=True)
    (home / "run").mkdir(mode=0o700)
    rows = "".join(f'<setting id="{key}">{value.format(name=name)}</setting>' for key, value in _KODI.items())
    settings.write_text(f'<settings version="2">{rows}</settings>')
    sound = home / "run" / "sound"
    env = {"HOME": str(home), "TMPDIR": str(home), "XDG_RUNTIME_DIR": str(home / "run"), "DISPLAY": ":70", "PULSE_SERVER": f"unix:{sound}"}
    # X listens in its own network alone, so that nothing lies in a folder shared with other laboratories.
    host.popen(["Xvfb", ":70", "-screen", "0", "320x240x24", "-nolock", "-nolisten", "unix"], env=env)
    # Without somewhere to play to, nothing is ever played.
    modules = ["-L", "module-null-sink", "-L", f"module-native-protocol-unix auth-anonymous=1 socket={sound}"]
    host.popen(["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes", *modules], env=env)
    until(sound.exists, "PulseAudio's socket")
    # The program itself: its wrapper would leave it behind.
    binary = next(Path("/usr/lib").glob("*/kodi/kodi.bin"))
    program = host.popen([binary, "--standalone"], env={**env, "KODI_HOME": "/usr/share/kodi", "LIBGL_ALWAYS_SOFTWARE": "1"})
    until(lambda: all(port in host.run(["ss", "-Hltn"]) for port in (":8080", ":9090", ":36667")), "Kodi's ports", 60)
    return program


def minidlna(host: Host, name: str) -> Process:
    """DLNA media server: shows its own files, accepts no picture."""
    store = host.folder / "media"
    store.mkdir()
    conf = host.folder / "minidlna.conf"
    lines = [f"media_dir={store}", f"db_dir={store}", f"log_dir={store}", f"friendly_name={name}", "network_interface=eth0"]
    conf.write_text("\n".join([*lines, f"uuid={device_id(host)}", "port=8200", "inotify=no", "notify_interval=900", ""]))
    program = host.popen(["minidlnad", "-S", "-f", conf, "-P", host.folder / "minidlna.pid", "-R"])
    until(lambda: ":8200" in host.run(["ss", "-Hltn"]), "minidlna's port")
    return program


def printer(host: Host, name: str) -> Process:
    """IPP printer of CUPS; advertises _ipp and _printer through avahi, which must run."""
    argv = ["ippeveprinter", "-M", "Canon", "-m", "LBP6230", "-f", "application/pdf", "-p", "8631", name]
    program = host.popen(argv, env={"HOME": str(host.folder), "TMPDIR": str(host.folder)})
    until(lambda: ":8631" in host.run(["ss", "-Hltn"]), "ippeveprinter's port")
    return program


def advert(host: Host, kind: str, name: str, port: int, txt: list[str], busy: list[str] | None = None) -> Process:
    """One DNS-SD service of type `kind` by python-zeroconf; see advert.py for its signals."""
    where = ["--type", f"{kind}.local.", "--name", name, "--host", host.name, "--ip", address(host), "--port", str(port)]
    program = host.popen([sys.executable, HERE / "advert.py", *where, "--txt", *txt, "--busy", *(busy or [])])
    program.wait_for("announced")
    return program


def peer(host: Host, kind: str, *args: str) -> Process:
    """A stand-in of peers.py."""
    program = host.popen([sys.executable, HERE / "peers.py", kind, *args])
    program.wait_for("ready")
    return program


def television(host: Host, kind: str, *args: str) -> Process:
    """A stand-in of televisions.py."""
    program = host.popen([sys.executable, HERE / "televisions.py", kind, *args])
    program.wait_for("ready")
    return program


def dial(host: Host, name: str, modules: Path) -> Process:
    """DIAL receiver by npm's peer-dial, installed in the folder `modules`; 500 on Node 20 unless etag is off."""
    script = host.folder / "dial.js"
    script.write_text(_DIAL.format())
    env = {"NODE_PATH": str(modules)}
    program = host.popen(["node", script, address(host), name], env=env)
    program.wait_for("ready")
    return program


def cast(host: Host, name: str, modules: Path) -> Process:
    """Google Cast receiver by npm's castv2 on 8009, with `eureka_info` on 8008; it advertises nothing itself, see `advert`."""
    key, certificate = host.folder / "cast.key", host.folder / "cast.pem"
    issued = trustme.CA().issue_cert(address(host))
    issued.private_key_pem.write_to_path(str(key))
    issued.cert_chain_pems[0].write_to_path(str(certificate))
    program = host.popen(["node", HERE / "castreceiver.js", address(host), name, key, certificate], env={"NODE_PATH": str(modules)})
    program.wait_for("ready")
    return program


def version(package: str) -> str:
    """The installed version of a Debian package."""
    return os.popen(f"dpkg-query -W -f '${{Version}}' {shlex.quote(package)}").read()
