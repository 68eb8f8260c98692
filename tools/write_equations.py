#!/usr/bin/python3
"""Writes docs/equations.md: every numbered equation of Sun & Saslow 2023, the code that computes it, the tests that name it.

Nothing is listed by hand but what an equation says: code and tests are found by the equation numbers that they name, as
`Eq. (52)`, `Eqs. (53)-(57)`, `Eqs. (28), (29)` in comments, `Eqs53To57`, `Eq28And29` in names of C++ tests and
`eqs_53_to_57` in names of Python tests. `--check` compares with the page instead of writing it.
"""
import argparse
import glob
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PAGE = os.path.join(ROOT, "docs", "equations.md")
MOST = 3  # entries listed per cell; those that name the fewest equations come first, since they are the most specific

MEANING = {
    1: "M in equilibrium, zero-field cooled", 2: "M in equilibrium with remanence", 3: "free energy of M and θ [corrected]",
    4: "free energy of m", 5: "its differential: the conjugate fields", 6: "torque as a variational derivative",
    7: "torque Γ'", 8: "differential up to a divergence", 9: "effective field H*", 10: "deviation δM",
    11: "effective field h*", 12: "coupling λ_M = −1/χ_M", 13: "h* with the coupling", 14: "deviation δm [corrected]",
    15: "H* with the coupling", 16: "δM with the coupling", 17: "ξ = χ_m/χ_M", 18: "δm by ΔM", 19: "δM by ΔM",
    20: "conservation of energy", 21: "production of entropy", 22: "motion of M", 23: "motion of m", 24: "motion of θ",
    25: "energy balance", 26: "entropy production [corrected]", 27: "flux of heat and entropy",
    28: "relaxation of M", 29: "relaxation of m", 30: "spin current [corrected]", 31: "texture turns in H*",
    32: "damping of the texture", 33: "Onsager relation of the cross rates", 34: "spin wave: rate of M",
    35: "spin wave: rate of θ", 36: "wave equation", 37: "spin-wave velocity", 38: "gap of the spin waves",
    39: "pure spin diffusion", 40: "deviations without field", 41: "linear rate of M", 42: "linear rate of θ",
    43: "linear rate of m", 44: "rate of M in M and m", 45: "rate of θ in M and m", 46: "rate of m in M and m",
    47: "linear torque", 48: "K' = K + ρ_s k²", 49: "total relaxation rates", 50: "r and ξ by times",
    51: "linear eigenvalue problem", 52: "the linear matrix", 53: "M-θ mode: rate of M", 54: "M-θ mode: rate of θ",
    55: "M-θ mode as a matrix", 56: "its determinant", 57: "its frequencies", 58: "K' at given ω", 59: "row of M with it",
    60: "θ/M of the spin wave [corrected]", 61: "row of m [corrected]", 62: "m/M of the spin wave [corrected]",
    63: "diffusion mode: rate of m", 64: "the same for waves [corrected]", 65: "its k² [corrected]",
    66: "its K' [corrected]", 67: "row of M driven by m", 68: "row of θ driven by m", 69: "M/m", 70: "θ/m",
    71: "total magnetization (M + m)/m",
}
IN_TEXT = re.compile(r"Eqs?\.\s*((?:\(\d+\)(?:\s*\[[a-z]+\])?\s*(?:-|–|to|and|,|, and)?\s*)+)")
IN_CPP_NAME = re.compile(r"Eqs?(\d+(?:(?:To|And|AndEqs?|Corrected|CorrectedAnd)\d+)*)")
IN_PYTHON_NAME = re.compile(r"eqs?_(\d+(?:_(?:to_|and_)?\d+)*)")


def spread(tokens):
    """[3, 'to', 5, 9] -> {3, 4, 5, 9}."""
    found, previous, through = set(), None, False
    for token in tokens:
        if token.isdigit():
            number = int(token)
            found.update(range(previous, number + 1) if through and previous else [number])
            previous, through = number, False
        elif token.lower() in ("to", "-", "–"):
            through = True
    return found


def equations_in(text):
    """Numbers of the equations that a piece of text names."""
    found = set()
    text = re.sub(r"\n\s*///?\s*", " ", text)
    for listed in IN_TEXT.findall(text):
        found |= spread(re.findall(r"\d+|to|-|–", listed))
    for listed in IN_CPP_NAME.findall(text):
        found |= spread(re.findall(r"\d+|To", listed))
    for listed in IN_PYTHON_NAME.findall(text):
        found |= spread(re.findall(r"\d+|to", listed))
    return {number for number in found if 1 <= number <= 71}


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def files(pattern):
    return sorted(glob.glob(os.path.join(ROOT, pattern), recursive=True))


def code_entries():
    """(file, equations) for every source that names equations."""
    for path in files("src/vitrispin/**/*.[hc]pp"):
        found = equations_in(read(path))
        if found:
            yield os.path.relpath(path, ROOT), found


def blocks(path):
    """(test's name, its text with the comment above it)."""
    text = read(path)
    if path.endswith(".py"):
        starts = list(re.finditer(r"^    def (test_\w+)\(", text, flags=re.MULTILINE))
        names = [match.group(1) for match in starts]
    else:
        starts = list(re.finditer(r"^(?://[^\n]*\n)*(?:TEST|TEST_F|TEST_P|RC_GTEST_PROP)\(\s*(\w+),\s*(\w+)", text,
                                  flags=re.MULTILINE))
        names = [f"{match.group(1)}.{match.group(2)}" for match in starts]
    ends = [match.start() for match in starts[1:]] + [len(text)]
    return [(name, text[match.start():end]) for name, match, end in zip(names, starts, ends)]


def test_entries():
    """(file, name, equations) for every test that names equations in its name, its body or the comment above it."""
    for path in files("tests/**/*_test.cpp") + files("tests/**/*_test.py"):
        if os.sep + "structure" + os.sep in path:
            continue
        for name, text in blocks(path):
            found = equations_in(text)
            if found:
                yield os.path.relpath(path, ROOT), name, found


def order_of(path):
    """Physics first, then the modules in the order in which they build on one another."""
    modules = ["physics", "modes", "film", "io", "app"]
    part = path.split(os.sep)[2] if path.startswith("src") else path.split(os.sep)[1]
    return modules.index(part) if part in modules else len(modules)


def link(path, text=None):
    return f"[`{text or os.path.basename(path)}`](../{path})"


def rows():
    """Equation -> (code cells, test cells)."""
    code, tests = list(code_entries()), list(test_entries())
    table = {}
    for number in MEANING:
        where = sorted((order_of(path), path) for path, found in code if number in found)
        checks = sorted((number not in equations_in(name), len(found), order_of(path), path, name)
                        for path, name, found in tests if number in found)
        table[number] = ([link(path) for _, path in where[:MOST]],
                         [link(path, name) for _, _, _, path, name in checks[:MOST]])
    return table


def page():
    lines = ["# Equation, code, test", "",
             "Every numbered equation of Sun & Saslow, Phys. Rev. B 107, 094438 (2023), with the code that computes it and",
             "tests that name it. `[corrected]`: see the table of corrections in [theory.md](theory.md). This page is written",
             "by `make docs` (`tools/write_equations.py`) from the equation numbers that code and tests name;",
             "`tests/structure/equations_test.py` fails if it is out of date or an equation lacks code or a test.", "",
             "| Eq. | what it says | code | tests |", "|---|---|---|---|"]
    for number, (code, tests) in rows().items():
        lines.append(f"| ({number}) | {MEANING[number]} | {', '.join(code)} | {', '.join(tests)} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the page and exit 1 if it differs")
    options = parser.parse_args()
    lacking = [f"Eq. ({number}) has no {what}" for number, cells in rows().items()
               for what, cell in zip(("code", "test"), cells) if not cell]
    print("\n".join(lacking), end="\n" if lacking else "")
    if options.check:
        if not os.path.exists(PAGE) or read(PAGE) != page():
            print("docs/equations.md is out of date: run tools/write_equations.py")
            sys.exit(1)
        sys.exit(1 if lacking else 0)
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(page())


if __name__ == "__main__":
    main()
