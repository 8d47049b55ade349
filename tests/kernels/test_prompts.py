"""A kernel is asked for with its task, its interface and what became of the others, and read out of an answer."""

import http.server
import json
import threading

import pytest

from labkit.errors import BadInput
from labkit.kernels import KernelJudge, kernel_form, own_kernels, refine_kernel, task_from_source
from labkit.refinement import EndpointProposer
from labkit.refinement.study import Candidate, Turn
from labkit.stats import Figure, Outcome

from .test_judge import DOUBLE, SCALE

SCALE_TASK = task_from_source(SCALE, "scale")


def turn(number, source, status="ok", feedback="", kept=False):
    outcome = Outcome(status, {"wall_s": Figure(1.0, "s", "measured")}, feedback)
    return Turn(0, number, Candidate(source, "x"), outcome, None, kept, feedback, 1.0)


def test_the_prompt_has_the_task_the_interface_and_the_history():
    history = [
        turn(0, DOUBLE, feedback="right on every call. 2 ms, 3 GB/s", kept=True),
        turn(1, DOUBLE.replace("2 *", "y *"), "compile_error", "kernel.c:2: 'y' undeclared"),
    ]
    (message,) = kernel_form(SCALE_TASK, "c").write(None, history, "time")
    for words in (SCALE, "void kernel(", "ROWS=33, COLS=41", DOUBLE, "'y' undeclared", "3 GB/s", "```c\n"):
        assert words in message["content"], words
    for backend in ("numba", "triton", "torch"):
        assert backend in kernel_form("softmax", backend).write(None, [], "time")[0]["content"]
    with pytest.raises(BadInput, match="backend='cuda'"):
        kernel_form("softmax", "cuda")


@pytest.mark.parametrize("name", ["softmax.c", "softmax.numba.py", "softmax.triton.py", "rmsnorm.torch.py"])
def test_a_kernel_is_read_out_of_an_answer(name):
    kernel = own_kernels()[name]
    read = kernel_form("softmax", kernel.backend).read
    assert read(f"<think>```c\nno```</think>Here:\n```\n{kernel.source}```\nFast!", "kernel") == kernel.source
    assert read("I would rather not.", "kernel") is None
    other = own_kernels()["softmax.c" if kernel.backend != "c" else "softmax.numba.py"].source
    assert read(f"```\n{other}```", "kernel") is None


def test_an_endpoint_writes_kernels_for_the_loop():
    asked = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append(json.loads(body)["messages"][-1]["content"])
            text = f"```c\n{[DOUBLE.replace('2 *', '3 *'), DOUBLE.replace('int i', 'long i')][len(asked) % 2]}```"
            data = json.dumps({"choices": [{"message": {"content": text}}]}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        form = kernel_form(SCALE_TASK, "c")
        proposer = EndpointProposer(f"http://127.0.0.1:{server.server_port}", "any", prompt=form, retries=0)
        with KernelJudge(SCALE_TASK, max_pairs=2, min_pairs=2) as judge:
            study = refine_kernel(SCALE_TASK, DOUBLE, proposer, judge=judge, turns=2, record=False)
    finally:
        server.shutdown()
        server.server_close()
    statuses = [turn.outcome.status for turn in study.turns if turn.candidate.origin.startswith("endpoint")]
    assert statuses == ["ok", "wrong_answer"]
    assert "expected" not in asked[0] and len(asked) == 2
