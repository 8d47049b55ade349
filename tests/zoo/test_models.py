"""Loading: what is there is checked, what is not is told in one line."""

import json

import pytest
import torch

from labkit.errors import BadInput
from labkit.zoo import models
from labkit.zoo.llama import Llama, Size
from labkit.zoo.models import keep, load_model, seal
from labkit.zoo.tokens import tokenizer


@pytest.fixture
def zoo(tmp_path, monkeypatch):
    """A zoo of its own with one untrained model."""
    torch.manual_seed(0)
    monkeypatch.setattr(models, "WEIGHTS", tmp_path)
    monkeypatch.setattr(models, "SUMS", tmp_path / "sha256.json")
    keep(Llama(Size(1, 64, 96, context=256)), tokenizer(), tmp_path / "mini")
    seal("mini")
    return tmp_path


def test_a_model_by_name_answers(zoo):
    found = load_model("mini")
    assert "M parameters" in repr(found)
    assert isinstance(found.answer("What is 1 + 1?", tokens=4), str)
    assert found.encode("x")[:2] == tokenizer().encode("<|begin|><|user|>", add_special_tokens=False)


def test_an_unknown_name_lists_the_names(zoo):
    with pytest.raises(BadInput, match="no model 'mammoth': give one of mini"):
        load_model("mammoth")


@pytest.mark.parametrize("harm", ["cut", "changed", "gone"])
def test_damaged_weights_are_found_out(zoo, harm):
    file = zoo / "mini" / "model.safetensors"
    data = bytearray(file.read_bytes())
    if harm == "gone":
        file.unlink()
    elif harm == "cut":
        file.write_bytes(data[:-1])
    else:
        data[-1] ^= 1
        file.write_bytes(data)
    with pytest.raises(BadInput, match="is missing" if harm == "gone" else "is not what it was"):
        load_model("mini")


def test_a_folder_without_a_tokenizer(zoo):
    for file in (zoo / "mini").glob("tokenizer*"):
        file.unlink()
    with pytest.raises(BadInput, match="needs a tokenizer"):
        load_model(zoo / "mini")


def test_a_damaged_folder(zoo):
    file = zoo / "mini" / "model.safetensors"
    file.write_bytes(file.read_bytes()[:1000])
    with pytest.raises(BadInput, match="the folder is damaged"):
        load_model(zoo / "mini")


def test_a_prompt_that_is_too_long(zoo):
    with pytest.raises(BadInput, match="has room for 256: shorten it"):
        load_model("mini").encode("word " * 400)


def test_a_hub_name_without_a_network(zoo, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(BadInput, match="there is no network, or no such model"):
        load_model("nobody/nothing")


def test_a_type_that_is_none(zoo):
    with pytest.raises(BadInput, match="choose one of float32"):
        load_model("mini", dtype="int3")


def test_the_configuration_is_plain_json(zoo):
    config = json.loads((zoo / "mini" / "config.json").read_text())
    assert config["architectures"] == ["LlamaForCausalLM"]
    assert config["eos_token_id"] == tokenizer().eos_token_id
