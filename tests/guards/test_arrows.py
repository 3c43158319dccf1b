# SPDX-License-Identifier: Apache-2.0
"""Which room may include which: the arrows of src/README.md, kept true over the #include lines."""
import re

import pytest

from house import FIT_HEADER, HEADERS, SOURCE

# A room, and the rooms it may see besides itself and the public headers.
MAY_SEE = {
    "base": set(),
    "math": {"base"},
    "market": {"base", "math"},
    "dealer": {"base", "math", "market"},
    "risk": {"base", "math", "market", "dealer"},
    "live": {"base", "math", "market", "dealer", "risk"},
    "feed": {"base"},
    "report": {"base"},
    "fit": set(),  # the second library: public headers, and GSL
}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
SYSTEM = re.compile(r"^(std\w+|math|string|float|fenv|errno|limits|xmmintrin|immintrin|cpuid|arm_neon|"
                    r"time|ctype|locale|unistd|sys/\w+)\.h$")


def wrong_includes(room, text, own):
    """Lines of a file of `room` that it should not have; `own` are the files beside it."""
    for kind, name in INCLUDE.findall(text):
        head = name.split("/")[0]
        if kind == "<":
            allowed = name.startswith("gex/") or bool(SYSTEM.match(name)) or room == "fit" and head == "gsl"
        elif "/" in name:
            allowed = head in MAY_SEE[room] | {room} or name in own
        else:
            allowed = name in own
        if not allowed or ".." in name:
            yield name


def files_of(room):
    return sorted(path for path in (SOURCE / "src" / room).rglob("*") if path.suffix in (".c", ".h", ".inc"))


@pytest.mark.parametrize("room", sorted(MAY_SEE))
def test_room_sees_only_what_lies_left_of_it(room):
    files = files_of(room)
    assert files, f"src/{room} is empty"
    for path in files:
        own = {str(other.relative_to(path.parent)) for other in files if other.is_relative_to(path.parent)}
        own |= {str(other.relative_to(SOURCE / "src" / room)) for other in files}
        wrong = list(wrong_includes(room, path.read_text(), own))
        assert not wrong, f"{path.relative_to(SOURCE)} includes {wrong}"


def test_every_room_has_arrows():
    rooms = {path.name for path in (SOURCE / "src").iterdir() if path.is_dir()}
    assert rooms == set(MAY_SEE)


def test_an_arrow_against_the_stream_is_seen():
    assert list(wrong_includes("market", '#include "dealer/book.h"\n', set())) == ["dealer/book.h"]
    assert list(wrong_includes("feed", '#include "market/chain.h"\n', set())) == ["market/chain.h"]
    assert list(wrong_includes("base", "#include <jansson.h>\n", set())) == ["jansson.h"]
    assert list(wrong_includes("risk", '#include "../math/sum.h"\n', set())) == ["../math/sum.h"]
    assert list(wrong_includes("market", "#include <gsl/gsl_math.h>\n", set())) == ["gsl/gsl_math.h"]
    assert list(wrong_includes("fit", '#include "base/base.h"\n', set())) == ["base/base.h"]
    assert not list(wrong_includes("risk", '#include "math/sum.h"\n#include <gex/book.h>\n#include <math.h>\n', set()))


def test_public_headers_see_earlier_stages_only():
    umbrella = [name for _, name in INCLUDE.findall((SOURCE / "include" / "gex.h").read_text())]
    assert sorted(umbrella) == sorted(f"gex/{path.name}" for path in HEADERS[1:]), "gex.h lists every header once"
    for path in HEADERS[1:]:
        place = umbrella.index(f"gex/{path.name}")
        for _, name in INCLUDE.findall(path.read_text()):
            assert name == "stdint.h" or name in umbrella[:place], f"{path.name} includes {name}"
    assert [name for _, name in INCLUDE.findall(FIT_HEADER.read_text())] == ["gex/surface.h"]


def test_examples_use_the_public_header_only():
    files = sorted((SOURCE / "examples").glob("*.[ch]"))
    assert files
    own = {path.name for path in files}
    for path in files:
        for kind, name in INCLUDE.findall(path.read_text()):
            assert not name.startswith("gex/"), f"{path.name} includes <{name}>: <gex.h> is enough"
            assert kind == "<" or name in own, f'{path.name} includes "{name}"'
