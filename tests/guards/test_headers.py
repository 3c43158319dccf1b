# SPDX-License-Identifier: Apache-2.0
"""Public headers: clean and alone in C and C++, and nothing in them that another language cannot call."""
import re
import subprocess

import pytest

from house import FIT_HEADER, HEADERS, SOURCE, compilers, declarations, reviewed_list, without_comments

STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Wshadow", "-Wundef", "-Wconversion", "-Wold-style-cast"]
MODES = [("c", "c99"), ("c", "c11"), ("c", "c17"), ("c++", "c++11"), ("c++", "c++20")]
SCALARS = {"int8_t", "uint8_t", "int32_t", "uint32_t", "int64_t", "double", "gex_status"}
CALLBACKS = {"gex_write", "gex_run", "gex_allocate", "gex_release"}
WRAPPERS = [SOURCE / "include" / "gex.hpp", *sorted((SOURCE / "include" / "gex" / "hpp").glob("*.hpp"))]
# Handles that have no class in C++, and why.
WITHOUT_CLASS = {
    "surface_report": "nothing says how long its arrays are; surface_ref::violations() counts by it",
}
# size_t and long differ between systems, an enum's size is the compiler's choice, the rest other languages cannot see
BANNED = r"\b(size_t|ssize_t|ptrdiff_t|long|short|bool|_Bool|wchar_t|time_t|float|FILE|va_list|union|inline|unsigned)\b"


def compile_text(compiler, mode, text, flags):
    language, standard = mode
    return subprocess.run([compiler, "-x", language, f"-std={standard}", "-fsyntax-only", *flags,
                           f"-I{SOURCE / 'include'}", "-"], input=text, capture_output=True, text=True)


def flags_for(compiler, language):
    flags = [flag for flag in STRICT if language == "c++" or flag != "-Wold-style-cast"]
    return flags + (["-Wc++-compat", "-Wstrict-prototypes"] if language == "c" and "clang" not in compiler else [])


@pytest.mark.parametrize("family", ["gcc", "clang"])
@pytest.mark.parametrize("mode", MODES, ids=[standard for _, standard in MODES])
def test_each_header_compiles_alone(family, mode):
    pair = next((pair for pair in compilers() if pair[0].startswith(family)), None)
    if pair is None:
        pytest.skip(f"{family} is not installed")
    compiler = pair[0] if mode[0] == "c" else pair[1]
    wrappers = {"c++11": WRAPPERS, "c++20": WRAPPERS[:1]}.get(mode[1], [])  # the first includes all others
    for header in [*HEADERS, FIT_HEADER, *wrappers]:
        name = header.relative_to(SOURCE / "include")
        flags = flags_for(compiler, mode[0]) if header.suffix == ".h" else STRICT[:5]
        done = compile_text(compiler, mode,
                            f"#include <{name}>\n#include <{name}>\nextern int unit_is_not_empty;\n", flags)
        assert done.returncode == 0, f"{name} with {compiler} {mode[1]}:\n{done.stderr}"


def test_strict_compilation_sees_a_fault():
    compiler = compilers()[0][0]
    done = compile_text(compiler, ("c", "c99"), "static int f(int a) { long b = a; char c = b; return c; }\n",
                        flags_for(compiler, "c"))
    assert done.returncode != 0


@pytest.mark.parametrize("header", [*HEADERS, FIT_HEADER], ids=lambda path: path.name)
def test_no_type_that_differs_between_systems(header):
    text = without_comments(header.read_text())
    assert not re.findall(BANNED, text)
    assert not re.search(r"\benum\s+\w", text), "a named enum could become a type in a signature"
    assert not re.search(r"^\s+\w+\s+\w+\s*:\s*\d", text, re.M), "bit-field"
    assert not re.search(r"\.\.\.", re.sub(r"#define[^\n]*", "", text)), "variadic"
    assert "#pragma" not in text


ALL = {**declarations(), **declarations([FIT_HEADER])}


@pytest.mark.parametrize("name", sorted(ALL))
def test_signature_is_callable_from_anywhere(name):
    kind, arguments = ALL[name]
    assert kind == "void" or "*" in kind or kind in SCALARS, f"{name} returns {kind}"
    if arguments == ["void"]:
        return
    for argument in arguments:
        base = re.sub(r"\bconst\b", "", argument).split()[0]
        assert "*" in argument or "[" in argument or base in SCALARS | CALLBACKS, f"{name}: {argument} by value"


def test_headers_declare_exactly_the_reviewed_list():
    assert sorted(declarations()) == sorted(reviewed_list())
    assert sorted(declarations([FIT_HEADER])) == sorted(reviewed_list("fit/libgex-fit.map"))


def test_no_data_is_exported():
    for header in HEADERS:
        text = without_comments(header.read_text())
        for match in re.finditer(r"GEX_API\s+([^;#]*);", text):
            assert "(" in match.group(1), f"{header.name}: {match.group(0)}"


def test_prototypes_say_void():
    for name, (_, arguments) in ALL.items():
        assert arguments != [""], f"{name}() takes anything in C"


def classes(text):
    """Handles that a class of C++ owns and another reads."""
    text = without_comments(text)
    owned = re.findall(r"^class (\w+) : public owned<\1_ref, gex_\1, gex_\1_free> \{", text, re.M)
    read = re.findall(r"^class (\w+)_ref : public ref<gex_\1> \{", text, re.M)
    return set(owned) & set(read)


def test_every_handle_has_a_class_in_cxx():
    handles = {name[len("gex_"):-len("_free")] for name in declarations() if name.endswith("_free")}
    assert len(handles) > 20
    assert classes("".join(path.read_text() for path in WRAPPERS)) == handles - set(WITHOUT_CLASS)
    assert set(WITHOUT_CLASS) <= handles, "an exception for nothing"


def test_one_header_has_all_classes():
    included = re.findall(r"^#include <(gex/hpp/\w+\.hpp)>$", WRAPPERS[0].read_text(), re.M)
    assert sorted(included) == [str(path.relative_to(SOURCE / "include")) for path in WRAPPERS[1:]]


def test_a_handle_without_a_class_is_seen():
    reader = "class a_ref : public ref<gex_a> {\n"
    owner = "class a : public owned<a_ref, gex_a, gex_a_free> {\n"
    assert classes(reader + owner) == {"a"}
    assert not classes(reader) and not classes(owner) and not classes(reader + owner.replace("gex_a,", "gex_b,"))
    assert not classes(f"/*\n{reader}{owner}*/")
