# SPDX-License-Identifier: Apache-2.0
"""The tree itself: licence lines, registered tests, tables that cover every public function."""
import re
import shlex

import pytest

from house import SOURCE, declarations, reviewed_list, tracked_files, without_comments

CODE = {".c", ".h", ".hpp", ".py", ".js", ".mjs", ".sh", ".toml", ".map", ".in", ".build", ".md", ".txt", ".R", ".jl"}
NO_COMMENT_POSSIBLE = {"LICENSE", "package.json", "package-lock.json", "py.typed"}


def read(*parts):
    return SOURCE.joinpath(*parts).read_text()


def is_code(path):
    return path.suffix in CODE or path.name in ("meson.build", "meson_options.txt") or (
        path.suffix == "" and path.read_bytes()[:2] == b"#!")


def test_every_file_names_its_licence():
    missing = [str(path.relative_to(SOURCE)) for path in tracked_files()
               if is_code(path) and path.name not in NO_COMMENT_POSSIBLE
               and "tests/golden" not in str(path) and "fuzz/corpus" not in str(path)
               and "SPDX-License-Identifier: Apache-2.0" not in path.read_text(errors="replace")[:400]]
    assert not missing


def test_nothing_names_the_machine_it_was_written_on():
    places = re.compile(r"(?<![\w.])/(?:work|root|home)/\w")
    wrong = [str(path.relative_to(SOURCE)) for path in tracked_files()
             if is_code(path) and path != SOURCE / "tests" / "guards" / "test_house.py"
             and places.search(path.read_text(errors="replace"))]
    assert not wrong


def test_no_unfinished_mark():
    marks = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX)\b")
    wrong = [str(path.relative_to(SOURCE)) for path in tracked_files()
             if is_code(path) and marks.search(path.read_text(errors="replace"))]
    assert not wrong


# Columns of a line. Tables that a generator writes keep to them too; a string that prints a line of text is measured as
# it is printed.
COLUMNS = 120
PRINTED = re.compile(r'\s*"(.*)\\n"[;,)]*$')


def too_long(text):
    """Numbers of the lines that are."""
    for number, line in enumerate(text.splitlines(), 1):
        prints = PRINTED.match(line)
        if len(prints.group(1) if prints else line) > COLUMNS:
            yield number


def test_lines_fit_their_columns():
    code = [path for path in tracked_files() if path.suffix in {".c", ".h", ".hpp", ".cpp", ".inc", ".py"}]
    wrong = [f"{path.relative_to(SOURCE)}:{number}" for path in code
             for number in too_long(path.read_text())]
    assert not wrong


def test_a_long_line_is_seen():
    assert list(too_long("x\n" + "y" * 120 + "\n" + "z" * 121)) == [3]
    assert list(too_long(f'            "{"t" * 120}\\n"')) == []
    assert list(too_long(f'            "{"t" * 121}\\n";')) == [1]


def test_every_suite_is_registered():
    listed = read("tests", "meson.build")
    for path in sorted((SOURCE / "tests").glob("suite_*.c")):
        name = path.stem[len("suite_"):]
        assert f"'{name}'" in listed, f"{path.name} is built by nobody"


def test_every_fuzz_target_is_registered_and_has_a_corpus():
    listed = read("fuzz", "meson.build")
    targets = sorted((SOURCE / "fuzz").glob("fuzz_*.c"))
    assert targets
    for path in targets:
        name = path.stem[len("fuzz_"):]
        assert re.search(rf"'{name}'\s*:", listed), f"{path.name} is built by nobody"
        corpus = SOURCE / "fuzz" / "corpus" / name
        assert corpus.is_dir() and any(corpus.iterdir()), f"{path.name} has no corpus"


def words_of(text):
    return set(re.findall(r"\bgex_\w+", without_comments(text)))


def test_the_table_of_doors_is_complete():
    assert set(reviewed_list()) <= words_of(read("tests", "doors.c"))


def test_every_function_that_takes_a_context_has_its_allocations_failed():
    takes = {name for name, (_, arguments) in declarations().items()
             if arguments[0].startswith("const gex_context *") and not name.startswith("gex_context_")}
    table = re.search(r"#define TAKES_CONTEXT\(X\)(.*?)\n\n", read("tests", "doors.c"), re.S).group(1)
    assert set(re.findall(r"X\((gex_\w+)\)", table)) == takes


def test_every_function_meets_hostile_arguments():
    """Whatever takes an argument is called with a wrong one somewhere; init functions are suite_growth's."""
    harmless = {name for name, (_, arguments) in declarations().items() if arguments == ["void"]}
    met = set()
    for name in ("suite_hostile.c", "suite_nulls.c", "suite_rows.c", "suite_growth.c"):
        met |= words_of(read("tests", name))
    inits = {name for name in reviewed_list() if name.endswith("_init")}
    formats = {"gex_instant_format", "gex_symbol_format", "gex_session"}
    assert inits - harmless <= {f"{word}_init" for word in met} | met
    assert set(reviewed_list()) - harmless - inits - formats <= met


def test_every_function_of_the_second_library_is_called():
    met = words_of(read("tests", "suite_fit_doors.c"))
    assert set(reviewed_list("fit/libgex-fit.map")) <= met


def test_every_struct_with_a_size_is_grown():
    grown = read("tests", "suite_growth.c")
    grown_fit = read("tests", "suite_fit_doors.c")
    for header in sorted((SOURCE / "include" / "gex").glob("*.h")):
        for name in re.findall(r"typedef struct (gex_\w+) \{\s*uint32_t\s+struct_size",
                               without_comments(header.read_text())):
            is_grown = f"{name}," in grown or f'"{name}"' in grown or f"{name}," in grown_fit
            assert is_grown, f"{name} is not in suite_growth.c"


def test_scripts_are_programs():
    for path in [SOURCE / ".ci" / "run", *(SOURCE / "scripts").iterdir()]:
        if path.is_file() and path.suffix == "":
            assert path.stat().st_mode & 0o111, f"{path.name} cannot be run"


@pytest.mark.parametrize("script", ["map", "test"])
def test_readme_opens_with_the_two_commands(script):
    opening = read("README.md")[:900]
    lines = re.findall(r"^    (\S.*)$|^(scripts/\S+.*)$", opening, re.M)
    commands = [shlex.split(line) for either in lines for line in either if line]
    assert any(command[0] == f"scripts/{script}" for command in commands), commands
