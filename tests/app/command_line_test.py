"""The program as its users meet it: exit statuses, standard output, results folders that survive whatever happens."""
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from program import LONG, PROGRAM, SANITIZED, SOURCE, run, start  # noqa: E402

FILM = """
title = "test"
[materials.glass]
preset = "ayig"
[[layers]]
name = "film"
material = "glass"
thickness = "20 nm"
[boundary.left]
current = [0, 0, 1.0]
[boundary.right]
conductance = inf
[[experiments]]
name = "first"
kind = "steady"
[[experiments]]
name = "second"
kind = "steady"
profile_points = 2
sweep = {{ "layers.film.thickness" = {{ from = "5 nm", to = "1 um", points = {points}, scale = "log" }} }}
"""


class CommandLine(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="vitrispin_"))
        self.file = self.root / "film.toml"
        self.dir = self.root / "film"
        self.partial = self.root / "film.partial"
        self.write(20)

    def tearDown(self):
        shutil.rmtree(self.root)

    def write(self, points, text=FILM):
        self.file.write_text(text.format(points=points))

    def call(self, *arguments, **options):
        return run(*arguments, cwd=self.root, **options)

    def start(self, *arguments):
        return start(*arguments, cwd=self.root)

    def good_results(self):
        done = self.call("run", self.file)
        self.assertEqual(done.returncode, 0, done.stderr)
        return (self.dir / "summary.json").read_bytes()

    def start_long_run(self):
        """A run of many points, caught once its first experiment is finished."""
        self.write(500000)
        process = self.start("run", self.file)
        for _ in range(1000):
            if (self.partial / "first.nc").exists():
                return process
            time.sleep(0.01)
        process.kill()
        self.fail("the run did not begin: " + process.communicate()[1])

    def test_results_folder_holds_what_the_documents_say(self):
        self.good_results()
        names = {entry.name for entry in self.dir.iterdir()}
        self.assertEqual(names, {"summary.json", "report.html", "input.toml", "run.log", "first.nc", "second.nc"})
        self.assertFalse(self.partial.exists())

    def test_json_prints_the_summary_and_nothing_else(self):
        done = self.call("run", self.file, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, (self.dir / "summary.json").read_text())
        summary = json.loads(done.stdout)
        self.assertEqual(summary["program"], "vitrispin")
        sweep = summary["experiments"]["second"]["sweep"]["layers.film.thickness"]
        self.assertEqual(len(sweep), 20)
        self.assertEqual(len(summary["experiments"]["second"]["transmission"]), 20)

    def test_quiet_says_nothing(self):
        done = self.call("run", self.file, "--quiet")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_exit_status_of_bad_usage_and_bad_input_is_2(self):
        for arguments in (["--nonsense"], ["run"], ["run", "missing.toml"], ["check", "missing.toml"], ["check", "."],
                          ["report", "missing"], ["materials", "unobtainium"], ["walk"]):
            done = self.call(*arguments)
            self.assertEqual(done.returncode, 2, (arguments, done.stderr))
            self.assertEqual(done.stdout, "")
            self.assertTrue(done.stderr)

    def test_commands_without_work_succeed(self):
        for arguments in ([], ["--version"], ["--help"], ["run", "--help"], ["materials"], ["materials", "ayig"],
                          ["check", self.file]):
            done = self.call(*arguments)
            self.assertEqual(done.returncode, 0, (arguments, done.stderr))
            self.assertTrue(done.stdout)

    def test_the_first_screen_has_an_example_that_runs(self):
        screen = self.call().stdout
        lines = screen[screen.index("  [materials.glass]"):screen.index("`vitrispin --help`")].splitlines()
        self.file.write_text("\n".join(line[2:] for line in lines))
        self.assertEqual(self.call("check", self.file).returncode, 0)

    def test_a_full_standard_output_is_an_error(self):
        with open("/dev/full", "w") as full:
            done = run("materials", stdout=full)
        self.assertEqual(done.returncode, 2)

    def test_faults_name_file_line_and_column(self):
        self.file.write_text(FILM.format(points=3).replace('"20 nm"', '"20 mT"'))
        done = self.call("check", self.file)
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, r"film\.toml:8:13: ")

    def test_results_do_not_depend_on_the_number_of_threads(self):
        results = []
        for threads in ("1", "2", "5"):
            done = self.call("run", self.file, "-o", "t" + threads, env={"VITRISPIN_THREADS": threads})
            self.assertEqual(done.returncode, 0, done.stderr)
            summary = json.loads((self.root / ("t" + threads) / "summary.json").read_text())
            del summary["time"]
            results.append((summary, (self.root / ("t" + threads) / "second.nc").read_bytes()))
        self.assertTrue(all(result == results[0] for result in results))

    def test_a_failing_point_of_a_sweep_is_named(self):
        text = FILM.replace('"layers.film.thickness" = {{ from = "5 nm", to = "1 um", points = {points}, scale = "log" }}',
                            '"materials.glass.chi_m" = [1e-3, 0.5]')
        self.file.write_text(text.format(points=3))
        done = self.call("run", self.file)
        self.assertEqual(done.returncode, 2)
        self.assertIn("materials.glass.chi_m", done.stderr)
        self.assertIn("0.5", done.stderr)

    def test_a_folder_that_is_not_ours_is_left_alone(self):
        self.dir.mkdir()
        (self.dir / "thesis.tex").write_text("years of work")
        done = self.call("run", self.file)
        self.assertEqual(done.returncode, 2)
        self.assertEqual([entry.name for entry in self.dir.iterdir()], ["thesis.tex"])

    def test_interrupts_keep_the_old_results_and_say_where_the_new_ones_are(self):
        for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            self.write(20)
            before = self.good_results()
            process = self.start_long_run()
            process.send_signal(number)
            _, errors = process.communicate(timeout=60)
            self.assertEqual(process.returncode, status, errors)
            self.assertIn("film.partial", errors)
            self.assertEqual((self.dir / "summary.json").read_bytes(), before)
            self.assertTrue((self.partial / "first.nc").exists())

    def test_kill_keeps_the_old_results_and_the_next_run_starts_clean(self):
        before = self.good_results()
        process = self.start_long_run()
        process.kill()
        process.communicate()
        self.assertEqual((self.dir / "summary.json").read_bytes(), before)
        self.write(20)
        self.good_results()
        self.assertFalse(self.partial.exists())

    def test_killed_at_any_moment_the_folder_is_whole(self):
        self.good_results()
        for delay in range(0, 60, 3):  # milliseconds, across reading, solving, writing and the exchange
            process = self.start("run", self.file, "--quiet")
            time.sleep(delay / 1000)
            process.kill()
            process.communicate()
            summary = json.loads((self.dir / "summary.json").read_text())
            for name in [*summary["files"], "report.html", "input.toml", "run.log"]:
                self.assertTrue((self.dir / name).is_file(), (delay, name))

    def test_a_full_disk_keeps_the_old_results(self):
        before = self.good_results()
        # A limit on the size of files fails the same write calls that a full disk does.
        def limited():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))
        done = self.call("run", self.file, preexec_fn=limited)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("write", done.stderr)
        self.assertEqual((self.dir / "summary.json").read_bytes(), before)

    def test_restart_keeps_finished_experiments_of_the_same_input(self):
        process = self.start_long_run()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        stamp = (self.partial / "first.nc").stat().st_mtime_ns
        process = self.start("run", self.file, "--restart")
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        self.assertIn("kept", errors)
        self.assertEqual((self.partial / "first.nc").stat().st_mtime_ns, stamp)
        # Another input: nothing of it is taken over.
        self.write(20)
        done = self.call("run", self.file, "--restart")
        self.assertEqual(done.returncode, 0)
        self.assertIn("afresh", done.stderr)

    def test_two_runs_into_one_folder_are_refused(self):
        process = self.start_long_run()
        done = self.call("run", self.file)
        process.kill()
        process.communicate()
        self.assertEqual(done.returncode, 2)
        self.assertIn("another run", done.stderr)

    def test_report_is_written_again_from_the_folder_alone(self):
        self.good_results()
        report = (self.dir / "report.html").read_text()
        (self.dir / "report.html").unlink()
        self.file.unlink()
        moved = self.root / "elsewhere"
        self.dir.rename(moved)
        self.assertEqual(self.call("report", moved).returncode, 0)
        self.assertEqual((moved / "report.html").read_text(), report)

    def test_report_loads_nothing_and_is_small(self):
        self.good_results()
        report = (self.dir / "report.html").read_text()
        self.assertNotRegex(report, r"https?://")
        self.assertIsNone(re.search(r"(src|href)\s*=\s*[\"'](?!#)", report))
        self.assertLess(len(report), 3 << 20)


class Speed(unittest.TestCase):
    def test_check_takes_less_than_50_milliseconds(self):
        """The processor time of the best of several calls, so that what else the machine does has no part in it."""
        times = []
        for _ in range(7):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([PROGRAM, "check", SOURCE / "examples" / "ayig_film.toml"], stdout=subprocess.DEVNULL,
                           check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        print("check: %.1f ms" % (1e3 * min(times)))
        if not SANITIZED:
            self.assertLess(min(times), 0.05)

    def test_a_sweep_of_100000_points_takes_half_a_minute_of_processor_time(self):
        """Linear in the number of points: 100 microseconds of processor time each would be 10 s."""
        with tempfile.TemporaryDirectory() as root:
            file = pathlib.Path(root) / "film.toml"
            file.write_text(FILM.format(points=100000 if LONG else 5000))
            used = lambda: sum(os.times()[2:4])  # by children: other work on the machine does not count
            begin = used()
            self.assertEqual(run("run", file, "--quiet", cwd=root, timeout=900).returncode, 0)
            print("sweep: %.1f s" % (used() - begin))
            self.assertLess(used() - begin, 30 * (10 if SANITIZED else 1))


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=1))
