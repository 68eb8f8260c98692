#!/usr/bin/python3
"""The lint gate: clang-format on every C++ file, clang-tidy on every source of src/.

clang-tidy's verdict on a file depends on the file, the project's headers that it includes, its compile command and the
checks; a file for which all of these are as they were when it passed is not checked again (stamps in BUILD/tidy).
"""
import argparse
import concurrent.futures
import functools
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


def tool(name):
    """Debian 12's version, so that the verdict does not depend on the machine."""
    found = shutil.which(f"{name}-14") or shutil.which(name)
    if not found:
        sys.exit(f"{name}-14 is not installed: tools/install_packages.sh lint")
    return found


def cpp_files():
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "*.hpp", "*.cpp"], cwd=ROOT,
                            capture_output=True, text=True, check=True).stdout.split()
    return [name for name in sorted(set(listed)) if os.path.exists(os.path.join(ROOT, name)) and "third_party" not in name]


@functools.lru_cache(maxsize=None)
def content(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def closure(path, seen):
    """The file and every header of the project that it includes."""
    if path in seen:
        return seen
    seen.add(path)
    for name in INCLUDE.findall(content(path)):
        for folder in (os.path.join(ROOT, "src"), os.path.join(ROOT, "tests"), os.path.dirname(path)):
            candidate = os.path.join(folder, name)
            if os.path.exists(candidate):
                closure(os.path.normpath(candidate), seen)
                break
    return seen


def fingerprint(entry, settings):
    digest = hashlib.sha256(settings.encode())
    digest.update(entry["command"].encode())
    for path in sorted(closure(entry["file"], set())):
        digest.update(content(path).encode())
    return digest.hexdigest()


def check_format(write):
    files = cpp_files()
    options = ["-i"] if write else ["--dry-run", "-Werror"]
    result = subprocess.run([tool("clang-format")] + options + files, cwd=ROOT, capture_output=True, text=True, check=False)
    if result.returncode:
        faults = sorted(set(re.findall(r"^(.+?:\d+):\d+: ", result.stderr, flags=re.MULTILINE)))
        print("\n".join(faults) or result.stderr)
        print("clang-format: not in order at the lines above; run `make format`")
    else:
        print(f"clang-format: {len(files)} files {'written' if write else 'in order'}")
    return result.returncode == 0


def tidy(entry, build, stamp):
    start = time.time()
    options = ["-Wno-unknown-warning-option"]  # some are for g++ alone
    # The analyser explores at most this many states per function: without a bound one file can take minutes.
    options += ["-Xclang", "-analyzer-config", "-Xclang", "max-nodes=20000"]
    result = subprocess.run([tool("clang-tidy"), "--quiet", "-p", build, entry["file"]]
                            + [f"--extra-arg={option}" for option in options], cwd=ROOT, capture_output=True, text=True,
                            check=False)
    if result.returncode == 0:
        with open(stamp, "w", encoding="utf-8"):
            pass
    return entry["file"], result, time.time() - start


def check_tidy(build, jobs):
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        commands = json.load(file)
    folders = tuple(os.path.join(ROOT, name) + os.sep for name in ("src",))
    entries = {entry["file"]: entry for entry in commands if entry["file"].startswith(folders)}
    version = subprocess.run([tool("clang-tidy"), "--version"], capture_output=True, text=True, check=True).stdout
    settings = version + content(os.path.join(ROOT, ".clang-tidy"))
    stamps = os.path.join(build, "tidy")
    os.makedirs(stamps, exist_ok=True)
    due = []
    for entry in entries.values():
        stamp = os.path.join(stamps, fingerprint(entry, settings))
        if not os.path.exists(stamp):
            due.append((entry, stamp))
    due.sort(key=lambda pair: -len(content(pair[0]["file"])))  # the longest first, so that no core idles at the end
    passed = True
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for path, result, seconds in pool.map(lambda pair: tidy(pair[0], build, pair[1]), due):
            if seconds > 20 or result.returncode:
                print(f"  {seconds:5.1f} s  {os.path.relpath(path, ROOT)}", flush=True)
            if result.returncode:
                passed = False
                print(result.stdout + re.sub(r"^\d+ warnings? .*\n", "", result.stderr, flags=re.MULTILINE))
    print(f"clang-tidy: {len(due)} of {len(entries)} files checked, the others are unchanged; "
          f"{'in order' if passed else 'faults above'}")
    return passed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", help="build folder with compile_commands.json")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--write", action="store_true", help="rewrite the layout instead of checking")
    options = parser.parse_args()
    start = time.time()
    good = check_format(options.write)
    if not options.write:
        good = check_tidy(os.path.join(ROOT, options.build), options.jobs) and good
    print(f"lint: {'passed' if good else 'FAILED'} in {time.time() - start:.0f} s")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
