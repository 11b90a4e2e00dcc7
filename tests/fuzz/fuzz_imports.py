"""Hostile files that are carried in by hand: osquery's log from a stick, GLPI's and OCS' inventories, Kaspersky's reports."""

from collector.bundles import inventory, kaspersky, portable
from collector.bundles.errors import BundleError
from collector.catalogue import load
from collector.decode.posture.answers import answers
from collector.decode.posture.envelope import Context
from tests.fuzz.fuzz_posture import PAPERS, STICK

_COLUMNS = {query.topic: query.columns for query in load().queries}
_CONTEXT = Context(pc="pc-01", site="xa", at=1_795_000_000_000_000_000, source="portable", mark=lambda text: f"{len(text):016x}")
_SNAPSHOT = '{"snapshot":[%s],"action":"snapshot","name":"%s","hostIdentifier":"pc","unixTime":%s}\n'
SEEDS = (
    (_SNAPSHOT % (str(STICK).replace("'", '"').replace("\\", "\\\\"), "peripherals", "1763800000")).encode(),
    (_SNAPSHOT % (str(PAPERS).replace("'", '"'), "documents", '"1763800001"') + _SNAPSHOT % ("", "x", "0")).encode(),
    b"<?xml version='1.0' encoding='UTF-8'?><REQUEST><DEVICEID>pc-2026-11-22</DEVICEID><QUERY>INVENTORY</QUERY><CONTENT><ACCESSLOG>"
    b"<LOGDATE>2026-11-22 07:00:00</LOGDATE></ACCESSLOG><ANTIVIRUS><NAME>Defender</NAME><ENABLED>1</ENABLED><UPTODATE>1</UPTODATE></ANTIVIRUS>"
    b"<BIOS><SMANUFACTURER>Dell</SMANUFACTURER><SSN>X1</SSN></BIOS><CPUS><NAME>i5</NAME><CORE>4</CORE></CPUS><HARDWARE><NAME>PC</NAME><MEMORY>8192</MEMORY>"
    b"<UUID>4c4c4544</UUID></HARDWARE><NETWORKS><MACADDR>00:21:70:10:20:07</MACADDR></NETWORKS><OPERATINGSYSTEM><FULL_NAME>Windows 10 Pro</FULL_NAME>"
    b"<KERNEL_VERSION>10.0.19045.3570</KERNEL_VERSION></OPERATINGSYSTEM><SOFTWARES><NAME>AnyDesk</NAME></SOFTWARES></CONTENT></REQUEST>",
    "<?xml version='1.0'?><REQUEST><CONTENT><HARDWARE><NAME>máy</NAME><LASTLOGGED>22/11/2026</LASTLOGGED></HARDWARE></CONTENT></REQUEST>".encode("utf-16"),
    'Device,Application,"License expiration date",Status,Device control\nPC-01,Kaspersky,"2026-12-31","Active",enabled\nPC-02,,31/12/2026,,\n'.encode(
        "utf-8-sig"
    ),
    "Thiết bị;Ngày hết hạn;Phiên bản\nPC;31.12.2026;12.1\n".encode("utf-16"),
    b"Device\tExpiration date\nPC\t12/31/2026\n",
)


def fuzz_one(data: bytes) -> None:
    for reader in (_portable, inventory.read, _kaspersky):
        assert _read(reader, data) == _read(reader, data), "the same bytes gave something else"


def _portable(data: bytes) -> object:
    return answers(portable.read(data), _COLUMNS, _CONTEXT)


def _kaspersky(data: bytes) -> object:
    return kaspersky.read(data, 20_780)


def _read(reader, data: bytes) -> object:
    try:
        return reader(data)
    except BundleError as error:
        return error.text
