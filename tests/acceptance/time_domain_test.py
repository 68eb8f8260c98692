#!/usr/bin/python3
"""`time_domain` of tests/oracles/reference.json, through the command line: a Gaussian of m between closed ends.

On one grid the error is that of second-order finite volumes; Richardson's extrapolation over three grids, which takes out
h^2 and h^4, must agree to 1e-8 of the field's largest value. The grids put every probe on a face, so that the errors of the
probes' cubic interpolation are even in h as well.
"""
import unittest

from oracles_test import Units, mappings, material_table, reference, run

CELLS = (320, 640, 1280)
METHODS = ("rtol = 1e-11", "method = 'exact'")


def experiment(entry, units, cells, method):
    case = entry["time_domain"]
    length = case["L"] * units.length
    values = case["values"]
    times = sorted({v["t"] for v in values})
    places = sorted({v["x"] for v in values if "x" in v})
    text = material_table(units.material(entry["params"]))
    text += f"[[layers]]\nname = 'film'\nmaterial = 'glass'\nthickness = {length!r}\ncells = {cells}\n"
    text += f"[[experiments]]\nname = 't'\nkind = 'time'\n{method}\n"
    text += f"duration = {times[-1] * units.time!r}\noutput = {[t * units.time for t in times]}\n"
    text += (f"initial = {{ field = 'm', component = 'z', shape = 'gaussian', center = {case['x0'] * units.length!r}, "
             f"width = {case['sigma'] * units.length!r}, amplitude = {units.magnetization!r} }}\n")
    text += "probes = [" + ", ".join(f"{{ x = {x * units.length!r} }}" for x in places) + "]\n"
    return run(text)[0]["t"], times, places


class TimeDomainTest(unittest.TestCase):
    def test_the_pulse_is_the_reference_one_by_extrapolation_and_of_second_order_on_each_grid(self):
        for entry in reference():
            if "time_domain" not in entry:
                continue
            units = mappings(entry)[-1]
            for method in METHODS:
                with self.subTest(set=entry["name"], method=method):
                    self.compare(entry, units, method)

    def compare(self, entry, units, method):
        runs = [experiment(entry, units, cells, method) for cells in CELLS]
        _, times, places = runs[0]
        # K theta^2 goes with mu0 M^2, and K is mapped with it: angles stay.
        scales = {"M": units.magnetization, "m": units.magnetization, "theta": 1.0}
        expected = {(v["t"], v["x"]): v for v in entry["time_domain"]["values"] if "x" in v}
        for field, scale in scales.items():
            largest = {t: max(abs(expected[t, x][field]) for x in places if (t, x) in expected) * scale for t in times}
            errors = [0.0, 0.0, 0.0]
            worst = 0.0
            for i, x in enumerate(places):
                for j, t in enumerate(times):
                    if (t, x) not in expected:
                        continue
                    exact = expected[t, x][field] * scale
                    got = [one["probes"][i][field][j][2] for one, _, _ in runs]
                    first = [(4 * got[n + 1] - got[n]) / 3 for n in range(2)]
                    best = (16 * first[1] - first[0]) / 15
                    worst = max(worst, abs(best - exact) / largest[t])
                    errors = [max(e, abs(g - exact) / largest[t]) for e, g in zip(errors, got)]
            self.assertLess(worst, 1e-8, f"{field}: extrapolated; errors of the grids {errors}")
            for coarse, fine in zip(errors, errors[1:]):
                self.assertAlmostEqual(coarse / fine, 4.0, delta=0.3, msg=f"{field}: errors {errors}")

    def test_the_ledger_of_the_exact_methods_closes(self):
        entry = next(e for e in reference() if "time_domain" in e)
        units = Units(True)
        for method in ("method = 'midpoint'\ndt = 0.5", "method = 'gauss4'\ndt = 0.5", "method = 'exact'"):
            text = material_table(units.material(entry["params"]))
            text += "[[layers]]\nname = 'film'\nmaterial = 'glass'\nthickness = 20.0\ncells = 100\n"
            text += f"[[experiments]]\nname = 't'\nkind = 'time'\nduration = 10.0\n{method}\n"
            text += "initial = { field = 'm', shape = 'gaussian', center = 8.0, width = 0.8, amplitude = 1.0 }\n"
            ledger = run(text)[0]["t"]["ledger"]
            self.assertGreater(ledger["dissipated"], 0)
            self.assertLess(abs(ledger["imbalance"]), 1e-12 * ledger["dissipated"], method)


if __name__ == "__main__":
    unittest.main()
