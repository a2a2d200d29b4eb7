import json
from pathlib import Path

import pytest

from grading.bridge.inline import in_a_child


def run(tmp_path: Path, *sources: str, seconds: float = 10.0) -> list[list[dict[str, object]]]:
    return in_a_child(list(sources), str(tmp_path), {"BANYAN_TOLD": "一"}, seconds)


def test_the_last_expression_is_the_result_and_names_carry_over(tmp_path):
    results = run(tmp_path, "x = 20", "x + 1.5", "None")

    assert [[each["data"]["text/plain"] for each in cell] for cell in results] == [[], ["21.5"], []]


def test_an_error_is_the_output_of_its_cell_and_the_next_cell_still_runs(tmp_path):
    broken, sound = run(tmp_path, "1 / 0", "'还在'")

    assert broken[0]["ename"] == "ZeroDivisionError"
    assert sound[0]["data"]["text/plain"] == "'还在'"


def test_cells_find_their_folder_and_environment(tmp_path):
    (tmp_path / "here.json").write_text("[1]")

    results = run(tmp_path, "import json, os; json.load(open('here.json')) + [os.environ['BANYAN_TOLD']]")

    assert results[0][0]["data"]["text/plain"] == "[1, '一']"


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("while True: pass", id="never ends"),
        pytest.param("import os; os._exit(0)", id="ends too soon"),
        pytest.param("import os; os.kill(os.getpid(), 9)", id="is killed"),
        pytest.param("print('长' * 2_000_000)", id="talks too much"),
    ],
)
def test_a_child_that_does_not_finish_well_is_a_fault_and_never_a_score(tmp_path, source):
    with pytest.raises((RuntimeError, json.JSONDecodeError)):
        run(tmp_path, source, seconds=1.0)


def test_a_cell_writes_no_file(tmp_path):
    run(tmp_path, "open('left.txt', 'w').write('x' * 10)")

    left = tmp_path / "left.txt"
    assert not left.exists() or left.stat().st_size == 0


def test_what_lies_beside_the_answers_is_not_imported(tmp_path):
    (tmp_path / "colorsys.py").write_text("FOREIGN = True")

    results = run(tmp_path, "import colorsys; hasattr(colorsys, 'FOREIGN')")

    assert results[0][0]["data"]["text/plain"] == "False"
