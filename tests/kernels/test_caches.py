"""Cold and warm: other data fills the caches, the thread is where it was, and a cold call takes longer."""

import os

import numpy as np

from labkit.kernels import KernelJudge, caches, own_kernels, own_tasks, trials


def test_the_size_is_plausible_and_the_thread_goes_back():
    assert 1 << 15 <= caches.cache_bytes() <= 1 << 32
    allowed = os.sched_getaffinity(0)
    before = caches._other()[0]
    caches.empty_caches(min(allowed))
    assert caches._other()[0] == before + 1 and os.sched_getaffinity(0) == allowed
    assert caches._other().nbytes >= 2 * caches.cache_bytes()
    assert np.all(caches._other() == caches._other()[0])


def test_each_call_of_a_cold_judge_finds_empty_caches(monkeypatch):
    from labkit.kernels import process

    emptied = []
    monkeypatch.setattr(process, "empty_caches", emptied.append)
    monkeypatch.setattr(trials, "REPLAYED", 0.0)  # two calls tell nothing of it on a busy machine
    for cold in (False, True):
        with KernelJudge(own_tasks()["row_sum"], max_pairs=2, min_pairs=2, cold=cold) as judge:
            assert judge.judge(own_kernels()["row_sum.c"]).ok
        assert bool(emptied) == cold
