#!/usr/bin/python3
"""Packages that the build looks for are packages that the Make targets install."""
import os
import re
import unittest

ROOT = os.environ["VITRISPIN_SOURCE_DIR"]
# What CMake looks for -> the Debian 12 package that holds it.
PROVIDED_BY = {
    "Eigen3": "libeigen3-dev", "fmt": "libfmt-dev", "spdlog": "libspdlog-dev", "nlohmann_json": "nlohmann-json3-dev",
    "CLI11": "libcli11-dev", "tomlplusplus": "libtomlplusplus-dev", "netcdf": "libnetcdf-dev", "PkgConfig": "pkg-config",
    "udunits2.h": "libudunits2-dev", "GTest": "libgtest-dev", "rapidcheck.h": "librapidcheck-dev", "ceres/jet.h": "libceres-dev",
    "Random123/philox.h": "librandom123-dev", "benchmark": "libbenchmark-dev", "SUNDIALS": "libsundials-dev", "Threads": "g++", "mpi": "libopenmpi-dev", "PETSc": "libpetsc-real-dev", "hwy": "libhwy-dev", "libhwy": "libhwy-dev", "HWY": "libhwy-dev",
}


class PackagesTest(unittest.TestCase):
    def test_every_library_that_cmake_looks_for_is_installed_by_a_make_target(self):
        with open(os.path.join(ROOT, "tools/install_packages.sh"), encoding="utf-8") as file:
            installed = set(re.findall(r"[\w.+-]+", file.read()))
        looked_for = set()
        for folder, _, names in os.walk(ROOT):
            if os.sep + "build" in folder or os.sep + ".git" in folder:
                continue
            for name in names:
                if name == "CMakeLists.txt" or name.endswith(".cmake"):
                    with open(os.path.join(folder, name), encoding="utf-8") as file:
                        text = file.read()
                    looked_for.update(re.findall(r"find_package\((\w+)", text))
                    looked_for.update(re.findall(r"IMPORTED_TARGET\s+(\w+)", text))
                    looked_for.update(re.findall(r"find_path\(\w+\s+(?:NAMES\s+)?([\w./]+\.h)", text))
        self.assertTrue(looked_for)
        for library in sorted(looked_for):
            self.assertIn(library, PROVIDED_BY, f"{library}: name the Debian package that holds it here")
            self.assertIn(PROVIDED_BY[library], installed)


if __name__ == "__main__":
    unittest.main(verbosity=2)
