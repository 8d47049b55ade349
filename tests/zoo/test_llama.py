"""The network: the same logits as transformers', with exits and skips that are what they say."""

import pytest
import torch

from labkit.errors import BadInput
from labkit.zoo.llama import Llama, Size, read
from labkit.zoo.models import keep, load_model
from labkit.zoo.tokens import tokenizer

SMALL = Size(3, 128, 160)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    torch.manual_seed(0)
    where = tmp_path_factory.mktemp("model")
    keep(Llama(SMALL), tokenizer(), where)
    return where


def test_the_logits_are_those_of_transformers(folder):
    ours, theirs = read(folder), load_model(folder)
    tokens = torch.randint(0, SMALL.vocabulary, (2, 37))
    with torch.no_grad():
        mine, their = ours.logits(ours(tokens)[0]), theirs.model(tokens).logits
    assert torch.allclose(mine, their, atol=1e-5)


def test_parameters_are_counted():
    assert sum(p.numel() for p in Llama(SMALL).parameters()) == SMALL.parameters


def test_an_exit_is_the_model_without_its_last_blocks(folder):
    model, tokens = read(folder), torch.randint(0, SMALL.vocabulary, (1, 20))
    short = Llama(Size(2, 128, 160))
    short.load_state_dict({k: v for k, v in model.state_dict().items() if "layers.2." not in k})
    with torch.no_grad():
        first, whole = model(tokens, (2, 3))
        assert torch.equal(first, short(tokens)[0])
        assert torch.equal(whole, model(tokens)[0])
        assert torch.equal(model(tokens, (3,), skip=(2,))[0], first)


def test_a_folder_that_holds_none_is_told_in_one_line(tmp_path, folder):
    with pytest.raises(BadInput, match="holds no model"):
        read(tmp_path)
    (tmp_path / "config.json").write_text((folder / "config.json").read_text())
    (tmp_path / "model.safetensors").write_bytes((folder / "model.safetensors").read_bytes()[:-100])
    with pytest.raises(BadInput, match="holds no model"):
        read(tmp_path)
