# SPDX-License-Identifier: Apache-2.0
"""What the guards share: where things are, and the public functions as the headers declare them."""
import os
import pathlib
import re
import shutil
import subprocess

SOURCE = pathlib.Path(os.environ.get("GEX_SOURCE", pathlib.Path(__file__).resolve().parents[2]))
BUILD = pathlib.Path(os.environ["GEX_BUILD"]) if "GEX_BUILD" in os.environ else None
SHARED = os.environ.get("GEX_LIBRARY")
FIT = os.environ.get("GEX_FIT_LIBRARY")  # None where GSL was not found
STATIC = os.environ.get("GEX_STATIC")

FIT_HEADER = SOURCE / "include" / "gex" / "fit.h"  # of the second library, which gex.h does not include
HEADERS = [SOURCE / "include" / "gex.h",
           *(path for path in sorted((SOURCE / "include" / "gex").glob("*.h")) if path != FIT_HEADER)]


def run(*command, **options):
    """Standard output of a command that has to succeed."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stderr}"
    return done.stdout


def compilers():
    """Pairs of a C and a C++ compiler found here, gcc's first."""
    pairs = [("gcc", "g++"), ("clang-19", "clang++-19"), ("clang", "clang++")]
    found = [pair for pair in pairs if shutil.which(pair[0]) and shutil.which(pair[1])]
    return found[:2]


def without_comments(text):
    return re.sub(r"//[^\n]*", "", re.sub(r"/\*.*?\*/", " ", text, flags=re.S))


def declarations(headers=None):
    """name -> (return type, [argument texts]) of every GEX_API function."""
    found = {}
    for header in headers or HEADERS:
        text = re.sub(r"^\s*#.*?(?<!\\)$", "", without_comments(header.read_text()), flags=re.S | re.M)
        for match in re.finditer(r"GEX_API\s+([^;]*?)\s*(\w+)\s*\(([^;]*)\)\s*;", text):
            kind, name, arguments = match.groups()
            assert name not in found, f"{name} is declared twice"
            found[name] = (kind.strip(), [part.strip() for part in arguments.split(",")])
    return found


def reviewed_list(script="libgex.map"):
    """Names in a version script."""
    text = without_comments((SOURCE / "src" / script).read_text())
    return re.findall(r"\b(gex_\w+)\s*;", text)


def tracked_files():
    """Files under version control, or all but build output where there is no repository."""
    listed = subprocess.run(["git", "-C", str(SOURCE), "ls-files", "-z"], capture_output=True)
    if listed.returncode == 0 and listed.stdout:
        return [SOURCE / name for name in listed.stdout.decode().split("\0") if name and (SOURCE / name).is_file()]
    skip = re.compile(r"/(\.git|build[^/]*|node_modules|__pycache__)/")
    return [path for path in SOURCE.rglob("*") if path.is_file() and not skip.search(str(path))]
