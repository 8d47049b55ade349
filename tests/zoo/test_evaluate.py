"""Evaluation: exact means what greedy decoding says; acceptance is what a round keeps."""

import pytest
import torch

from labkit.zoo.card import exact_share, markdown, write
from labkit.zoo.evaluate import Cell, _kept, acceptance, accuracy, exact, glance, greedy, proportion
from labkit.zoo.items import LEVELS
from labkit.zoo.llama import Llama, Size
from labkit.zoo.tokens import chat, tokenizer


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(1)
    return Llama(Size(2, 64, 96)).eval()


def test_exact_is_what_greedy_decoding_says(model):
    words = tokenizer()
    given = words.encode(chat("What is 1 + 1?"), add_special_tokens=False)
    text = greedy(model, given, 6, words.eos_token_id)
    right, wrong = text, [*text[:-1], (text[-1] + 1) % 4096]
    assert exact(model, [(None, right, len(given)), (None, wrong, len(given))], (2,)) == [(True,), (False,)]
    longer = [*given, 5, 6, 7]  # padding beside a longer text changes nothing
    assert exact(model, [(None, right, len(given)), (None, longer + longer, len(given))], (2,))[0] == (True,)


def test_every_cell_is_counted(model):
    cells = accuracy(model, tokenizer(), 2, families=("add", "repeat"))
    assert len(cells) == 2 * LEVELS * 2
    assert {cell.n for cell in cells} == {2}
    assert all(0 <= cell.right <= cell.n for cell in cells)
    assert set(glance(model, tokenizer())) >= {"copy", "lookup", "tables"}


def test_a_round_ends_at_the_first_wrong_token():
    assert _kept([True] * 8) == (7, 7)  # one is the target's own
    assert _kept([True, False, True, True, True, True]) == (5, 8)
    assert _kept([False] * 3) == (0, 6)


def test_a_model_accepts_itself(model):
    found = acceptance(model, {"itself": model}, tokenizer(), "prose", n=2)
    assert found["itself"].value == 1.0


def test_shares_have_intervals():
    figure = proportion(19, 20)
    assert figure.lo < 0.95 < figure.hi <= 1.0
    cells = [Cell("add", level, 2, level, 4) for level in range(LEVELS)]
    assert exact_share(cells, ["add"], [4]).value == 1.0
    assert exact_share(cells, ["add"]).value == 0.5


def test_a_card_is_written_and_read(tmp_path, model):
    import json

    cells = accuracy(model, tokenizer(), 1, families=("add",))
    training = {
        "parameters": 1e6, "layers": 2, "width": 64, "tokens": 1e6, "steps": 10, "hours": 0.1,
        "device": "a laptop", "loss": 3.0,
    }  # fmt: skip
    write(tmp_path, training=training, cells=cells, accepted={"nano": {"copy": proportion(3, 4)}})
    told = markdown("base", json.loads((tmp_path / "card.json").read_text()))
    assert "| add |" in told and "nano as its drafter" in told and "PSF" in told
