#!/usr/bin/python3
"""Experiments on atoms through the command line: the same bits for any number of threads, materials made of them, errors
carried to films, and every number again from the positions in the .nc file by numpy alone."""
import json
import os
import pathlib
import sys
import tempfile
import unittest

import netCDF4
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from program import run  # noqa: E402

MU0, HBAR, GAMMA = 1.25663706212e-6, 1.054571817646156391e-34, 1.76085963023e11
A, K_F, SPIN, CONSTANT = 7.5e-50, 1.36e10, 2.5, 3.61e-10

ATOMS = """\
[[experiments]]
name = "glass"
kind = "atoms"
constant = "3.61 angstrom"
size = [10, 10, 10]
concentration = 0.015
spin = 2.5
coupling = { kind = "rkky", A = "7.5e-37 erg cm3", k_F = "1.36e10 m-1", cutoff = "1.4 nm" }
samples = 4
minima = 2
"""
DM = 'anisotropy = { kind = "dm", strength = 0.05, cutoff = "1.1 nm" }\n'
FILM = """\
[materials.film]
preset = "cumn-1pct"
from = "glass"
[[layers]]
name = "film"
material = "film"
thickness = "80 nm"
[boundary.left]
current = [0, 0, 1.0]
[boundary.right]
conductance = inf
[[experiments]]
name = "dc"
kind = "steady"
[[experiments]]
name = "waves"
kind = "modes"
k = [1e7, 1e8]
"""


def without_errors(value):
    if isinstance(value, dict):
        return {key: without_errors(item) for key, item in value.items() if not key.endswith("_sem")}
    return value


class AtomsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def results(self, text, name="run", env=None, status=0):
        path = os.path.join(self.folder, name + ".toml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        out = os.path.join(self.folder, name)
        done = run("run", path, "-o", out, "--quiet", env=env, timeout=600)
        self.assertEqual(done.returncode, status, done.stderr)
        if status:
            return done.stderr
        with open(os.path.join(out, "summary.json"), encoding="utf-8") as file:
            return json.load(file)

    def test_the_same_bits_for_any_number_of_threads(self):
        files = []
        for threads in ("1", "2", "5"):
            self.results(ATOMS + DM, "run" + threads, {"VITRISPIN_THREADS": threads})
            with netCDF4.Dataset(os.path.join(self.folder, "run" + threads, "glass.nc")) as data:
                files.append({name: np.asarray(variable[...]).tobytes() for name, variable in data.variables.items()
                              if variable.dtype != str})
        self.assertEqual(files[0], files[1])
        self.assertEqual(files[0], files[2])

    def test_means_and_errors_are_those_of_the_samples(self):
        glass = self.results(ATOMS + DM)["experiments"]["glass"]
        for name in ("energy_per_spin", "chi_M", "rho_s", "K", "zero_modes", "residual_torque"):
            values = np.array(glass[name]["of_samples"])
            self.assertAlmostEqual(glass[name]["mean"], values.mean(), delta=1e-14 * abs(values).max())
            self.assertAlmostEqual(glass[name]["sem"], values.std(ddof=1) / 2, delta=1e-12 * abs(values).max())
        self.assertLess(max(glass["residual_torque"]["of_samples"]), 1e-12)
        for name, other in (("chi_M", "finite_field"), ("rho_s", "finite_twist"), ("K", "finite_rotation")):
            linear = np.array(glass["two_ways"][name + "_linear"])
            scale = glass["rho_s_bare"]["mean"] if name == "rho_s" else abs(linear)
            # Of second order in changes that soft modes enlarge.
            self.assertTrue(np.all(abs(linear - glass["two_ways"][f"{name}_{other}"]) < 1e-3 * scale), name)

    def test_the_material_table_and_from_give_the_same_film(self):
        taken = self.results(FILM + ATOMS + DM)
        material = taken["experiments"]["glass"]["material"]
        for key in ("gamma", "chi_M", "rho_s", "K"):
            self.assertEqual(taken["materials"]["film"]["parameters"][key]["value"], material[key])
        given = "\n".join(f"{key} = {material[key]!r}" for key in ("gamma", "chi_M", "rho_s", "K"))
        pasted = self.results(FILM.replace('from = "glass"', given), "pasted")
        for name in ("dc", "waves"):
            for key, value in pasted["experiments"][name].items():
                self.assertEqual(without_errors(taken["experiments"][name][key]), value, key)
        self.assertEqual(self.results(FILM + ATOMS + DM, "again")["experiments"], taken["experiments"])

    def test_a_key_beside_from_overrides_it(self):
        summary = self.results(FILM.replace('from = "glass"', 'from = "glass"\nK = 123.0') + ATOMS + DM)
        parameters = summary["materials"]["film"]["parameters"]
        self.assertEqual(parameters["K"]["value"], 123.0)
        self.assertEqual(parameters["chi_M"]["value"], summary["experiments"]["glass"]["chi_M"]["mean"])

    def test_the_error_of_a_film_is_that_of_runs_that_leave_out_a_sample(self):
        summary = self.results(FILM + ATOMS + DM)
        glass = summary["experiments"]["glass"]
        runs = []
        for sample in range(4):
            kept = [s for s in range(4) if s != sample]
            given = "\n".join(f"{key} = {float(np.mean(np.array(glass[key]['of_samples'])[kept]))!r}" for key in ("chi_M", "rho_s", "K"))
            runs.append(self.results(FILM.replace('from = "glass"', given), f"without{sample}")["experiments"])
        found = np.array([one["dc"]["transmission"] for one in runs])
        wanted = np.sqrt(3 / 4 * np.sum((found - found.mean())**2))
        self.assertGreater(wanted, 0)
        self.assertAlmostEqual(summary["experiments"]["dc"]["transmission_sem"], wanted, delta=1e-9 * wanted)
        waves = np.array([one["waves"]["omega"] for one in runs])
        wanted = np.sqrt(3 / 4 * np.sum((waves - waves.mean(axis=0))**2, axis=0))
        self.assertTrue(np.allclose(summary["experiments"]["waves"]["omega_sem"], wanted, rtol=1e-6, atol=1e-6 * wanted.max()))

    def test_constants_that_break_a_rule_are_told(self):
        shown = self.results(FILM.replace('from = "glass"', 'from = "glass"\nchi_m = 0.5') + ATOMS, "bad", status=2)
        self.assertIn("computed by experiment glass", shown)
        self.assertIn("must be below chi_M", shown)

    def test_everything_again_from_the_positions_by_numpy_alone(self):
        glass = self.results(ATOMS + DM)["experiments"]["glass"]
        with netCDF4.Dataset(os.path.join(self.folder, "run", "glass.nc")) as data:
            positions = np.asarray(data["position"][0])
            u = np.asarray(data["direction"][0, 0])
            eigenvalues = np.asarray(data["eigenvalues"][0, 0])
            frequencies = np.asarray(data["frequencies"][0, 0])
            energies = np.asarray(data["energy"][0])
            shared = np.asarray(data["participation"][0, 0])
        twin = Twin(positions, 10 * CONSTANT)
        scale = abs(twin.couplings()).max()
        self.assertAlmostEqual(energies[0] * len(u), twin.energy(u), delta=1e-12 * scale * len(u))
        h = twin.fields(u)
        torque = np.linalg.norm(np.cross(u, h), axis=1) / np.linalg.norm(h, axis=1)
        self.assertLess(torque.max(), 1.1e-12)  # rounding of other sums
        frame, H = twin.hessian(u)
        values, vectors = np.linalg.eigh(H)
        self.assertTrue(np.allclose(values, eigenvalues, rtol=0, atol=1e-12 * values[-1]))
        j = np.kron(np.eye(len(u)), np.array([[0.0, -1.0], [1.0, 0.0]]))
        omega, modes = np.linalg.eig(-j @ H / (HBAR * SPIN))
        order = np.argsort(omega.imag)[len(u):]
        # The softest frequencies come from squares: rounding is 1e-16 of the largest one squared.
        self.assertTrue(np.allclose(omega.imag[order]**2, frequencies**2, rtol=0, atol=1e-13 * frequencies[-1]**2))
        p = np.sum(np.abs(modes[:, order].reshape(len(u), 2, -1))**2, axis=1)
        self.assertTrue(np.allclose(np.sum(p, axis=0)**2 / np.sum(p**2, axis=0), shared, rtol=1e-5))
        # K at a given mean angle, and rigidly.
        T = np.stack([twin.coordinates(np.cross(n, u), frame) for n in np.eye(3)], axis=1)
        G = T.T @ T
        volume = (10 * CONSTANT)**3
        relaxed = np.trace(G @ np.linalg.inv(T.T @ np.linalg.solve(H, T)) @ G) / 3 / volume
        self.assertAlmostEqual(glass["two_ways"]["K_linear"][0], relaxed, delta=1e-8 * relaxed)

    def test_chi_and_stiffness_of_exchange_alone_again_by_numpy(self):
        glass = self.results(ATOMS.replace("minima = 2", "minima = 1"))["experiments"]["glass"]
        self.assertEqual(glass["zero_modes"]["mean"], 3)
        self.assertEqual(glass["K"]["mean"], 0)
        for sample in range(4):
            with netCDF4.Dataset(os.path.join(self.folder, "run", "glass.nc")) as data:
                twin = Twin(np.asarray(data["position"][sample]), 10 * CONSTANT, dm=False)
                u = np.asarray(data["direction"][sample, 0])
            frame, H = twin.hessian(u)
            values, vectors = np.linalg.eigh(H)
            inverse = vectors[:, 3:] / values[3:] @ vectors[:, 3:].T
            f = np.stack([twin.coordinates(np.tile(n, (len(u), 1)), frame) for n in np.eye(3)], axis=1)
            volume = (10 * CONSTANT)**3
            chi = MU0 * (GAMMA * HBAR * SPIN)**2 * np.trace(f.T @ inverse @ f) / 3 / volume
            self.assertAlmostEqual(glass["chi_M"]["of_samples"][sample], chi, delta=1e-8 * chi)
            bare, stiffness = twin.stiffness(u, frame, inverse)
            self.assertAlmostEqual(glass["rho_s_bare"]["of_samples"][sample], bare / volume, delta=1e-10 * bare / volume)
            self.assertAlmostEqual(glass["rho_s"]["of_samples"][sample], stiffness / volume, delta=1e-7 * bare / volume)


class Twin:
    """RKKY spins and their anisotropy from positions; bonds to the nearest image, for a cutoff below half of the box."""

    def __init__(self, positions, box, dm=True):
        n = len(positions)
        self.d = positions[None] - positions[:, None]
        self.d -= box * np.round(self.d / box)
        self.r = np.linalg.norm(self.d, axis=2) + np.eye(n)
        self.J = SPIN**2 * A * np.cos(2 * K_F * self.r) / self.r**3 * (self.r <= 1.4e-9)
        np.fill_diagonal(self.J, 0)
        self.D = np.zeros((n, n, 3))
        if not dm:
            return
        near = (self.r <= 1.1e-9) & ~np.eye(n, dtype=bool)
        for k in range(n):
            around = np.flatnonzero(near[k])
            for i in around:
                for j in around:
                    if i == j or not near[i, j]:
                        continue
                    a, b = self.d[k, i], self.d[k, j]
                    la, lb, lc = self.r[k, i], self.r[k, j], np.linalg.norm(a - b)
                    if lc > 1.1e-9:
                        continue
                    self.D[i, j] += (0.05 * A * SPIN**2 * np.sin(K_F * (la + lb + lc)) * (a @ b) * np.cross(a, b)
                                     / (la**3 * lb**3 * lc))

    def couplings(self):
        return self.J

    def fields(self, u):
        return self.J @ u + np.sum(np.cross(u[None], self.D), axis=1)

    def energy(self, u):
        return -0.5 * np.sum(u * self.fields(u))

    @staticmethod
    def coordinates(v, frame):
        return np.einsum("ipx,ix->ip", frame, v).ravel()

    def hessian(self, u):
        """Second derivatives in two directions across each spin, (across 1, across 2, spin) right-handed."""
        n = len(u)
        start = np.eye(3)[np.argmin(np.abs(u), axis=1)]
        a = np.cross(u, start)
        a /= np.linalg.norm(a, axis=1)[:, None]
        frame = np.stack([a, np.cross(u, a)], axis=1)
        cross = np.zeros((n, n, 3, 3))  # a.(D x b) rows
        for x, y, z, sign in ((0, 1, 2, 1), (1, 2, 0, 1), (2, 0, 1, 1), (0, 2, 1, -1), (1, 0, 2, -1), (2, 1, 0, -1)):
            cross[:, :, y, z] += sign * self.D[:, :, x]
        bond = self.J[:, :, None, None] * np.eye(3) + cross  # u_i.bond.u_j
        H = -np.einsum("ipx,ijxy,jqy->ipjq", frame, bond, frame).reshape(2 * n, 2 * n)
        H += np.diag(np.repeat(np.sum(u * self.fields(u), axis=1), 2))
        return frame, (H + H.T) / 2

    def stiffness(self, u, frame, inverse):
        bare = stiffness = 0.0
        for axis in np.eye(3):
            across = u - np.outer(u @ axis, axis)
            for a in range(3):
                own = 0.5 * np.sum(self.J * self.d[:, :, a]**2 * (across @ across.T))
                slope = -(self.J * self.d[:, :, a]) @ np.cross(axis, u)
                g = self.coordinates(slope, frame)
                bare += own / 9
                stiffness += (own - g @ inverse @ g) / 9
        return bare, stiffness


if __name__ == "__main__":
    unittest.main()
