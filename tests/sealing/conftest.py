"""The SOC's keys, a push and the frames around it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from collector.decode.pipeline import Pipeline
from collector.sealing.ring import Ring
from model.wirefacts import ScreenPushed
from tests.decode.flows.talk import OK, SET_URI, Talk, pushes
from tests.decode.frames import ETHERNET


@pytest.fixture(scope="session")
def key() -> X25519PrivateKey:
    return X25519PrivateKey.generate()


@dataclass
class Heard:
    """What a pipeline made of a conversation, and the ring that heard it too."""

    frames: list[bytes]
    facts: list[ScreenPushed]
    ring: Ring


def listened(frames: list[bytes], **timing) -> Heard:
    pipeline, ring = Pipeline("capture:lan", "lan", ETHERNET), Ring()
    pipeline.flows.heed = ring.add
    return Heard(frames, pushes(frames, pipeline, **timing), ring)


@pytest.fixture
def heard() -> Heard:
    """A phone sets a media address, and the screen agrees."""
    talk = Talk(49494)
    return listened([*talk.client(SET_URI), *talk.server(OK)])
