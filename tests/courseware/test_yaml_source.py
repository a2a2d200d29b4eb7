"""YAML as people mean it, with the line of every value."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.courseware.yaml_source import parse, read


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("true", True),
        ("+8", "+8"),
        ("12:30", "12:30"),
        ("0571", "0571"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("1e5", "1e5"),
        (".5", ".5"),
        ("24", 24),
        ("-3", -3),
        ("2.5", 2.5),
        ("'24'", "24"),
        ("null", None),
        ("~", None),
        ("", None),
        ("'null'", "null"),
        ("2026-01-31", date(2026, 1, 31)),
        ("'2026-01-31'", "2026-01-31"),
        ("9" * 30, "9" * 30),
        ("[甲, 2]", ("甲", 2)),
        ("{甲: [1]}", {"甲": (1,)}),
    ],
)
def test_a_value_means_what_a_person_would_read(written, meant):
    source = parse(f"key: {written}", "f.yaml", faults := [])
    assert source.data == {"key": meant}
    assert type(source.data["key"]) is type(meant)
    assert faults == []


def test_every_part_knows_its_line():
    source = parse("a:\n  - x\n  - b: 1\n    c: |\n      text\nd: 2\n", "f.yaml", [])
    places = [("a",), ("a", 1), ("a", 1, "b"), ("a", 1, "c"), ("d",), ("a", 1, "missing")]
    assert [source.line(place) for place in places] == [1, 3, 3, 4, 6, 3]


def bomb():
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{n}: &{n} [*{p}, *{p}, *{p}, *{p}, *{p}, *{p}, *{p}, *{p}, *{p}]" for p, n in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param(bomb(), "f.yaml:2: 这里用了引用（*）", id="aliases do not explode"),
        pytest.param("a: " + "[" * 5000 + "]" * 5000, "f.yaml:1: YAML 的写法读不懂", id="depth"),
        pytest.param("a: 1\nb: 2\na: 3", 'f.yaml:3: "a" 写了两次', id="a name twice"),
        pytest.param("a: {b: 1, b: 2}", 'f.yaml:1: "b" 写了两次', id="a name twice within"),
        pytest.param("? [a]\n: 1", "f.yaml:1: 名字的位置写了别的东西", id="a list as a name"),
        pytest.param("a: 1\n---\nb: 2", "f.yaml:2: 一个文件里写了两份文档", id="two documents"),
        pytest.param("- a", "f.yaml:1: 这里应当是一组", id="a list as a file"),
        pytest.param("", "f.yaml:1: 这里应当是一组", id="nothing"),
        pytest.param("a: 1\nb: \x00", "f.yaml:2: YAML 的写法读不懂", id="a null byte"),
        pytest.param("a: 2026-02-30", "f.yaml:1: 没有 2026-02-30 这一天", id="no such day"),
        pytest.param("<<: {a: 1}\na: !!int 3", "f.yaml:2: 这里用了锚点（&）或标签（!）", id="a tag"),
    ],
)
def test_what_could_mislead_or_explode_is_a_fault(text, fault):
    parse(text, "f.yaml", faults := [])
    assert any(str(each).startswith(fault) for each in faults), faults


@given(st.text("ab:-[]{}&*!|>'\"#%@` \n\t\\,?~0129.\x00\x85é中", max_size=80))
def test_any_text_is_read_or_refused_at_a_line_it_has(text):
    source = parse(text, "f.yaml", faults := [])
    assert source is not None or faults
    assert all(1 <= each.line <= text.count("\n") + text.count("\x85") + 2 for each in faults)


def test_a_flood_is_not_even_parsed(tmp_path):
    path = tmp_path / "f.yaml"
    path.write_bytes(b"a: 1\n" * 300_000)
    assert read(path, "f.yaml", faults := []) is None
    assert "文件太大" in str(faults[0])
