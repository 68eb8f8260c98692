#!/usr/bin/python3
"""Reports of the examples work in a browser: no script fails, zoom, values below the pointer and the legend do what they say.

Needs Chromium (tools/install_packages.sh docs); without it the test is skipped and says so."""
import glob
import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

from program import PROGRAM, thinned  # noqa: E402

ROOT = os.environ["VITRISPIN_SOURCE_DIR"]
BROWSER = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)

# Before all other scripts, so that no failure is missed.
CATCH = """<script>window.failures = [];
addEventListener('error', (event) => failures.push(event.message));
addEventListener('unhandledrejection', (event) => failures.push(String(event.reason)));
console.error = (...words) => failures.push(words.join(' '));</script>"""
TELL = """<script>addEventListener('load', () => setTimeout(() => {
  const list = document.createElement('pre');
  list.id = 'script-failures';
  list.textContent = JSON.stringify(failures);
  document.body.append(list);
}, 30000));</script>"""


@unittest.skipUnless(BROWSER, "no Chromium here: reports were not opened in a browser")
class ReportInBrowserTest(unittest.TestCase):
    def dom_after_use(self, folder, page, *options):
        command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile",
                   # Virtual time: pauses of the scripts cost nothing, and all of them have ended.
                   "--virtual-time-budget=60000", *options, "--dump-dom", "file://" + page]
        return subprocess.run(command, capture_output=True, text=True, timeout=300, check=True).stdout

    def text_of(self, dom, element):
        found = re.search(rf'<pre id="{element}">(.*?)</pre>', dom, flags=re.DOTALL)
        self.assertIsNotNone(found, f"the page has no {element}: a script did not reach its end")
        return json.loads(html.unescape(found.group(1)))

    def use(self, example, *options):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([PROGRAM, "run", thinned(example, folder), "-o", folder + "/results", "--quiet"], check=True,
                           capture_output=True, timeout=600)
            with open(folder + "/results/report.html", encoding="utf-8") as file:
                report = file.read()
            with open(__file__.removesuffix(".py") + ".js", encoding="utf-8") as file:
                user = "<script>" + file.read() + "</script>"
            page = folder + "/used.html"
            with open(page, "w", encoding="utf-8") as file:
                file.write(report.replace("<body>", "<body>" + CATCH, 1).replace("</body>", user + TELL + "</body>", 1))
            dom = self.dom_after_use(folder, page, *options)
        self.assertEqual(self.text_of(dom, "script-failures"), [])
        seen = self.text_of(dom, "browser-test")
        print(os.path.basename(example), *options, {key: seen[key] for key in seen if key != "faults"}, flush=True)
        self.assertEqual(seen["faults"], [])
        self.assertEqual(seen["figures"], report.count('class="plot"'))
        self.assertEqual(seen["maps"], report.count('class="field-map"'))
        self.assertGreater(seen["hovers"], 0)

    def test_every_example_works_on_a_wide_screen(self):
        for example in sorted(glob.glob(os.path.join(ROOT, "examples", "*.toml"))):
            with self.subTest(example=os.path.basename(example)):
                self.use(example, "--window-size=1400,1000")

    def test_a_report_works_on_a_narrow_dark_screen_of_many_pixels(self):
        for example in ["ayig_film.toml", "precession_3d.toml"]:
            with self.subTest(example=example):
                self.use(os.path.join(ROOT, "examples", example), "--window-size=500,900",
                         "--force-device-scale-factor=2", "--blink-settings=preferredColorScheme=0")


if __name__ == "__main__":
    unittest.main(verbosity=2)
