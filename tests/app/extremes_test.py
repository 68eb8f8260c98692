#!/usr/bin/python3
"""Parameters from 1e-300 to 1e300: every run ends with results, bad input or a solver that says that it failed, and no
result is null, or not finite in the netCDF file, without a reason."""
import json
import pathlib
import random
import sys
import tempfile
import unittest

import netCDF4
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from program import LONG, run  # noqa: E402
from test_seed import test_seed  # noqa: E402

ORDINARY = {"chi_M": 5e-3, "chi_m": 1e-3, "tau_ML": 1e-9, "tau_mL": 1e-11, "tau_Mm": 1e-10, "D": 1e-4, "rho_s": 1e-14,
            "K": 1e3, "alpha": 1e-9, "gamma": 1.76e11}
KINDS = ["modes in k", "modes in omega", "response", "perturbation", "steady", "harmonic"]
BLAND = ("undefined", "infinite", "nan", "")


class Inputs:
    """Random inputs whose parameters span `decades` to both sides of 1."""

    def __init__(self, noise, decades):
        self.noise = noise
        self.decades = decades

    def extreme(self):
        if self.noise.random() < 0.5:
            return 10.0 ** (self.decades * self.noise.choice([-1, -2 / 3, -1 / 3, -0.1, 0, 0.1, 1 / 3, 2 / 3, 1]))
        return 10.0 ** self.noise.uniform(-self.decades, self.decades)

    def sometimes(self, chance, ordinary):
        return self.extreme() if self.noise.random() < chance else ordinary

    def text(self, kind):
        noise = self.noise
        material = dict(ORDINARY)
        for key in noise.sample(list(material), noise.choice([1, 1, 2, 3, 10])):
            material[key] = self.extreme()
        k, omega = self.sometimes(0.5, 1e7), self.sometimes(0.5, 1e9)
        current, H = self.sometimes(0.3, 1.0), self.sometimes(0.3, noise.choice([0, 1e4]))
        body = {"modes in k": f'kind = "modes"\nk = [{k!r}, 1e7]\nsigma = [0, 1]',
                "modes in omega": f'kind = "modes"\nomega = [{omega!r}, 1e9]\nsigma = [0, 1]',
                "response": f'kind = "response"\nk = [{k!r}]\nomega = [{omega!r}]',
                "perturbation": f'kind = "perturbation"\nomega = [{omega!r}]',
                "steady": 'kind = "steady"\nprofile_points = 5',
                "harmonic": f'kind = "harmonic"\nfrequency = [{omega!r}]\nprofile_points = 5'}[kind]
        lines = "\n".join(f"{key} = {value!r}" for key, value in material.items())
        return f"""[materials.glass]
{lines}
[[layers]]
name = "film"
material = "glass"
thickness = {self.sometimes(0.3, 2e-7)!r}
[boundary.left]
current = [0, {current if noise.random() < 0.3 else 0!r}, {current!r}]
[boundary.right]
conductance = inf
[field]
H = [0, 0, {H!r}]
[[experiments]]
name = "e"
{body}
"""


def has_null(value):
    return value is None or (isinstance(value, list) and any(map(has_null, value)))


def unexplained(value, path=""):
    """Paths of what is null in a summary without a reason that says something."""
    if isinstance(value, list):
        return [found for entry in value if isinstance(entry, (dict, list)) for found in unexplained(entry, path)]
    found = []
    for key, entry in value.items():
        if has_null(entry):
            if value.get(key + "_reason", "") in BLAND:
                found.append(f"{path}/{key}")
        elif isinstance(entry, (dict, list)):
            found += unexplained(entry, f"{path}/{key}")
    return found


def unexplained_variables(path):
    with netCDF4.Dataset(path) as file:
        file.set_auto_mask(False)
        return [name for name, variable in file.variables.items()
                if variable.dtype != str and variable.dtype.kind == "f" and not np.all(np.isfinite(variable[...]))
                and getattr(variable, "missing_because", "") in BLAND]


class Extremes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.noise = random.Random(test_seed())

    def results(self, text):
        """The summary's experiment of an input; None if the program refused it or did not get to its end."""
        file = self.root / "i.toml"
        file.write_text(text)
        done = run("run", file, "-o", self.root / "o", "--quiet")
        self.assertIn(done.returncode, (0, 2, 3), f"{text}\n{done.stderr}")
        if done.returncode != 0:
            self.assertTrue(done.stderr.strip(), text)
            return None
        result = json.loads((self.root / "o" / "summary.json").read_text())["experiments"]["e"]
        self.assertEqual(unexplained(result), [], text)
        self.assertEqual(unexplained_variables(self.root / "o" / "e.nc"), [], text)
        return result

    def test_nothing_is_null_without_a_reason(self):
        inputs = Inputs(self.noise, 300)
        finished = 0
        for number in range(1200 if LONG else 60):
            finished += self.results(inputs.text(KINDS[number % len(KINDS)])) is not None
        self.assertGreater(finished, 20, "most inputs were refused: they test nothing")

    def test_frequencies_are_finite_for_any_parameters_within_thirty_decades(self):
        """What is promised of the modes; of the steady state, that its currents are finite if there are any."""
        inputs = Inputs(self.noise, 30)
        for number in range(400 if LONG else 24):
            kind = ["modes in k", "modes in omega", "response", "steady"][number % 4]
            text = inputs.text(kind)
            result = self.results(text)
            if result is None:
                continue
            name, value = {"modes in k": ("omega", lambda: result["omega"]), "modes in omega": ("k2", lambda: result["k2"]),
                           "response": ("pole", lambda: result["resonance"]["pole"]),
                           "steady": ("current_in", lambda: result["current_in"])}[kind]
            self.assertFalse(has_null(value()), f"{name}\n{text}")

    def test_a_solution_beyond_double_precision_ends_with_status_3_and_keeps_what_is_finished(self):
        file = self.root / "film.toml"
        ordinary = Inputs(random.Random(0), 0).text("steady")
        file.write_text(ordinary)
        self.assertEqual(run("run", file, cwd=self.root).returncode, 0)
        before = (self.root / "film" / "summary.json").read_bytes()
        # A second experiment whose frequency times what relaxes no double holds.
        file.write_text(ordinary + EXTREME_HARMONIC)
        done = run("run", file, cwd=self.root)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("layers.film: the numbers of the solution leave double precision", done.stderr)
        self.assertIn("rad/s", done.stderr)
        self.assertIn("1 of 2 experiments finished", done.stderr)
        self.assertNotIn("nan", done.stderr)
        self.assertEqual((self.root / "film" / "summary.json").read_bytes(), before)
        self.assertTrue((self.root / "film.partial" / "e.nc").exists())
        self.assertIn("failed", (self.root / "film.partial" / "run.log").read_text())


EXTREME_HARMONIC = """
[[experiments]]
name = "beyond"
kind = "harmonic"
frequency = [1e305]
"""

if __name__ == "__main__":
    unittest.main()
