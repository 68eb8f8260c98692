"""Independent reference: a stack of layers by transfer matrices with as many digits as it takes (mpmath).

The equations of one layer are in film_reference_layer.py; here they are joined by the conditions at the faces.
"""
from mpmath import mp, mpc, mpf

from film_reference_layer import MU0, PLANCK, Layer, matrix_functions


class Solution:
    """One helicity of the whole stack. drives: left/right {current, potential, torque} as complex numbers."""

    def __init__(self, stack, omega, sigma, drives):
        s = mpc(0, -1) * mpf(omega) if omega else mpf(0)
        self.s, self.sigma, self.stack = s, sigma, stack
        self.layers = [Layer(stack.materials[l["material"]], l["thickness"], s, sigma, stack.H, stack.Meq(l["material"]))
                       for l in stack.layers]
        if sigma != 0:
            for i, l in enumerate(self.layers):
                if l.p["kind"] == "ferromagnet":
                    l.fields, l.A, l.B = [], [], []
                    l.absent = True
        self.groups, self.pinned = stack.groups()
        self.first, n = [], 0
        for layer in self.layers:
            self.first.append(n)
            n += 2 * len(layer.fields)
        self.turn = {}
        self.group_of = {i: g for g, group in enumerate(self.groups) for i in group}
        for g in range(len(self.groups)):
            if not omega and not self.pinned[g]:
                self.turn[g] = n
                n += 1
        self.n = n
        self.rows = []
        self.face(0, +1, stack.left, drives["left"])
        for i in range(len(self.layers) - 1):
            self.interface(i, stack.interfaces.get(i, {}))
        self.face(len(self.layers) - 1, -1, stack.right, drives["right"])
        for g, column in self.turn.items():
            self.zero_mean(g)
        assert len(self.rows) == n, (len(self.rows), n)
        self.solve()

    # functionals: lists of n coefficients and a constant
    def zero(self):
        return [mpf(0)] * (self.n + 1)

    def field(self, i, name, x, derivative=False, integral=False):
        """dm or theta of layer i at x (from its left face) as a functional."""
        layer = self.layers[i]
        nf = len(layer.fields)
        out = self.zero()
        row = layer.express[name]
        f = matrix_functions(layer.A, mpf(x))
        A = layer.A
        times = lambda U, V: [[sum(U[r][k] * V[k][c] for k in range(nf)) for c in range(nf)] for r in range(nf)]
        if derivative:
            first, second, third = (times(A, f["S"]), f["C"], f["S"]) if nf else ([], [], [])
        elif integral:
            first, second, third = f["S"], f["P"], f["I"]
        else:
            first, second, third = f["C"], f["S"], f["P"]
        w = self.turn.get(self.group_of.get(i))
        for r in range(nf):
            for c in range(nf):
                out[self.first[i] + c] += row[r] * first[r][c]
                out[self.first[i] + nf + c] += row[r] * second[r][c]
                if w is not None:
                    out[w] += row[r] * third[r][c] * layer.B[c]
        if w is not None and not derivative:
            out[w] += row[nf] * (mpf(x) if integral else 1)
        return out

    @staticmethod
    def scaled(f, k):
        return [k * v for v in f]

    @staticmethod
    def plus(*fs):
        return [sum(v) for v in zip(*fs)]

    def constant(self, v):
        out = self.zero()
        out[-1] += v
        return out

    def p(self, i, x):  # dm/chi_m = -h*
        return self.scaled(self.field(i, "m", x), 1 / self.layers[i].chi_m)

    def j(self, i, x):
        if "m" not in self.layers[i].fields:
            return self.zero()
        return self.scaled(self.field(i, "m", x, derivative=True), -self.layers[i].D)

    def torque(self, i, x):  # rho_s theta'
        if "t" not in self.layers[i].fields:
            return self.zero()
        return self.scaled(self.field(i, "t", x, derivative=True), self.layers[i].rho)

    def turning(self, i, x):
        """d theta/dt"""
        out = self.scaled(self.field(i, "t", x), self.s)
        w = self.turn.get(self.group_of.get(i))
        if w is not None:
            out[w] += 1
        return out

    def face(self, i, inward, boundary, drive):
        layer = self.layers[i]
        x = mpf(0) if inward > 0 else layer.L
        into = self.scaled(self.j(i, x), inward)
        outward_torque = self.scaled(self.torque(i, x), -inward)
        if "m" in layer.fields:
            Y = boundary.get("conductance")
            if Y is None:
                self.rows.append(self.plus(into, self.constant(-drive["current"])))
            elif Y == float("inf"):
                self.rows.append(self.plus(self.p(i, x), self.constant(drive["potential"])))
            else:  # out = Y (h_c - h*), h* = -p
                self.rows.append(self.plus(into, self.scaled(self.plus(self.constant(drive["potential"]), self.p(i, x)), mpf(Y))))
        if "t" in layer.fields:
            if boundary.get("twist") == "clamped":
                self.rows.append(self.field(i, "t", x))
            elif boundary.get("mixing"):
                self.rows.append(self.plus(outward_torque, self.mixing(i, x, boundary["mixing"], self.constant(drive["potential"]))))
            else:
                self.rows.append(self.plus(outward_torque, self.constant(-drive["torque"])))

    def mixing(self, i, x, g_mix, potential):
        """beta (d_t theta - gamma mu0 h_c)"""
        beta = mpf(PLANCK) / (8 * mp.pi**2) * mpf(g_mix)
        k = self.layers[i].gamma * mpf(MU0)
        return self.scaled(self.plus(self.turning(i, x), self.scaled(potential, -k)), beta)

    def interface(self, i, interface):
        A, B = self.layers[i], self.layers[i + 1]
        Y = interface.get("conductance", float("inf"))
        g_mix = interface.get("mixing", 0)
        end, start = A.L, mpf(0)
        jA, jB, pA, pB = self.j(i, end), self.j(i + 1, start), self.p(i, end) if "m" in A.fields else None, \
            self.p(i + 1, start) if "m" in B.fields else None
        minus = lambda f: self.scaled(f, -1)
        extra = self.zero()
        if A.glass and B.glass:
            both = "t" in A.fields and "t" in B.fields
            if both:
                self.rows.append(self.plus(self.field(i, "t", end), minus(self.field(i + 1, "t", start))))
                self.rows.append(self.plus(self.torque(i, end), minus(self.torque(i + 1, start))))
            elif "t" in A.fields:
                self.rows.append(self.torque(i, end))
            elif "t" in B.fields:
                self.rows.append(self.torque(i + 1, start))
        elif A.glass and "t" in A.fields:
            if g_mix:
                drag = self.mixing(i, end, g_mix, minus(pB))
                self.rows.append(self.plus(self.torque(i, end), drag))
                extra = self.scaled(self.torque(i, end), A.gamma)
            else:
                self.rows.append(self.torque(i, end))
        elif B.glass and "t" in B.fields:
            if g_mix:
                drag = self.mixing(i + 1, start, g_mix, minus(pA))
                self.rows.append(self.plus(minus(self.torque(i + 1, start)), drag))
                extra = self.scaled(self.torque(i + 1, start), -B.gamma)  # added to jB to give the metal's
            else:
                self.rows.append(self.torque(i + 1, start))
        if pA is not None and pB is not None:
            if A.glass and not B.glass:
                glass_j, metal = jA, self.plus(jA, extra)
                self.rows.append(self.plus(jB, minus(metal)))
            elif B.glass and not A.glass:
                glass_j = jB
                self.rows.append(self.plus(jA, minus(jB), extra))
            else:
                glass_j = jA
                self.rows.append(self.plus(jA, minus(jB)))
            if Y == float("inf"):
                self.rows.append(self.plus(pA, minus(pB)))
            else:  # j = Y (h*_right - h*_left) = Y (p_left - p_right)
                self.rows.append(self.plus(glass_j, self.scaled(self.plus(pB, minus(pA)), mpf(Y))))
        elif pA is not None:
            self.rows.append(self.plus(jA, extra if B.glass else self.zero()))
        elif pB is not None:
            self.rows.append(self.plus(jB, minus(extra) if A.glass else self.zero()))

    def zero_mean(self, g):
        group = self.groups[g]
        row = self.zero()
        for i in group:
            row = self.plus(row, self.field(i, "t", self.layers[i].L, integral=True))
        self.rows.append(row)

    def solve(self):
        if self.n == 0:
            self.values = []
            return
        M, r = mp.matrix(self.n, self.n), mp.matrix(self.n, 1)
        for i, row in enumerate(self.rows):
            size = max(abs(v) for v in row[:-1])
            if size == 0:
                raise ZeroDivisionError("a condition without unknowns")
            for k in range(self.n):
                M[i, k] = row[k] / size
            r[i] = -row[-1] / size
        x = mp.lu_solve(M, r)
        self.values = [x[i] for i in range(self.n)]

    def value(self, functional):
        return sum((f * v for f, v in zip(functional, self.values)), mpf(0)) + functional[-1]

    def current(self, i, x):
        """J_m, J_theta"""
        return self.value(self.j(i, x)), self.layers[i].gamma * self.value(self.torque(i, x))

    def profile(self, i, x):
        layer = self.layers[i]
        if getattr(layer, "absent", False):
            return None
        dm = self.value(self.field(i, "m", x))
        theta = self.value(self.field(i, "t", x))
        w = self.value(self.turn_of(i))
        row = lambda r: r[0] * dm + r[1] * theta + r[2] * w
        jm, jt = self.current(i, x)
        return {"delta_m": dm, "theta": theta, "m": row(layer.m), "delta_M": row(layer.dM) if layer.dM else None,
                "h_star": -dm / layer.chi_m, "j": jm, "texture_current": jt}

    def turn_of(self, i):
        out = self.zero()
        w = self.turn.get(self.group_of.get(i))
        if w is not None:
            out[w] += 1
        return out


def cross(a, b):
    return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]


class Stack:
    """The input file as a dictionary, in the spelling of the input file."""

    def __init__(self, data):
        self.data = data
        self.materials = data["materials"]
        self.layers = data["layers"]
        self.left, self.right = data["left"], data["right"]
        self.interfaces = data.get("interfaces", {})
        vectors = [data.get("H", [0, 0, 0])] + [self.materials[l["material"]].get("M0", [0, 0, 0]) for l in self.layers]
        axis = next((v for v in vectors if any(v)), [0, 0, 1])
        axis = [mpf(v) for v in axis]
        size = mp.sqrt(sum(v * v for v in axis))
        self.axis = [v / size for v in axis]
        largest = max(range(3), key=lambda k: abs(self.axis[k]))
        if self.axis[largest] < 0:
            self.axis = [-v for v in self.axis]
        largest = max(range(3), key=lambda k: abs(self.axis[k]))
        help_ = [mpf(int(k == (largest + 1) % 3)) for k in range(3)]
        e1 = cross(help_, self.axis)
        size = mp.sqrt(sum(v * v for v in e1))
        self.e1 = [v / size for v in e1]
        self.e2 = cross(self.axis, self.e1)
        self.H = self.along(data.get("H", [0, 0, 0]))

    def along(self, v):
        return sum(mpf(c) * a for c, a in zip(v, self.axis))

    def Meq(self, name):
        p = self.materials[name]
        if p["kind"] != "spin-glass":
            return mpf(0)
        return self.along(p.get("M0", [0, 0, 0])) + mpf(p["chi_M"]) * self.H

    def groups(self):
        groups, pinned = [], []
        for i, l in enumerate(self.layers):
            p = self.materials[l["material"]]
            if p["kind"] != "spin-glass":
                continue
            if groups and groups[-1][-1] == i - 1:
                groups[-1].append(i)
                pinned[-1] |= p["K"] > 0
            else:
                groups.append([i])
                pinned.append(p["K"] > 0)
            if i == 0 and self.left.get("twist") == "clamped":
                pinned[-1] = True
            if i == len(self.layers) - 1 and self.right.get("twist") == "clamped":
                pinned[-1] = True
        return groups, pinned

    def helicity(self, v, sigma):
        v = [mpc(*c) if isinstance(c, (list, tuple)) else mpf(c) for c in v]
        dot = lambda e: sum(a * b for a, b in zip(v, e))
        return dot(self.axis) if sigma == 0 else dot(self.e1) + mpc(0, 1) * sigma * dot(self.e2)

    def vector(self, minus, zero, plus):
        v1, v2 = (plus + minus) / 2, (plus - minus) / mpc(0, 2)
        return [v1 * a + v2 * b + zero * c for a, b, c in zip(self.e1, self.e2, self.axis)]

    def solve(self, omega, digits=60):
        """The three helicities, with digits enough for exp(kappa L) of the thickest layer."""
        with mp.workdps(30):
            growth = mpf(0)
            for sigma in (-1, 0, 1):
                for l in self.layers:
                    layer = Layer(self.materials[l["material"]], l["thickness"], mpc(0, -1) * mpf(omega) if omega else mpf(0),
                                  sigma, self.H, self.Meq(l["material"]))
                    growth = max([growth] + [abs(mp.sqrt(q).real) * layer.L for q in layer.roots()])
        mp.dps = digits + int(2.2 * growth / 2.3) + 20
        out = []
        for sigma in (-1, 0, 1):
            drives = {}
            for side, boundary in (("left", self.left), ("right", self.right)):
                twist = boundary.get("twist", "free")
                drives[side] = {"current": self.helicity(boundary.get("current", [0, 0, 0]), sigma),
                                "potential": self.helicity(boundary.get("potential", [0, 0, 0]), sigma),
                                "torque": self.helicity([0, 0, 0] if isinstance(twist, str) else twist, sigma)}
            out.append(Solution(self, omega, sigma, drives))
        return out
