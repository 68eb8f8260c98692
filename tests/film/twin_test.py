#!/usr/bin/python3
"""Films against an independent solution with 60 and more digits (twin.py), at random stacks and at hard ones.

Tolerances: the currents out of the film hold to 1e-12 relative however small they are (the project's promise). Fields inside are
compared to 1e-11 of the larger of their own size and a thousandth of their largest value in the film: near a zero of a
field its relative error means nothing. Where the phases |kappa d| sum to more than 30, twenty roundings times the condition number
are added (docs/film.md): near a standing wave the last digits of the parameters are magnified by the number of passes.
"""
import math
import os
import sys
import unittest

import mpmath as mp
import numpy as np
from scipy.integrate import solve_bvp

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from twin import (INF, Face, Layer, Sensitivity, Stack, cartesian_to_helicity, derivative, digits_needed, exponents,
                  log_uniform, phases, program, random_number_generator, theta_of_zero_mean, twin)

LONG = os.environ.get("VITRISPIN_TEST_LEVEL") == "long"
EPS = 2.0**-52


def glass(rng, with_K=True):
    chi_M = log_uniform(rng, 1e-3, 1e-1)
    return Layer(chi_M=chi_M, chi_m=chi_M * rng.uniform(0.01, 0.9), tau_ML=log_uniform(rng, 1e-12, 1e-8),
                 tau_mL=log_uniform(rng, 1e-13, 1e-9), tau_Mm=log_uniform(rng, 1e-13, 1e-9), D=log_uniform(rng, 1e-6, 1e-3),
                 rho_s=log_uniform(rng, 1e-13, 1e-10), K=log_uniform(rng, 1, 1e4) if with_K else 0,
                 alpha=rng.choice([0, log_uniform(rng, 1e-9, 1e-4)]), M0=(0, 0, rng.choice([0, rng.uniform(-1e3, 1e3)])),
                 thickness=log_uniform(rng, 1e-9, 3e-7))


def metal(rng):
    return Layer(kind="metal", chi_m=log_uniform(rng, 1e-5, 1e-3), tau_mL=log_uniform(rng, 1e-14, 1e-11),
                 D=log_uniform(rng, 1e-4, 1e-2), thickness=log_uniform(rng, 1e-9, 3e-8))


def vector(rng, complex_):
    return tuple(complex(rng.uniform(-1, 1), rng.uniform(-1, 1) if complex_ else 0) for _ in range(3))


def face(rng, complex_, textured):
    result = Face(kind=rng.choice(["closed", "current", "contact", "contact", "contact"]))
    if result.kind == "current":
        result.current = vector(rng, complex_)
    if result.kind == "contact":
        result.Y = rng.choice([INF, 0.0, log_uniform(rng, 1, 1e5)])
        result.potential = vector(rng, complex_)
        if textured:
            result.mixing = rng.choice([0, log_uniform(rng, 1e16, 1e20)])
    if result.mixing == 0 and textured:
        result.twist = rng.choice(["free", "free", "clamped", "torque"])
        if result.twist == "torque":
            result.torque = tuple(1e-6 * c for c in vector(rng, complex_))
    return result


def random_stack(rng):
    omega = rng.choice([0, 0, log_uniform(rng, 1e3, 1e14)])
    with_K = rng.random() < 0.5
    layers = [glass(rng, with_K) if rng.random() < 0.6 else metal(rng) for _ in range(rng.randint(1, 4))]
    interfaces = []
    for a, b in zip(layers, layers[1:]):
        mixing = rng.choice([0, log_uniform(rng, 1e16, 1e20)]) if a.kind != b.kind else 0
        interfaces.append((rng.choice([INF, log_uniform(rng, 1, 1e5)]), mixing))
    return Stack(layers, interfaces, face(rng, omega != 0, layers[0].twisted()),
                 face(rng, omega != 0, layers[-1].twisted()), H=rng.choice([0, 1e4 * rng.uniform(-1, 1)]), omega=omega,
                 steps=2)


def injected(layers, Y=INF, omega=0.0, **more):
    return Stack(layers, [(INF, 0.0)] * (len(layers) - 1), Face("current", current=(0.3, -0.7, 1.0)), Face("contact", Y=Y),
                 omega=omega, **more)


class Excuse:
    """What the last digits of the parameters excuse beyond 30 radians: twenty roundings times the condition number, and ten roundings of
    every phase. Twenty because some 25 complex operations lead from the parameters to kappa d, each with an error of at most
    sqrt(5)/2 roundings: 28 if all add up (tests/film/batch_test.cpp). The phases beside it because a wave of 1e5 radians that is a
    small part of chi is had as a difference (docs/film.md), so that its phase counts in full where the condition number has
    only its share of the current."""

    def __init__(self, stack):
        self.stack, self.sensitivity = stack, None

    def __call__(self, read, scale):
        """Of a number of the given scale, which `read` takes from the nodes."""
        if self.sensitivity is None:
            self.sensitivity = Sensitivity(self.stack) if phases(self.stack) > 30 else False
        if not self.sensitivity:
            return 0
        return EPS * (20 * self.sensitivity.of(read) + 10 * phases(self.stack) * scale)


class Twin(unittest.TestCase):
    def compare(self, stacks, what, inside=1e-11, floor=1e-3):
        for index, (stack, answer) in enumerate(zip(stacks, program(stacks))):
            with self.subTest(what=what, index=index):
                self.assertNotIn("error", answer)
                self.compare_one(stack, answer, inside, floor)

    def compare_one(self, stack, answer, inside, floor):
        reference = twin(stack)
        nodes = answer["nodes"]
        self.assertEqual(len(nodes), len(reference))
        excuse = Excuse(stack)
        for h in range(3):
            expected = [complex(reference[-1][name][h]) for name in ("j", "twist")]
            size = sum(map(abs, expected))
            drained = stack.right.kind == "contact" and (stack.right.Y > 0 or stack.right.mixing > 0)
            if drained and size > 1e-290 and stack.left.kind == "current" and stack.right.potential == (0, 0, 0):
                for name, value in zip(("j", "twist"), expected):
                    self.hold(excuse, lambda nodes: cartesian_to_helicity(nodes[-1][name])[h], value, nodes, 1e-12, size,
                              f"current out, helicity {h - 1}")
        for name in ("h", "theta", "j", "twist", "M", "m", "torque"):
            self.compare_field(excuse, stack, answer, reference, name, inside, floor)
        for first, _, motion, w in answer["groups"]:
            if motion == "rotating":
                node = first * (stack.steps + 1)
                for h, value in enumerate(cartesian_to_helicity(w)):
                    expected = complex(reference[node]["w"][h])
                    top = max(abs(complex(x)) for x in reference[node]["w"])
                    self.assertLessEqual(abs(value - expected), inside * max(abs(expected), 1e-3 * top), "rotation")

    def hold(self, excuse, read, expected, nodes, tolerance, scale, what):
        """`read` takes a number from the nodes: within tolerance * scale, or within what the parameters' own digits allow."""
        error = abs(read(nodes) - expected)
        if error > tolerance * scale:
            self.assertLessEqual(error, tolerance * scale + excuse(read, scale), what)

    def compare_field(self, excuse, stack, answer, reference, name, tolerance, floor):
        nodes = answer["nodes"]
        if name == "torque":  # exchange times the difference of two fields that may agree to several digits
            tolerance *= 100
        gauge = {}  # theta of a rotating group: only differences have a meaning that both sides share
        if name == "theta":
            per = stack.steps + 1
            for first, last, motion, _ in answer["groups"]:
                if motion == "rotating":
                    gauge.update({n: first * per for n in range(first * per, (last + 1) * per)})
        for h in range(3):
            got = [cartesian_to_helicity(node[name])[h] for node in nodes]
            expected = [complex(node[name][h]) for node in reference]
            # theta is known no better than the mean that was taken off it, and m, where exchange nearly balances, no
            # better than M, with which it makes up delta m.
            top = max(max(map(abs, expected)), max(map(abs, got)) if gauge else 0)
            if name == "m":
                top = max([top] + [1e3 * abs(complex(node["M"][h])) for node in reference])
            least = 1e-70  # drives are of order one and the reference has 80 digits: below are its own roundings
            if name in ("j", "twist"):  # twenty roundings of the larger current, from which the other one is drawn
                largest = max(abs(complex(node[other][h])) for node in reference for other in ("j", "twist"))
                least = max(least, 20 * EPS * largest / tolerance)
            for n, value in enumerate(expected):
                def read(nodes):
                    own = cartesian_to_helicity(nodes[n][name])[h]
                    return own - cartesian_to_helicity(nodes[gauge[n]][name])[h] if n in gauge else own
                value -= expected[gauge[n]] if n in gauge else 0
                self.hold(excuse, read, value, nodes, tolerance, max(abs(value), floor * top, least),
                          f"{name}, node {n}, helicity {h - 1}")

    def test_batches_of_harmonic_states(self):
        """The batch solver's currents out, to 1e-12 of their total, or beyond 30 radians as the parameters' digits allow."""
        rng = random_number_generator()
        stacks = []
        while len(stacks) < (400 if LONG else 40):
            stack = random_stack(rng)
            stack.omega = log_uniform(rng, 1e3, 1e14)
            stack.left = Face("current", current=(1, 0, 1))  # every helicity is 1
            stack.right = Face("contact", Y=rng.choice([INF, log_uniform(rng, 1, 1e5)]))
            if stack.layers[-1].twisted():
                stack.right.mixing = rng.choice([0, log_uniform(rng, 1e16, 1e20)])
                if not stack.right.mixing:
                    stack.right.twist = rng.choice(["free", "clamped"])
            stacks.append(stack)
        in_lanes = 0
        for index, (stack, answer) in enumerate(zip(stacks, program(stacks, "batch"))):
            self.assertNotIn("error", answer)
            reference, excuse = twin(stack)[-1], Excuse(stack)
            for h, (j, twist, singly) in enumerate(answer["batch"]):
                in_lanes += singly == 0
                size = abs(complex(reference["j"][h])) + abs(complex(reference["twist"][h]))
                if size < 1e-290:  # digits are lost to underflow
                    continue
                for name, value in (("j", j), ("twist", twist)):
                    error = abs(value - complex(reference[name][h]))
                    if error > 1e-12 * size:
                        allowed = excuse(lambda nodes: cartesian_to_helicity(nodes[-1][name])[h], size)
                        self.assertLessEqual(error, 1e-12 * size + allowed, f"{name}, stack {index}, helicity {h - 1}")
        self.assertGreater(in_lanes, len(stacks))  # of three per stack: most are not left to the scalar code

    def test_random_stacks_at_dc_and_ac(self):
        rng = random_number_generator()
        stacks = []
        while len(stacks) < (400 if LONG else 25):
            stack = random_stack(rng)
            if "error" not in program([stack])[0]:
                stacks.append(stack)
        self.compare(stacks, "random")

    def test_currents_of_1e_minus_260_through_600_decay_lengths(self):
        base = dict(chi_M=0.014, chi_m=0.0014, tau_ML=2e-10, tau_mL=1e-12, tau_Mm=5e-11, D=1e-5, rho_s=1.5e-12, alpha=1e-6)
        pinned = Layer(K=100, **base)
        # b + d (alpha a + g)/(alpha (a + c) + g) = D/l^2
        a, b, c = 1 / pinned.tau_ML, 1 / pinned.tau_mL, 1 / pinned.tau_Mm
        g = pinned.gamma * 1.25663706212e-6 / pinned.chi_M
        held = (pinned.alpha * a + g) / (pinned.alpha * (a + c) + g)
        length = math.sqrt(pinned.D / (b + c * 10 * held))
        pinned.thickness = 600 * length
        half = Layer(K=100, thickness=300 * length, **base)
        self.compare([injected([pinned], Y=1e3), injected([half, half], Y=INF), injected([pinned], H=1e5)], "600 lengths")
        self.compare([injected([pinned], omega=omega) for omega in (1.0, 1e6, 1e9)], "600 lengths, ac")

    def test_layers_of_a_millionth_of_a_decay_length(self):
        rng = random_number_generator()
        for omega in (0.0, 1e3, 1e9, 1e15):
            layers = [glass(rng), metal(rng), glass(rng)]
            for layer in layers:
                layer.thickness = 1e-6 * math.sqrt(layer.D * layer.tau_mL)
            # fields differ across such a layer in their last digits only
            self.compare([injected(layers, Y=100.0, omega=omega)], f"thin, omega {omega}", inside=1e-9)

    def test_frequencies_from_microhertz_to_1e15_hertz(self):
        rng = random_number_generator()
        stacks = []
        for exponent in range(-6, 16, 3):
            layer = glass(rng, with_K=exponent % 2 == 0)
            layer.thickness = 1e-8
            stacks.append(injected([layer], Y=1e3, omega=2 * math.pi * 10.0**exponent, H=1e4))
        self.compare(stacks, "frequencies")

    def test_coinciding_decay_lengths_at_dc_rho_s_over_l_squared_equals_K(self):
        rng = random_number_generator()
        for offset in (0.0, 1e-15, 1e-12, 1e-8, 1e-4, 1e-2):
            layer = glass(rng)
            layer.M0 = (0, 0, 0)
            a, b, c = 1 / layer.tau_ML, 1 / layer.tau_mL, 1 / layer.tau_Mm
            d = c * layer.chi_M / layer.chi_m
            g = layer.gamma * 1.25663706212e-6 / layer.chi_M
            inverse = (b + d * (layer.alpha * a + g) / (layer.alpha * (a + c) + g)) / layer.D
            layer.K = layer.rho_s * inverse * (1 + offset)
            for lengths in (0.01, 1.0, 30.0):
                thick = Layer(**dict(layer.__dict__, thickness=lengths / math.sqrt(inverse)))
                self.compare([injected([thick], Y=1e3, steps=2)], f"coinciding, offset {offset}, {lengths} lengths")

    def test_exceptional_points_at_finite_frequency(self):
        rng = random_number_generator()
        found = 0
        while found < (20 if LONG else 4):
            layer = glass(rng)
            layer.M0, layer.alpha = (0, 0, 0), log_uniform(rng, 1e-7, 1e-5)
            root = exceptional(layer, rng)
            if root is None:
                continue
            found += 1
            layer.K, omega, kappa = root
            for lengths in (0.1, 3.0):
                layer.thickness = lengths / abs(kappa)
                self.compare([injected([Layer(**layer.__dict__)], Y=1e3, omega=omega * (1 + shift))
                              for shift in (0.0, 1e-13, 1e-9, 1e-5)], "exceptional")

    def test_M_and_m_where_chi_m_nearly_equals_chi_M(self):
        """m = (dm - xi dM)/(1 - xi) keeps its digits for any xi < 1, M and the torque too: to 1e-12 of their own size, or, near
        their zeros, of a hundredth of their largest value in the film: the rounding of some forty terms that cancel there."""
        rng = random_number_generator()
        base = dict(gamma=1.76e11, chi_M=5e-3, chi_m=(1 - 1e-12) * 5e-3, tau_ML=1e-10, tau_mL=1e-12, tau_Mm=1e-11, D=1e-4,
                    rho_s=1e-12, K=100, thickness=1e-8)
        stacks = [Stack([Layer(alpha=alpha, **base)], [], Face("current", current=(0.3, -0.2, 1)), Face("contact", Y=INF),
                        omega=omega, steps=4) for alpha in (0.0, 1e-6) for omega in (0.0, 1.0, 1e3, 1e6)]
        stacks += [Stack([Layer(alpha=1e-6, **base)], [], Face("current", current=(0.3, -0.2, 1)), Face("contact", Y=INF),
                         omega=omega, steps=4) for omega in (1e9, 1e11, 1e13)]
        while len(stacks) < (200 if LONG else 20):
            layers = [glass(rng, rng.random() < 0.5) for _ in range(rng.choice([1, 1, 2]))]
            for layer in layers:
                layer.chi_m = layer.chi_M * (1 - log_uniform(rng, 1e-15, 1e-3))
                layer.thickness = log_uniform(rng, 1e-10, 1e-7)
            stack = injected(layers, Y=rng.choice([INF, 1e3]), omega=rng.choice([0, log_uniform(rng, 1e3, 1e13)]),
                             H=rng.choice([0, 1e4]), steps=3)
            with mp.workdps(60):
                if digits_needed(stack) < 1000:  # the fast mode's decay length shrinks with 1 - xi
                    stacks.append(stack)
        for index, (stack, answer) in enumerate(zip(stacks, program(stacks))):
            self.assertNotIn("error", answer)
            reference = twin(stack)
            for name in ("M", "m", "torque"):
                for h in range(3):
                    top = max(abs(complex(node[name][h])) for node in reference)
                    for n, (node, expected) in enumerate(zip(answer["nodes"], reference)):
                        b = complex(expected[name][h])
                        error = abs(cartesian_to_helicity(node[name])[h] - b)
                        self.assertLessEqual(error, 1e-12 * max(abs(b), 1e-2 * top, 1e-290),
                                             f"{name}, stack {index}, node {n}, helicity {h - 1}")

    def test_theta_of_rotating_films_from_a_millionth_to_ten_thousand_decay_lengths(self):
        """theta and the torque, however thin the film: to 1e-12 of their largest value in it."""
        rng = random_number_generator()
        lengths = (-6, -5, -3, -2, -1, -0.3, 0, 0.3, 0.5, 1, 2)
        films = [(0.0, exponent) for exponent in lengths] + [(1e4, exponent) for exponent in lengths[::2]] + [(0.0, 4)]
        for H, exponent in films:
            film = glass(rng, with_K=False)
            film.thickness = 1.0
            with mp.workdps(30):
                film.M0, rate = (0, 0, 0), max(abs(mp.re(y)) for y in exponents_at_rest(film))
            film.thickness = 10.0**exponent / float(rate)
            stack = injected([film], Y=rng.choice([1e3, INF]), H=H, steps=1 if exponent == 4 else 6)
            answer = program([stack])[0]
            self.assertNotIn("error", answer)
            thick = exponent == 4  # takes thousands of digits: theta of sigma = 0 alone
            reference = None if thick else twin(stack)
            for h, sigma in ((1, 0),) if thick else ((0, -1), (1, 0), (2, 1)):
                fields = [("theta", theta_of_zero_mean(stack, sigma)[0])]
                if not thick:
                    fields.append(("torque", [complex(node["torque"][h]) for node in reference]))
                for name, expected in fields:
                    top = max(map(abs, expected))
                    for n, (node, value) in enumerate(zip(answer["nodes"], expected)):
                        self.assertLessEqual(abs(cartesian_to_helicity(node[name])[h] - value), 1e-12 * top,
                                             f"{name}, 1e{exponent} lengths, node {n}, helicity {sigma}")

    def test_strong_exchange_and_weak_relaxation(self):
        layer = dict(chi_M=0.02, chi_m=0.004, tau_ML=1e-3, tau_mL=1e-4, tau_Mm=1e-16, D=1e-5, rho_s=1e-12, alpha=1e-7,
                     thickness=1e-7)
        stacks = [injected([Layer(K=K, **layer)], Y=Y, omega=omega)
                  for K in (0.0, 1e-9, 100.0) for Y in (0.0, 1e-3, 1e3) for omega in (0.0, 1e-3, 1e3, 1e9)]
        # h* and the texture's rate as a field agree to some nine digits here, and the torque is their difference.
        self.compare(stacks, "strong exchange", inside=1e-7, floor=1.0)

    def test_ferromagnets_longitudinal_channel(self):
        rng = random_number_generator()
        for omega in (0.0, 1e10):
            layer = glass(rng)
            magnet = Layer(kind="ferromagnet", chi_M=layer.chi_M, chi_m=layer.chi_m, tau_ML=layer.tau_ML, tau_mL=layer.tau_mL,
                           tau_Mm=layer.tau_Mm, D=layer.D, thickness=2e-8, M0=(0, 0, 1e5))
            film = glass(rng)
            stack = Stack([magnet, film], [(1e4, 0.0)], Face("current", current=(0, 0, 1)), Face("contact", Y=1e3),
                          omega=omega)
            answer, reference = program([stack])[0], twin(stack)
            self.assertNotIn("error", answer)
            for node, expected in zip(answer["nodes"], reference):
                for name in ("h", "j", "M", "m"):
                    top = max(abs(complex(r[name][1])) for r in reference)
                    self.assertLessEqual(abs(node[name][2] - complex(expected[name][1])), 1e-11 * top, name)

    def test_collocation_finds_the_same_film(self):
        """scipy.integrate.solve_bvp at tolerance 1e-9, which bounds its residual: currents to 1e-7."""
        rng = random_number_generator()
        layer = Layer(chi_M=0.014, chi_m=0.0014, tau_ML=2e-10, tau_mL=1e-12, tau_Mm=5e-11, D=1e-5, rho_s=1.5e-12, K=1e4,
                      alpha=1e-6, thickness=rng.uniform(3e-9, 8e-9))
        stack = injected([layer], Y=1e3, omega=2e10)
        got = program([stack])[0]["nodes"][-1]["j"][2]
        A = np.zeros((4, 4), complex)
        for column in range(4):
            unit = [mp.mpc(int(row == column)) for row in range(4)] + [mp.mpc(0)]
            A[:, column] = [complex(v) for v in derivative(layer, 0, mp.mpc(0, -2e10), 0, unit, False)[:4]]
        scale = np.array([1e3, 1.0, 1e-3, 1e-3 * layer.rho_s / layer.thickness])
        A = A * scale[None, :] / scale[:, None] * layer.thickness
        solution = solve_bvp(lambda x, y: A @ y, lambda a, b: np.array(
            [a[1] * scale[1] - 1.0, a[3], (b[1] * scale[1] + 1e3 * b[0] * scale[0]), b[3]]),
            np.linspace(0, 1, 50), np.zeros((4, 50), complex), tol=1e-9, max_nodes=100000)
        self.assertTrue(solution.success)
        self.assertLessEqual(abs(solution.y[1, -1] * scale[1] - got), 1e-7 * abs(got))


def exponents_at_rest(film):
    """kappa of the modes of a glass, per metre, at dc with w = 0."""
    return exponents(Stack([Layer(**dict(film.__dict__, thickness=1.0))], [], None, None))[0][0]


def discriminant(layer, K, omega):
    """((t1 - t2)^2 + 4 coupling)/|t1 t2| and the mean kappa, from the raw 4 x 4 system."""
    film = Layer(**dict(layer.__dict__, K=K))
    A = [[complex(v) for v in derivative(film, 0, mp.mpc(0, -omega), 0,
                                         [mp.mpc(int(row == column)) for row in range(4)] + [mp.mpc(0)], False)[:4]]
         for column in range(4)]
    t1, t2 = A[1][0] * A[0][1], A[3][2] * A[2][3]
    coupling = A[1][0] * A[2][1] * A[3][2] * A[0][3]
    return ((t1 - t2) ** 2 + 4 * coupling) / abs(t1 * t2), complex((t1 + t2) / 2) ** 0.5


def exceptional(layer, rng):
    """(K, omega, kappa) at which the two k coincide, by Newton's method in (log K, log omega) from a random start."""
    x = np.array([math.log(layer.K), math.log(log_uniform(rng, 1e9, 1e12))])
    for _ in range(40):
        f, kappa = discriminant(layer, *np.exp(x))
        if abs(f) < 1e-13:
            return math.exp(x[0]), math.exp(x[1]), kappa
        step = 1e-6
        jacobian = np.array([[(g - f).real / step, (g - f).imag / step] for g in
                             (discriminant(layer, *np.exp(x + step * unit))[0] for unit in np.eye(2))]).T
        if abs(np.linalg.det(jacobian)) < 1e-12:
            return None
        change = -np.linalg.solve(jacobian, [f.real, f.imag])
        x = x + change * min(1.0, 1.0 / np.max(np.abs(change)))
        if not (math.log(1e-6) < x[0] < math.log(1e9) and math.log(1e3) < x[1] < math.log(1e14)):
            return None
    return None


if __name__ == "__main__":
    unittest.main(verbosity=1)
