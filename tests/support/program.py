"""Starts the program under test, whose path the environment variable VITRISPIN holds."""
import os
import pathlib
import subprocess

PROGRAM = os.environ["VITRISPIN"]
SOURCE = pathlib.Path(os.environ.get("VITRISPIN_SOURCE_DIR", pathlib.Path(__file__).parents[2]))
LONG = os.environ.get("VITRISPIN_TEST_LEVEL") == "long"
SANITIZED = "san" in os.environ.get("VITRISPIN_BUILD_DIR", "")  # costs a factor in time


def thinned(example, folder):
    """An example whose large grid is made small, in `folder`: its report has everything, its run takes a second."""
    path = pathlib.Path(folder) / pathlib.Path(example).name
    path.write_text(pathlib.Path(example).read_text(encoding="utf-8").replace("cells = 64", "cells = 16"), encoding="utf-8")
    return str(path)


def run(*arguments, env=None, timeout=120, **options):
    """The finished process, with standard output and standard error as text."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.run([PROGRAM, *map(str, arguments)], env=dict(os.environ, **(env or {})), text=True,
                          errors="replace", timeout=timeout, check=False, **options)


def start(*arguments, **options):
    """The process, still running, with both outputs as pipes."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen([PROGRAM, *map(str, arguments)], text=True, **options)
