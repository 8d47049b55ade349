"""%%sandbox in a real IPython shell, and its completion through a real kernel."""

import inspect

import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

from labkit.magics import complete
from labkit.widgets import RefinementView, SandboxView


@pytest.fixture(scope="module")
def shell():
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "labkit")
    yield shell
    InteractiveShell.clear_instance()


def test_a_cell_runs_and_its_view_is_the_result(shell):
    done = shell.run_cell("%%sandbox --wait --save mine --source text\nprint(6 * 7)")
    assert isinstance(done.result, SandboxView) and shell.user_ns["mine"] is done.result
    assert done.result.result.executions[0].stdout == "42\n"
    assert shell.user_ns["text"] == "print(6 * 7)\n"


def test_against_a_saved_text_expected_output_and_standard_input(shell):
    shell.user_ns |= {"before": "sum([i for i in range(400_000)])", "given": "ab", "right": "AB"}
    view = shell.run_cell("%%sandbox --against before --wait\npass").result
    assert view.result.verdict.answer == "faster"
    cell = "%%sandbox --stdin given --expected right --wait\nprint(input().lower())"
    assert shell.run_cell(cell).result.result.executions[0].status == "wrong_answer"


def test_another_language_and_limits(shell):
    cell = "%%sandbox --language bash --wall 0.3 --processes 4 --wait\nwhile :; do :; done"
    assert shell.run_cell(cell).result.result.executions[0].status == "timeout"


@pytest.mark.parametrize(
    "line, words",
    [
        ("--wiat", "unrecognized arguments: --wiat"),
        ("--language cobol", "invalid choice: 'cobol'"),
        ("--against nothing", "no variable 'nothing'"),
        ("--stdin number", "number is a int"),
        ("--wall -1", "wall_s=-1.0"),
        ("--wall soon", "invalid float value: 'soon'"),
        ("--save 'x", "No closing quotation"),
    ],
)
def test_an_error_is_one_line_and_no_traceback(shell, capsys, line, words):
    shell.user_ns["number"] = 7
    done = shell.run_cell(f"%%sandbox {line}\npass")
    told = capsys.readouterr()
    assert done.error_in_exec and words in told.err
    assert "Traceback" not in told.out + told.err and len(told.err.strip().splitlines()) == 1


def offered(shell, line):
    with provisionalcompleter():
        return [line[: c.start] + c.text for c in shell.Completer.completions(line, len(line))]


def test_options_choices_and_names_complete(shell):
    shell.user_ns |= {"first_text": "pass", "first_number": 1}
    assert offered(shell, "%%sandbox --lan") == ["%%sandbox --language"]
    assert set(offered(shell, "%%sandbox --language ja")) == {
        "%%sandbox --language java",
        "%%sandbox --language javascript",
    }
    assert offered(shell, "%%sandbox --wait --against first_") == ["%%sandbox --wait --against first_text"]
    assert offered(shell, "%%sandbox --memory fir") != ["%%sandbox --memory first_text"]
    assert "--wait" not in complete(["--wait", "--w"], []) and complete(["--wait", "--w"], []) == ["--wall"]
    assert not [text for text in offered(shell, "print(first_nu") if "--" in text]


SLOW = "def shared(a, b):\n    return [x for x in a if x in b]\n"


@pytest.fixture
def pairs(shell):
    shell.user_ns |= {"pairs": [(list(range(1200)), list(range(0, 1200, 3)))], "number": 7}


def test_a_function_of_the_cell_is_refined_and_taken_when_accepted(shell, pairs):
    cell = f"%%refine --inputs pairs --turns 2 --no-record --accept --save better\nimport math\n\n{SLOW}"
    view = shell.run_cell(cell).result
    assert isinstance(view, RefinementView) and shell.user_ns["better"] is view
    assert view.result.improved and view.result.path is None
    assert shell.user_ns["shared"]([1, 2], [2]) == [2]
    assert "set(" in inspect.getsource(shell.user_ns["shared"])
    assert shell.user_ns["math"].pi > 3, "the cell itself has run, too"


def test_the_last_function_is_taken_unless_another_is_named(shell, pairs):
    cell = "--inputs pairs --turns 1 --no-record --wait\n" + SLOW + "\ndef other(a, b):\n    return len(a)\n"
    assert shell.run_cell(f"%%refine {cell}").result.result.task == "other"
    assert shell.run_cell(f"%%refine --function shared {cell}").result.result.task == "shared"


@pytest.mark.parametrize(
    "line, cell, words",
    [
        ("", SLOW, "required: --inputs"),
        ("--inputs nothing", SLOW, "no variable 'nothing'"),
        ("--inputs number", SLOW, "inputs is a int"),
        ("--inputs pairs", "x = 1", "it has none"),
        ("--inputs pairs --function g", SLOW, "no function 'g': it has shared"),
        ("--inputs pairs", "def f(:\n    pass", "line 1"),
        ("--inputs pairs --objective beauty", SLOW, "choose one of time"),
        ("--inputs pairs --turns 0", SLOW, "turns=0"),
        ("--inputs pairs", SLOW + "\n1 // 0\n", "the cell fails: ZeroDivisionError"),
    ],
)
def test_a_refinement_that_cannot_be_is_one_line(shell, pairs, capsys, line, cell, words):
    done = shell.run_cell(f"%%refine {line}\n{cell}")
    told = capsys.readouterr()
    assert done.error_in_exec and words in told.err
    assert "Traceback" not in told.out + told.err and len(told.err.strip().splitlines()) == 1


def test_the_options_of_refine_complete_with_lists(shell, pairs):
    assert offered(shell, "%%refine --tur") == ["%%refine --turns"]
    assert offered(shell, "%%refine --inputs pa") == ["%%refine --inputs pairs"]


def test_loading_twice_registers_once(shell):
    shell.run_line_magic("reload_ext", "labkit")
    assert len(offered(shell, "%%sandbox --lan")) == 1


def test_a_kernel_completes_and_runs_it():
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel(kernel_name="python3")
    try:
        client.execute_interactive("%load_ext labkit", timeout=30)
        reply = client.complete("%%sandbox --obj", reply=True, timeout=30)["content"]
        assert reply["matches"] == ["--objective"]
        assert (reply["cursor_start"], reply["cursor_end"]) == (10, 15)
        shown = []
        client.execute_interactive(
            "%%sandbox --wait\nprint('from the sandbox')", timeout=60,
            output_hook=lambda message: shown.append(message["content"]),
        )  # fmt: skip
        pages = [content["data"].get("text/html", "") for content in shown if "data" in content]
        assert any("from the sandbox" in page for page in pages)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
