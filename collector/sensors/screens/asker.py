"""The screens sensor at work: who is to be asked comes from core, each screen is asked by a task of its own, and subscriptions are kept."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from functools import partial
from typing import Final, NamedTuple

from collector.clock import Clock
from collector.decode.screens.told import Told
from collector.sensors.screens import castline, gena
from collector.sensors.screens.questions import ASK, Heard, Means
from collector.sensors.screens.road import OffLinkError, Way
from collector.sensors.screens.targets import Question, Target, targets_of
from collector.sensors.screens.telling import Telling
from collector.sensors.screens.web import UnansweredError, Web, lax
from model.declared import Declared
from model.ports import FactSink, JournalReader
from model.text import Language, Text

log = logging.getLogger(__name__)

# How often the assets are read anew (the more there are, the more seldom), the heartbeat is given, and what ended is begun again, seconds.
LOOK: Final = 10.0
_LOOKING_SHARE: Final = 0.05
HEARTBEAT: Final = 60.0
_AGAIN: Final = 60.0
# Within so many seconds after it was met a screen is asked first.
_FIRST: Final = 30.0
# Screens that are asked at the same time, each of them one question at a time.
_AT_ONCE: Final = 4
# A task that ends says farewell to its screen; for no longer than this, seconds.
_FAREWELL: Final = 3.0
# What a subscription listens to, by the family it is asked with.
SUBSCRIBED: Final = {"dlna": "dlna", "cast": "cast-status"}

_NO_ADDRESS = Text("chân mạng %s không có địa chỉ IPv4: không hỏi được màn hình ở đó", "leg %s has no IPv4 address: screens there cannot be asked")
_NO_CORE = Text("chưa đọc được danh sách thiết bị từ lõi", "the assets could not be read from core")
_PORT_TAKEN = Text("không mở được cổng nhận sự kiện ([screens] callback_port)", "the port for events cannot be opened ([screens] callback_port)")
_FAULT = Text("lỗi không ngờ khi hỏi một màn hình; các màn hình khác vẫn được hỏi", "unexpected fault while asking a screen; the others are asked all the same")
# What a screen, or somebody in its place, can do to a question.
_TROUBLES: Final = (UnansweredError, OffLinkError, OSError, TimeoutError)


class Manner(NamedTuple):
    """What is asked and listened to, how often and how gently: times in seconds, `jitter` a share of the period, `callback_port` 0: any."""

    ask: Collection[str]
    subscribe: Collection[str] = ()
    period: float = 600.0
    pace: float = 1.0
    deadline: float = 5.0
    jitter: float = 0.1
    callback_port: int = 0


class Asker:
    """One instance a process; `run` ends when `stop` is set. `roads` and `sites` by leg; `failures`: what the reader raises while core is away."""

    def __init__(
        self,
        reader: JournalReader,
        sink: FactSink,
        clock: Clock,
        roads: Mapping[str, Way],
        sites: Mapping[str, Declared],
        manner: Manner,
        *,
        dice: Callable[[], float],
        failures: tuple[type[Exception], ...] = (),
        language: Language = "vi",
    ) -> None:
        self._reader, self._clock, self._roads, self._sites, self._manner = reader, clock, roads, sites, manner
        self._dice, self._failures, self._language = dice, failures, language
        self.telling = Telling(sink, clock)
        self._targets: dict[str, Target] = {}
        self._tasks: dict[str, list[asyncio.Task[None]]] = {}
        self._turns: dict[str, asyncio.Lock] = {}
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._pacing = asyncio.Lock()
        self._free_at = 0.0
        self._means: dict[str, Means] = {}
        self._listeners: dict[str, gena.Listener] = {}
        self._opening = asyncio.Lock()
        self._away = self._port_taken = False

    async def run(self, stop: asyncio.Event) -> None:
        """Asks until told to stop; then says goodbye to those that tell us of themselves."""
        async with self._prepared():
            own = [asyncio.create_task(self._look(), name="screens-look"), asyncio.create_task(self._beat(), name="screens-heartbeat")]
            try:
                await stop.wait()
            finally:
                await _over([*own, *(task for tasks in self._tasks.values() for task in tasks)])
                self.telling.beat("stopped", "")

    @asynccontextmanager
    async def _prepared(self) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for leg, road in self._roads.items():
                self._means[leg] = Means(road, await stack.enter_async_context(Web(road)), lax())
            try:
                yield
            finally:
                for listener in self._listeners.values():
                    await listener.stop()

    async def _look(self) -> None:
        wanted = {*self._manner.ask, *(SUBSCRIBED[name] for name in self._manner.subscribe)}
        while True:
            began = self._clock.monotonic()
            try:
                assets = await self._reader.assets()
            except self._failures:
                self._away = True
            else:
                self._away = False
                await self._meet({target.asset: target for target in targets_of(assets, self._sites, wanted, self._clock.now())})
            await asyncio.sleep(max(LOOK, (self._clock.monotonic() - began) / _LOOKING_SHARE))

    async def _meet(self, found: dict[str, Target]) -> None:
        """Begins with new screens, lets go of those that went; one that is to be listened to elsewhere begins anew."""
        before, self._targets = self._targets, found
        for asset in before.keys() - found.keys():
            await _over(self._tasks.pop(asset, []))
        for asset, target in found.items():
            if asset in before and self._listened(before[asset]) == self._listened(target):
                continue
            await _over(self._tasks.pop(asset, []))
            work = [partial(self._rounds, asset), *(partial(self._listen, target, question) for question in self._listened(target))]
            self._tasks[asset] = [asyncio.create_task(self._supervised(each), name=f"screens-{asset}") for each in work]

    def _listened(self, target: Target) -> list[Question]:
        families = {SUBSCRIBED[name] for name in self._manner.subscribe}
        return [question for question in target.questions if question.family in families and question.advertised]

    async def _supervised(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except Exception:  # boundary: of this sensor; a fault of ours at one screen must not end the others
                log.exception("%s", _FAULT.to(self._language))
            await asyncio.sleep(_AGAIN)

    async def _rounds(self, asset: str) -> None:
        """One screen's questions, again and again."""
        await asyncio.sleep(min(self._manner.period, _FIRST) * self._dice())
        while True:
            target = self._targets[asset]
            for question in target.questions:
                if question.family in self._manner.ask:
                    await self._ask(target, question)
            await asyncio.sleep(self._manner.period * (1 + self._manner.jitter * (2 * self._dice() - 1)))

    async def _ask(self, target: Target, question: Question) -> None:
        ask, family = ASK[question.family]
        means = self._means[target.leg]
        try:
            async with self._turn(question.ip):
                self.telling.made += 1
                heard = await ask(question, means)
        except ConnectionRefusedError:
            self.telling.refused(target, question, family, means.road)
        except _TROUBLES:
            self.telling.unanswered += 1
        else:
            for each in heard:
                self.telling.heard(target, question, family, means.road, each)

    @asynccontextmanager
    async def _turn(self, ip: str) -> AsyncIterator[None]:
        """Waits till the screen is free and the pace allows it; what is done then has its deadline."""
        async with self._turns.setdefault(ip, asyncio.Lock()), self._slots:
            async with self._pacing:
                await asyncio.sleep(max(0.0, self._free_at - self._clock.monotonic()))
                self._free_at = self._clock.monotonic() + self._manner.pace
            async with asyncio.timeout(self._manner.deadline):
                yield

    async def _listen(self, target: Target, question: Question) -> None:
        """What the screen tells by itself, until it tells no more."""
        means = self._means[target.leg]
        family = ASK[question.family][1]

        def hear(asked: str, told: Told) -> None:
            self.telling.heard(target, question, family, means.road, Heard(asked, told))

        with contextlib.suppress(*_TROUBLES):
            if question.family == "dlna":
                await gena.subscribed(question, means, await self._listener(means.road.own(question.ip)), partial(hear, "event"), self._turn)
            else:
                await self._follow(question, means, partial(hear, "status"))

    async def _follow(self, question: Question, means: Means, hear: Callable[[Told], None]) -> None:
        """A Cast receiver over a connection that stands."""
        async with castline.opened(means.road, question.ip, question.port, means.tls) as line:
            beating = asyncio.create_task(line.beat())
            try:
                async with aclosing(line.told()) as states:
                    async for told in states:
                        hear(told)
            finally:
                beating.cancel()

    async def _listener(self, address: str) -> gena.Listener:
        async with self._opening:
            if address not in self._listeners:
                listener = gena.Listener(address, self._manner.callback_port)
                try:
                    await listener.start()
                except OSError:
                    self._port_taken = True
                    raise
                self._listeners[address] = listener
        self._port_taken = False
        return self._listeners[address]

    async def _beat(self) -> None:
        while True:
            troubles = [_NO_ADDRESS.to(self._language) % leg for leg, road in self._roads.items() if not road.ready()]
            troubles += [_NO_CORE.to(self._language)] * self._away + [_PORT_TAKEN.to(self._language)] * self._port_taken
            self.telling.beat("waiting" if troubles else "running", "; ".join(troubles))
            await asyncio.sleep(HEARTBEAT)


async def _over(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancels them and waits for their farewells."""
    waiting = set(tasks)
    for task in waiting:
        task.cancel()
    if waiting:
        await asyncio.wait(waiting, timeout=_FAREWELL)
