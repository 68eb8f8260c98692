#!/usr/bin/python3
"""A metal detector behind a film, through the command line, against transfer matrices of many digits (detector_reference.py).

Covers docs/theory.md, sections 3 and 5: spin current in A/s and J/m^2, inverse spin Hall field, rotation rate, largest angle,
critical current, crossover frequency and balance, at dc and ac, pinned and rotating, with H and M0 along any axis.

Tolerance: 1e-11, a tenth of what the project promises; measured are 1e-16 to 1e-12. Added is
what the rounding of the input costs: 1e-15 of a phase or attenuation, magnified by a resonance.
"""
import math
import os
import random
import sys
import unittest

from mpmath import mp, mpc, mpf

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "support")]
from detector_reference import Metal, Stack  # noqa: E402
from independent_support import TOLERANCE, Judge, log_uniform, random_axis_and_field, random_glass, run, table, written  # noqa: E402
from modes_reference import Glass, Linear  # noqa: E402
from test_seed import test_seed  # noqa: E402

LONG = os.environ.get("VITRISPIN_TEST_LEVEL") == "long"
SEED = test_seed()
I = mpc(0, 1)


class Detector(unittest.TestCase):
    """An injector, a film of one or two glasses and a metal detector, for which readings the other tests take no reference."""

    def setUp(self):
        mp.dps = 80  # the materials, too: a xi of 53 bits decides 1 - xi of 1e-6 to 1e-10 only

    def test_readings_at_dc_and_ac(self):
        judge = Judge(self)
        rng = random.Random(SEED + 20)
        for case in range(60 if LONG else 8):
            self.one(judge, *self.random_stack(rng, case), log_uniform(rng, 1e6, 1e11))
        judge.finish()

    def random_stack(self, rng, case):
        metal = lambda: {"kind": "metal", "gamma": 1.76085963023e11, "chi_m": log_uniform(rng, 1e-6, 1e-3),
                         "tau_mL": log_uniform(rng, 1e-14, 1e-11), "D": log_uniform(rng, 1e-5, 1e-2),
                         "spin_hall_angle": rng.uniform(-0.3, 0.3), "conductivity": log_uniform(rng, 1e5, 1e8)}
        axis, field = random_axis_and_field(rng, case % 3)
        glasses = {}
        for i in range(1 + (case % 4 == 3)):
            p = random_glass(rng)
            p.update({name: 1e-8 for name in ("tau_ML", "tau_mL", "tau_Mm") if p[name] == math.inf})
            p["K"] = 0.0 if case % 2 else max(p["K"], 1.0)
            if field[2] and rng.random() < 0.5:
                remanence = 2.0 ** rng.randrange(0, 18)
                p["M0"] = [remanence * x for x in axis]
            glasses[f"glass{i}"] = p
        materials = {**({"injector": metal()} if rng.random() < 0.3 else {}), **glasses, "detector": metal()}
        lengths = {name: math.sqrt(p["D"] / (1 / p["tau_mL"] + p.get("chi_M", 0) / p["chi_m"] / p.get("tau_Mm", 1)))
                   for name, p in materials.items()}
        layers = [(name, lengths[name] * log_uniform(rng, 0.05, 6)) for name in materials]
        interfaces = []
        for a, b in zip(materials, list(materials)[1:]):
            law = {"conductance": rng.choice([math.inf, log_uniform(rng, 1e-2, 1e6)])}
            if ("kind" in materials[a]) != ("kind" in materials[b]) and rng.random() < 0.8:
                law["mixing"] = log_uniform(rng, 1e16, 1e19)
            interfaces.append(law)
        vector = [rng.gauss(0, 1) for _ in range(3)]
        left = {"current": vector} if rng.random() < 0.5 else {"conductance": log_uniform(rng, 1e-2, 1e5), "potential": vector}
        if "potential" in left and "kind" not in materials[layers[0][0]]:
            left["mixing"] = log_uniform(rng, 1e16, 1e19)
        right = {"closed": True} if rng.random() < 0.6 else {"conductance": log_uniform(rng, 1e-2, 1e5)}
        return materials, layers, interfaces, left, right, axis, field

    def one(self, judge, materials, layers, interfaces, left, right, axis, field, frequency):
        text = table("[field]", {"H": field})
        for name, p in materials.items():
            text += table(f"[materials.{name}]", p)
        for name, thickness in layers:
            text += table("[[layers]]", {"name": name, "material": name, "thickness": thickness})
        text += "[interfaces]\n"
        for (a, _), (b, _), law in zip(layers, layers[1:], interfaces):
            text += f'"{a}|{b}" = {{ ' + ", ".join(f"{k} = {written(v)}" for k, v in law.items()) + " }\n"
        text += table("[boundary.left]", left) + table("[boundary.right]", right)
        text += table("[[experiments]]", {"name": "dc", "kind": "steady", "profile_points": 0})
        text += table("[[experiments]]", {"name": "ac", "kind": "harmonic", "frequency": [frequency]})
        results = run(text)
        built = {name: Metal(p, field) if "kind" in p else Glass(p, field) for name, p in materials.items()}
        stack = [(name, built[name], thickness) for name, thickness in layers]
        for kind, omega in (("dc", 0), ("ac", 2 * mp.pi * mpf(frequency))):
            got = results[kind]
            at = (lambda value: value) if kind == "dc" else (lambda value: value[0])
            with mp.workdps(80):
                depth = self.attenuation(stack, axis, omega)
            if depth > 60:
                continue  # nothing reaches the detector
            with mp.workdps(70 + int(2 * depth)):
                reference = Stack(stack, interfaces, left, right, axis, omega)
                # 1e-15 of a phase or attenuation is lost in the input already, and a resonance magnifies it
                self.compare(judge, reference, stack, got, at, f"{kind} ", text, TOLERANCE + 1e-15 * (1 + depth) ** 2)

    def attenuation(self, stack, axis, omega):
        """Sum over the layers of the largest |k| d: phases and exponents."""
        total = mpf(0)
        for _, material, thickness in stack:
            if isinstance(material, Glass):
                all_q = [q for n in (-1, 0, 1) for q in Linear(material, n, axis).squared_wavenumbers(-I * omega)]
                total += max(abs(mp.sqrt(q)) for q in all_q if q is not None) * mpf(thickness)
            else:
                total += mp.sqrt((omega + 1 / material.tau_mL) / material.D) * mpf(thickness)
        return float(total)

    def compare(self, judge, reference, stack, got, at, kind, where, tolerance):
        def vector(name, values, expected, scale=None):
            scale = length(expected) if scale is None else scale
            for value, component in zip(values, expected):
                judge.close(kind + name, value, component, where, scale=scale, tolerance=tolerance)

        length = lambda v: mp.sqrt(sum(abs(x) ** 2 for x in v))
        last = len(stack) - 1
        into, out = reference.current(0, "left")[0], reference.current(last, "right")[0]
        drive = length(into)
        vector("current in", at(got["current_in"]), into)
        vector("current out", at(got["current_out"]), out, scale=drive)
        key = f"{stack[last - 1][0]}|{stack[last][0]}"
        total, diffusive, reactive = reference.current(last - 1, "right")
        vector("current at the detector", at(got["interface_current"][key]), total)
        # the two parts may be opposite and far larger than their sum
        vector("of it diffusive", at(got["interface_current_m"][key]), diffusive, length(diffusive) + length(reactive))
        vector("of it reactive", at(got["interface_current_theta"][key]), reactive, length(diffusive) + length(reactive))
        gamma = stack[last - 1][1].gamma
        vector("in J/m^2", at(got["interface_angular_momentum_current"][key]), [-x / gamma for x in total])
        detector = got["detector"]["detector"]
        mean = reference.mean_current(last)
        vector("mean current", at(detector["mean_current"]), mean)
        vector("mean current in J/m^2", at(detector["mean_angular_momentum_current"]), [-x / stack[last][1].gamma for x in mean])
        vector("inverse spin Hall field", at(detector["inverse_spin_hall_field"]), reference.inverse_spin_hall_field(last))
        balance = {name: at(values) for name, values in got["balance"].items()}
        vector("balance: in", balance["in"], into)
        vector("balance: out", balance["out"], out, scale=drive)
        vector("balance: relaxed", balance["relaxed"], [a - b for a, b in zip(into, out)], scale=drive)
        vector("balance: residual", balance["residual"], [mpf(0)] * 3, scale=drive)
        for n, (members, pinned) in enumerate(reference.groups):
            judge.same(kind + "regime", got["regime"][n], "pinned" if pinned else "rotating", where)
            if kind == "dc ":
                vector("rotation", at(got["rotation"])[n], reference.rotation(n))
            angle = reference.largest_angle(n)
            judge.close(kind + "largest angle", at(got["largest_angle"])[n], angle, where, None, tolerance)
            factor = mpf("0.3") / angle
            judge.close(kind + "factor", at(got["small_angle_factor"])[n], factor, where, None, tolerance)
            current = reference.peak(into) * factor
            judge.close(kind + "critical current", at(got["critical_current"])[n], current, where, None, tolerance)
            if kind == "ac ":
                for member in members:
                    crossover = reference.crossover_frequency(member)
                    judge.close("crossover frequency", got["crossover_frequency"][member], crossover, where)


if __name__ == "__main__":
    unittest.main()
