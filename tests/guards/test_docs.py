# SPDX-License-Identifier: Apache-2.0
"""README.md, docs/live.md, regime.md and basket.md tell the truth: their code is compiled and run, their output is what
the programs print.

    python3 tests/guards/test_docs.py --update          writes today's output and sources into README.md
"""
import os
import pathlib
import re
import subprocess
import sys

import pytest

from house import BUILD, SHARED, SOURCE, run

README = SOURCE / "README.md"
LIVE = SOURCE / "docs" / "live.md"
REGIME = SOURCE / "docs" / "regime.md"
BASKET = SOURCE / "docs" / "basket.md"
BLOCK = re.compile(r"^```(\w+) ?([^\n]*)\n(.*?)^```$", re.S | re.M)


def gex_map():
    path = BUILD / "examples" / "gex-map" if BUILD else None
    if path is None or not path.exists():
        pytest.skip("gex-map is not built")
    return path


def output_of(command):
    return run(gex_map(), *command.split()[1:], cwd=SOURCE)


def expected(kind, label):
    """What a labelled block has to hold."""
    if kind == "text":
        return output_of(label)
    return "".join((SOURCE / "examples" / label).read_text().split("\n", 1)[1:])  # without the licence line


def blocks(kind, page=README):
    return [(label, text) for found, label, text in BLOCK.findall(page.read_text()) if found == kind]


def test_output_is_what_gex_map_prints():
    shown = blocks("text")
    assert shown
    for label, text in shown:
        assert text == expected("text", label), f"run tests/guards/test_docs.py --update: {label}"


@pytest.mark.parametrize("page", [README, LIVE], ids=lambda page: page.name)
def test_c_example_is_the_one_that_is_built(tmp_path, page):
    shown = blocks("c", page)
    assert shown
    for label, text in shown:
        assert text == expected("c", label)
        (tmp_path / label).write_text(text)
        program = tmp_path / pathlib.Path(label).stem
        run("cc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-o", program, tmp_path / label, f"-I{SOURCE / 'include'}",
            SHARED, f"-Wl,-rpath,{pathlib.Path(SHARED).parent}")
        assert run(program) == (SOURCE / "examples" / label).with_suffix(".expected").read_text()


def python_prints(text):
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, cwd=SOURCE,
                          env={**os.environ, "GEX_LIBRARY": SHARED, "PYTHONPATH": str(SOURCE / "bindings" / "python")})
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_python_example_runs():
    shown = blocks("python")
    assert shown
    for _, text in shown:
        assert output_of("gex-map examples/data/sample.csv") in python_prints(text) + "\n"


@pytest.mark.parametrize("page, example", [(LIVE, "live_ticks"), (BASKET, "basket")], ids=["live", "basket"])
def test_a_page_shows_what_its_examples_print(page, example):
    shown = dict(blocks("text", page))
    assert shown[example] == (SOURCE / "examples" / f"{example}.expected").read_text()
    assert shown["python"] == "".join(python_prints(text) for _, text in blocks("python", page))


def test_page_of_the_regime_shows_what_its_example_prints():
    shown = dict(blocks("text", REGIME))
    assert shown["python"] == "".join(python_prints(text) for _, text in blocks("python", REGIME))
    for label in shown.keys() - {"python"}:
        assert shown[label] in output_of(label)


def test_links_lead_somewhere():
    for page in [README, SOURCE / "CONTRIBUTING.md", *(SOURCE / "docs").glob("*.md"), SOURCE / "src" / "README.md"]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_paths_named_in_the_pages_exist():
    for page in [README, SOURCE / "CONTRIBUTING.md", SOURCE / "src" / "README.md", SOURCE / "docs" / "levels.md"]:
        for path in re.findall(r"`((?:src|tests|docs|scripts|examples|bindings|include|bench|fuzz)/[\w./-]+)`",
                               page.read_text()):
            assert (SOURCE / path).exists(), f"{page.name}: {path}"


def update():
    def replace(match):
        kind, label, text = match.groups()
        if kind in ("text", "c"):
            text = expected(kind, label)
        return f"```{kind} {label}".rstrip() + f"\n{text}```"
    README.write_text(BLOCK.sub(replace, README.read_text()))


if __name__ == "__main__" and "--update" in sys.argv:
    update()
