#!/usr/bin/python3
"""Drives from CSV files: the same as the table written out, and every fault of the file named at its line and column."""
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from program import run  # noqa: E402

FILM = """
[materials.glass]
preset = "ayig"
[[layers]]
name = "film"
material = "glass"
thickness = "20 nm"
cells = 4
[boundary.left]
current = [0, 0, 0]
[[experiments]]
name = "t"
kind = "time"
duration = "10 ps"
"""


class WaveformFileTest(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="vitrispin_"))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)
        (self.root / "data").mkdir()

    def check(self, csv, target="field.H", keys="file = 'data/x.csv'"):
        if csv is not None:
            (self.root / "data/x.csv").write_bytes(csv if isinstance(csv, bytes) else csv.encode())
        self.text = FILM + f"drives = [{{ target = '{target}', shape = 'table', {keys} }}]\n"
        (self.root / "film.toml").write_text(self.text)
        return run("check", self.root / "film.toml")

    def table(self, csv, **options):
        """times and values as they were read."""
        done = self.check(csv, **options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [[float(v) for v in re.search(rf"{key} = \[([^\]]*)\]", done.stdout)[1].split(",")] for key in ("times", "values")]

    def test_units_stand_in_the_header(self):
        mu0 = 1.25663706212e-6
        for header, target, scale in (("time [ps],value [mT]", "field.H", 1e-3 / mu0), ("time [ps],value [A/m]", "field.H", 1),
                                      ("time [ps],value [kA m-1]", "field.H", 1e3), ("time [ps],value", "field.H", 1),
                                      ("time [ps],value [kA/s]", "boundary.left.current", 1e3),
                                      ("time [ps],value [kJ m-3]", "materials.glass.K", 1e3)):
            times, values = self.table(f"{header}\n0,1\n2.5,-3e-1\n10,+2\n", target=target)
            for got, expected in zip(times + values, [0, 2.5e-12, 10e-12, scale, -0.3 * scale, 2 * scale]):
                self.assertAlmostEqual(got, expected, delta=1e-14 * abs(expected), msg=header)

    def test_what_other_programs_write_is_read(self):
        expected = [[0.0, 1e-12], [3.0, 4.0]]
        for csv in ("time,value\n0,3\n1e-12,4\n", "time,value\r\n0,3\r\n1e-12,4", b"\xef\xbb\xbftime,value\n0,3\n1e-12,4\n",
                    "# of a generator\n\ntime , value\n 0 , 3\n\n# and so on\n\t1e-12,4  \n  \n",
                    "value [A/m],note [volts],time [s]\n3,a [b],0\n4,,1e-12\n"):
            self.assertEqual(self.table(csv), expected, csv)

    def test_a_run_is_the_one_with_the_table_written_out(self):
        results = []
        for name, keys in (("file", "file = 'data/x.csv'"), ("inline", "times = [0, 4e-12, 9e-12], values = [0, 800, 100]")):
            self.assertEqual(self.check("time,value\n0,0\n4e-12,800\n9e-12,100\n", keys=keys).returncode, 0)
            done = run("run", self.root / "film.toml", "-o", self.root / name, "--quiet")
            self.assertEqual(done.returncode, 0, done.stderr)
            results.append((self.root / name / "t.nc").read_bytes())
        self.assertEqual(*results)
        # The results' own input needs the file no more.
        shutil.rmtree(self.root / "data")
        self.assertEqual(run("check", self.root / "file/input.toml").returncode, 0)

    def test_every_fault_is_told_at_its_place(self):
        for csv, place, said in (("", "1:1", "must be a header"),
                                 ("# nothing\n", "1:1", "must be a header"),
                                 ("0,1\n1,2\n", "1:1", "there is no column time"),
                                 ("time,field\n0,1\n", "1:1", "there is no column value"),
                                 ("time,value, time\n", "1:13", "time is there twice"),
                                 ("time [ns,value\n", "1:1", "not closed"),
                                 ("time [nm],value\n", "1:1", "unit of time is wrong"),
                                 ("time, value [kg]\n", "1:7", "unit of value is wrong"),
                                 ("time,value\n0,1\n1e-12,a\n", "3:7", "`a` is not a finite number"),
                                 ("time,value\n0,1\n1e-12,\n", "3:7", "`` is not a finite number"),
                                 ("time,value\n0,inf\n", "2:3", "is not a finite number"),
                                 ("time,value\n0,1e400\n", "2:3", "is not a finite number"),
                                 ("time,value\n0,1\n0,2\n", "3:1", "is not later"),
                                 ("time,value\n0,1\n\n -1 , 2\n", "4:2", "is not later"),
                                 ("time,value\n0,1,2\n", "2:1", "has 3 numbers, but the header has 2 columns"),
                                 ("time,value\n0,1\n", "2:1", "two times or more"),
                                 (b"time,value\n\xff\x00,1\n", "2:1", "is not a finite number")):
            done = self.check(csv)
            self.assertEqual(done.returncode, 2, csv)
            self.assertIn(f"{self.root / 'data/x.csv'}:{place}: ", done.stderr, csv)
            self.assertIn(said, done.stderr, csv)

    def test_all_faults_are_told_at_once(self):
        done = self.check("time,value\n0,x\n1,y\n2,z\n")
        self.assertEqual([line for line in (2, 3, 4) if f"x.csv:{line}:3" in done.stderr], [2, 3, 4])
        done = self.check("time,value\n" + "0,x\n" * 100000)
        self.assertLess(done.stderr.count("\n"), 30)

    def test_a_file_that_cannot_be_had_is_told_in_the_input(self):
        for keys, said in (("file = 'data/y.csv'", "there is no such file"), ("file = 'data'", "is not a file"), ("file = 7", "file")):
            done = self.check(None, keys=keys)
            self.assertEqual(done.returncode, 2)
            line = self.text[:self.text.index("drives")].count("\n") + 1
            self.assertIn(f"film.toml:{line}:{self.text.splitlines()[line - 1].index('file = ') + 8}: ", done.stderr)
            self.assertIn(said, done.stderr)
        self.assertIn("times has no meaning", self.check("time,value\n0,0\n1,1\n", keys="file = 'data/x.csv', times = [0, 1]").stderr)


if __name__ == "__main__":
    unittest.main()
