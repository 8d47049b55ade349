"""bench_kernel and the command: every figure with its tier, a speedup for measured ones only."""

import pytest

import labkit
from labkit.cli import main
from labkit.errors import BadInput
from labkit.kernels import estimate, own_kernels, sol_score
from labkit.kernels.roofline import _GUESS, floor_s, measured_peaks, peaks


def test_a_measured_kernel():
    result = labkit.bench_kernel("row_sum", own_kernels()["row_sum.c"], baselines=("eager",))
    assert result.ok and "measured-cpu speedup over eager" in result.figures
    assert result.figures["estimated least time on H100-SXM"].how == "estimated"
    assert len(result.shapes) == 2 and "measured-cpu" in repr(result) and "<table>" in result._repr_html_()
    assert set(result.to_frame().how) == {"measured", "estimated"}


def test_a_simulated_kernel_has_no_speed_but_a_compiler_verdict():
    result = labkit.bench_kernel("softmax", own_kernels()["softmax.triton.py"])
    assert result.ok, result
    assert not any("speedup" in name or "wall" in name for name in result.figures)
    assert result.figures["static registers_sm_90"].value > 0


def test_the_command(capsys, tmp_path):
    assert main(["kernel", "list"]) == 0
    assert "softmax" in capsys.readouterr().out
    wrong = tmp_path / "wrong.c"
    wrong.write_text(
        '#include "task.h"\nvoid kernel(const real *x, real *out) { for (int i = 0; i < ROWS; i++) out[i] = 0; }\n'
    )
    assert main(["kernel", "row_sum", str(wrong), "--no-compile"]) == 1
    assert "wrong_answer" in capsys.readouterr().out
    for arguments, words in (
        (["kernel", "nope"], "no kernel task"),
        (["kernel", "row_sum", str(tmp_path / "no.c")], "cannot be read"),
        (["kernel", "row_sum", "--threads", "0"], "--threads 0"),
        (["kernel", "row_sum", "--dtype", "int4"], "no dtype 'int4'"),
        (["self-check", "kernels", "--family", "nope"], "has that in its name"),
    ):
        assert main(arguments) == 2
        assert words in capsys.readouterr().err


def test_the_roofline():
    copied, fused = measured_peaks()
    assert 1e9 < copied < 1e13 and 1e9 < fused < 1e13 and peaks() == (2 * copied, 2 * fused)
    assert (copied, fused) != _GUESS, "they were not measured"
    assert floor_s(1e9, 0) == pytest.approx(1e9 / peaks()[0]) and floor_s(1e9, 0, 2) == floor_s(1e9, 0) / 2
    assert estimate(3.35e12, 0, "float32", "H100-SXM").value == pytest.approx(1.0)
    assert sol_score(1.5, 2.0, 1.0) == pytest.approx(2 / 3)
    with pytest.raises(BadInput, match="device='X'"):
        estimate(1, 1, "float32", "X")
