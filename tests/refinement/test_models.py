"""A tiny model that has learnt one answer by heart, in this process and behind a real `transformers serve`."""

import os
import pickle
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from labkit import record as records
from labkit.errors import BadInput
from labkit.refinement import refine
from labkit.refinement.endpoint import EndpointProposer
from labkit.refinement.models import ModelProposer
from labkit.refinement.prompts import published
from labkit.refinement.study import Candidate, Turn
from labkit.refinement.task import CodeTask
from labkit.sandbox import Program
from labkit.stats import Outcome

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

SLOW = "def f(x):\n    return x + 0\n"
FAST = "def f(x):\n    return x\n"
ANSWER = f"```python\n{FAST}```"
TASK = CodeTask("t", Program(SLOW, "f"), ((1,),), "Same.")
START = [Turn(0, 0, Candidate(SLOW, "start"), Outcome("ok"), None, True, "", 1.0)]
TEMPLATE = (
    "{% for m in messages %}<s>{{ m['content'] }}{% endfor %}{% if add_generation_prompt %}<a>{% endif %}"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    prompt = published(TASK, START, "time")[0]["content"]
    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer, bpe.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    special = ["<s>", "<a>", "</s>"]
    bpe.train_from_iterator(
        [prompt, ANSWER],
        trainers.BpeTrainer(vocab_size=600, special_tokens=special, initial_alphabet=alphabet),
    )
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=bpe, bos_token="<s>", eos_token="</s>", pad_token="</s>"
    )
    tokenizer.chat_template = TEMPLATE
    torch.manual_seed(0)
    config = transformers.LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4,
        bos_token_id=0, eos_token_id=2, pad_token_id=2, max_position_embeddings=2048,
    )  # fmt: skip
    model = transformers.LlamaForCausalLM(config)
    ids = tokenizer(f"<s>{prompt}<a>{ANSWER}</s>", return_tensors="pt", add_special_tokens=False)["input_ids"]
    asked = len(tokenizer(f"<s>{prompt}<a>", add_special_tokens=False)["input_ids"])
    labels = ids.clone()
    labels[:, :asked] = -100
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(120):
        loss = model(input_ids=ids, labels=labels).loss
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert loss.item() < 0.1
    path = tmp_path_factory.mktemp("tiny")
    model.save_pretrained(path)
    tokenizer.save_pretrained(path)
    return str(path)


def test_a_model_in_this_process_gives_the_program_it_learnt(folder):
    proposer = ModelProposer(folder, prompt="published", max_new_tokens=60)
    got = proposer.propose(TASK, START)
    assert got.source == FAST and got.problem == "" and got.spent["tokens"] > 60
    assert pickle.loads(pickle.dumps(proposer)) == proposer
    short = ModelProposer(folder, prompt="published", max_new_tokens=2).propose(TASK, START)
    assert short.problem == "no_code" and short.source == ""


def test_no_model_is_bad_input(tmp_path):
    with pytest.raises(BadInput, match="cannot be loaded"):
        ModelProposer(str(tmp_path)).propose(TASK, START)


def test_a_real_server_gives_the_program_too(folder, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (tmp_path / "log").open("w+")
    command = [Path(sys.executable).with_name("transformers"), "serve", "--device", "cpu"]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(command, env={**os.environ, "HF_HUB_OFFLINE": "1"}, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{url}/health", timeout=1).close()
                break
            except OSError:
                assert server.poll() is None, (tmp_path / "log").read_text()
                time.sleep(0.2)
        options = {"prompt": "published", "temperature": 0.0, "timeout_s": 60}
        got = EndpointProposer(url, folder, max_tokens=60, **options).propose(TASK, START)
        assert got.source == FAST, (got, (tmp_path / "log").read_text()[-2000:])
        assert got.note == "" and got.spent["requests"] == 1
        assert (
            EndpointProposer(url, folder, max_tokens=2, **options).propose(TASK, START).problem == "no_code"
        )
        mute = EndpointProposer(url, folder, max_tokens=2, api_key="k-123", **options)
        study = refine(TASK, mute, turns=2, record=str(tmp_path / "runs"))
        assert [t.candidate.problem for t in study.trajectories[0].turns] == ["", "no_code", "no_code"]
        kept = records.load(study.path)
        assert kept.status == "ok" and [e["data"]["problem"] for e in kept.events("turn")] == [
            "",
            "no_code",
            "no_code",
        ]
        assert "k-123" not in (kept.path / "events.jsonl").read_text() + (kept.path / "run.json").read_text()
    finally:
        server.kill()
        server.wait()
        log.close()
