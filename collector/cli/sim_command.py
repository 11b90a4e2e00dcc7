"""`vonggac sim-osquery`: simulated PCs that report to a box, for trying it out and for load. It speaks only to the server it is given."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from collector.cli.say import Refusal, language
from model.text import Text, shown

if TYPE_CHECKING:
    from collector.catalogue import StoreTable

_Kits = Annotated[Path, typer.Argument(metavar="KIT", help="Bộ cài đặt do vonggac endpoints enroll-kit làm ra.", readable=False)]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        "sim-osquery", epilog="Ví dụ: vonggac sim-osquery bo-xa-a --server https://127.0.0.1:8471 --catalogue danh-muc.json --key danh-muc.pub --minutes 10"
    )(sim)


def sim(
    kit: _Kits, server: Annotated[str, typer.Option("--server", help="https://địa-chỉ:cổng của hộp.")],
    catalogue: Annotated[Path, typer.Option("--catalogue", help="Bộ câu hỏi đã ký của tỉnh.", readable=False)],
    key: Annotated[Path, typer.Option("--key", help="Khóa công khai của tỉnh (Ed25519, PEM).", readable=False)],
    minutes: Annotated[float, typer.Option("--minutes", help="Chạy bao lâu.", min=0.05, max=1_440)] = 5,
    faults: Annotated[int, typer.Option("--faults", help="Số lỗi đặt ngẫu nhiên vào mỗi máy.", min=0, max=13)] = 2,
    spread: Annotated[float, typer.Option("--spread", help="Các máy bật lên trong khoảng bao nhiêu giây.", min=0, max=3_600)] = 10,
    seed: Annotated[int, typer.Option("--seed", help="Cùng số thì cùng lỗi.")] = 1,
) -> None:  # fmt: skip
    """Chạy thử các máy tính mô phỏng (osquery) báo về một hộp."""
    if not server.startswith("https://"):
        raise Refusal(Text("--server phải bắt đầu bằng https://", "--server must begin with https://"), 2)
    folders = sorted(path for path in (kit / "may").glob("*") if path.is_dir())
    if not folders:
        raise Refusal(Text(f"không thấy máy nào trong {shown(str(kit / 'may'), 200)}", f"there is no PC in {shown(str(kit / 'may'), 200)}"))
    print(asyncio.run(_run(server, folders, _tables(catalogue, key), minutes, faults, spread, random.Random(seed))))  # noqa: S311 - a choice of faults, no secret


def _tables(catalogue: Path, key: Path) -> tuple[StoreTable, ...]:
    from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415 - only here

    from collector.catalogue import CatalogueError, opened  # noqa: PLC0415 - same

    try:
        return opened(catalogue.read_bytes(), [load_pem_public_key(key.read_bytes())]).tables  # type: ignore[list-item]  # another kind of key verifies nothing
    except OSError as error:
        raise Refusal(Text(f"không đọc được {shown(str(error.filename), 200)}: {error.strerror}", f"{error.filename}: {error.strerror}")) from None
    except (CatalogueError, ValueError) as error:
        raise Refusal(Text(f"bộ câu hỏi không dùng được: {error}", f"the catalogue cannot be used: {error}")) from None


async def _run(server: str, folders: list[Path], tables: tuple[StoreTable, ...], minutes: float, faults: int, spread: float, dice: random.Random) -> str:
    from collector.clock import SystemClock  # noqa: PLC0415 - as above
    from collector.simosquery.driver import Driver, Figures  # noqa: PLC0415 - same
    from collector.simosquery.pc import Flags  # noqa: PLC0415 - same
    from collector.simosquery.tables import FAULTS, pc  # noqa: PLC0415 - same
    from collector.simosquery.world import World  # noqa: PLC0415 - same

    clock = SystemClock()
    now = clock.now() // 1_000_000_000
    put = {folder.name: dice.sample(sorted(FAULTS), faults) for folder in folders}
    worlds = {folder.name: World(pc(number, now, *put[folder.name]), tables) for number, folder in enumerate(folders, start=1)}
    seen: list[Figures] = []
    stop = asyncio.Event()
    asyncio.get_running_loop().call_later(60 * minutes, stop.set)
    driver = Driver(server, lambda: clock.now() / 1e9, clock.monotonic, seen.append)
    await driver.run(folders, worlds, stop, Flags(period=5, distributed_interval=10, config_refresh=60), spread, dice)
    enrolled, lost = sum(each.enrolled > 0 for each in driver.pcs), sum(not each.answered for each in seen)
    for name, chosen in put.items():
        print(f"{name}: {', '.join(chosen) or '-'}")
    slowest = max((each.seconds for each in seen), default=0.0)
    return Text(
        f"{enrolled}/{len(folders)} máy đã ghi danh, {len(seen)} lượt hỏi, {lost} không được trả lời, chậm nhất {slowest:.2f} giây",
        f"{enrolled} of {len(folders)} PCs enrolled, {len(seen)} requests, {lost} unanswered, the slowest took {slowest:.2f} s",
    ).to(language())
