"""Tasks: KernelBench's format as it is, sizes rewritten in the text, policies, what is refused."""

import pytest

from labkit.errors import BadInput
from labkit.kernels import load_folder, load_task, own_tasks, task_from_source, task_named
from labkit.kernels.tasks import smaller

AS_THEY_ARE = '''
import torch
import torch.nn as nn

class Model(nn.Module):
    """Simple model that performs a single square matrix multiplication."""
    def __init__(self):
        super(Model, self).__init__()

    def forward(self, A, B):
        return torch.matmul(A, B)

N = 2048 * 2
M = 4096
batch_size, dim = 16, (8, 8)

def get_inputs():
    A = torch.rand(N, N)
    return [A, torch.rand(N, N)]

def get_init_inputs():
    return []  # No special initialization inputs needed
'''


def test_a_kernelbench_file_is_read_as_it_is():
    task = task_from_source(AS_THEY_ARE, "square")
    assert task.sizes == {"M": 4096, "batch_size": 16}
    assert task.shapes == ({},) and task.dtypes == ("float32",)


def test_sizes_are_rewritten_in_the_text_and_nowhere_else():
    task = task_from_source(AS_THEY_ARE.replace("2048 * 2", "4096"), "square")
    text = task.source_at({"N": 64, "batch_size": 3})
    assert "N = 64\n" in text and "batch_size, dim = 3, (8, 8)" in text and "M = 4096" in text
    assert text.count("torch.rand(N, N)") == 2
    with pytest.raises(BadInput, match="no module constant 'Q'"):
        task.source_at({"Q": 1})


def test_policies():
    source = AS_THEY_ARE.replace("2048 * 2", "4096")
    assert task_from_source(source, policy="clamp").shapes == ({"N": 64, "M": 64, "batch_size": 16},)
    most = [task.shapes[0]["N"] for task in smaller(task_from_source(source))]
    assert most == sorted(most, reverse=True) and most[-1] == 8
    with pytest.raises(BadInput, match="policy='huge'"):
        task_from_source(source, policy="huge")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def get_inputs(): return []", "defines no Model"),
        ("class Model:", "not Python"),
        (AS_THEY_ARE + "\nDTYPES = ['int4']\n", "int4"),
        (AS_THEY_ARE + "\nSHAPES = [dict(M=M)]\n", "no literal"),
    ],
)
def test_what_is_no_task_is_one_clear_line(source, words):
    with pytest.raises(BadInput, match=words) as error:
        task_from_source(source, "mine")
    assert "\n" not in str(error.value) or "not Python" in words


def test_files_and_folders(tmp_path):
    (tmp_path / "level1").mkdir()
    (tmp_path / "level1" / "1_square.py").write_text(AS_THEY_ARE)
    (tmp_path / "level1" / "notes.py").write_text("x = 1\n")
    assert [task.name for task in load_folder(tmp_path)] == ["1_square"]
    assert task_named(tmp_path / "level1" / "1_square.py").source == AS_THEY_ARE
    for bad in (tmp_path / "none.py", tmp_path):
        with pytest.raises(BadInput, match="cannot be read"):
            load_task(bad)
    with pytest.raises(BadInput, match="no task in KernelBench's format"):
        load_folder(tmp_path / "level2")
    with pytest.raises(BadInput, match="no kernel task 'nope'"):
        task_named("nope")


def test_the_labs_own_tasks():
    tasks = own_tasks()
    assert len(tasks) >= 30
    families = {task.family for task in tasks.values()}
    assert families >= {
        "elementwise", "reduction", "softmax", "norm", "matmul", "attention", "scan", "gather", "convolution",
        "loss", "fused",
    }  # fmt: skip
    for task in tasks.values():
        assert task.statement and len(task.shapes) >= 2 and len(task.boundary) >= 3
        for sizes in (*task.shapes, *task.boundary):
            assert sizes.keys() <= task.sizes.keys(), task.name
            compile(task.source_at(sizes), task.name, "exec")
