# SPDX-License-Identifier: Apache-2.0
"""The description of the ABI guards what it says it guards: every planted disagreement is found."""
import pathlib
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
COMPILER = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    """A copy of what the generator reads and writes."""
    copy = tmp_path_factory.mktemp("tree")
    for name in ("bindings/api.toml", "bindings/generate.py", "bindings/node/package.json", "bindings/node/gex_api.js",
                 "bindings/python/pyproject.toml", "bindings/python/gex/_api.py", "tests/abi_layout.c",
                 "src/libgex.map", "src/fit/libgex-fit.map", "meson.build"):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    shutil.copytree(ROOT / "include", copy / "include")
    return copy


@pytest.fixture
def tree(clean, tmp_path):
    return shutil.copytree(clean, tmp_path / "tree")


def edit(tree, name, old, new):
    text = (tree / name).read_text()
    assert text.count(old) >= 1, f"{name} no longer holds {old!r}"
    (tree / name).write_text(text.replace(old, new, 1))


def generate(tree, *arguments):
    program = tree / "bindings" / "generate.py"
    return subprocess.run([sys.executable, program, *arguments], capture_output=True, text=True)


def layout(tree):
    """Compile the layout check, and run it."""
    assert COMPILER, "this test needs a C compiler"
    program = tree / "layout"
    done = subprocess.run([COMPILER, "-std=c11", "-Werror", f"-I{tree / 'include'}", "-o", program,
                           tree / "tests" / "abi_layout.c"], capture_output=True, text=True)
    return done if done.returncode else subprocess.run([program], capture_output=True, text=True)


def test_nothing_planted(tree):
    done = generate(tree, "--check")
    assert (done.returncode, done.stderr) == (0, "")
    assert layout(tree).returncode == 0
    assert generate(tree, "--chekc").returncode == 2


@pytest.mark.parametrize("name, old, new, found", [
    ("bindings/api.toml", '["GEX_ERR_MEMORY", -3, "out of memory"]', '["GEX_ERR_MEMORY", -3, "no memory"]', "run it"),
    ("bindings/python/gex/_api.py", "GEX_OK = 0", "GEX_OK = 1", "_api.py is not what"),
    ("bindings/node/gex_api.js", "GEX_OK: 0", "GEX_OK: 1", "gex_api.js is not what"),
    ("tests/abi_layout.c", "GEX_OK == 0", "0 == 0", "abi_layout.c is not what"),
    ("src/libgex.map", "gex_chain_rows;", "gex_chain_lines;", "gex_chain_rows is missing"),
    ("src/libgex.map", "gex_chain_rows;", "gex_chain_rows; gex_extra;", "gex_extra is not described"),
    ("src/libgex.map", "gex_chain_rows;", "gex_chain_rows; gex_chain_rows;", "gex_chain_rows twice"),
    ("src/libgex.map", "gex_chain_rows;", "gex_chain_rows; gex_fit_svi;", "gex_fit_svi is not described"),
    ("src/fit/libgex-fit.map", "gex_fit_svi;", "", "gex_fit_svi is missing"),
    ("include/gex/row.h", "const char *gex_row_text(int32_t row_status);",
     "const char *gex_row_text(int32_t row_status); GEX_API void gex_extra(void);", "gex_extra is not described"),
    ("include/gex/clock.h", "enum { GEX_CLOCK_LIST", "enum { GEX_EXTRA = 9 }; enum { GEX_CLOCK_LIST",
     "GEX_EXTRA is not described"),
    ("bindings/api.toml", "[struct.gex_series]\nsize = 48", "[struct.gex_series]\nsize = 56", "fields end at 48"),
    ("bindings/api.toml", '["row", "i64"]', '["row", "i128"]', "i128 is not described"),
    ("bindings/api.toml", '["status", "gex_status"], ["reserved", "i32"], ["row", "i64"]',
     '["status", "gex_status"], ["row", "i64"]', "leaves a hole"),
    ("meson.build", "version: '0.1.", "version: '0.2.", "meson.build: version"),
    ("bindings/python/pyproject.toml", 'version = "0.1.', 'version = "0.2.', "pyproject.toml: version")])
def test_check_finds(tree, name, old, new, found):
    edit(tree, name, old, new)
    done = generate(tree, "--check")
    assert done.returncode == 1 and found in done.stderr


@pytest.mark.parametrize("name, old, new", [
    ("include/gex/status.h", "int64_t    row;", "int32_t    row;"),
    ("include/gex/status.h", "message[240]", "message[248]"),
    ("include/gex/column.h", "const double *data;", "double *data;"),
    ("include/gex/exposure.h", "GEX_BY_STRIKE = 1", "GEX_BY_STRIKE = 5"),
    ("include/gex/row.h", '"bad_strike"', '"bad strike"'),
    ("include/gex/exposure.h", '"USD per 1 % of spot")', '"USD per 1% of spot")'),
    ("include/gex/chain.h", "int64_t        gex_chain_rows(const gex_chain *chain)",
     "int32_t        gex_chain_rows(const gex_chain *chain)"),
    ("include/gex/chain.h", "gex_chain_free(gex_chain *chain)", "gex_chain_free(const gex_chain *chain)"),
    ("include/gex/context.h", "int64_t size, int64_t alignment);", "int64_t size, int32_t alignment);"),
    ("include/gex/european.h", "double *const *outputs", "double **outputs"),
    ("bindings/api.toml", '["by", "i32"], ["sum", "i32"]', '["by", "i32"], ["sum", "i64"]'),
    ("bindings/api.toml", '["spot", "gex_f64"], ["as_of", "gex_i64"]', '["as_of", "gex_i64"], ["spot", "gex_f64"]')])
def test_layout_finds(tree, name, old, new):
    edit(tree, name, old, new)
    if name == "bindings/api.toml":
        assert generate(tree).returncode == 0
    assert layout(tree).returncode != 0
