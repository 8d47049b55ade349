"""Training: the same weights for a seed, after a kill, too; and it learns."""

import os
import signal
import subprocess
import sys
import time

import pytest
import torch

import labkit.zoo.train as training
from labkit.errors import BadInput
from labkit.zoo.llama import Size
from labkit.zoo.recipe import Recipe, recipe
from labkit.zoo.train import begin, schedule, train

TINY = Recipe(Size(2, 64, 96), tokens=1e5, rate=3e-3, batch=512, longest=128, warm_up=4)
PROGRAM = """
import sys
from pathlib import Path
import labkit.zoo.train as training
from labkit.zoo.llama import Size
from labkit.zoo.recipe import Recipe
training.SAVED_EVERY_S = 0.0
tiny = Recipe(Size(2, 64, 96), tokens=1e5, rate=3e-3, batch=512, longest=128, warm_up=4)
training.train(tiny, Path(sys.argv[1]), steps=12, watch=lambda step: print(step.number, flush=True))
"""


def weights(state):
    return {name: value.clone() for name, value in state.model.state_dict().items()}


def same(one, two):
    return all(torch.equal(one[name], two[name]) for name in one)


def test_killed_training_goes_on_to_the_same_weights(tmp_path):
    whole = weights(train(TINY, tmp_path / "whole", steps=12))
    cut = tmp_path / "cut"
    child = subprocess.Popen([sys.executable, "-c", PROGRAM, str(cut)], stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not (cut / "checkpoint.pt").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    steps = []
    state = train(TINY, cut, steps=12, watch=lambda step: steps.append(step.number))
    assert state.step == 12
    assert same(whole, weights(state))


def test_stopped_training_goes_on(tmp_path):
    count = iter(range(100))
    state = train(TINY, tmp_path, steps=6, stop=lambda: next(count) >= 3)
    assert state.step == 3
    assert same(weights(train(TINY, tmp_path, steps=6)), weights(train(TINY, tmp_path / "whole", steps=6)))


def test_another_seed_is_another_model_and_no_checkpoint_of_this_one(tmp_path):
    train(TINY, tmp_path, steps=1)
    with pytest.raises(BadInput, match="was trained with seed 0"):
        train(TINY, tmp_path, steps=1, seed=1)
    (tmp_path / "checkpoint.pt").write_bytes(b"PK")
    with pytest.raises(BadInput, match="is no checkpoint"):
        train(TINY, tmp_path, steps=1)


def test_the_loss_falls(tmp_path, monkeypatch):
    losses = []
    monkeypatch.setattr(training, "TOLD_EVERY_S", 0.0)
    train(TINY, tmp_path, steps=60, watch=lambda step: losses.append(step.loss))
    assert sum(losses[-5:]) / 5 < 0.8 * losses[0]


def test_minutes_become_steps_once(tmp_path):
    state = train(TINY, tmp_path, minutes=0.05, stop=lambda: True)
    assert state.total > 1
    assert train(TINY, tmp_path, minutes=9.0, stop=lambda: True).total == state.total


def test_the_rate_goes_up_and_down():
    rates = [schedule(i, 300, 20) for i in range(300)]
    assert rates[0] < rates[10] < rates[25] == 1.0 == rates[150] > rates[250] > rates[299]


def test_sizes_are_those_of_the_family():
    millions = {name: recipe(name).size.parameters / 1e6 for name in ("nano", "small", "base", "large")}
    assert 0.9 < millions["nano"] < 1.3 and 2.8 < millions["small"] < 3.6
    assert 10 < millions["base"] < 11.5 and 27 < millions["large"] < 29
    with pytest.raises(BadInput, match="choose one of nano"):
        begin("huge")
