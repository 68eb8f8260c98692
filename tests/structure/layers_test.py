#!/usr/bin/python3
"""The shape of the source tree: who may include whom, headers that stay light, files that stay short."""
import os
import re
import unittest

ROOT = os.environ["VITRISPIN_SOURCE_DIR"]
SOURCE = os.path.join(ROOT, "src", "vitrispin")
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.MULTILINE)

# A module may include what stands to its right (docs/architecture.md).
ALLOWED = {
    "core": set(),
    "physics": {"core"},
    "modes": {"core", "physics"},
    "film": {"core", "physics", "modes"},
    "dynamics": {"core", "physics", "modes"},
    "distributed": {"core", "physics", "dynamics"},
    "atoms": {"core", "physics"},
    "fit": {"core", "physics", "modes", "film"},
    "io": {"core", "physics"},
    "app": {"core", "physics", "modes", "film", "dynamics", "atoms", "fit", "io"},
}
# Libraries behind walls: these names may be included by these modules only, and never by a header.
WALLS = {
    "petsc": {"distributed"},
    "mpi.h": {"distributed"},
    "toml++": {"io"},
    "netcdf": {"io"},
    "udunits2": {"io"},
    "nlohmann/json.hpp": {"io", "app"},
    "CLI/": {"app"},
    "spdlog": {"app"},
    "hwy": {"modes", "film", "dynamics"},
    "ceres": {"modes", "fit"},
    "Random123": {"atoms"},
}
HEAVY_IN_HEADERS = ("Eigen", "toml++", "nlohmann/json.hpp", "netcdf", "ceres", "CLI/", "spdlog", "petsc", "mpi.h", "hwy/",
                    "fmt/", "regex", "iostream")
LONGEST = 450  # lines; a file of 150 is the aim


def files(*endings):
    for folder, _, names in os.walk(SOURCE):
        for name in sorted(names):
            if name.endswith(endings):
                yield os.path.join(folder, name)


def includes(path):
    with open(path, encoding="utf-8") as file:
        return [name for _, name in INCLUDE.findall(file.read())]


def module_of(path):
    return os.path.relpath(path, SOURCE).split(os.sep)[0]


class LayersTest(unittest.TestCase):
    def test_a_module_includes_only_what_stands_to_its_right(self):
        faults = []
        for path in files(".hpp", ".cpp"):
            module = module_of(path)
            self.assertIn(module, ALLOWED, f"{path}: a folder of src/vitrispin is a module")
            for name in includes(path):
                if name.startswith("vitrispin/"):
                    other = name.split("/")[1]
                    if other != module and other not in ALLOWED[module]:
                        faults.append(f"{os.path.relpath(path, ROOT)} includes {name}")
        self.assertEqual(faults, [])

    def test_the_projects_headers_are_included_by_their_path_from_src(self):
        faults = []
        for path in files(".hpp", ".cpp"):
            with open(path, encoding="utf-8") as file:
                for mark, name in INCLUDE.findall(file.read()):
                    if mark == '"' and not name.startswith("vitrispin/"):
                        faults.append(f"{os.path.relpath(path, ROOT)} includes \"{name}\"")
        self.assertEqual(faults, [])

    def test_cmake_links_a_module_to_what_it_may_include_and_no_more(self):
        with open(os.path.join(SOURCE, "CMakeLists.txt"), encoding="utf-8") as file:
            text = file.read()
        for name, rest in re.findall(r"vitrispin_module\((\w+)([^)]*)\)", text):
            depends = re.search(r"DEPENDS\s+([\w\s]*?)(?:LIBRARIES|$)", rest)
            named = set(depends.group(1).split()) if depends else set()
            self.assertLessEqual(named, ALLOWED[name], name)

    def test_libraries_stay_behind_their_walls(self):
        faults = []
        for path in files(".hpp", ".cpp"):
            for name in includes(path):
                for library, modules in WALLS.items():
                    if name.startswith(library) and module_of(path) not in modules:
                        faults.append(f"{os.path.relpath(path, ROOT)} includes {name}: only {sorted(modules)} may")
        self.assertEqual(faults, [])

    def test_no_header_pulls_in_a_heavy_library(self):
        faults = []
        for path in files(".hpp"):
            if path.endswith("-inl.hpp"):
                continue  # included once per instruction set by one source, never by another header
            for name in includes(path):
                # A wrapper of a library's handles is for the sources of its module: no header may include it.
                if name.startswith(HEAVY_IN_HEADERS) and not path.endswith("_handle.hpp"):
                    faults.append(f"{os.path.relpath(path, ROOT)} includes {name}")
                if name.endswith("_handle.hpp"):
                    faults.append(f"{os.path.relpath(path, ROOT)} includes {name}, which is for sources only")
        self.assertEqual(faults, [])

    def test_a_folder_is_a_namespace(self):
        for path in files(".hpp"):
            module = module_of(path)
            with open(path, encoding="utf-8") as file:
                text = file.read()
            wanted = "namespace vitrispin" if module == "core" else f"namespace vitrispin::{module}"
            self.assertIn(wanted, text, os.path.relpath(path, ROOT))

    def test_every_header_is_guarded_by_pragma_once_and_documented(self):
        for path in files(".hpp"):
            with open(path, encoding="utf-8") as file:
                text = file.read()
            self.assertTrue("#pragma once" in text or path.endswith("-inl.hpp"), os.path.relpath(path, ROOT))
            self.assertIn("///", text, f"{os.path.relpath(path, ROOT)}: say what it declares")

    def test_every_formula_of_the_physics_says_what_it_computes_and_in_which_units(self):
        function = re.compile(r"^(?:template <[^\n]*>\n)?(?:inline|constexpr)[^\n;=]*\b(\w+)\(", re.MULTILINE)
        faults = []
        for path in files(".hpp"):
            if module_of(path) != "physics":
                continue
            with open(path, encoding="utf-8") as file:
                text = file.read()
            for match in function.finditer(text):
                comment = re.search(r"((?:///[^\n]*\n)+)$", text[:match.start()])
                if not comment or "[" not in comment.group(1) and "Units" not in comment.group(1):
                    faults.append(f"{os.path.relpath(path, ROOT)}: {match.group(1)}")
        self.assertEqual(faults, [])

    def test_no_file_is_longer_than_450_lines(self):
        long = []
        for top in ("src", "tests", "bench", "python", "tools"):
            for folder, _, names in os.walk(os.path.join(ROOT, top)):
                for name in names:
                    if name.endswith((".hpp", ".cpp", ".py", ".sh")) and "third_party" not in folder:
                        path = os.path.join(folder, name)
                        with open(path, encoding="utf-8") as file:
                            lines = sum(1 for _ in file)
                        if lines > LONGEST:
                            long.append(f"{os.path.relpath(path, ROOT)}: {lines}")
        self.assertEqual(long, [])

    def test_no_file_is_named_utils_and_none_is_left_unfinished(self):
        unfinished = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
        faults = []
        for path in files(".hpp", ".cpp"):
            self.assertNotRegex(os.path.basename(path), r"^utils?\.|^helpers?\.|^misc\.")
            with open(path, encoding="utf-8") as file:
                faults += [f"{os.path.relpath(path, ROOT)}:{number}" for number, line in enumerate(file, 1)
                           if unfinished.search(line)]
        self.assertEqual(faults, [])

    def test_no_flag_makes_results_depend_on_the_machine(self):
        for folder, _, names in os.walk(ROOT):
            if os.sep + "build" in folder or os.sep + ".git" in folder:
                continue
            for name in names:
                if name == "CMakeLists.txt" or name.endswith(".cmake") or name == "CMakePresets.json":
                    with open(os.path.join(folder, name), encoding="utf-8") as file:
                        code = "\n".join(line.split("#")[0] for line in file)
                    self.assertNotRegex(code, r"-ffast-math|-march=native|-Ofast|-funsafe-math", name)


if __name__ == "__main__":
    unittest.main(verbosity=2)
