"""An independent solution of a film: 4 x 4 first-order systems per layer from the equations of motion as they stand
(nothing eliminated by hand), propagated by matrix exponentials with as many digits as the thickest layer asks for, and
joined by one linear system. Shares no formula with the program."""
import os
import random
import subprocess
import sys

import mpmath as mp

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from test_seed import test_seed  # noqa: E402

MU0 = mp.mpf("1.25663706212e-6")
HBAR = mp.mpf("1.054571817646156391e-34")
INF = float("inf")


class Layer:
    def __init__(self, kind="spin-glass", gamma=1.76085963023e11, chi_M=1.0, chi_m=0.1, tau_ML=1.0, tau_mL=1.0, tau_Mm=1.0,
                 D=1.0, rho_s=0.0, K=0.0, alpha=0.0, M0=(0, 0, 0), thickness=1.0):
        self.__dict__.update(locals())
        del self.__dict__["self"]

    def line(self):
        values = [self.gamma, self.chi_M, self.chi_m, self.tau_ML, self.tau_mL, self.tau_Mm, self.D, self.rho_s, self.K,
                  self.alpha, *self.M0, self.thickness]
        return self.kind + " " + " ".join(repr(float(v)) for v in values)

    def twisted(self):
        return self.kind == "spin-glass" and self.rho_s > 0


class Face:
    def __init__(self, kind="closed", Y=0.0, mixing=0.0, twist="free", current=(0, 0, 0), potential=(0, 0, 0),
                 torque=(0, 0, 0)):
        self.__dict__.update(locals())
        del self.__dict__["self"]

    def line(self):
        def vector(v):
            return " ".join(repr(complex(c).real) for c in v) + " " + " ".join(repr(complex(c).imag) for c in v)
        return " ".join([self.kind, repr(float(self.Y)), repr(float(self.mixing)), self.twist, vector(self.current),
                         vector(self.potential), vector(self.torque)])


class Stack:
    def __init__(self, layers, interfaces, left, right, H=0.0, omega=0.0, steps=1):
        self.__dict__.update(locals())
        del self.__dict__["self"]

    def text(self):
        lines = [f"stack {len(self.layers)}"] + [layer.line() for layer in self.layers]
        lines += [f"{float(Y)!r} {float(g)!r}" for Y, g in self.interfaces]
        lines += [self.left.line(), self.right.line(), f"0 0 {float(self.H)!r} {float(self.omega)!r} {self.steps}"]
        return "\n".join(lines)


def program(stacks, *arguments):
    """The program's answers: per stack a dict of nodes (7 vectors of 3 complex each), groups, balance; or an error. With the
    argument "batch" per helicity [j out, twist out, whether the scalar code was asked] for the same current in."""
    driver = os.path.join(os.environ["VITRISPIN_BUILD_DIR"], "bin", "film_driver")
    text = "\n".join(stack.text() for stack in stacks) + "\n"
    lines = subprocess.run([driver, *arguments], input=text, capture_output=True, text=True, check=True).stdout.splitlines()
    answers, current = [], {"nodes": [], "groups": []}
    for line in lines:
        words = line.split()
        if words[0] == "batch":
            numbers = [float(w) for w in words[1:]]
            flat = [complex(a, b) for a, b in zip(numbers[::2], numbers[1::2])]
            current["batch"] = [flat[i:i + 3] for i in range(0, len(flat), 3)]
        elif words[0] == "node" or words[0] == "balance":
            numbers = [float(w) for w in words[1:]]
            flat = [complex(a, b) for a, b in zip(numbers[::2], numbers[1::2])]
            vectors = [flat[i:i + 3] for i in range(0, len(flat), 3)]
            if words[0] == "node":
                current["nodes"].append(dict(zip(("h", "theta", "j", "twist", "M", "m", "torque"), vectors)))
            else:
                current["balance"] = dict(zip(("in", "out", "relaxed"), vectors))
        elif words[0] == "group":
            current["groups"].append((int(words[1]), int(words[2]), words[3], [float(w) for w in words[4:]]))
        elif words[0] == "error":
            current["error"] = line[6:]
        else:
            answers.append(current)
            current = {"nodes": [], "groups": []}
    return answers


def local_fields(layer, sigma, s, H, h, theta, w):
    """(M change, m, Gamma') from h*, theta and d_t theta = w, by solving Eqs. (19), (22), (24) as they stand."""
    mpf = mp.mpf
    chi_M, chi_m, gamma = mpf(layer.chi_M), mpf(layer.chi_m), mpf(layer.gamma)
    tau_mM = mpf(layer.tau_Mm) * chi_m / chi_M
    inverse_tau_M = 1 / mpf(layer.tau_ML) + 1 / mpf(layer.tau_Mm)
    if layer.kind in ("metal", "paramagnet"):
        return mp.mpc(0), -chi_m * h, mp.mpc(0)
    if layer.kind == "ferromagnet":
        # rows: definition of h*; s M = -dM/tau_M + dm/tau_mM
        A = mp.matrix([[-1 / chi_M, -1 / chi_m],
                       [s + inverse_tau_M - (chi_m / chi_M) / tau_mM, inverse_tau_M - 1 / tau_mM]])
        x = mp.lu_solve(A, mp.matrix([h, 0]))
        return x[0], x[1], mp.mpc(0)
    Omega = gamma * MU0 * (mpf(layer.M0[2]) + chi_M * mpf(H)) / chi_M
    rotation = mp.mpc(0, sigma) * Omega
    A = mp.matrix([[-1 / chi_M, -1 / chi_m, 0],
                   [s + inverse_tau_M - rotation - (chi_m / chi_M) / tau_mM, inverse_tau_M - rotation - 1 / tau_mM, gamma],
                   [gamma * MU0 / chi_M, gamma * MU0 / chi_M, -mpf(layer.alpha) * gamma]])
    x = mp.lu_solve(A, mp.matrix([h, 0, -w]))
    return x[0], x[1], x[2]


def derivative(layer, sigma, s, H, state, rotating):
    """d/dx of (h*, j, theta, tau = rho_s theta', w); w is a constant, d_t theta = w if rotating, else s theta."""
    h, j, theta, tau, w = state
    chi_M, chi_m = mp.mpf(layer.chi_M), mp.mpf(layer.chi_m)
    rate = w if rotating else s * theta
    M, m, torque = local_fields(layer, sigma, s, H, h, theta, rate)
    if layer.kind in ("metal", "paramagnet"):
        larmor = mp.mpc(0, sigma) * mp.mpf(layer.gamma) * MU0 * mp.mpf(H)
        loss = (s + 1 / mp.mpf(layer.tau_mL) - larmor) * m
    else:
        tau_mM = mp.mpf(layer.tau_Mm) * chi_m / chi_M
        dM, dm = M + m, m + chi_m / chi_M * M
        loss = s * m + (1 / mp.mpf(layer.tau_mL) + 1 / tau_mM) * dm - dM / mp.mpf(layer.tau_Mm)
    K = mp.mpf(layer.K)
    twist = [tau / mp.mpf(layer.rho_s), torque + (0 if rotating else K * theta)] if layer.twisted() else [0, 0]
    return [j / (mp.mpf(layer.D) * chi_m), -loss, twist[0], twist[1], 0]


def propagator(layer, sigma, s, H, rotating, length):
    A = mp.matrix(5, 5)
    for column in range(5):
        unit = [mp.mpc(int(row == column)) for row in range(5)]
        for row, value in enumerate(derivative(layer, sigma, s, H, unit, rotating)):
            A[row, column] = value
    return mp.expm(A * length, method="taylor")


def exponents(stack):
    """kappa d of both modes of every layer, for each helicity."""
    s = mp.mpc(0, -mp.mpf(stack.omega))
    result = {-1: [], 0: [], 1: []}
    for layer in stack.layers:
        for sigma in result:
            A = mp.matrix(4, 4)
            for column in range(4):
                unit = [mp.mpc(int(row == column)) for row in range(4)] + [mp.mpc(0)]
                for row, value in enumerate(derivative(layer, sigma, s, stack.H, unit, False)[:4]):
                    A[row, column] = value
            a, b = A[0, 1] * A[1, 0], A[2, 3] * A[3, 2]
            cross = A[0, 1] * A[1, 2] * A[2, 3] * A[3, 0]
            root = mp.sqrt((a - b) ** 2 + 4 * cross)
            result[sigma].append([mp.sqrt((a + b + sign * root) / 2) * layer.thickness for sign in (1, -1)])
    return result


def digits_needed(stack):
    """Propagation across a layer amplifies by exp(Re kappa d); 60 digits are to be left."""
    total = max(sum(float(max(abs(mp.re(y)) for y in pair)) for pair in pairs) for pairs in exponents(stack).values())
    return int(60 + 2 * total / 2.3)


def phases(stack):
    """Sum of |kappa d|: how strongly the answer depends on the parameters."""
    with mp.workdps(60):
        return max(sum(float(abs(y)) for pair in pairs for y in pair) for pairs in exponents(stack).values())


class Sensitivity:
    """How much the program's answer changes with the last digits of its parameters: sum over omega, H and every parameter of every
    layer of |d value/d ln parameter|, by differences whose step turns no phase by more than 1e-3 (as conditioning.hpp)."""

    def __init__(self, stack):
        self.step = 1e-3 / (1 + phases(stack))
        grown = 1 + self.step
        stacks = [stack]
        for name in ("omega", "H"):
            if getattr(stack, name):
                stacks.append(Stack(**dict(stack.__dict__, **{name: getattr(stack, name) * grown})))
        for i, layer in enumerate(stack.layers):
            for name, value in layer.__dict__.items():
                if name == "M0":
                    changed = tuple(grown * c for c in value)
                elif name != "kind" and value and value != INF:
                    changed = value * grown
                else:
                    continue
                layers = list(stack.layers)
                layers[i] = Layer(**dict(layer.__dict__, **{name: changed}))
                stacks.append(Stack(**dict(stack.__dict__, layers=layers)))
        self.answers = [answer["nodes"] for answer in program(stacks)]

    def of(self, read):
        """Of what `read` takes from the list of nodes."""
        values = [read(nodes) for nodes in self.answers]
        return sum(abs(value - values[0]) for value in values[1:]) / self.step


def helicity(v, sigma):
    return mp.mpc(v[2]) if sigma == 0 else mp.mpc(v[0]) + mp.mpc(0, sigma) * mp.mpc(v[1])


def groups_of(stack):
    groups = []
    for i, layer in enumerate(stack.layers):
        if not layer.twisted():
            continue
        if groups and groups[-1][-1] == i - 1:
            groups[-1].append(i)
        else:
            groups.append([i])
    rotating = {}
    for group in groups:
        clamped = (group[0] == 0 and stack.left.twist == "clamped") or \
                  (group[-1] == len(stack.layers) - 1 and stack.right.twist == "clamped")
        for i in group:
            rotating[i] = not clamped and all(stack.layers[n].K == 0 for n in group) and stack.omega == 0
    return groups, rotating


def solve(stack, sigma):
    """Amplitudes of helicity sigma at the nodes: list per layer of list of (h, j, theta, tau, w)."""
    s = mp.mpc(0, -mp.mpf(stack.omega))
    groups, rotating = groups_of(stack)
    n = len(stack.layers)
    propagators = []
    for i, layer in enumerate(stack.layers):
        step = mp.mpf(layer.thickness) / stack.steps
        propagators.append(propagator(layer, sigma, s, stack.H, rotating.get(i, False), step))
    # unknowns: the states at the left faces; with enough digits they suffice
    size = 5 * n
    rows, rhs = [], []
    ends = [P ** stack.steps for P in propagators]

    def left_of(i):
        return [[(5 * i + k, mp.mpc(1))] for k in range(5)]

    def right_of(i):
        return [[(5 * i + k, ends[i][row, k]) for k in range(5)] for row in range(5)]

    def add(terms, value=0):
        row = {}
        for factor, entry in terms:
            for column, coefficient in entry:
                row[column] = row.get(column, 0) + factor * coefficient
        rows.append(row)
        rhs.append(mp.mpc(value))

    def rate_of(i, entry):
        """(factor, entry) of d_t theta at a face."""
        return (1, entry[4]) if rotating.get(i, False) else (s, entry[2])

    def outer(face, i, entry, sign):
        """n = sign x."""
        layer = stack.layers[i]
        if face.kind == "contact" and face.Y == INF:
            add([(1, entry[0])], helicity(face.potential, sigma))
        elif face.kind == "contact":  # sign j = Y (h_c - h*)
            add([(sign, entry[1]), (mp.mpf(face.Y), entry[0])], mp.mpf(face.Y) * helicity(face.potential, sigma))
        else:
            flux = helicity(face.current, sigma) if face.kind == "current" else 0
            add([(-sign, entry[1])], flux)
        if not layer.twisted():
            return
        if face.twist == "clamped":
            add([(1, entry[2])])
        elif face.twist == "torque":
            add([(sign, entry[3])], helicity(face.torque, sigma))
        else:
            beta = HBAR * mp.mpf(face.mixing) / (4 * mp.pi) if face.kind == "contact" else mp.mpf(0)
            factor, rate = rate_of(i, entry)
            add([(sign, entry[3]), (beta * factor, rate)],
                beta * mp.mpf(layer.gamma) * MU0 * helicity(face.potential, sigma))

    outer(stack.left, 0, left_of(0), -1)
    outer(stack.right, n - 1, right_of(n - 1), 1)
    for i in range(n - 1):
        a, b = right_of(i), left_of(i + 1)
        Y, g = stack.interfaces[i]
        A, B = stack.layers[i], stack.layers[i + 1]
        beta = HBAR * mp.mpf(g) / (4 * mp.pi)
        if A.twisted() and B.twisted():
            add([(1, a[2]), (-1, b[2])])
            add([(1, a[3]), (-1, b[3])])
        elif A.twisted():
            factor, rate = rate_of(i, a)
            add([(1, a[3]), (beta * factor, rate), (-beta * mp.mpf(A.gamma) * MU0, b[0])])
        elif B.twisted():
            factor, rate = rate_of(i + 1, b)
            add([(-1, b[3]), (beta * factor, rate), (-beta * mp.mpf(B.gamma) * MU0, a[0])])
        # j into the metal side includes J_c; Y acts on the diffusive current of the glass side
        if A.twisted() and not B.twisted():
            add([(1, b[1]), (-1, a[1])] + ([(-mp.mpf(A.gamma), a[3])] if g else []))
            flux = a[1]
        elif B.twisted() and not A.twisted():
            add([(1, a[1]), (-1, b[1])] + ([(-mp.mpf(B.gamma), b[3])] if g else []))
            flux = b[1]
        else:
            add([(1, a[1]), (-1, b[1])])
            flux = a[1]
        if Y == INF:
            add([(1, a[0]), (-1, b[0])])
        else:
            add([(1, flux), (-mp.mpf(Y), b[0]), (mp.mpf(Y), a[0])])
    # texture absent: theta = tau = 0. w: one per rotating group, gauge theta(left) = 0; else 0.
    for i, layer in enumerate(stack.layers):
        if not layer.twisted():
            add([(1, left_of(i)[2])])
            add([(1, left_of(i)[3])])
        if not rotating.get(i, False):
            add([(1, left_of(i)[4])])
    for group in groups:
        if rotating[group[0]]:
            add([(1, left_of(group[0])[2])])
            for i in group[1:]:
                add([(1, left_of(i - 1)[4]), (-1, left_of(i)[4])])
    assert len(rows) == size, (len(rows), size)
    matrix = mp.matrix(size, size)
    for r, row in enumerate(rows):
        biggest = max(abs(v) for v in row.values())
        for c, v in row.items():
            matrix[r, c] = v / biggest
        rhs[r] /= biggest
    x = mp.lu_solve(matrix, mp.matrix(rhs))
    result = []
    for i in range(n):
        state = mp.matrix([x[5 * i + k] for k in range(5)])
        states = [state]
        for _ in range(stack.steps):
            state = propagators[i] * state
            states.append(state)
        result.append(states)
    return result, groups, rotating


def twin(stack):
    """Every node of every layer as dicts of helicity amplitudes: {field: [sigma = -1, 0, 1]}."""
    s = mp.mpc(0, -mp.mpf(stack.omega))
    with mp.workdps(60):
        digits = digits_needed(stack)
    with mp.workdps(max(80, digits)):
        nodes = None
        for index, sigma in enumerate((-1, 0, 1)):
            solution, groups, rotating = solve(stack, sigma)
            if nodes is None:
                nodes = [{name: [0, 0, 0] for name in ("h", "theta", "j", "twist", "M", "m", "torque", "w")}
                         for states in solution for _ in states]
            k = 0
            for i, states in enumerate(solution):
                layer = stack.layers[i]
                for h, j, theta, tau, w in states:
                    rate = w if rotating.get(i, False) else s * theta
                    M, m, torque = local_fields(layer, sigma, s, stack.H, h, theta, rate)
                    values = dict(h=h, theta=theta, j=j, twist=mp.mpf(layer.gamma) * tau, M=M, m=m, torque=torque, w=w)
                    for name, value in values.items():
                        nodes[k][name][index] = value
                    k += 1
        return nodes


def theta_of_zero_mean(stack, sigma):
    """theta at the nodes of a rotating group that fills the stack, less its mean: the integral of theta is one more component."""
    with mp.workdps(60):
        digits = digits_needed(stack)
    with mp.workdps(max(80, digits)):
        solution, _, _ = solve(stack, sigma)
        integral, thickness = mp.mpc(0), mp.mpf(0)
        for layer, states in zip(stack.layers, solution):
            A = mp.matrix(6, 6)
            for column in range(5):
                unit = [mp.mpc(int(row == column)) for row in range(5)]
                for row, value in enumerate(derivative(layer, sigma, mp.mpc(0), stack.H, unit, True)):
                    A[row, column] = value
            A[5, 2] = 1
            integral += (mp.expm(A * mp.mpf(layer.thickness), method="taylor") * mp.matrix([*states[0], 0]))[5]
            thickness += mp.mpf(layer.thickness)
        return [[complex(state[2] - integral / thickness) for state in states] for states in solution]


def log_uniform(rng, low, high):
    import math
    return math.exp(rng.uniform(math.log(low), math.log(high)))


def cartesian_to_helicity(v):
    return [v[0] - 1j * v[1], v[2], v[0] + 1j * v[1]]


def random_number_generator():
    return random.Random(test_seed())
