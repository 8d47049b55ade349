"""Run a program under a chosen set of guards, as the broker is asked to; used to plant weakenings."""

import pytest

from labkit.sandbox import Limits, capabilities
from labkit.sandbox.broker import Pool
from labkit.sandbox.request import make_request

LIMITS = Limits(wall_s=5, processes=8, memory_mib=256, output_kib=64, disk_mib=8)


@pytest.fixture
def attempt():
    """attempt(code, without={...}) -> (the broker's reply, stdout)"""
    pools = {}

    def run(code, without=(), limits=LIMITS):
        guards = tuple(
            name for name, problem in capabilities().items() if not problem and name not in without
        )
        pool = pools.setdefault(guards, Pool(guards))
        reply = pool.request(make_request(["script", "main.py"], limits, files={"main.py": code.encode()}))
        return reply, reply.get("stdout", b"").decode(errors="replace").strip()

    yield run
    for pool in pools.values():
        pool.close()


@pytest.fixture
def needs():
    """needs("landlock"): skip where this machine does not offer the guard."""

    def check(*names):
        for name in names:
            if capabilities()[name]:
                pytest.skip(f"{name} is not to be had here: {capabilities()[name]}")

    return check
