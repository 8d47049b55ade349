"""The screen: what evaded other checkers is refused, what honest kernels need is not."""

import pytest

from labkit.kernels import kernel, own_kernels
from labkit.kernels.screen import screen

C = '#include "task.h"\nvoid kernel(const real *x, real *out) {{ {} }}\n'
TORCH = "import torch\nfrom torch import nn\n\nclass ModelNew(nn.Module):\n    def forward(self, x):\n        {}\n"
TRITON = (
    "import torch\nimport triton\nimport triton.language as tl\nfrom torch import nn\n\n@triton.jit\ndef k(x, out):\n"
    "    tl.store(out, tl.load(x))\n\nclass ModelNew(nn.Module):\n    def forward(self, x):\n        out = torch.empty_like(x)\n"
    "        k[(1,)](x, out)\n        {}\n        return out\n"
)


@pytest.mark.parametrize("name", own_kernels())
def test_honest_kernels_are_not_refused(name):
    assert screen(own_kernels()[name]) == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("system(0);", "calls system"),
        ("\n#pragma omp parallel num_threads(2)\n{}", "num_threads"),
        ('__asm__("nop");', "__asm__"),
        ("__builtin_return_address(0);", "address"),
        ("out[0] = __builtin_ia32_rdtsc();", "rdtsc"),
        ("_mm_setcsr(0x8040);", "setcsr"),
        ("((void (*)(void))x)();", "through a pointer"),
        ("extern int getpid(void);", "extern"),
        ("int n = getp\\\nid();", "continued"),
        ('static int a __attribute__((__section__(".x")));', "__section__"),
    ],
)
def test_c_that_reaches_past_arithmetic_is_refused(body, words):
    assert any(words in reason for reason in screen(kernel(C.format(body), "c"))), body


@pytest.mark.parametrize(
    "source",
    [
        "#define GLUE(a, b) a##b\n" + C.format("GLUE(sys, tem)(0);"),
        "#include <dlfcn.h>\n" + C.format(""),
        "%:include <unistd.h>\n" + C.format(""),
        "#pragma redefine_extname exp system\n" + C.format(""),
        '#include "/etc/passwd"\n' + C.format(""),
    ],
)
def test_the_preprocessor_hides_nothing(source):
    assert screen(kernel(source, "c"))


@pytest.mark.parametrize(
    "line",
    [
        "return getattr(torch, 'soft' + 'max')(x, -1)",
        "return eval('torch')",
        "return x.data",
        "return torch._C",
        "return x.__class__",
        "return torch.compile(self)(x)",
        "self.seen = x",
        "self.seen[0] = x",
        "torch.softmax = None",
        "torch.manual_seed(0)",
        "return torch.ops.aten.mm(x, x)",
        "with open('x') as f: return x",
        "match x:\n            case torch.Tensor(sum=f): return f()",
        "torch.set_float32_matmul_precision('medium')",
        "return (lambda: globals())()",
    ],
)
def test_python_that_reaches_past_its_arrays_is_refused(line):
    assert screen(kernel(TORCH.format(line), "torch")), line


@pytest.mark.parametrize(
    "source",
    [
        "from torch import *\n",
        "import os\n",
        "from . import task\n",
        "print('hello')\n",
        "try:\n    pass\nexcept Exception:\n    pass\n",
        "class Other(Model):\n    pass\n",
        "SEEN = {}\n\ndef f(x):\n    SEEN[0] = x\n",
        "def f(x, seen=[]):\n    return x\n",
        "@torch.compile\ndef f(x):\n    return x\n",
    ],
)
def test_modules_and_state_at_the_top_are_refused(source):
    assert screen(kernel(source + TORCH.format("return x"), "torch")), source


@pytest.mark.parametrize(
    "line",
    ["out = x @ x", "out = torch.mm(x, x)", "out.copy_(x)", "out = nn.functional.gelu(x)", "out = x.sum(-1)"],
)
def test_around_a_triton_kernel_torch_does_not_compute(line):
    assert screen(kernel(TRITON.format("pass"), "triton")) == []
    assert any("fallback" in r or "past" in r for r in screen(kernel(TRITON.format(line), "triton"))), line


def test_who_goes_by_an_atomic_asks_for_an_order_of_memory():
    line = "n = tl.atomic_add(out, 1{})"
    source = TRITON.replace("tl.store(out, tl.load(x))", "tl.store(out, tl.load(x))\n    {}").replace(
        "{}\n        return", "pass\n        return"
    )
    assert screen(kernel(source.replace("{}", line.format("")), "triton")) == []
    assert screen(kernel(source.replace("{}", "tl.atomic_add(out, 1, sem='relaxed')"), "triton")) == []
    assert (
        "order of memory" in screen(kernel(source.replace("{}", line.format(", sem='relaxed'")), "triton"))[0]
    )


def test_a_kernel_has_to_be_there():
    assert screen(kernel("import triton\n" + TORCH.format("return x"), "triton"))
    assert screen(kernel("from numba import njit\n\ndef kernel(x, out):\n    out[:] = x\n", "numba"))
    assert screen(kernel("def (", "torch"))
    numba = "import numpy as np\nfrom numba import njit\n\n@njit\ndef kernel(x, out):\n    out[:] = {}\n"
    assert screen(kernel(numba.format("x"), "numba")) == []
    assert screen(kernel(numba.format("x @ x"), "numba")) and screen(
        kernel(numba.format("np.dot(x, x)"), "numba")
    )
