#!/usr/bin/python3
"""Random materials through the command line against references of many digits, derived from the nonlinear
equations of motion by their exact derivative (modes_reference.py).

Covers docs/theory.md, sections 2 to 5, with precession, H and M0 along z or any axis: omega(k) and k^2(omega) for all
helicities with labels, weights, velocities, lengths, times, branches, exceptional points and asymptotes; chi(k, omega) and
its poles; Eqs. (57)-(71) beside the exact ratios.

Tolerance: 1e-11, a tenth of what the project promises; measured are 1e-16 to 1e-13, in the worst of many seeds 3e-12. Added is
what the rounding of the input already costs: near coinciding frequencies 4e-16 of the largest frequency, magnified by its
ratio to the gap; a rate of damping beside a much higher frequency is known to 1e-15 of the latter.
"""
import itertools
import os
import random
import sys
import unittest

from mpmath import mp, mpc, mpf

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "support")]
import modes_reference  # noqa: E402
from independent_support import TOLERANCE, Judge, number, random_axis_and_field, random_glass, run, table  # noqa: E402
from modes_reference import MU0, Glass, Linear  # noqa: E402
from test_seed import test_seed  # noqa: E402

LONG = os.environ.get("VITRISPIN_TEST_LEVEL") == "long"
SEED = test_seed()
I = mpc(0, 1)


def matched(expected, got):
    """The expected values in the order of those got."""
    return min(itertools.permutations(expected), key=lambda p: max(abs(a - b) / (abs(a) or 1) for a, b in zip(p, got)))


def rounding(frequencies):
    """What the rounding of the input does to frequencies that nearly coincide, absolute."""
    gap = min(abs(a - b) for a, b in itertools.combinations(frequencies, 2))
    top = max(abs(a) for a in frequencies)
    return mpf(4e-16) * top * top / gap if gap else top


class Modes(unittest.TestCase):
    """Materials in batches that share a field; one file each."""

    def setUp(self):
        mp.dps = 80

    def batches(self, count, each, wide):
        rng = random.Random(SEED + wide)
        for case in range(count):
            axis, field = random_axis_and_field(rng, case % 3)
            materials = []
            for _ in range(each):
                p = random_glass(rng, wide)
                if case % 3 and rng.random() < 0.5:
                    remanence = rng.choice([-1, 1]) * 2.0 ** rng.randrange(0, 18)
                    p["M0"] = [remanence * x for x in axis]
                line = Linear(Glass(p, field), 0, axis)
                wave = float(mp.sqrt(line.exceptional_scale())) if wide else 1e7
                rate = float(max(abs(s) for s in line.rates(0)))
                materials.append((p, sorted(wave * 10 ** rng.uniform(-3, 3) for _ in range(3)),
                                  sorted(rate * 10 ** rng.uniform(-4, 3) for _ in range(3))))
            text = table("[field]", {"H": field})
            for i, (p, k, omega) in enumerate(materials):
                text += table(f"[materials.m{i}]", p)
            for i, (p, k, omega) in enumerate(materials):
                common = {"material": f"m{i}", "sigma": [-1, 0, 1]}
                asked = {"k": {"kind": "modes", **common, "k": k}, "o": {"kind": "modes", **common, "omega": omega},
                         "r": {"kind": "response", **common, "k": k, "omega": omega},
                         "p": {"kind": "perturbation", "material": f"m{i}", "omega": omega}}
                for name, experiment in asked.items():
                    text += table("[[experiments]]", {"name": f"{name}{i}", **experiment})
            results = run(text)
            for i, (p, k, omega) in enumerate(materials):
                yield (p, field), axis, k, omega, {name: results[f"{name}{i}"] for name in "korp"}

    def all_materials(self):
        yield from self.batches(12 if LONG else 3, 20 if LONG else 6, False)
        yield from self.batches(3, 20 if LONG else 4, True)

    def test_modes_response_and_perturbation(self):
        judge = Judge(self)
        for (p, field), axis, k_list, omega_list, got in self.all_materials():
            glass = Glass(p, field)
            for number_of_sigma, sigma in enumerate((-1, 0, 1)):
                line = Linear(glass, sigma, axis)
                where = (p, field, sigma)
                pick = lambda name, key: got[name][key][number_of_sigma]
                for i, k in enumerate(k_list):
                    self.at_wavenumber(judge, line, k, lambda key: pick("k", key)[i], where + (k,))
                    self.resonances(judge, line, k, got["r"]["resonance"], number_of_sigma, i, where + (k,))
                    for j, omega in enumerate(omega_list):
                        y = line.response(mpf(omega), mpf(k) ** 2)
                        for key, value in (("chi_M", y[0]), ("chi_m", y[1]), ("chi_total", y[0] + y[1])):
                            judge.close(key, pick("r", key)[i][j], value, where + (k, omega))
                for j, omega in enumerate(omega_list):
                    self.at_frequency(judge, line, omega, lambda key: pick("o", key)[j], where + (omega,))
            for j, omega in enumerate(omega_list):
                self.perturbation(judge, Glass({**p, "M0": (0, 0, 0)}), omega, got["p"], j, (p, omega))
        judge.finish()

    def at_wavenumber(self, judge, line, k, got, where):
        q = mpf(k) ** 2
        computed = [number(v) for v in got("omega")]
        exact = matched([I * s for s in line.rates(q)], computed)
        loss = rounding(exact)
        top = max(abs(w) for w in exact)
        for first, second in ((0, 1), (1, 2)):
            apart = (exact[second].imag - exact[first].imag) / top
            if abs(apart) > 1.1e-9:
                judge.same("order by Im omega", apart > 0, True, where)
            elif abs(apart) < 0.9e-9 and abs(exact[first].real - exact[second].real) > 1e-9 * top:
                judge.same("order by Re omega", exact[first].real < exact[second].real, True, where)
        for mode, omega in enumerate(exact):
            s = -I * omega
            near = TOLERANCE + loss / abs(omega) if omega else TOLERANCE
            judge.close("omega(k)", computed[mode], omega, where, tolerance=near)
            y = line.vector(s, q)
            condition = float(loss / mpf(4e-16) / top)
            for field, weight in enumerate(line.weights(y, q)):
                judge.close("weights", got("weights")[mode][field], weight, where, scale=1, tolerance=TOLERANCE * condition)
            velocity = 2 * I * k * line.slope(s, q)
            if abs(velocity) > mpf(1e-30) * top / k:  # below, nothing moves
                judge.close("group velocity", got("group_velocity")[mode], velocity, where,
                            tolerance=TOLERANCE * (1 + condition**2 * 1e-3))
            if got("decay_time")[mode] is not None:
                weak = TOLERANCE + (mpf(1e-15) * abs(omega) + loss) / -omega.imag
                judge.close("decay time", got("decay_time")[mode], -1 / omega.imag, where, tolerance=weak)
                judge.close("decay length (k)", got("decay_length")[mode], abs(velocity.real / omega.imag), where,
                            scale=abs(velocity / omega.imag), tolerance=weak + TOLERANCE * (1 + condition**2 * 1e-3))
            diffusion = line.dissipation(y, q)[3]
            if min(abs(diffusion - 0.5), abs(abs(omega.real) / top - abs(omega.imag) / top)) > 1e-9:
                label = "spin-wave" if abs(omega.real) > abs(omega.imag) else "diffusive" if diffusion >= 0.5 else "relaxing"
                judge.same("label (k)", got("label")[mode], label, where)

    def at_frequency(self, judge, line, omega, got, where):
        s = -I * mpf(omega)
        exact = [q for q in line.squared_wavenumbers(s) if q is not None]
        computed = [number(v) for v in got("k2") if v[0] is not None]
        judge.same("number of k", len(computed), len(exact), where)
        exact = matched(exact, computed)
        condition = 1.0
        if len(exact) == 2:
            condition = float(max(abs(q) for q in exact) / abs(exact[0] - exact[1]))
        for mode, q in enumerate(exact):
            k = mp.sqrt(q)
            k = -k if k.imag < 0 else k
            near = TOLERANCE * (1 + condition)
            judge.close("k^2(omega)", computed[mode], q, where, tolerance=near)
            judge.close("k", got("wavenumber")[mode], k, where, tolerance=near)
            judge.close("decay length (omega)", got("decay_length")[mode], 1 / k.imag, where,
                        tolerance=near + 1e-15 * abs(k / k.imag))
            y = line.vector(s, q)
            for field, weight in enumerate(line.weights(y, q)):
                judge.close("weights (omega)", got("weights")[mode][field], weight, where, scale=1, tolerance=near)
            judge.close("group velocity (omega)", got("group_velocity")[mode], 2 * I * k * line.slope(s, q), where,
                        tolerance=near * (1 + condition))
            diffusion = line.dissipation(y, q)[3]
            if min(abs(diffusion - 0.5), abs(abs(k.real) - abs(k.imag)) / abs(k)) > 1e-9:
                label = "diffusive" if diffusion >= 0.5 else "spin-wave" if abs(k.real) > abs(k.imag) else "relaxing"
                judge.same("label (omega)", got("label")[mode], label, where)

    def resonances(self, judge, line, k, got, sigma, i, where):
        q = mpf(k) ** 2
        computed = [number(v) for v in got["pole"][sigma][i]]
        poles = matched([I * s for s in line.rates(q)], computed)
        loss = rounding(poles)
        condition = float(loss / mpf(4e-16) / max(abs(w) for w in poles))
        residues = [line.residues(-I * w, q) for w in poles]
        largest = max(abs(r) for r in residues)
        for mode, pole in enumerate(poles):
            judge.close("pole", computed[mode], pole, where, tolerance=TOLERANCE + loss / abs(pole) if pole else TOLERANCE)
            judge.close("residue", got["residue"][sigma][i][mode], residues[mode], where, scale=largest,
                        tolerance=TOLERANCE * (1 + condition**2 * 1e-3))
            if pole.imag:
                weak = TOLERANCE + (mpf(1e-15) * abs(pole) + loss) / -pole.imag
                judge.close("width", got["width"][sigma][i][mode], -2 * pole.imag, where, tolerance=weak)
                judge.close("quality", got["quality"][sigma][i][mode], abs(pole.real) / (-2 * pole.imag), where,
                            scale=abs(pole / pole.imag) / 2, tolerance=weak)
        judge.close("sum of residues", sum(number(r) for r in got["residue"][sigma][i]), sum(residues), where, scale=largest,
                    tolerance=TOLERANCE * (1 + condition**2 * 1e-3))

    def perturbation(self, judge, glass, omega, got, j, where):
        line = Linear(glass, 0)
        s = -I * mpf(omega)
        exact = line.squared_wavenumbers(s)
        small, chosen = {}, {}
        for family, function in (("spin_wave", modes_reference.spin_wave), ("diffusion", modes_reference.diffusion)):
            expected = function(glass, mpf(omega))
            for key, value in expected.items():
                judge.close(f"{family} {key}", got[family][key][j], value, where)
            q = min(exact, key=lambda x: abs(x - expected["k2"]))
            M, m, theta = line.vector(s, q)
            ratios = {"k2": q, "K_prime": glass.K + glass.rho_s * q}
            if family == "spin_wave":
                ratios.update(theta_over_M=theta / M, m_over_M=m / M)
                small[family] = abs(expected["m_over_M"])
            else:
                ratios.update(M_over_m=M / m, theta_over_m=theta / m, M_plus_m_over_m=(M + m) / m)
                angle = abs(expected["theta_over_m"]) * mp.sqrt(glass.chi_M * abs(expected["K_prime"]) / MU0)
                small[family] = max(abs(expected["M_over_m"]), angle)
            chosen[family] = q
            # a change of the input in its last digit changes an ill-conditioned ratio as much
            condition = 1 + float(max(abs(x) for x in exact) / abs(exact[0] - exact[1]))
            for key, value in ratios.items():
                judge.close(f"{family} exact_{key}", got[family]["exact_" + key][j], value, where, tolerance=TOLERANCE * condition)
            judge.close(f"{family} largest ratio", got[family]["largest_ratio"][j], small[family], where)
            error = abs(expected["k2"] - q) / abs(q)
            judge.close(f"{family} error", got[family]["error"][j], error, where, scale=1 + error)
        distinct = chosen["spin_wave"] is not chosen["diffusion"]
        if all(abs(ratio - 0.3) > 1e-9 for ratio in small.values()):
            for family, ratio in small.items():
                judge.same(f"{family} valid", got[family]["valid"][j], bool(distinct and ratio <= 0.3), where)
            judge.same("valid", got["valid"][j], bool(distinct and max(small.values()) <= 0.3), where)


class ExceptionalPoints(unittest.TestCase):
    def test_points_branches_and_asymptotes(self):
        mp.dps = 80
        judge = Judge(self)
        rng = random.Random(SEED + 10)
        for case in range(8 if LONG else 2):
            axis, field = random_axis_and_field(rng, case % 2)
            materials = []
            text = table("[field]", {"H": field})
            for i in range(8 if LONG else 3):
                p = random_glass(rng)
                wave = float(mp.sqrt(Linear(Glass(p, field), 0, axis).exceptional_scale()))
                k = [wave * 10 ** (-5 + j / (2 if LONG else 1)) for j in range(21 if LONG else 11)]
                materials.append((p, k))
                text += table(f"[materials.m{i}]", p)
            for i, (_, k) in enumerate(materials):
                text += table("[[experiments]]", {"name": f"k{i}", "kind": "modes", "material": f"m{i}",
                                                  "sigma": [-1, 0, 1], "k": k})
            results = run(text)
            for i, (p, k) in enumerate(materials):
                for n, sigma in enumerate((-1, 0, 1)):
                    line = Linear(Glass(p, field), sigma, axis)
                    got, where = results[f"k{i}"], (p, field, sigma)
                    points = self.points(judge, line, k, [x for x in got["exceptional_points"] if x["sigma"] == sigma], where)
                    self.branches(judge, line, k, got["omega"][n], got["branch"][n], points, where)
                    self.asymptotes(judge, line, [x for x in got["asymptotes"] if x["sigma"] == sigma], where)
        judge.finish()

    def test_large_k_where_diffusion_and_damping_are_equal(self):
        """D = alpha gamma rho_s: neither of the two outruns the other, and they mix for ever."""
        mp.dps = 80
        judge = Judge(self)
        p = {"gamma": 2.0**20, "chi_M": 1.0, "chi_m": 0.25, "tau_ML": 2.0, "tau_mL": 3.0, "tau_Mm": 5.0, "D": 1.0,
             "rho_s": 2.0**-13, "K": 0.5, "alpha": 2.0**-7}
        text = table("[materials.m]", p)
        text += table("[[experiments]]", {"name": "k", "kind": "modes", "k": [0.1, 10.0, 1e6]})
        got = run(text)["k"]["asymptotes"]
        self.asymptotes(judge, Linear(Glass(p), 0), got, p)
        large = [a for a in got if a["limit"] == "large k"]
        self.assertEqual(sorted(a["branch"] for a in large), [0, 1, 2])
        # the constant, which the value at large k does not show: half the sum of the pair, in which +-k cancels
        k = mpf(10) ** 20
        pair = sorted((I * s for s in Linear(Glass(p), 0).rates(k * k)), key=lambda w: w.imag)[:2]
        for a in (a for a in large if a["linear"] != [0, 0]):
            judge.close("constant", a["constant"], sum(pair) / 2 + I * k * k, p)
        judge.finish()

    def points(self, judge, line, k_list, got, where):
        """All points that belong in the list, none else; at sigma Omega = 0 one of a complex pair."""
        symmetric = all(x.imag == 0 for x in line.G0)
        exact = []
        for q in line.discriminant_roots():
            q = mpc(q.real) if abs(q.imag) < mpf(10) ** -20 * abs(q) else q
            k = mp.sqrt(q)
            if q.real <= 0 or not k_list[0] <= k.real <= k_list[-1] or abs(k.imag) > 0.05 * k.real:
                continue
            if not any(abs(k - x) < 1e-9 * abs(k) or symmetric and abs(mp.conj(k) - x) < 1e-9 * abs(k) for x in exact):
                exact.append(k)
        judge.same("number of exceptional points", len(got), len(exact), where)
        for point in got:
            k = min((c for x in exact for c in ((x, mp.conj(x)) if symmetric else (x,))), default=mpc(0),
                    key=lambda x: abs(x - number(point["k"])))
            judge.close("k of a point", point["k"], k, where)
            # on the real axis to what the digits of a material decide
            judge.same("at real k", point["at_real_k"], abs((k * k).imag) < mpf(1e-12) * abs(k * k), where)
            rates = line.rates(k * k)
            pair = min(itertools.combinations(rates, 2), key=lambda pair: abs(pair[0] - pair[1]))
            judge.close("omega of a point", point["omega"], I * (pair[0] + pair[1]) / 2, where)
            if point["order"] == 2 and point["defective"]:
                step = k * mpf(10) ** -24
                pair = min(itertools.combinations(line.rates((k + step) ** 2), 2), key=lambda pair: abs(pair[0] - pair[1]))
                judge.close("splitting", point["splitting"], abs(pair[0] - pair[1]) / 2 / mp.sqrt(abs(step)), where,
                            tolerance=1e-10)  # of the series in sqrt(step) the first term alone is compared
        return exact

    def branches(self, judge, line, k_list, omega, branch, points, where):
        """From one point to the next, unless an exceptional point lies at or near the real axis there, every number follows its root:
        `follow` goes straight through an avoided crossing that is narrow beside its steps."""
        exact = [matched([I * s for s in line.rates(mpf(k) ** 2)], [number(v) for v in row]) for k, row in zip(k_list, omega)]
        for j in range(1, len(k_list)):
            low, high = mpf(k_list[j - 1]), mpf(k_list[j])
            if any(0.8 * low <= x.real <= 1.25 * high for x in points) or rounding(exact[j - 1]) / max(map(abs, exact[j - 1])) > 1e-9:
                continue
            followed = self.follow(line, low, high, [-I * w for w in exact[j - 1]])
            for mode, s in enumerate(followed):
                there = min(range(3), key=lambda n: abs(exact[j][n] - I * s))
                judge.same("branch", branch[j][there], branch[j - 1][mode], where + (low, high))

    def follow(self, line, low, high, start, depth=0):
        end = line.rates(high**2)
        ahead = [s + line.slope(s, low**2) * (high**2 - low**2) for s in start]
        best = min(itertools.permutations(end), key=lambda p: max(abs(a - b) for a, b in zip(p, ahead)))
        miss = max(abs(a - b) for a, b in zip(best, ahead))
        gap = min(abs(a - b) for roots in (start, end) for a, b in itertools.combinations(roots, 2))
        if miss < 0.05 * gap:
            return list(best)
        self.assertLess(depth, 60, "two roots cannot be told apart")
        middle = mp.sqrt(low * high) if high > 2 * low else (low + high) / 2
        return self.follow(line, middle, high, self.follow(line, low, middle, start, depth + 1), depth + 1)

    def asymptotes(self, judge, line, got, where):
        value = lambda a, k: number(a["constant"]) + number(a["linear"]) * k + number(a["quadratic"]) * k * k
        rates = line.rates(mpf(0))
        top = max(abs(s) for s in rates)
        unit = mp.sqrt(line.exceptional_scale())
        for asymptote in got:
            if asymptote["limit"] == "small k":
                omega = min((I * s for s in rates), key=lambda w: abs(w - number(asymptote["constant"])))
                judge.close("small k: constant", asymptote["constant"], omega, where, scale=max(abs(omega), 1e-60 * top))
                curvature = I * line.slope(-I * omega if abs(omega) > 1e-60 * top else mpf(0), mpf(0))
                judge.close("small k: quadratic", asymptote["quadratic"], curvature, where, tolerance=1e-10)
            else:
                k = unit * mpf(10) ** 16
                expected = value(asymptote, k)
                omega = min((I * s for s in line.rates(k * k)), key=lambda w: abs(w - expected))
                judge.close("large k", [expected.real, expected.imag], omega, where)


if __name__ == "__main__":
    unittest.main()
