#!/usr/bin/python3
"""Every number of tests/oracles/reference.json but `time_domain`, through the command line, to 1e-10.

The dimensionless sets (mu0 = gamma = 1) are mapped to SI in two ways. Only gamma mu0/chi_M, gamma K' and alpha gamma K'
occur in the linear equations, so gamma = 1/mu0, K -> mu0 K, rho_s -> mu0 rho_s leaves every number unchanged; the second
mapping also rescales length, time and magnetization, so that no parameter keeps its value.

Tolerance: the reference has at least 16 digits; 1e-10 is what the project promises, relative to the larger of the real and
imaginary parts (a real part of 1e-16 beside an imaginary part of 1 carries no information about the physics).
"""
import json
import math
import os
import subprocess
import tempfile
import unittest

import netCDF4

PROGRAM = os.environ["VITRISPIN"]
ROOT = os.environ["VITRISPIN_SOURCE_DIR"]
MU0 = 1.25663706212e-6
TOLERANCE = 1e-10
FOLDER = tempfile.TemporaryDirectory(prefix="vitrispin-oracles-")


def reference():
    with open(os.path.join(ROOT, "tests/oracles/reference.json"), encoding="utf-8") as file:
        return json.load(file)["sets"]


class Units:
    """Factors from the set's numbers to SI: length, time, magnetization (A/m); energy density = mu0 magnetization^2."""

    def __init__(self, dimensionless, length=1.0, time=1.0, magnetization=1.0):
        self.dimensionless, self.length, self.time, self.magnetization = dimensionless, length, time, magnetization

    def material(self, p):
        if not self.dimensionless:
            return {key: value for key, value in p.items() if key != "mu0"}
        L, T, B = self.length, self.time, self.magnetization
        energy = MU0 * B * B
        return {
            "gamma": p["gamma"] / (MU0 * B * T), "chi_M": p["chi_M"], "chi_m": p["chi_m"],
            "tau_ML": p["tau_ML"] * T, "tau_mL": p["tau_mL"] * T, "tau_Mm": p["tau_Mm"] * T,
            "D": p["D"] * L * L / T, "rho_s": p["rho_s"] * energy * L * L, "K": p["K"] * energy, "alpha": p["alpha"] / B,
        }


def mappings(entry):
    if entry["params"]["mu0"] != 1.0:
        return [Units(False)]
    return [Units(True), Units(True, length=3.7e-9, time=2.3e-12, magnetization=41.0)]


def number(value):
    return "inf" if value == math.inf else repr(float(value))


def run(text):
    """Runs a file, returns summary.json's experiments and the results folder, which lasts as long as this program."""
    folder = tempfile.mkdtemp(dir=FOLDER.name)
    path = os.path.join(folder, "case.toml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    out = os.path.join(folder, "case")
    done = subprocess.run([PROGRAM, "run", path, "-o", out, "--json", "--quiet"], capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"exit {done.returncode}\n{done.stderr}\n{text}")
    return json.loads(done.stdout)["experiments"], out


def material_table(parameters):
    return "[materials.glass]\n" + "".join(f"{key} = {number(value)}\n" for key, value in parameters.items())


def complex_of(value):
    return complex(value["re"], value["im"]) if isinstance(value, dict) else complex(*value)


class Oracles(unittest.TestCase):
    def close(self, got, expected, what, tolerance=TOLERANCE, scale=0.0):
        self.assertIsNotNone(got, what)
        error = abs(got - expected) / max(abs(expected), scale, 1e-300)
        self.assertLessEqual(error, tolerance, f"{what}: got {got}, reference {expected}")

    def each(self):
        for entry in reference():
            for index, units in enumerate(mappings(entry)):
                with self.subTest(set=entry["name"], mapping=index):
                    yield entry, units

    def test_frequencies_at_given_k_are_the_reference_ones(self):
        for entry, units in self.each():
            cases = entry["omega_at_k"]
            ks = [case["k"] / units.length for case in cases]
            experiments, _ = run(material_table(units.material(entry["params"])) +
                                 f"[[experiments]]\nname = 'e'\nkind = 'modes'\nk = {ks}\n")
            for i, case in enumerate(cases):
                expected = [complex_of(w) / units.time for w in case["omegas"]]
                for w in experiments["e"]["omega"][0][i]:
                    nearest = min(expected, key=lambda e: abs(e - complex_of(w)))
                    expected.remove(nearest)
                    self.close(complex_of(w), nearest, f"omega at k = {case['k']}")

    def test_wavenumbers_at_given_omega_are_the_reference_ones(self):
        for entry, units in self.each():
            cases = entry["k2_at_omega"]
            omegas = [case["omega"] / units.time for case in cases]
            experiments, _ = run(material_table(units.material(entry["params"])) +
                                 f"[[experiments]]\nname = 'e'\nkind = 'modes'\nomega = {omegas}\n")
            for i, case in enumerate(cases):
                expected = [complex_of(q) / units.length**2 for q in case["k2"]]
                for q in experiments["e"]["k2"][0][i]:
                    nearest = min(expected, key=lambda e: abs(e - complex_of(q)))
                    expected.remove(nearest)
                    self.close(complex_of(q), nearest, f"k^2 at omega = {case['omega']}")

    def test_perturbation_theory_and_exact_ratios_are_the_reference_ones(self):
        for entry, units in self.each():
            cases = entry["weak_coupling"]
            omegas = [case["omega"]["re"] / units.time for case in cases]
            experiments, _ = run(material_table(units.material(entry["params"])) +
                                 f"[[experiments]]\nname = 'e'\nkind = 'perturbation'\nomega = {omegas}\n")
            wave, diffusion = experiments["e"]["spin_wave"], experiments["e"]["diffusion"]
            if units.dimensionless:
                energy = MU0 * units.magnetization**2
                angle = 1 / units.magnetization
            else:
                energy = angle = 1.0
            k2 = 1 / units.length**2
            for i, case in enumerate(cases):
                for got, key, factor in (
                        (wave["K_prime"], "eq58_Kprime", energy), (wave["k2"], "eq58_k2", k2),
                        (wave["theta_over_M"], "eq60_theta_over_M", angle), (wave["m_over_M"], "eq62_m_over_M", 1),
                        (diffusion["k2"], "eq65_k2", k2), (diffusion["K_prime"], "eq66_Kprime", energy),
                        (diffusion["M_over_m"], "eq69_M_over_m", 1), (diffusion["theta_over_m"], "eq70_theta_over_m", angle),
                        (diffusion["M_plus_m_over_m"], "eq71_Mplusm_over_m", 1),
                        (wave["exact_k2"], "exact_k2_nearest_eq58", k2),
                        (wave["exact_m_over_M"], "exact_m_over_M_there", 1),
                        (wave["exact_theta_over_M"], "exact_theta_over_M_there", angle)):
                    self.close(complex_of(got[i]), complex_of(case[key]) * factor, f"{key} at {case['omega']['re']}")
                other = complex_of(case["exact_k2_other"]) * k2
                if abs(complex_of(diffusion["exact_k2"][i]) - other) < 1e-6 * abs(other):
                    self.close(complex_of(diffusion["exact_k2"][i]), other, "exact_k2_other")
                    self.close(complex_of(diffusion["exact_M_over_m"][i]), complex_of(case["exact_M_over_m_there"]), "M/m")
                    self.close(complex_of(diffusion["exact_theta_over_m"][i]),
                               complex_of(case["exact_theta_over_m_there"]) * angle, "theta/m")

    def test_response_is_the_reference_one(self):
        for entry, units in self.each():
            for case in entry["chi"]:
                experiments, _ = run(material_table(units.material(entry["params"])) +
                                     f"[[experiments]]\nname = 'e'\nkind = 'response'\nk = [{case['k'] / units.length!r}]\n"
                                     f"omega = [{case['omega'] / units.time!r}]\n")
                scale = abs(complex_of(case["chi_M_kw"]))  # chi_m vanishes at dc: the reference there is its own rounding
                for name, key in (("chi_M", "chi_M_kw"), ("chi_m", "chi_m_kw"), ("chi_total", "chi_total")):
                    expected = complex_of(case[key])
                    self.close(complex_of(experiments["e"][name][0][0][0]), expected, f"{name} {case['k']} {case['omega']}",
                               scale=scale if abs(expected) < 1e-20 * scale else 0.0)

    def film(self, entry, units, case, **changes):
        parameters = units.material(dict(entry["params"], **changes))
        G = case["G_spin_conductance"]
        sink = "inf" if G is None else number(G * entry["params"]["chi_m"] * units.length / units.time)
        right = f"conductance = {sink}" if sink != "0.0" else "closed = true"
        return (material_table(parameters) +
                f"[[layers]]\nname = 'film'\nmaterial = 'glass'\nthickness = {case['L'] * units.length!r}\n"
                f"[boundary.left]\ncurrent = [0, 0, 1.0]\n[boundary.right]\n{right}\n")

    def test_decay_lengths_and_pinned_films_are_the_reference_ones(self):
        for entry, units in self.each():
            for case in entry["slab_dc"]:
                xs = [point["x"] for point in case["profile"]]
                text = self.film(entry, units, case) + "[[experiments]]\nname = 'e'\nkind = 'steady'\nprofile_points = 201\n"
                experiments, out = run(text)
                result = experiments["e"]
                self.close(result["transmission"], case["transmission_jL_over_j0"], "transmission", scale=1e-10)
                self.close(result["decay_length"][0][1], entry["dc"]["l_dc"] * units.length, "decay length")
                self.close(result["twist_length"][0], entry["dc"]["l_twist"] * units.length, "twist length")
                # j = 1 A/s fixes m = j length/D, so fields scale with time/length and angles with that over B
                field = units.time / units.length if units.dimensionless else 1.0
                angle = field / units.magnetization if units.dimensionless else 1.0
                with netCDF4.Dataset(os.path.join(out, "e.nc")) as data:
                    x = data["x"][:].ravel() / units.length
                    top = {name: max(abs(p[key]) for p in case["profile"])
                           for name, key in (("M", "M"), ("m", "m"), ("theta", "theta"))}
                    for point in case["profile"]:
                        i = min(range(len(x)), key=lambda n: abs(x[n] - point["x"]))
                        if abs(x[i] - point["x"]) > 1e-12 * case["L"]:
                            continue
                        for name, factor in (("M", field), ("m", field), ("theta", angle)):
                            got = float(data[name][:].reshape(len(x), 3)[i, 2])
                            self.close(got, point[name] * factor, f"{name} at x = {point['x']}", scale=1e-3 * top[name] * factor)

    def test_rotating_films_are_the_reference_ones(self):
        for entry, units in self.each():
            for case in entry["slab_dc_K0_rotating"]:
                text = self.film(entry, units, case, K=0.0) + "[[experiments]]\nname = 'e'\nkind = 'steady'\n"
                result = run(text)[0]["e"]
                self.assertEqual(result["regime"], ["rotating"])
                self.close(result["transmission_m"], case["transmission_jL_over_j0"], "diffusive transmission", scale=1e-10)
                angle = units.time / units.length / units.magnetization / units.time if units.dimensionless else 1.0
                self.close(result["rotation"][0][2], case["Omega"] * angle, "rotation")


if __name__ == "__main__":
    unittest.main(verbosity=1)
