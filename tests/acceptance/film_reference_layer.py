"""Independent reference: one layer of a stack by transfer matrices with as many digits as it takes (mpmath).

Written from docs/theory.md alone. Per helicity sigma and s = -i omega, with dM, dm of Eqs. (18), (19), theta, and the rate w
of a rotating texture (dc), the equations of motion read

    dM = (alpha P dm - s theta - w)/N,   P = s/(1-xi) + d,  Q = s/(1-xi) + a + c - i sigma Omega,  N = alpha Q + g
    D dm'' = s m + (b + d) dm - c dM,    rho_s theta'' = Gamma' + K theta,   gamma Gamma' = P dm - Q dM

so Y = (dm, theta) obeys Y'' = A Y + B w in each layer, and Y(x) = C(x) Y(0) + S(x) Y'(0) + P(x) B w with the entire functions
cosh(x sqrt A), sinh(x sqrt A)/sqrt A, (cosh(x sqrt A) - 1)/A. The unknowns Y(0), Y'(0) of all layers and w of all rotating
groups follow from the conditions at the faces, one dense linear system.
"""
from mpmath import mp, mpc, mpf

MU0 = 1.25663706212e-6
PLANCK = 6.62607015e-34


def rate(tau):
    return mpf(0) if tau == float("inf") else 1 / mpf(tau)


class Functions:
    """C, S, P, and I = integral of P, of the square root of a number q, at x."""

    def __init__(self, q, x):
        z = q * x * x
        if abs(z) < mpf(10) ** (-12):
            terms = 2 + int(mp.dps // 12)
            self.C = sum(z**n / mp.factorial(2 * n) for n in range(terms))
            self.S = x * sum(z**n / mp.factorial(2 * n + 1) for n in range(terms))
            self.P = x**2 * sum(z**n / mp.factorial(2 * n + 2) for n in range(terms))
            self.I = x**3 * sum(z**n / mp.factorial(2 * n + 3) for n in range(terms))
        else:
            root = mp.sqrt(q)
            self.C = mp.cosh(root * x)
            self.S = mp.sinh(root * x) / root
            self.P = (self.C - 1) / q
            self.I = (self.S - x) / q


def matrix_functions(A, x):
    """The same four of a 0x0, 1x1 or 2x2 matrix (lists of rows)."""
    n = len(A)
    if n == 0:
        return {name: [] for name in "CSPI"}
    if n == 1:
        f = Functions(A[0][0], x)
        return {name: [[getattr(f, name)]] for name in "CSPI"}
    middle = (A[0][0] + A[1][1]) / 2
    half = mp.sqrt(((A[0][0] - A[1][1]) / 2) ** 2 + A[0][1] * A[1][0])
    least = mpf(10) ** (-mp.dps / 4) * max(abs(middle), 1 / x**2 if x else mpf(1))
    if abs(half) < least:  # equal roots: a divided difference over a distance that does no harm
        half = mpc(least)
    q1, q2 = middle + half, middle - half
    f1, f2 = Functions(q1, x), Functions(q2, x)
    out = {}
    for name in "CSPI":
        v1, v2 = getattr(f1, name), getattr(f2, name)
        slope = (v1 - v2) / (q1 - q2)
        mean = (v1 + v2) / 2
        out[name] = [[mean + slope * (A[0][0] - middle), slope * A[0][1]],
                     [slope * A[1][0], mean + slope * (A[1][1] - middle)]]
    return out


class Layer:
    """One layer for one helicity. Local quantities are rows over (dm, theta, w)."""

    def __init__(self, material, thickness, s, sigma, H, Meq):
        p = self.p = material
        self.L = mpf(thickness)
        self.glass = p["kind"] == "spin-glass"
        self.chi_m = mpf(p["chi_m"])
        self.D = mpf(p["D"])
        self.gamma = mpf(p.get("gamma", 0))
        mu0 = mpf(MU0)
        b = rate(p["tau_mL"])
        zero, one = mpf(0), mpf(1)
        if self.glass or p["kind"] == "ferromagnet":
            chi_M = self.chi_M = mpf(p["chi_M"])
            xi = self.chi_m / chi_M
            rest = (chi_M - self.chi_m) / chi_M
            a, c = rate(p["tau_ML"]), rate(p["tau_Mm"])
            d = c / xi
            P = s / rest + d
            if self.glass:
                g = self.gamma * mu0 / chi_M
                alpha = mpf(p["alpha"])
                Omega = self.gamma * mu0 * Meq / chi_M
                Q = s / rest + a + c - mpc(0, 1) * sigma * Omega
                N = alpha * Q + g
                dM = [alpha * P / N, -s / N, -1 / N]
            else:
                Q = s / rest + a + c
                dM = [P / Q if Q != 0 else zero, zero, zero]
            m = [(int(i == 0) - xi * dM[i]) / rest for i in range(3)]
            rhs_m = [s * m[i] + (b + d) * int(i == 0) - c * dM[i] for i in range(3)]
            self.dM, self.m = dM, m
            self.rates = (a, b, c, d)
        else:
            precession = mpc(0, 1) * sigma * self.gamma * mu0 * H
            rhs_m = [s + b - precession, zero, zero]
            self.dM, self.m = None, [one, zero, zero]
            self.rates = (None, b, None, None)
        self.rho = mpf(p["rho_s"]) if self.glass else zero
        self.fields = (["m"] if self.D > 0 else []) + (["t"] if self.rho > 0 else [])
        unit = {"m": [one, zero, zero], "t": [zero, one, zero]}
        rows = {"m": rhs_m}
        if self.glass:
            K = mpf(p["K"])
            G = [(P * int(i == 0) - Q * dM[i]) / self.gamma for i in range(3)]
            rows["t"] = [G[i] + K * int(i == 1) for i in range(3)]
            self.G = G
        # what is local (D = 0, rho_s = 0) is solved for, so that dm, theta are rows over (fields..., w)
        local = [f for f in (["m", "t"] if self.glass else ["m"]) if f not in self.fields]
        index = {"m": 0, "t": 1}
        nf = len(self.fields)
        self.express = {}
        for k, f in enumerate(self.fields):
            self.express[f] = [mpf(int(i == k)) for i in range(nf)] + [zero]
        if local:
            M = mp.matrix(len(local), len(local))
            R = mp.matrix(len(local), nf + 1)
            for i, f in enumerate(local):
                for j, h in enumerate(local):
                    M[i, j] = rows[f][index[h]]
                for j, h in enumerate(self.fields):
                    R[i, j] = -rows[f][index[h]]
                R[i, nf] = -rows[f][2]
            X = mp.lu_solve(M, R) if len(local) > 1 else R / M[0, 0]
            for i, f in enumerate(local):
                self.express[f] = [X[i, j] for j in range(nf + 1)]
        if not self.glass:
            self.express["t"] = [zero] * (nf + 1)
        stiffness = {"m": self.D, "t": self.rho}
        self.A, self.B = [], []
        for f in self.fields:
            row = self.local(rows[f])
            self.A.append([v / stiffness[f] for v in row[:nf]])
            self.B.append(row[nf] / stiffness[f])

    def local(self, row):
        """A row over (dm, theta, w) as one over (fields..., w)."""
        nf = len(self.fields)
        e = self.express
        return [row[0] * e["m"][i] + row[1] * e["t"][i] + (row[2] if i == nf else 0) for i in range(nf + 1)]

    def roots(self):
        if len(self.A) == 0:
            return []
        if len(self.A) == 1:
            return [self.A[0][0]]
        middle = (self.A[0][0] + self.A[1][1]) / 2
        half = mp.sqrt(((self.A[0][0] - self.A[1][1]) / 2) ** 2 + self.A[0][1] * self.A[1][0])
        return [middle + half, middle - half]
