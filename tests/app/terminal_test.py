"""What appears on a terminal, and only there: progress with the time left, excerpts with a caret, colours."""
import fcntl
import os
import pathlib
import pty
import re
import select
import shutil
import struct
import sys
import tempfile
import termios
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from program import run, start  # noqa: E402

FILM = """
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
name = "thickness"
kind = "steady"
profile_points = 201
sweep = { "layers.film.thickness" = { from = "5 nm", to = "1 um", points = POINTS, scale = "log" } }
"""


class Terminal(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="vitrispin_"))
        self.file = self.root / "film.toml"

    def tearDown(self):
        shutil.rmtree(self.root)

    def on_a_terminal(self, *arguments, stop_at=None, columns=0, **environment):
        """Exit status, standard output (a pipe) and what standard error (a terminal) shows; ends the program once
        `stop_at` has been shown."""
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        variables = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
        program = start(*arguments, cwd=self.root, env=dict(variables, **environment), stderr=theirs)
        os.close(theirs)
        shown = b""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if not select.select([ours], [], [], 0.2)[0]:
                continue
            try:
                part = os.read(ours, 4096)
            except OSError:  # how Linux says that the other side has closed
                break
            if not part:
                break
            shown += part
            if stop_at and re.search(stop_at, shown.decode(errors="replace")):
                program.terminate()
                stop_at = None
        os.close(ours)
        output = program.communicate(timeout=60)[0]
        return program.returncode, output, shown.decode().replace("\r\n", "\n")

    def test_a_long_sweep_shows_a_bar_with_the_number_of_points_and_the_time_left(self):
        self.file.write_text(FILM.replace("POINTS", "20000"))
        bar = r"\r\x1b\[K  thickness \[#*\.*\] \d+ of 20000, [\d.]+ (ms|s|min.*) left"
        status, output, shown = self.on_a_terminal("run", "film.toml", stop_at=bar)
        self.assertRegex(shown, bar)
        self.assertEqual((status, output), (143, ""))
        width = re.search(r"\[([#.]+)\]", shown).group(1)
        self.assertEqual(len(width), 30)

    def test_without_a_terminal_there_is_no_bar_and_no_colour(self):
        self.file.write_text(FILM.replace("POINTS", "2000"))
        done = run("run", "film.toml", cwd=self.root)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("\x1b", done.stderr)
        self.assertNotIn("\r", done.stderr)
        self.assertIn("2000 points", done.stderr)

    def test_a_fault_is_shown_in_its_line_with_a_caret_below_the_value(self):
        self.file.write_text(FILM.replace("POINTS", "3").replace('"20 nm"', '"20 mT"'))
        status, output, shown = self.on_a_terminal("check", "film.toml", NO_COLOR="1")
        self.assertEqual((status, output), (2, ""))
        lines = shown.splitlines()
        place = re.match(r"film\.toml:(\d+):(\d+): ", lines[0])
        self.assertEqual((place.group(1), place.group(2)), ("7", "13"))
        self.assertEqual(lines[1], '  7 | thickness = "20 mT"')
        self.assertEqual(lines[2].index("^"), lines[1].index('"20 mT"'))
        self.assertNotIn("\x1b", shown)

    def test_colours_are_for_terminals_and_end_where_they_began(self):
        self.file.write_text(FILM.replace("POINTS", "3").replace('"20 nm"', '"20 mT"'))
        _, _, shown = self.on_a_terminal("check", "film.toml")
        codes = re.findall(r"\x1b\[([\d;]*)m", shown)
        self.assertTrue(codes)
        self.assertTrue(all(code == "0" for code in codes[1::2]) and all(code != "0" for code in codes[::2]), codes)

    def test_messages_are_broken_between_words_at_the_width_of_the_screen(self):
        self.file.write_text(FILM.replace("POINTS", "3").replace('"20 nm"', '"20 mT"').replace('"glass"', '"glas"'))
        _, _, wide = self.on_a_terminal("check", "film.toml", NO_COLOR="1")
        for columns in (60, 80, 100):
            _, _, shown = self.on_a_terminal("check", "film.toml", columns=columns, NO_COLOR="1")
            self.assertLessEqual(max(map(len, shown.splitlines())), columns)
            self.assertEqual(shown.split(), wide.split(), "no word is lost or broken")
            self.assertGreater(len(shown.splitlines()), len(wide.splitlines()))

    def test_a_bar_stays_on_one_line_and_is_wiped_away_before_a_message(self):
        name = "transmission against thickness, a name that is longer than half of the screen"
        self.file.write_text(FILM.replace("POINTS", "20000").replace('name = "thickness"', f'name = "{name}"'))
        status, _, shown = self.on_a_terminal("run", "film.toml", stop_at=r"\] \d+ of 20000", columns=80, NO_COLOR="1")
        self.assertEqual(status, 143)
        bars = re.findall(r"\r\x1b\[K(  transmission[^\r\n]*left)", shown)
        self.assertTrue(bars)
        self.assertLess(max(map(len, bars)), 80)
        self.assertIn("\r\x1b[Kvitrispin: interrupted", shown)

    def test_what_the_program_says_of_itself_fits_eighty_columns(self):
        for arguments in ([], ["--help"], ["run", "--help"], ["materials"], ["materials", "ayig"], ["materials", "pt"]):
            done = run(*arguments)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertLessEqual(max(map(len, done.stdout.splitlines())), 80, arguments)

    def test_bad_usage_shows_how_the_command_is_called(self):
        _, _, shown = self.on_a_terminal("run", NO_COLOR="1")
        self.assertIn("usage: vitrispin run [OPTIONS] FILE", shown)


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=1))
