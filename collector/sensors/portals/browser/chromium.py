"""Which program, with which switches; each switch has its reason."""

from __future__ import annotations

from pathlib import Path

from model.text import Text

# Where Debian puts the program itself. /usr/bin/chromium is a shell script around it that reads switches from files and needs an environment.
PROGRAM = Path("/usr/lib/chromium/chromium")
# The browser alone lives in its network namespace, so any port is free there.
PROXY_PORT = 3128
NO_PROXY_PORT = 9
# The most a page's scripts may have in memory, MB: well below what the watch over the whole group allows.
SCRIPT_MEGABYTES = 256

_ELF = b"\x7fELF"

# Says nothing of a browser without a head; each render sets its persona's over it.
DEFAULT_AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"

# Features that would speak to their maker's servers, look for devices around, change an address before it is asked for, or keep a page alive after it was left.
_FEATURES_OFF = (
    "AutofillServerCommunication",
    "BackForwardCache",
    "CertificateTransparencyComponentUpdater",
    "DialMediaRouteProvider",
    "GlobalMediaControls",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "InterestFeedContentSuggestions",
    "MediaRouter",
    "OptimizationHints",
    "PaintHolding",
    "Translate",
)


class BrowserMissing(Exception):
    """There is no Chromium to render with; `text` is one sentence for people."""

    def __init__(self, path: str) -> None:
        self.text = Text(
            f"Chưa có trình duyệt Chromium ({path}): hãy cài gói chromium của Debian để xem trang như người dùng thật.",
            f"Chromium is missing ({path}): install Debian's package chromium to see pages as people do.",
        )
        super().__init__(self.text.en)


def program(path: str = "") -> Path:
    """The program to start: `path` if it is one; for a script around it, or nothing, where Debian puts it. Raises BrowserMissing."""
    for candidate in (Path(path) if path else PROGRAM, PROGRAM):
        if _is_program(candidate):
            return candidate
        if not _is_script(candidate):
            break
    raise BrowserMissing(path or str(PROGRAM))


def switches(home: str) -> tuple[str, ...]:
    """The command line after the program's name; `home` is a folder that it may write to."""
    return (
        "--headless",
        "--remote-debugging-pipe",  # no listening port
        f"--user-data-dir={home}/profile",
        # What the browser does of its own accord finds nobody behind this port; each render's context is given the real proxy. No name is looked up.
        f"--proxy-server=http://127.0.0.1:{NO_PROXY_PORT}",
        "--proxy-bypass-list=<-loopback>",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--disable-quic",
        "--dns-prefetch-disable",
        # Nothing of its own accord.
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-component-extensions-with-background-pages",
        "--disable-client-side-phishing-detection",
        "--disable-default-apps",
        "--disable-domain-reliability",
        "--disable-extensions",
        "--disable-field-trial-config",
        "--disable-sync",
        "--metrics-recording-only",
        "--no-default-browser-check",
        "--no-first-run",
        "--no-pings",
        "--no-service-autorun",
        "--password-store=basic",
        "--use-mock-keychain",
        # Crash reports are neither sent nor kept. Their helper starts all the same; `process.members` knows it.
        "--disable-breakpad",
        "--disable-crash-reporter",
        # A page nobody looks at must run as fast as one in front.
        "--disable-background-timer-throttling",
        "--disable-backgrounding-occluded-windows",
        "--disable-renderer-backgrounding",
        "--disable-hang-monitor",
        "--disable-gpu",
        # Kits show nothing to what says of itself that it is driven by a program.
        "--disable-blink-features=AutomationControlled",
        # A certificate fault is a fact of the plain look; here we see what is behind it, as people do who click it away.
        "--ignore-certificate-errors",
        "--mute-audio",
        # /dev/shm is small in many containers and virtual machines; the temporary folder is not.
        "--disable-dev-shm-usage",
        f"--js-flags=--max-old-space-size={SCRIPT_MEGABYTES}",
        f"--disable-features={','.join(_FEATURES_OFF)}",
        f"--user-agent={DEFAULT_AGENT}",
        "--lang=vi-VN",
        "about:blank",
    )


def _is_program(path: Path) -> bool:
    return _head(path) == _ELF


def _is_script(path: Path) -> bool:
    return _head(path)[:2] == b"#!"


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4)
    except OSError:
        return b""
