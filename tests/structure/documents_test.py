#!/usr/bin/python3
"""The documents: links resolve, and the project refers to nothing outside itself."""
import os
import re
import subprocess
import unittest

ROOT = os.environ["VITRISPIN_SOURCE_DIR"]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
CODE_BLOCK = re.compile(r"```.*?```", re.DOTALL)


def tracked():
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True,
                            check=False)
    if listed.returncode == 0:
        names = listed.stdout.split("\n")
    else:  # an unpacked release has no .git
        names = [os.path.relpath(os.path.join(folder, name), ROOT) for folder, _, files in os.walk(ROOT)
                 for name in files if os.sep + "build" not in folder]
    return [name for name in names if name and os.path.isfile(os.path.join(ROOT, name))]


def text_of(name):
    with open(os.path.join(ROOT, name), encoding="utf-8", errors="replace") as file:
        return file.read()


def anchors(markdown):
    """Anchors as the usual Markdown viewers make them from headings."""
    found = set()
    for heading in re.findall(r"^#+\s+(.*)$", CODE_BLOCK.sub("", markdown), flags=re.MULTILINE):
        plain = re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower())
        found.add(plain.strip().replace(" ", "-"))
    return found


class DocumentsTest(unittest.TestCase):
    def test_every_link_leads_to_a_file_and_heading_of_the_project_or_to_the_web(self):
        faults = []
        for name in tracked():
            if not name.endswith(".md"):
                continue
            for target in LINK.findall(CODE_BLOCK.sub("", text_of(name))):
                if re.match(r"https?://|mailto:", target):
                    continue
                path, _, anchor = target.partition("#")
                where = os.path.normpath(os.path.join(os.path.dirname(name), path)) if path else name
                if where.startswith("..") or not os.path.exists(os.path.join(ROOT, where)):
                    faults.append(f"{name}: {target}")
                elif anchor and where.endswith(".md") and anchor not in anchors(text_of(where)):
                    faults.append(f"{name}: {target} (no such heading)")
        self.assertEqual(faults, [])

    def test_files_named_in_the_documents_exist(self):
        faults = []
        named = re.compile(r"`((?:src|docs|tests|tools|bench|examples|materials|cmake)/[\w./-]+\.\w+)`")
        for name in tracked():
            if name.endswith(".md"):
                faults += [f"{name}: {path}" for path in named.findall(text_of(name))
                           if not os.path.exists(os.path.join(ROOT, path))]
        self.assertEqual(faults, [])

    def test_nothing_refers_to_places_outside_the_project(self):
        # Written in pieces, so that this file does not find itself.
        outside = re.compile("|".join([r"(?<![\w.])/" + r"work/(?!\w*\()", r"\.\./" + "shared", r"(?<![\w/])/" + "home/"]))
        faults = []
        for name in tracked():
            if name.endswith((".png", ".nc", ".min.js", ".min.css", ".csv", ".json")) or "third_party" in name:
                continue
            for number, line in enumerate(text_of(name).split("\n"), 1):
                if outside.search(line):
                    faults.append(f"{name}:{number}: {line.strip()[:80]}")
        self.assertEqual(faults, [])

    def test_the_documents_name_no_temporary_folder(self):
        for name in tracked():
            if name.endswith(".md"):
                self.assertNotRegex(text_of(name), r"(?<!\w)/" + "tmp" + r"\b", name)

    def test_every_document_is_listed_in_the_index(self):
        index = text_of("docs/README.md")
        for name in tracked():
            if name.startswith("docs/") and name.endswith(".md") and name != "docs/README.md":
                self.assertIn(os.path.relpath(name, "docs"), index, "docs/README.md lists every page")

    def test_documents_end_their_lines_cleanly_and_are_finished(self):
        for name in tracked():
            if name.endswith(".md"):
                text = text_of(name)
                self.assertNotRegex(text, r"\b(TODO|FIXME|TBD|lorem ipsum)\b", name)
                self.assertTrue(text.endswith("\n"), name)


if __name__ == "__main__":
    unittest.main(verbosity=2)
