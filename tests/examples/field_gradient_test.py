#!/usr/bin/python3
"""examples/field_gradient.toml: films that ring after a field gradient cos(kx) show omega(k) of the mode solver."""
import json
import math
import os
import subprocess
import tempfile
import unittest

import numpy as np

ROOT = os.environ["VITRISPIN_SOURCE_DIR"]
PROGRAM = os.environ["VITRISPIN"]


class FieldGradientTest(unittest.TestCase):
    def test_ring_downs_have_the_frequencies_of_the_modes(self):
        with tempfile.TemporaryDirectory() as folder:
            results = os.path.join(folder, "results")
            subprocess.run([PROGRAM, "run", os.path.join(ROOT, "examples", "field_gradient.toml"), "-o", results, "--quiet"],
                           check=True, timeout=600)
            with open(os.path.join(results, "summary.json"), encoding="utf-8") as file:
                experiments = json.load(file)["experiments"]
        wavenumbers = np.array(experiments["dispersion"]["k"])
        omega = np.array(experiments["dispersion"]["omega"])[0, :, :, 0]
        rung = [experiment for experiment in experiments.values() if experiment["kind"] == "time"]
        self.assertEqual(len(rung), 4)
        for n, experiment in zip((0, 1, 2, 4), rung):
            k = n * math.pi / 400e-9
            at = int(np.argmin(abs(wavenumbers - k)))
            self.assertAlmostEqual(wavenumbers[at], k, delta=1e-9 * wavenumbers[-1])
            times = np.array(experiment["time"])
            signal = np.array(experiment["probes"][0]["M"])[:, 2]
            signal = (signal - signal.mean()) * np.hanning(len(signal))
            padded = 16 * len(signal)  # finer than the 1/(8 ns) between its points
            spectrum = abs(np.fft.rfft(signal, padded))
            peak = np.fft.rfftfreq(padded, times[1] - times[0])[spectrum.argmax()]
            # A Hann window of 8 ns has lines of 0.25 GHz; damping and the second order in space move the peak by less than a
            # tenth of that.
            self.assertAlmostEqual(peak, omega[at].max() / (2 * math.pi), delta=0.025e9)


if __name__ == "__main__":
    unittest.main(verbosity=2)
