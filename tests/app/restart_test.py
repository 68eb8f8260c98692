#!/usr/bin/python3
"""Runs in time that are killed at random moments: every restart works, and the results have the bits of a run left alone."""
import pathlib
import random
import shutil
import signal
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from program import LONG, SANITIZED, run, start  # noqa: E402
from test_seed import test_seed  # noqa: E402

FILM = """
[materials.glass]
preset = "ayig"
[[layers]]
name = "film"
material = "glass"
thickness = "200 nm"
cells = CELLS
[field]
B = [0, 0.1, "200 mT"]
[boundary.right]
conductance = 1000
[[experiments]]
name = "run"
kind = "time"
duration = "500 ps"
METHOD
output = { from = 0, to = "500 ps", points = 11 }
initial = { random = 1.0, seed = 3 }
drives = [ { target = "field.H", component = "x", shape = "pulse", amplitude = "1 mT", center = "100 ps", width = "5 ps" },
           { target = "materials.glass.K", shape = "ramp", from = 0, to = 1000, start = "50 ps", end = "120 ps" } ]
checkpoint = { every = "20 ms" }
probes = [ { x = "50 nm" } ]
"""
METHODS = ['method = "auto"', 'method = "midpoint"\ndt = "0.25 ps"', 'method = "explicit"', 'method = "gauss4"\ndt = "0.5 ps"']
GRID = """
[grid.y]
length = "60 nm"
cells = 12
[[regions]]
name = "strip"
material = "copper"
x = ["-4 nm", 0]
y = ["10 nm", "30 nm"]
cells = 2
[materials.copper]
preset = "cu"
"""
SOFT_GRID = GRID.replace('material = "copper"', 'material = "glass"')  # diffusion in copper is far too fast for an explicit method
KILLS = 100 if LONG else 10  # over all cases


class RestartTest(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="vitrispin_"))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)

    def write(self, method, cells, grid=""):
        path = self.root / "film.toml"
        text = FILM.replace("CELLS", str(cells)).replace("METHOD", method).replace("[field]", grid + "[field]")
        path.write_text(text.replace('x = "50 nm"', 'x = "50 nm", y = "20 nm"') if grid else text)
        return path

    def test_after_any_number_of_kills_the_bits_are_those_of_a_run_left_alone(self):
        random.seed(test_seed())
        cases = [(method, "") for method in METHODS] + [(method, GRID) for method in METHODS[:2]] + [(METHODS[2], SOFT_GRID)]
        for method, grid in cases:
            with self.subTest(method=method, grid=grid):
                film = self.write(method, (20 if grid else 100) if SANITIZED else 40 if grid else 400, grid)
                begun = time.monotonic()
                alone = run("run", film, "-o", self.root / "alone", "--quiet", timeout=600)
                self.assertEqual(alone.returncode, 0, alone.stderr)
                duration = time.monotonic() - begun
                for _ in range(KILLS // len(cases)):
                    process = start("run", film, "-o", self.root / "killed", "--quiet", "--restart")
                    time.sleep(random.uniform(0.02, 0.6) * duration)
                    process.kill()
                    process.communicate()
                last = run("run", film, "-o", self.root / "killed", "--quiet", "--restart", timeout=600)
                self.assertEqual(last.returncode, 0, last.stderr)
                self.assertEqual((self.root / "alone/run.nc").read_bytes(), (self.root / "killed/run.nc").read_bytes())
                self.assertEqual(sorted(p.name for p in (self.root / "killed").iterdir()),
                                 sorted(p.name for p in (self.root / "alone").iterdir()))
                shutil.rmtree(self.root / "killed")

    def test_sigterm_and_ctrl_c_save_the_state_and_say_so_by_their_status(self):
        film = self.write('method = "auto"\nrtol = 1e-9', 400)
        film.write_text(film.read_text().replace('"20 ms"', '"1 h"'))
        for sign, status in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
            # Each in a folder of its own: run.log then says that this run has begun.
            process = start("run", film, "-o", self.root / sign.name, "--quiet")
            partial = self.root / f"{sign.name}.partial"
            for _ in range(1000):
                if (partial / "run.log").exists():
                    break
                time.sleep(0.01)
            time.sleep(0.1)
            process.send_signal(sign)
            _, told = process.communicate(timeout=60)
            if process.returncode == 0:
                continue  # it was done before the signal came
            self.assertEqual(process.returncode, status, told)
            self.assertTrue((partial / "run.nc.checkpoint").exists(), told)


if __name__ == "__main__":
    unittest.main()
