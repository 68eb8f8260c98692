#!/usr/bin/python3
"""Bad input on the command line: exit status 2 with file:line:column for each fault, and never a crash."""
import os
import pathlib
import random
import re
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from program import run  # noqa: E402
from test_seed import test_seed  # noqa: E402

FAULT = re.compile(r"^(?P<file>.+?):(?P<line>\d+):(?P<column>\d+): (?P<message>.+)$", re.MULTILINE)

GOOD = """\
[materials.glass]
preset = "ayig"
K = "0.4 erg cm-3"
chi_m = 1e-3

[[layers]]
name = "film"
material = "glass"
thickness = "200 nm"

[boundary.left]
current = [0, 0, 1.0]
[boundary.right]
conductance = inf

[[experiments]]
kind = "modes"
k = { from = 1e6, to = 1e9, points = 20, scale = "log" }
sigma = [0]

[[experiments]]
kind = "steady"
"""
KEYS = ["preset", "K", "chi_m", "name", "material", "thickness", "current", "conductance", "kind", "k", "from", "to",
        "points", "scale", "sigma"]


# Every key of a time experiment, the drives in each of their shapes.
GOOD_TIME = """\
[materials.glass]
preset = "ayig"
[[layers]]
name = "film"
material = "glass"
thickness = "200 nm"
cells = 40
[boundary.left]
current = [0, 0, 1.0]
[boundary.right]
conductance = inf
[[experiments]]
kind = "time"
duration = "2 ns"
output = { from = 0, to = "1 ns", points = 5 }
method = "imex"
rtol = 1e-5
atol = { M = "1e-9 A/m", m = "1e-9 A/m", theta = "1e-9 rad" }
checkpoint = { every = "5 min" }
initial = [
  { field = "m", component = "x", shape = "gaussian", amplitude = "2 A/m", center = "100 nm", width = "20 nm" },
  { field = "theta", shape = "cosine", amplitude = "0.5 degree", k = "3e7 rad/m" },
  { field = "M", shape = "uniform", amplitude = 0.5 },
  { random = "1e-3 A/m", seed = 7 },
]
drives = [
  { target = "field.H", shape = "sine", amplitude = "5 mT", frequency = "1 GHz", phase = "30 degree", k = "2e7 rad/m" },
  { target = "field.H", component = "x", shape = "chirp", amplitude = "4 A/m", frequency = "2 GHz", end_frequency = "3 GHz" },
  { target = "boundary.left.current", shape = "pulse", amplitude = "6 A/s", center = "10 ps", width = "3 ps" },
  { target = "boundary.right.potential", shape = "ramp", from = "1 A/m", to = "8 A/m", start = "1 ps", end = "9 ps" },
  { target = "materials.glass.K", shape = "table", times = ["0 ps", "4 ps"], values = ["0 J/m^3", "11 J/m^3"] },
]
probes = [{ x = "50 nm" }, { x = "150 nm" }]

[[experiments]]
name = "fixed"
kind = "time"
duration = "1 ps"
method = "gauss4"
dt = "0.1 ps"
initial = { mode = 2, k = "1e7 m-1", sigma = 0, amplitude = "1 A/m", wave = "travelling" }
"""
TIME_KEYS = ["duration", "output", "method", "rtol", "atol", "theta", "checkpoint", "every", "initial", "field",
             "component", "shape", "amplitude", "center", "width", "k", "random", "seed", "drives", "target", "frequency",
             "phase", "end_frequency", "from", "to", "start", "end", "times", "values", "probes", "x", "dt", "mode", "sigma", "wave"]
# What may be negative; the rest must not.
SIGNED = {"amplitude", "center", "k", "phase", "from", "to", "start", "times", "values", "sigma"}


def check(path):
    return run("check", path, timeout=60)


class InputTest(unittest.TestCase):
    """Checks of texts as input files, in a folder of their own."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, text, name="film.toml"):
        path = os.path.join(self.folder.name, name)
        with open(path, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        return path

    def refused(self, text):
        """The faults, by place, of a text that must be refused."""
        path = self.write(text)
        done = check(path)
        shown = done.stderr
        self.assertEqual(done.returncode, 2, shown or text)
        self.assertEqual(done.stdout, "")
        return {(int(m["line"]), int(m["column"])): m["message"] for m in FAULT.finditer(shown) if m["file"].endswith(path)}

    @staticmethod
    def place(text, offset):
        before = text[:offset]
        return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1

    def with_change(self, good, begin, end, replacement):
        """The message at the place of what is replaced."""
        bad = good[:begin] + replacement + good[end:]
        faults = self.refused(bad)
        message = faults.get(self.place(bad, begin))
        self.assertIsNotNone(message, f"{replacement} for {good[begin:end]}: {faults}\n{bad}")
        return message

    def misspell(self, good, key):
        match = re.search(rf"(?:^|{{ |, ){key}(?= = )", good, re.MULTILINE)
        offset = match.end() - len(key)
        self.assertIn(f"did you mean {key}?", self.with_change(good, offset, match.end(), key + "x"))


class BadInputTest(InputTest):
    def test_a_good_file_passes(self):
        done = check(self.write(GOOD))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("thickness = 2e-07", done.stdout)

    def test_every_misspelled_key_is_named_with_its_place_and_the_right_one(self):
        for key in KEYS:
            self.misspell(GOOD, key)

    def test_every_bad_number_is_named_with_its_place(self):
        for number in re.finditer(r"(?<=[\[= ])(\d[\d.]*(?:e-?\d+)?)(?=[\],\n ])", GOOD):
            for value in ("nan", "1e400", "\"oops\"", "true"):
                self.with_change(GOOD, number.start(), number.end(), value)

    def test_all_faults_are_told_at_once_in_the_order_of_the_file(self):
        bad = GOOD.replace("chi_m = 1e-3", "chi_m = 0.02").replace("200 nm", "200 ns").replace("points", "poinst")
        faults = self.refused(bad)
        self.assertEqual(list(faults), sorted(faults))
        self.assertEqual([line for line, _ in faults], [4, 9, 18])
        self.assertIn("must be below chi_M = 0.014", faults[4, 9])

    def test_unreadable_files_are_refused(self):
        for path in (self.folder.name, os.path.join(self.folder.name, "none.toml"), "/dev/null", ""):
            done = check(path)
            self.assertEqual(done.returncode, 2, path)
            self.assertTrue(done.stderr)
        path = self.write(GOOD)
        os.chmod(path, 0)
        if not os.access(path, os.R_OK):  # root reads everything
            self.assertEqual(check(path).returncode, 2)

    def test_noise_of_every_kind_is_refused_quickly(self):
        noise = random.Random(test_seed())
        texts = [b"", b"\xef\xbb\xbf", noise.randbytes(10_000_000), b"\0" * 1000, b"[" * 1_000_000, b"a." * 1_000_000,
                 b"x = " + b"{a=" * 100_000, b"a = [" + b"1," * 3_000_000 + b"]", b"\n" * 10_000_000,
                 "".join(noise.choice("[]{}=\"'.,\n#ab1e- ") for _ in range(1_000_000)).encode()]
        texts += [f"[[experiments]]\nkind = \"modes\"\nk = {{ from = 1, to = 2, points = {n} }}\n".encode() for n in (10**9, 10**18, 10**30)]
        for text in texts:
            start = time.monotonic()
            done = check(self.write(text))
            self.assertEqual(done.returncode, 2, text[:40])
            self.assertTrue(done.stderr)
            # Half a second here; the rest is for slow machines and sanitizers.
            self.assertLess(time.monotonic() - start, 20, text[:40])

    def test_damaged_copies_of_a_good_file_never_crash(self):
        noise = random.Random(test_seed())
        for number in range(60):
            text = bytearray((GOOD if number % 2 else GOOD_TIME).encode())
            for _ in range(noise.randrange(1, 6)):
                at = noise.randrange(len(text))
                text[at:at + noise.randrange(3)] = noise.randbytes(noise.randrange(3))
            self.assertIn(check(self.write(bytes(text))).returncode, (0, 2), bytes(text))


class TimeInputTest(InputTest):
    """The keys of time experiments."""

    numbers = [match for match in re.finditer(
        r"""(?P<key>\w+) = (?P<value>"(?P<quantity>[\d.e-]+) [^"]*"|[\d.][\d.e-]*)""",
        GOOD_TIME) if match.start() > GOOD_TIME.index("[[experiments]]")]

    def test_a_good_file_passes(self):
        done = check(self.write(GOOD_TIME))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(self.numbers), 39, "a number is not recognised as such")

    def test_every_misspelled_key_is_named_with_its_place_and_the_right_one(self):
        for key in TIME_KEYS:
            self.misspell(GOOD_TIME, key)

    def test_every_number_is_refused_if_it_is_none(self):
        for number in self.numbers:
            for value in ("nan", "1e400", '"oops"', "true", "[]", "{}"):
                if value == "[]" and number["key"] in ("times", "values"):
                    continue
                self.with_change(GOOD_TIME, *number.span("value"), value)

    def test_every_number_is_refused_if_its_sign_or_size_is_wrong(self):
        for number in self.numbers:
            if number["key"] not in SIGNED and number["key"] != "x" and number["key"] != "end":
                self.with_change(GOOD_TIME, *number.span("value"), "-1")
            if number["key"] != "seed" and number["key"] != "points":
                self.with_change(GOOD_TIME, *number.span("value"), "inf")

    def test_every_wrong_unit_is_told(self):
        for number in self.numbers:
            if number["quantity"]:
                message = self.with_change(GOOD_TIME, *number.span("value"), f'"{number["quantity"]} kg"')
                self.assertIn("kg", message)

    def test_every_unknown_word_is_told_alone(self):
        """What depends on the word that is wrong (a shape's keys, a target's unit) makes no further faults."""
        for match in re.finditer(r'(?<=\b)(field|component|shape|target|method|wave) = ("[^"]*")', GOOD_TIME):
            bad = GOOD_TIME[:match.start(2)] + '"nothing"' + GOOD_TIME[match.end(2):]
            faults = self.refused(bad)
            self.assertEqual(list(faults), [self.place(bad, match.start(2))], faults)

    def test_rules_between_keys(self):
        for good, bad, said in (
                ('cells = 40', '', "cells is missing"),
                ('to = "1 ns"', 'to = "3 ns"', "past the duration"),
                ('output = { from = 0, to = "1 ns", points = 5 }', 'output = [0, "1 ns", "1 ns"]', "must ascend"),
                ('rtol = 1e-5', 'rtol = 1', "must be below 1"),
                ('method = "imex"', 'method = "midpoint"', "dt is missing"),
                ('method = "imex"', 'dt = "1 ps"', "dt has no meaning"),
                ('method = "imex"', 'method = "explicit"\ndt = "1 ps"', "dt has no meaning"),
                ('method = "imex"', 'method = "explict"', "explicit"),
                ('method = "imex"', 'method = "exact"', "boundary right is a contact"),
                ('atol = {', 'atol = [{}, {', None),
                (', width = "20 nm"', '', "width is missing"),
                ('seed = 7', 'seed = 7, k = 1', "k has no meaning"),
                ('end = "9 ps"', 'end = "0.5 ps"', "is not after start"),
                ('times = ["0 ps", "4 ps"]', 'times = ["4 ps", "4 ps"]', "later than the one before"),
                ('times = ["0 ps", "4 ps"]', 'times = ["4 ps"]', "values has 2 numbers, but times has 1"),
                ('materials.glass.K', 'materials.glas.K', "did you mean"),
                ('current = [0, 0, 1.0]', 'closed = true', "boundary.left.current is driven"),
                ('x = "150 nm"', 'x = "250 nm"', "outside the stack"),
                ('initial = [', 'initial = [7,', "initial must be"),
                ('mode = 2', 'mode = 3', "whole number from 0 to 2"),
                ('sigma = 0', 'sigma = 2', "whole number from -1 to 1"),
                ('k = "1e7 m-1", ', '', "k is missing"),
                ('"1 A/m", wave', '"1 rad", wave', "rad"),
                ('wave = "travelling"', 'seed = 3', "seed has no meaning for a mode"),
                ('k = "1e7 m-1"', 'k = 0', "leaves theta without energy"),
                ('[[experiments]]', '[field]\nH = [0, 1, 0]\n[[experiments]]', "is not parallel"),
                ('"5 mT"', '"1e307 T"', "5 mT")):
            text = GOOD_TIME.replace(good, bad, 1)
            if said == "is not parallel":
                text = text.replace('preset = "ayig"', 'preset = "ayig"\nM0 = [1, 0, 0]')
            if said == "leaves theta without energy":
                text = text.replace('preset = "ayig"', 'preset = "ayig"\nK = 0')
            if said is None:
                text = re.sub(r"atol = .*", "atol = [{}, {}]", GOOD_TIME)
                said = "atol must be a table"
            elif "1e307" in bad:
                said = "must be finite"
            shown = " ".join(self.refused(text).values())
            self.assertIn(said, shown, bad)

    def test_a_mode_needs_one_material_that_has_it(self):
        def shown(layers):
            stack = "".join(f'[[layers]]\nname = "{i}"\nmaterial = "{name}"\nthickness = 1e-8\ncells = 2\n'
                            for i, name in enumerate(layers))
            text = ('[materials.pt]\npreset = "pt"\n[materials.glass]\npreset = "ayig"\n' + stack +
                    '[[experiments]]\nkind = "time"\nduration = 1e-12\ninitial = { mode = 1, k = 1e7, amplitude = 1 }\n')
            if layers == ["glass", "glass"]:
                self.assertEqual(check(self.write(text)).returncode, 0)
                return ""
            faults = self.refused(text)
            self.assertEqual(list(faults), [self.place(text, text.index("{ mode"))])
            return " ".join(faults.values())
        shown(["glass", "glass"])
        self.assertIn("there are glass and pt", shown(["pt", "glass"]))
        self.assertIn("mode = 1 does not exist in pt, a metal", shown(["pt"]))


# Every key of an experiment on atoms.
GOOD_ATOMS = """\
[materials.glass]
preset = "cumn-1pct"
from = "cumn"
[[experiments]]
name = "cumn"
kind = "atoms"
lattice = "fcc"
constant = "3.61 angstrom"
size = [8, 8, 8]
open = false
concentration = 0.03
spin = 2.5
gamma = 1.76e11
coupling = { kind = "rkky", A = "7.5e-37 erg cm3", k_F = "1.36e10 rad/m", phase = "0.1 rad", mean_free_path = "5 nm", cutoff = "1.4 nm" }
anisotropy = { kind = "dm", strength = 0.05, cutoff = "1.1 nm" }
samples = 4
minima = 2
spectrum = true
seed = 7
"""
ATOMS_KEYS = ["from", "lattice", "constant", "size", "open", "concentration", "spin", "coupling", "A", "k_F", "phase",
              "mean_free_path", "cutoff", "anisotropy", "strength", "samples", "minima", "spectrum", "seed"]


class AtomsInputTest(InputTest):
    """The keys of experiments on atoms."""

    numbers = list(re.finditer(r"""(?P<key>\w+) = (?P<value>"(?P<quantity>[\d.e-]+) [^"]*"|[\d.][\d.e]*)""", GOOD_ATOMS))

    def test_a_good_file_passes_and_reads_back_to_itself(self):
        done = check(self.write(GOOD_ATOMS))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(self.numbers), 14, "a number is not recognised as such")
        resolved = re.sub(r"^# What follows.*", "", done.stdout, flags=re.MULTILINE | re.DOTALL)
        again = check(self.write(resolved))
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(re.sub(r"^# What follows.*", "", again.stdout, flags=re.MULTILINE | re.DOTALL), resolved)

    def test_every_misspelled_key_is_named_with_its_place_and_the_right_one(self):
        for key in ATOMS_KEYS:
            self.misspell(GOOD_ATOMS, key)

    def test_every_number_is_refused_if_it_is_none_or_infinite(self):
        for number in self.numbers:
            for value in ("nan", "1e400", '"oops"', "true", "[]", "{}", "inf"):
                if value != "inf" or number["key"] != "mean_free_path":
                    self.with_change(GOOD_ATOMS, *number.span("value"), value)

    def test_every_number_is_refused_if_its_sign_is_wrong(self):
        for number in self.numbers:
            if number["key"] not in ("A", "phase", "strength"):
                self.with_change(GOOD_ATOMS, *number.span("value"), "-1")

    def test_every_wrong_unit_is_told(self):
        for number in self.numbers:
            if number["quantity"]:
                self.assertIn("kg", self.with_change(GOOD_ATOMS, *number.span("value"), f'"{number["quantity"]} kg"'))

    def test_rules_between_keys(self):
        nearest = re.sub(r"coupling = .*", 'coupling = { kind = "gaussian", J = "1 meV" }', GOOD_ATOMS)
        for good, bad, said in (
                ("concentration = 0.03", "concentration = 0", "must be positive"),
                ("concentration = 0.03", "concentration = 1.01", "at most 1"),
                ("concentration = 0.03", "concentration = 1e-5", "0 spins on 2048 sites"),
                ("concentration = 0.03", "concentration = 5e-4", "1 spin on 2048 sites"),
                ("size = [8, 8, 8]", "size = [8, 8]", "list of 3 numbers"),
                ("size = [8, 8, 8]", "size = [8, 8, 0]", "must be positive"),
                ("size = [8, 8, 8]", "size = [8, 8, 1.5]", "no whole number"),
                ("size = [8, 8, 8]", "size = [1000, 1000, 1000]", "sites; at most"),
                ('cutoff = "1.4 nm"', 'cutoff = "1 mm"', "bonds; at most"),
                ('cutoff = "1.1 nm"', 'cutoff = "2 nm"', "beyond the coupling's cutoff"),
                (', cutoff = "1.4 nm"', "", "cutoff is missing"),
                ('A = "7.5e-37 erg cm3"', "A = 0", "must not be 0"),
                ('kind = "rkky"', 'kind = "mattis"', "A has no meaning for mattis couplings"),
                ("strength = 0.05", "J = 1", "strength is missing"),
                ('lattice = "fcc"', 'lattice = "chain"', "1 wide"),
                ('lattice = "fcc"', 'lattice = "bcc"', '"fcc"'),
                ('from = "cumn"', 'from = "cunm"', "did you mean cumn?"),
                ('from = "cumn"', "from = 3", "must be a string"),
                ("samples = 4", "samples = 0", "whole number from 1"),
                ("seed = 7", 'seed = 7\nsweep = { "field.B.z" = [1] }', "no path leads"),
                ('coupling = {', 'coupling = [{}, {', None),
                ("size = [8, 8, 8]", "size = [40, 40, 40]", "spectrum = true is for at most")):
            text = GOOD_ATOMS.replace(good, bad, 1)
            if said is None:
                text = re.sub(r"coupling = .*", "coupling = [{}, {}]", GOOD_ATOMS)
                said = "coupling must be a table"
            self.assertIn(said, " ".join(self.refused(text).values()), bad)
        self.assertIn("needs rkky couplings", " ".join(self.refused(nearest).values()))
        metal = GOOD_ATOMS.replace('preset = "cumn-1pct"', 'preset = "pt"')
        self.assertIn("belongs to a spin glass", " ".join(self.refused(metal).values()))

    def test_spins_without_neighbours_are_a_named_error_of_the_run(self):
        text = GOOD_ATOMS.replace('cutoff = "1.4 nm"', 'cutoff = "0.02 nm"').replace(', cutoff = "1.1 nm"', "")
        done = run("run", self.write(text), "-o", os.path.join(self.folder.name, "out"), "--quiet", timeout=60)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("none of the 61 spins has another within", done.stderr)


if __name__ == "__main__":
    unittest.main()
