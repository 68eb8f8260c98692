#!/usr/bin/python3
"""Runs every benchmark with its peers, in turn, and writes bench/results/*.json and the tables of bench/README.md.

    bench/run.py [NAME ...] [--build FOLDER] [--rounds N] [--dry]

Each bench/peers_NAME.py is one benchmark: `measure(build, rounds)` returns a dictionary that becomes results/NAME.json, and
`table(results)` the Markdown that goes between the marks <!-- NAME --> and <!-- end NAME --> of README.md.
"""
import argparse
import importlib
import json
import pathlib
import platform
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.processor()


def put_in_readme(name, text):
    readme = HERE / "README.md"
    content = readme.read_text() if readme.exists() else "# Benchmarks\n"
    begin, end = f"<!-- {name} -->", f"<!-- end {name} -->"
    if begin not in content:
        content += f"\n{begin}\n{end}\n"
    head, rest = content.split(begin, 1)
    tail = rest.split(end, 1)[1]
    readme.write_text(f"{head}{begin}\n{text.rstrip()}\n{end}{tail}")


def main():
    known = sorted(path.stem.removeprefix("peers_") for path in HERE.glob("peers_*.py"))
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(known)}; all if none is given")
    arguments.add_argument("--build", default=HERE.parent / "build", type=pathlib.Path)
    arguments.add_argument("--rounds", default=9, type=int)
    arguments.add_argument("--dry", action="store_true", help="print, change no file")
    options = arguments.parse_args()
    unknown = set(options.names) - set(known)
    if unknown:
        arguments.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    for name in options.names or known:
        benchmark = importlib.import_module(f"peers_{name}")
        results = {"processor": processor(), "rounds": options.rounds}
        results.update(benchmark.measure(options.build, options.rounds))
        text = benchmark.table(results)
        print(text)
        if not options.dry:
            (HERE / "results").mkdir(exist_ok=True)
            (HERE / "results" / f"{name}.json").write_text(json.dumps(results, indent=1) + "\n")
            put_in_readme(name, text)


if __name__ == "__main__":
    main()
