# SPDX-License-Identifier: Apache-2.0
"""The built library: what it exports, what it needs, what it may not have."""
import json
import re

import pytest

from house import BUILD, FIT, SHARED, SOURCE, STATIC, reviewed_list, run

pytestmark = pytest.mark.skipif(SHARED is None or STATIC is None or BUILD is None, reason="needs a built library")

GLIBC_NEWEST = (2, 29)  # exp, log and pow as of 2019; anything newer shuts out systems that still run
STACK_MOST = 12 << 10   # bytes of one function; a whole call stays under 16 kB, which suite_guest measures

# What the library may ask of the system. Mathematics is pure; the rest stands beside the one file that may have it.
PURE = set("memcpy memmove memset memcmp memchr strlen strcmp strncmp strchr "
           "exp expm1 log log1p log2 log10 pow sqrt erf erfc fabs floor ceil trunc rint nearbyint fma fmin fmax fmod "
           "frexp ldexp scalbn modf copysign nextafter hypot ilogb lrint llrint round "
           "_GLOBAL_OFFSET_TABLE_ __stack_chk_fail".split())
ONLY_IN = {
    "memory.c.o": {"aligned_alloc", "free"},
    "guest.c.o": {"__errno_location", "fegetenv", "fesetenv"},
}


def exported(library=SHARED):
    lines = run("nm", "-D", "--defined-only", library).splitlines()
    return [line.split() for line in lines if line.strip()]


def dynamic_section(library=SHARED):
    return run("readelf", "-dW", library)


def test_exports_are_the_reviewed_list():
    names = sorted(name.split("@")[0] for _, kind, name in exported() if kind != "A")
    assert names == sorted(reviewed_list())


def test_exports_are_functions_under_one_version():
    for _, kind, name in exported():
        assert kind in "TA", f"{name} is of kind {kind}: no data leaves the library"
        assert name == "GEX_0" or name.endswith("@@GEX_0"), name


def test_exports_are_those_of_the_binding_description():
    described = re.findall(r"^\[function\.(gex_\w+)\]", (SOURCE / "bindings" / "api.toml").read_text(), re.M)
    assert sorted(described) == sorted(reviewed_list() + reviewed_list("fit/libgex-fit.map"))


def test_needs_libc_and_libm_only():
    needed = set(re.findall(r"\(NEEDED\).*\[(.*?)\]", dynamic_section()))
    assert needed <= {"libc.so.6", "libm.so.6"}, needed


@pytest.mark.skipif(FIT is None, reason="libgex-fit was not built: GSL was not found")
def test_second_library_exports_its_list_and_needs_gsl():
    assert sorted(name.split("@")[0] for _, kind, name in exported(FIT) if kind != "A") == \
        sorted(reviewed_list("fit/libgex-fit.map"))
    needed = set(re.findall(r"\(NEEDED\).*\[(.*?)\]", dynamic_section(FIT)))
    assert needed <= {"libgex.so.0", "libgsl.so.27", "libgslcblas.so.0", "libc.so.6", "libm.so.6"}, needed
    assert re.findall(r"\(SONAME\).*\[(.*?)\]", dynamic_section(FIT)) == ["libgex-fit.so.0"]
    assert "TEXTREL" not in dynamic_section(FIT)


@pytest.mark.skipif(FIT is None, reason="libgex-fit was not built: GSL was not found")
def test_second_library_leaves_the_handler_of_gsl_alone():
    """Neither the handler nor anything that could replace it, nor output, nor memory: of GSL only what works in
    place."""
    undefined = {line.split()[-1].split("@")[0] for line in run("nm", "-D", "--undefined-only", FIT).splitlines()}
    assert {name for name in undefined if name.startswith("gsl_")} <= {
        "gsl_linalg_QR_decomp", "gsl_linalg_QR_lssolve", "gsl_matrix_view_array", "gsl_vector_view_array"}
    assert not undefined & {"malloc", "calloc", "realloc", "aligned_alloc", "posix_memalign", "free"}
    assert not undefined & {"gsl_set_error_handler", "gsl_set_error_handler_off",
                            "gsl_error_handler", "gsl_stream_handler",
                            "printf", "puts", "fputs", "abort", "exit", "setlocale", "getenv", "time"}


def test_soname_is_the_abi():
    assert re.findall(r"\(SONAME\).*\[(.*?)\]", dynamic_section()) == ["libgex.so.0"]


def test_hardened():
    sections = dynamic_section()
    headers = run("readelf", "-lW", SHARED)
    assert "BIND_NOW" in sections or "NOW" in sections
    assert "TEXTREL" not in sections
    assert "GNU_RELRO" in headers
    assert re.search(r"GNU_STACK\s.*\sRW\s", headers), "the stack is executable"
    assert "RUNPATH" not in sections and "RPATH" not in sections


def test_no_constructor():
    sections = run("readelf", "-SW", SHARED)
    for name in (".init_array", ".fini_array"):
        size = re.search(re.escape(name) + r"\s+\S+\s+\S+\s+\S+\s+(\S+)", sections)
        assert size and int(size.group(1), 16) == 8, f"{name}: more than the toolchain's own entry"


def test_no_writable_global():
    for line in run("size", "-A", STATIC).splitlines():
        match = re.match(r"(\.(?:data|bss|tdata|tbss)\S*)\s+(\d+)", line)
        if match and not match.group(1).startswith(".data.rel.ro"):
            assert int(match.group(2)) == 0, line


def test_oldest_system_it_runs_on(record_property):
    versions = set(re.findall(r"@GLIBC_(\d+)\.(\d+)", run("nm", "-D", "--undefined-only", SHARED)))
    newest = max((int(major), int(minor)) for major, minor in versions)
    record_property("glibc", "%d.%d" % newest)
    print("needs glibc %d.%d" % newest)
    assert newest <= GLIBC_NEWEST


def undefined_by_object():
    current, found = None, {}
    for line in run("nm", "-u", STATIC).splitlines():
        if line.endswith(".o:"):
            current = line[:-1]
            found[current] = set()
        elif line.strip():
            found[current].add(line.split()[-1])
    return found


def not_a_guests(objects):
    for name, symbols in objects.items():
        allowed = set().union(*(extra for end, extra in ONLY_IN.items() if name.endswith(end)), PURE)
        for symbol in sorted(symbols):
            if not symbol.startswith("gex_") and symbol not in allowed:
                yield f"{name} calls {symbol}"


def test_calls_nothing_a_guest_does_not():
    objects = undefined_by_object()
    assert len(objects) > 20
    assert not list(not_a_guests(objects))


@pytest.mark.parametrize("name, symbol", [("status.c.o", "snprintf"), ("base_status.c.o", "malloc"),
                                          ("market_clock.c.o", "time"),
                                          ("feed_csv.c.o", "strtod"), ("memory.c.o", "abort"),
                                          ("math_root.c.o", "free")])
def test_a_bad_guest_is_seen(name, symbol):
    assert list(not_a_guests({name: {symbol}}))


def library_commands():
    commands = json.loads((BUILD / "compile_commands.json").read_text())
    return [entry["command"] for entry in commands
            if "libgex" in entry.get("output", "") and "/src/" in entry["file"].replace("\\", "/")]


def test_arithmetic_is_what_the_source_says():
    commands = library_commands()
    assert len(commands) > 20
    for command in commands:
        assert "-ffp-contract=off" in command
        assert not re.search(r"-Ofast|-ffast-math|-funsafe-math|-fassociative|-freciprocal|-ffinite-math",
                             command), command
    assert not re.search(r"-Ofast|-ffast-math|-funsafe-math", (BUILD / "build.ninja").read_text())


def test_stack_of_every_function():
    reports = [*BUILD.glob("libgex.*.p/*.su"), *BUILD.glob("src/fit/libgex-fit.so*.p/*.su")]
    if not reports:
        pytest.skip("this compiler does not report stack use")
    seen = 0
    for report in reports:
        for line in report.read_text().splitlines():
            place, size, kind = line.split("\t")
            seen += 1
            assert "dynamic" not in kind or "bounded" in kind, f"{place}: variable stack"
            assert int(size) <= STACK_MOST, f"{place}: {size} bytes of stack"
    assert seen > 100
