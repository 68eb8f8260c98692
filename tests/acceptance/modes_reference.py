"""Modes of a spin glass to as many digits as asked for, from the nonlinear equations of motion alone.

`motion` is section 2 of the theory as it stands: M, m and theta as vectors, with precession. It is at most quadratic in the
fields, so a central difference of any step is its exact derivative. What follows, the 3 x 3 matrix of one helicity about any
axis, its modes, the response and the weakly coupled modes, uses that derivative and no formula of its own for it. Nothing
is shared with the program or with the other references of the tests.
"""
from mpmath import mp, mpc, mpf

MU0 = mpf(1.25663706212e-6)


class Glass:
    """The parameters of a spin glass, as the program reads them, and its equilibrium in the field H."""

    NAMES = ("gamma", "chi_M", "chi_m", "tau_ML", "tau_mL", "tau_Mm", "D", "rho_s", "K", "alpha")

    def __init__(self, values, field=(0, 0, 0)):
        for name in self.NAMES:
            setattr(self, name, mpf(values[name]))
        self.xi = self.chi_m / self.chi_M
        self.tau_mM = self.xi * self.tau_Mm
        self.M0 = [mpf(x) for x in values.get("M0", (0, 0, 0))]
        self.H = [mpf(x) for x in field]
        self.M_eq = [M0 + self.chi_M * H for M0, H in zip(self.M0, self.H)]


def cross(a, b):
    return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def motion(glass, M, m, theta, H, laplacians):
    """dM/dt, dm/dt, dtheta/dt, Eqs. (22), (23), (24); `laplacians` are those of M, m, theta, H."""
    g = glass
    out_M, out_m, out_theta = [], [], []
    h_M = [H[i] - (M[i] - g.M0[i]) / g.chi_M - m[i] / g.chi_M for i in range(3)]
    h_m = [H[i] - (M[i] - g.M0[i]) / g.chi_M - m[i] / g.chi_m for i in range(3)]
    lap_M, lap_m, lap_theta, lap_H = laplacians
    precession_M, precession_m = cross(M, h_M), cross(m, h_m)
    for i in range(3):
        torque = -g.K * theta[i] + g.rho_s * lap_theta[i]
        lap_h_m = lap_H[i] - lap_M[i] / g.chi_M - lap_m[i] / g.chi_m
        delta_M, delta_m = -g.chi_M * h_M[i], -g.chi_m * h_m[i]
        relax_M = -delta_M * (1 / g.tau_ML + 1 / g.tau_Mm) + delta_m / g.tau_mM
        relax_m = -delta_m * (1 / g.tau_mL + 1 / g.tau_mM) + delta_M / g.tau_Mm
        out_M.append(-g.gamma * MU0 * precession_M[i] - g.gamma * torque + relax_M)
        out_m.append(-g.gamma * MU0 * precession_m[i] - g.D * g.chi_m * lap_h_m + relax_m)
        out_theta.append(g.gamma * MU0 * h_M[i] + g.alpha * g.gamma * torque)
    return out_M + out_m + out_theta


def helicity_frame(axis):
    """Two unit vectors e1, e2 with e1 x e2 along the axis, and the axis itself as a unit vector."""
    length = mp.sqrt(dot(axis, axis))
    n = [mpf(x) / length for x in axis]
    other = [mpf(int(i == min(range(3), key=lambda j: abs(n[j])))) for i in range(3)]
    e1 = cross(other, n)
    size = mp.sqrt(dot(e1, e1))
    e1 = [x / size for x in e1]
    return e1, cross(n, e1), n


class Linear:
    """d/dt (M, m, theta) = (G0 + q G1) (M, m, theta) + (B0 + q B1) H of one helicity, q = k^2."""

    def __init__(self, glass, sigma, axis=(0, 0, 1)):
        self.glass, self.sigma = glass, sigma
        e1, e2, n = helicity_frame(axis)
        zero = [mpf(0)] * 3
        rest = [glass.M_eq, zero, zero, glass.H]

        def derivative(field, direction, laplacian):
            ends = []
            for sign in (1, -1):
                fields, laplacians = [list(x) for x in rest], [list(zero) for _ in range(4)]
                target = laplacians if laplacian else fields
                target[field] = [x + sign * d for x, d in zip(target[field], direction)]
                ends.append(motion(glass, *fields, laplacians))
            slope = [(a - b) / 2 for a, b in zip(*ends)]
            return [slope[0:3], slope[3:6], slope[6:9]]

        def column(field, laplacian):
            if sigma == 0:
                return [dot(n, part) for part in derivative(field, n, laplacian)]
            parts = derivative(field, e1, laplacian)
            return [dot(e1, part) + mpc(0, sigma) * dot(e2, part) for part in parts]

        local, curved = ([column(f, lap) for f in range(4)] for lap in (False, True))
        self.G0 = mp.matrix(3, 3)
        self.G1 = mp.matrix(3, 3)
        for j in range(3):
            for i in range(3):
                self.G0[i, j], self.G1[i, j] = local[j][i], -curved[j][i]
        self.B0, self.B1 = mp.matrix(local[3]), -mp.matrix(curved[3])

    def matrix(self, q):
        return self.G0 + q * self.G1

    def drive(self, q):
        return self.B0 + q * self.B1

    def determinant(self, s, q):
        return determinant(self.matrix(q) - s * mp.eye(3))

    def rates(self, q):
        """The three s of a given q, by Cardano's formula and Newton's method."""
        return cubic_roots(characteristic(self.matrix(q)))

    def squared_wavenumbers(self, s):
        """The q of a given s; None for each that is infinite."""
        # unit of q: makes the two determinants' parts comparable
        scale = self.unit_of_q()
        f0, f1, f2 = (self.determinant(s, x * scale) for x in (0, 1, -1))
        c0, c1, c2 = f0, (f1 - f2) / 2, (f1 + f2) / 2 - f0
        tiny = mpf(10) ** (-mp.dps * 2 // 3) * max(abs(c0), abs(c1), abs(c2))
        if abs(c2) < tiny:
            return [None if abs(c1) < tiny else -c0 / c1 * scale, None]
        root = mp.sqrt(c1 * c1 - 4 * c0 * c2)
        larger = -c1 + root if abs(-c1 + root) >= abs(-c1 - root) else -c1 - root
        return [larger / (2 * c2) * scale, (2 * c0 / larger * scale) if larger != 0 else mpf(0)]

    def unit_of_q(self):
        g = self.glass
        candidates = []
        if g.D:
            candidates.append((1 / g.tau_mL + 1 / g.tau_mM + 1) / g.D)
        if g.rho_s and g.K:
            candidates.append(g.K / g.rho_s)
        return max(candidates) if candidates else mpf(1)

    def vector(self, s, q):
        """Right null vector of G - s: the longest cross product of two rows, in energy coordinates."""
        return null_vector(self.matrix(q) - s * mp.eye(3))

    def slope(self, s, q):
        """ds/dq = -(dP/dq)/(dP/ds) with P = det(G - s)."""
        A = self.matrix(q) - s * mp.eye(3)
        C = cofactors(A)
        dq = sum(C[i, j] * self.G1[i, j] for i in range(3) for j in range(3))
        ds = -(C[0, 0] + C[1, 1] + C[2, 2])
        return -dq / ds

    def weights(self, y, q):
        g = self.glass
        parts = [abs(y[0]) ** 2 / g.chi_M, abs(y[1]) ** 2 / g.chi_m, abs(g.K + g.rho_s * q) * abs(y[2]) ** 2 / MU0]
        return [p / sum(parts) for p in parts]

    def dissipation(self, y, q):
        """Shares of T R_s, Eq. (26): M to lattice, m to lattice, exchange, diffusion, damping."""
        g = self.glass
        h_M = -(y[0] + y[1]) / g.chi_M
        h_m = -y[0] / g.chi_M - y[1] / g.chi_m
        torque = -(g.K + g.rho_s * q) * y[2]
        parts = [MU0 * g.chi_M / g.tau_ML * abs(h_M) ** 2, MU0 * g.chi_m / g.tau_mL * abs(h_m) ** 2,
                 MU0 * g.chi_M / g.tau_Mm * abs(h_M - h_m) ** 2, MU0 * g.D * g.chi_m * abs(q) * abs(h_m) ** 2,
                 g.alpha * g.gamma * abs(torque) ** 2]
        total = sum(parts)
        return [p / total if total else mpf(0) for p in parts]

    def response(self, omega, q):
        """(M, m, theta) per unit field exp(i(kx - omega t))."""
        s = mpc(0, -1) * omega
        A = s * mp.eye(3) - self.matrix(q)
        C = cofactors(A)
        det = sum(A[0, j] * C[0, j] for j in range(3))
        b = self.drive(q)
        return [sum(C[i, j] * b[i] for i in range(3)) / det for j in range(3)]

    def residues(self, s, q):
        """Residue of M + m per unit field at the pole omega = i s."""
        A = s * mp.eye(3) - self.matrix(q)
        C = cofactors(A)
        b = self.drive(q)
        numerator = sum((C[i, 0] + C[i, 1]) * b[i] for i in range(3))
        # d/ds det(s - G) = sum of the principal cofactors; omega = i s
        return mpc(0, 1) * numerator / (C[0, 0] + C[1, 1] + C[2, 2])

    def discriminant_roots(self):
        """Every q, complex or not, at which two of the three s coincide."""
        scale = self.exceptional_scale()
        degree = 6

        def value(q):
            c2, c1, c0 = characteristic(self.matrix(q))
            return c2**2 * c1**2 - 4 * c1**3 - 4 * c2**3 * c0 + 18 * c2 * c1 * c0 - 27 * c0**2

        points = [mp.expjpi(mpf(2) * j / (degree + 1)) for j in range(degree + 1)]
        values = [value(scale * p) for p in points]
        coefficients = [sum(v * p ** (-j) for v, p in zip(values, points)) / (degree + 1) for j in range(degree + 1)]
        tiny = mpf(10) ** (-mp.dps * 3 // 5) * max(abs(c) for c in coefficients)
        while coefficients and abs(coefficients[-1]) < tiny:
            coefficients.pop()
        zeros = 0
        while coefficients and abs(coefficients[0]) < tiny:
            coefficients.pop(0)
            zeros += 1
        if len(coefficients) < 2:
            return [mpf(0)] * zeros
        roots = mp.polyroots(coefficients[::-1], maxsteps=2000, extraprec=mp.prec, error=False)
        return [mpf(0)] * zeros + [scale * x for x in roots]

    def exceptional_scale(self):
        g = self.glass
        rates = [1 / g.tau_ML, 1 / g.tau_mL, 1 / g.tau_mM, g.alpha * g.gamma * g.K,
                 mp.sqrt(g.gamma**2 * MU0 * g.K / g.chi_M), abs(self.G0[0, 0])]
        top = max(rates)
        scales = [top / g.D] if g.D else []
        if g.rho_s:
            scales.append(top**2 * g.chi_M / (g.gamma**2 * MU0 * g.rho_s))
        product = mpf(1)
        for x in scales:
            product *= x
        return product ** (mpf(1) / len(scales)) if scales else mpf(1)


def determinant(A):
    return (A[0, 0] * (A[1, 1] * A[2, 2] - A[1, 2] * A[2, 1]) - A[0, 1] * (A[1, 0] * A[2, 2] - A[1, 2] * A[2, 0])
            + A[0, 2] * (A[1, 0] * A[2, 1] - A[1, 1] * A[2, 0]))


def cofactors(A):
    C = mp.matrix(3, 3)
    for i in range(3):
        a, b = [k for k in range(3) if k != i]
        for j in range(3):
            c, d = [k for k in range(3) if k != j]
            C[i, j] = (-1) ** (i + j) * (A[a, c] * A[b, d] - A[a, d] * A[b, c])
    return C


def null_vector(A):
    """Of a singular 3 x 3 matrix: the row of cofactors that is longest in the units of the matrix's own columns."""
    C = cofactors(A)
    columns = [max(abs(A[i, j]) for i in range(3)) for j in range(3)]
    rows = [max(abs(A[i, j]) for j in range(3)) for i in range(3)]

    def size(i):
        return max(abs(C[i, j]) * columns[j] for j in range(3)) * (rows[i] if rows[i] else 0)

    best = max(range(3), key=size)
    return [C[best, j] for j in range(3)]


def characteristic(G):
    """Coefficients c2, c1, c0 of det(s - G) = s^3 + c2 s^2 + c1 s + c0."""
    C = cofactors(G)
    return -(G[0, 0] + G[1, 1] + G[2, 2]), C[0, 0] + C[1, 1] + C[2, 2], -determinant(G)


def cubic_roots(coefficients):
    c2, c1, c0 = coefficients
    with mp.workdps(3 * mp.dps):
        p, r = c1 - c2**2 / 3, 2 * c2**3 / 27 - c2 * c1 / 3 + c0
        root = mp.sqrt(r**2 / 4 + p**3 / 27)
        u3 = -r / 2 + root if abs(-r / 2 + root) >= abs(-r / 2 - root) else -r / 2 - root
        if u3 == 0:
            return [-c2 / 3] * 3
        u = mpc(u3) ** (mpf(1) / 3)
        turn = mp.expjpi(mpf(2) / 3)
        roots = []
        for k in range(3):
            x = u * turn**k
            roots.append(x - p / (3 * x) - c2 / 3)
    return [+x for x in roots]


def spin_wave(glass, omega):
    """Zeroth order m = 0: k^2, K', theta/M; then m/M from the equation of m. Eqs. (53)-(62), no field."""
    line = Linear(glass, 0)
    s = mpc(0, -1) * omega
    # K' from the 2 x 2 problem of M and theta, linear in q
    def det2(q):
        A = line.matrix(q) - s * mp.eye(3)
        return A[0, 0] * A[2, 2] - A[0, 2] * A[2, 0]

    unit = line.unit_of_q()
    f0, f1 = det2(mpf(0)), det2(unit)
    q = -f0 / (f1 - f0) * unit
    A = line.matrix(q) - s * mp.eye(3)
    theta = -A[2, 0] / A[2, 2] if abs(A[2, 2]) > 0 else -A[0, 0] / A[0, 2]
    m = -A[1, 0] / A[1, 1]
    return {"k2": q, "K_prime": glass.K + glass.rho_s * q, "theta_over_M": theta, "m_over_M": m}


def diffusion(glass, omega):
    """Zeroth order M = 0 in the equation of m: k^2; then M and theta driven by m. Eqs. (63)-(71), no field."""
    line = Linear(glass, 0)
    s = mpc(0, -1) * omega
    q = -(line.G0[1, 1] - s) / line.G1[1, 1]
    A = line.matrix(q) - s * mp.eye(3)
    det = A[0, 0] * A[2, 2] - A[0, 2] * A[2, 0]
    M = (-A[0, 1] * A[2, 2] + A[0, 2] * A[2, 1]) / det
    theta = (-A[2, 1] * A[0, 0] + A[2, 0] * A[0, 1]) / det
    return {"k2": q, "K_prime": glass.K + glass.rho_s * q, "M_over_m": M, "theta_over_m": theta,
            "M_plus_m_over_m": 1 + M}
