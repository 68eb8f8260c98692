#!/usr/bin/python3
"""Every input file of examples/ runs, and so does every complete one in the documents; results are whole and finite."""
import glob
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

from program import PROGRAM, SANITIZED, thinned  # noqa: E402

ROOT = os.environ["VITRISPIN_SOURCE_DIR"]


def numbers(value):
    if isinstance(value, dict):
        for item in value.values():
            yield from numbers(item)
    elif isinstance(value, list):
        for item in value:
            yield from numbers(item)
    elif isinstance(value, float):
        yield value


class ExamplesTest(unittest.TestCase):
    def run_file(self, path):
        with tempfile.TemporaryDirectory() as folder:
            results = os.path.join(folder, "results")
            answer = subprocess.run([PROGRAM, "run", path, "-o", results, "--quiet"], capture_output=True, text=True,
                                    timeout=600, check=False)
            self.assertEqual(answer.returncode, 0, answer.stderr)
            with open(os.path.join(results, "summary.json"), encoding="utf-8") as file:
                summary = json.load(file)
            self.assertTrue(summary["experiments"])
            self.assertTrue(all(math.isfinite(number) for number in numbers(summary)))
            for name in summary["experiments"]:
                self.assertTrue(os.path.exists(os.path.join(results, name + ".nc")), name)
            with open(os.path.join(results, "report.html"), encoding="utf-8") as file:
                report = file.read()
            self.assertLess(len(report), 3e6, "a report stays below 3 MB")
            self.assertNotRegex(report, r'(?:src|href)="https?://[^"]*\.(?:js|css)"', "a report needs nothing from outside")
            self.assertIn("10.1103/PhysRevB.107.094438", report)

    def test_every_example_runs(self):
        files = sorted(glob.glob(os.path.join(ROOT, "examples", "*.toml")))
        self.assertTrue(files)
        for path in files:
            with self.subTest(example=os.path.basename(path)), tempfile.TemporaryDirectory() as folder:
                self.run_file(thinned(path, folder) if SANITIZED else path)

    def test_every_complete_input_file_in_the_documents_runs(self):
        for page in ["README.md", *sorted(glob.glob("docs/**/*.md", root_dir=ROOT, recursive=True))]:
            with open(os.path.join(ROOT, page), encoding="utf-8") as file:
                for text in re.findall(r"```toml\n(.*?)```", file.read(), flags=re.DOTALL):
                    if "[[experiments]]" not in text or "[materials" not in text or "..." in text:
                        continue
                    with self.subTest(page=page, text=text), tempfile.TemporaryDirectory() as folder:
                        path = os.path.join(folder, "film.toml")
                        with open(path, "w", encoding="utf-8") as copy:
                            copy.write(text)
                        self.run_file(path)


if __name__ == "__main__":
    unittest.main(verbosity=2)
