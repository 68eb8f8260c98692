#!/usr/bin/python3
"""Runs under mpirun that start from the result of an earlier one."""
import pathlib
import re
import shutil
import tempfile
import unittest

import netCDF4
import numpy
from ranks_test import MIDPOINT, THREE, on_ranks


@unittest.skipIf(shutil.which("mpirun") is None, "there is no mpirun")
class RanksStartTest(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="vitrispin_"))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)

    def run_on(self, ranks, text, folder):
        film = self.root / "film.toml"
        film.write_text(text.replace("DURATION", "2 ps") + MIDPOINT)
        return on_ranks(ranks, "run", film, "-o", self.root / folder, "--quiet")

    def test_a_run_from_the_file_of_another_is_the_same_on_any_ranks(self):
        self.assertEqual(self.run_on(2, THREE, "first").returncode, 0)
        text = re.sub(r"initial = \[.*?\} \]", f"initial = {{ file = '{self.root}/first/run.nc' }}", THREE, flags=re.DOTALL)
        for ranks in (1, 2):
            done = self.run_on(ranks, text, f"on_{ranks}")
            self.assertEqual(done.returncode, 0, done.stderr)
        with netCDF4.Dataset(self.root / "first/run.nc") as first, netCDF4.Dataset(self.root / "on_1/run.nc") as one, \
                netCDF4.Dataset(self.root / "on_2/run.nc") as two:
            for name in (f"{field}_{c}" for field in ("M", "m", "theta") for c in "xyz"):
                end, a, b = (numpy.ma.masked_invalid(numpy.ma.filled(file[name][:], numpy.nan)) for file in (first, one, two))
                self.assertTrue((a.mask == b.mask).all())
                self.assertLessEqual(abs(a - b).max(), 1e-12 * max(abs(a).max(), abs(end).max()), name)  # rounding of sums
                self.assertTrue((a[0] == end[-1]).all(), name)
        done = self.run_on(2, text.replace("cells = 15", "cells = 14"), "refused")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("does not fit", done.stderr)


if __name__ == "__main__":
    unittest.main()
