"""What a detector on a stack of spin glasses and metals reads, to many digits: transfer matrices of the linearised motion of
`modes_reference`, one linear system for all layers, all faces and the rotation rates of the texture.

Every quantity of a harmonic experiment goes as exp(-i omega t); at omega = 0 the texture of a group of layers is pinned
(K > 0 in one of them, or a clamped face) or turns steadily, theta = w t + profile of zero mean.
"""
from mpmath import mp, mpc, mpf

from modes_reference import MU0, Glass, Linear, dot, helicity_frame

HBAR = mpf(6.62607015e-34) / (2 * mp.pi)
CHARGE = mpf(1.602176634e-19)


class Metal:
    NAMES = ("gamma", "chi_m", "tau_mL", "D", "spin_hall_angle", "conductivity")

    def __init__(self, values, field):
        for name in self.NAMES:
            setattr(self, name, mpf(values[name]))
        self.H = [mpf(x) for x in field]


class Slab:
    """One layer for one helicity: d/dx of (dm, dm', theta, theta', integral of theta, w), or of (dm, dm') in a metal."""

    def __init__(self, material, thickness, sigma, axis, s):
        self.material, self.thickness, self.glass = material, mpf(thickness), isinstance(material, Glass)
        self.s = s
        if not self.glass:
            rotation = material.gamma * MU0 * dot(helicity_frame(axis)[2], material.H)
            q = (s + 1 / material.tau_mL - mpc(0, sigma) * rotation) / material.D
            self.rate = mp.matrix([[0, 1], [q, 0]])
            return
        line = Linear(material, sigma, axis)
        G, F, xi = line.G0, line.G1, material.xi
        # unknown DM, dm'', theta'' from dm, theta, w; y = (DM, dm - xi DM, theta), s y + w e3 = G y - F y''
        left = mp.matrix(3, 3)
        right = mp.matrix(3, 3)
        for i in range(3):
            own = G[i, 0] - xi * G[i, 1] - (s if i == 0 else 0) + (xi * s if i == 1 else 0)
            left[i, 0], left[i, 1], left[i, 2] = own, (-F[1, 1] if i == 1 else 0), -F[i, 2]
            right[i, 0] = -G[i, 1] + (s if i == 1 else 0)
            right[i, 1] = -G[i, 2] + (s if i == 2 else 0)
            right[i, 2] = 1 if i == 2 else 0
        solved = mp.inverse(left) * right
        self.rate = mp.matrix(6, 6)
        self.rate[0, 1] = self.rate[2, 3] = self.rate[4, 2] = 1
        self.delta_M = [solved[0, j] for j in range(3)]  # of dm, theta, w
        for row, k in ((1, 1), (3, 2)):
            for column, j in ((0, 0), (2, 1), (5, 2)):
                self.rate[row, column] = solved[k, j]

    def transfer(self, x):
        """Exponential of rate * x: Taylor series of a fraction of it, squared."""
        A = self.rate * x
        # balance: lengths in units of the thickness, theta in units of its own feed
        n = A.rows
        units = [mpf(1), 1 / self.thickness]
        if n == 6:
            feed = abs(self.rate[3, 0]) * self.thickness**2
            feed = feed if feed else mpf(1)
            units += [feed, feed / self.thickness, feed * self.thickness]
            turn = abs(self.rate[3, 5]) * self.thickness**2
            units.append(feed / turn if turn else mpf(1))
        B = mp.matrix(n, n)
        for i in range(n):
            for j in range(n):
                B[i, j] = A[i, j] * units[j] / units[i]
        norm = max(sum(abs(B[i, j]) for j in range(n)) for i in range(n))
        halvings = max(0, int(mp.ceil(mp.log(norm + mpf(10) ** -30, 2))) + 4)
        with mp.extraprec(2 * halvings + 20):
            B = B / mpf(2) ** halvings
            total = mp.eye(n)
            term = mp.eye(n)
            k = 1
            while True:
                term = term * B / k
                total = total + term
                if max(abs(v) for v in term) < mpf(2) ** -mp.prec:
                    break
                k += 1
            for _ in range(halvings):
                total = total * total
        out = mp.matrix(n, n)
        for i in range(n):
            for j in range(n):
                out[i, j] = total[i, j] * units[i] / units[j]
        return out

    def h_star(self, state):
        return -state[0] / self.material.chi_m

    def j(self, state):
        return -self.material.D * state[1]

    def texture_current(self, state):
        return self.material.gamma * self.material.rho_s * state[3] if self.glass else mpf(0)

    def turning(self, state):
        return self.s * state[2] + state[5]


class Rows:
    """A linear system written as functions that must vanish, affine in the unknowns."""

    def __init__(self, count):
        self.count, self.rows, self.right = count, [], []

    def unknown(self, i):
        return Affine({i: mpf(1)}, mpf(0))

    def vanish(self, affine):
        self.rows.append(affine)

    def solve(self):
        A = mp.matrix(self.count, self.count)
        b = mp.matrix(self.count, 1)
        assert len(self.rows) == self.count, (len(self.rows), self.count)
        columns = [max([abs(row.terms[j]) for row in self.rows if row.terms.get(j)] or [1]) for j in range(self.count)]
        for i, row in enumerate(self.rows):
            size = max([abs(v) / columns[j] for j, v in row.terms.items() if v] or [1])
            for j, v in row.terms.items():
                A[i, j] = v / columns[j] / size
            b[i] = -row.constant / size
        x = mp.lu_solve(A, b)
        return [x[i] / columns[i] for i in range(self.count)]


class Affine:
    def __init__(self, terms, constant):
        self.terms, self.constant = terms, constant

    def __add__(self, other):
        if not isinstance(other, Affine):
            return Affine(self.terms, self.constant + other)
        terms = dict(self.terms)
        for k, v in other.terms.items():
            terms[k] = terms.get(k, 0) + v
        return Affine(terms, self.constant + other.constant)

    __radd__ = __add__

    def __mul__(self, factor):
        return Affine({k: v * factor for k, v in self.terms.items()}, self.constant * factor)

    __rmul__ = __mul__

    def __truediv__(self, factor):
        return self * (1 / mpf(factor))

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return (-self) + other

    def value(self, x):
        return self.constant + sum(v * x[k] for k, v in self.terms.items())


def mixing_strength(mixing):
    return HBAR * mpf(mixing) / (4 * mp.pi)


class Stack:
    """`layers`: (name, material, thickness); `interfaces[i]`: {conductance, mixing} between layer i and i + 1; `left`, `right`:
    the boundaries' tables; vectors may be complex."""

    def __init__(self, layers, interfaces, left, right, axis=(0, 0, 1), omega=0):
        self.layers, self.interfaces, self.ends = layers, interfaces, (left, right)
        self.axis, self.omega = axis, mpf(omega)
        self.frame = helicity_frame(axis)
        self.s = mpc(0, -1) * self.omega
        self.groups = self.find_groups()
        self.parts = {sigma: self.solve(sigma) for sigma in (-1, 0, 1)}

    def find_groups(self):
        groups, i = [], 0
        while i < len(self.layers):
            if not isinstance(self.layers[i][1], Glass):
                i += 1
                continue
            j = i
            while j + 1 < len(self.layers) and isinstance(self.layers[j + 1][1], Glass):
                j += 1
            members = list(range(i, j + 1))
            clamped = (i == 0 and self.ends[0].get("twist") == "clamped") or (
                j == len(self.layers) - 1 and self.ends[1].get("twist") == "clamped")
            pinned = clamped or any(self.layers[n][1].K > 0 for n in members)
            groups.append((members, pinned))
            i = j + 1
        return groups

    def component(self, vector, sigma):
        e1, e2, n = self.frame
        v = [mpc(x) for x in vector]
        return dot(n, v) if sigma == 0 else dot(e1, v) + mpc(0, sigma) * dot(e2, v)

    def vector(self, parts):
        e1, e2, n = self.frame
        minus, zero, plus = parts
        first, second = (plus + minus) / 2, (plus - minus) / mpc(0, 2)
        return [first * e1[i] + second * e2[i] + zero * n[i] for i in range(3)]

    def solve(self, sigma):
        slabs = [Slab(material, t, sigma, self.axis, self.s) for _, material, t in self.layers]
        start, count = [], 0
        for slab in slabs:
            start.append(count)
            count += 4 if slab.glass else 2
        faces = {}
        for i in range(len(slabs) - 1):
            if slabs[i].glass != slabs[i + 1].glass:
                faces[i] = count
                count += 1
        turning = {}
        if self.omega == 0:
            for number, (_, pinned) in enumerate(self.groups):
                if not pinned:
                    turning[number] = count
                    count += 1
        rows = Rows(count)
        lefts, rights = [], []
        for n, slab in enumerate(slabs):
            if not slab.glass:
                state = [rows.unknown(start[n] + i) for i in range(2)]
            else:
                group = next(g for g, (members, _) in enumerate(self.groups) if n in members)
                w = rows.unknown(turning[group]) if group in turning else Affine({}, mpf(0))
                state = [rows.unknown(start[n] + i) for i in range(4)] + [Affine({}, mpf(0)), w]
            lefts.append(state)
            T = slab.transfer(slab.thickness)
            rights.append([sum((T[i, j] * state[j] for j in range(T.rows)), Affine({}, mpf(0))) for i in range(T.rows)])
        self.face(rows, slabs[0], lefts[0], self.ends[0], -1, sigma)
        self.face(rows, slabs[-1], rights[-1], self.ends[1], 1, sigma)
        for i in range(len(slabs) - 1):
            self.interface(rows, slabs[i], rights[i], slabs[i + 1], lefts[i + 1], self.interfaces[i],
                           rows.unknown(faces[i]) if i in faces else None)
        for number in turning:
            rows.vanish(sum((rights[n][4] for n in self.groups[number][0]), Affine({}, mpf(0))))
        x = rows.solve()
        states = [[part.value(x) for part in state] for state in lefts]
        return {"slabs": slabs, "left": states, "right": [[part.value(x) for part in state] for state in rights],
                "turning": {g: x[k] for g, k in turning.items()}}

    def face(self, rows, slab, state, end, outward, sigma):
        """An outer face; `outward` is the sign of n along x."""
        contact = None
        if "current" in end:
            rows.vanish(slab.j(state) * outward + self.component(end["current"], sigma))
        elif "conductance" in end:
            contact = self.component(end.get("potential", (0, 0, 0)), sigma)
            if end["conductance"] == float("inf"):
                rows.vanish(slab.h_star(state) - contact)
            else:
                rows.vanish(slab.j(state) * outward - mpf(end["conductance"]) * (contact - slab.h_star(state)))
        else:
            rows.vanish(slab.j(state))
        if not slab.glass:
            return
        torque = slab.material.rho_s * outward * state[3]
        twist = end.get("twist", "free")
        if end.get("mixing"):
            beta = mixing_strength(end["mixing"])
            rows.vanish(torque + beta * (slab.turning(state) - slab.material.gamma * MU0 * contact))
        elif twist == "clamped":
            rows.vanish(state[2])
        elif twist == "free":
            rows.vanish(torque)
        else:
            rows.vanish(torque - self.component(twist, sigma))

    def interface(self, rows, a, left, b, right, law, h_c):
        Y, mixing = law.get("conductance", float("inf")), law.get("mixing", 0.0)
        if a.glass == b.glass:
            rows.vanish(a.j(left) - b.j(right))
            if Y == float("inf"):
                rows.vanish(a.h_star(left) - b.h_star(right))
            else:
                rows.vanish(a.j(left) - mpf(Y) * (b.h_star(right) - a.h_star(left)))
            if a.glass:
                rows.vanish(left[2] - right[2])
                rows.vanish(a.material.rho_s * left[3] - b.material.rho_s * right[3])
            return
        glass, its, metal, other, into = (a, left, b, right, 1) if a.glass else (b, right, a, left, -1)
        beta = mixing_strength(mixing)
        torque = glass.material.rho_s * into * its[3]
        rows.vanish(metal.h_star(other) - h_c)
        if Y == float("inf"):
            rows.vanish(glass.h_star(its) - h_c)
        else:
            rows.vanish(into * glass.j(its) - mpf(Y) * (h_c - glass.h_star(its)))
        rows.vanish(torque + beta * (glass.turning(its) - glass.material.gamma * MU0 * h_c))
        rows.vanish(into * metal.j(other) - into * glass.j(its) - glass.material.gamma * torque)

    # what is read

    def each(self, function):
        return self.vector([function(self.parts[sigma]) for sigma in (-1, 0, 1)])

    def current(self, n, side):
        """(J, j, gamma rho_s theta') at the left or right face of layer n."""
        def diffusive(part):
            return part["slabs"][n].j(part[side][n])

        def reactive(part):
            return part["slabs"][n].texture_current(part[side][n])

        return (self.each(lambda part: diffusive(part) + reactive(part)), self.each(diffusive), self.each(reactive))

    def rotation(self, group):
        return self.each(lambda part: part["turning"].get(group, mpf(0)))

    def theta(self, n, x):
        def at(part):
            slab = part["slabs"][n]
            T = slab.transfer(x)
            return sum(T[2, j] * part["left"][n][j] for j in range(6))

        return self.each(at)

    def mean_current(self, n):
        material, thickness = self.layers[n][1], mpf(self.layers[n][2])
        return self.each(lambda part: -material.D * (part["right"][n][0] - part["left"][n][0]) / thickness)

    def inverse_spin_hall_field(self, n):
        """E = -j_c/sigma with j_c = theta_SH (2e/hbar) x_hat cross J_s, J_s = -J/gamma."""
        material = self.layers[n][1]
        factor = material.spin_hall_angle * 2 * CHARGE / HBAR / material.conductivity
        J_s = [-x / material.gamma for x in self.mean_current(n)]
        return [mpf(0), factor * J_s[2], -factor * J_s[1]]

    def angle(self, n, x):
        return self.peak(self.theta(n, x))

    def peak(self, vector):
        """Largest over a period of |Re vector exp(-i omega t)|: half the larger axis of the ellipse; at dc the length."""
        square = sum(abs(v) ** 2 for v in vector)
        return mp.sqrt(square if self.omega == 0 else (square + abs(sum(v * v for v in vector))) / 2)

    def largest_angle(self, group, points=48):
        """The largest angle of a group of layers."""
        best = mpf(0)
        even = points
        for n in self.groups[group][0]:
            points = even
            thickness = mpf(self.layers[n][2])
            # even steps, and halves of the first and the last: a maximum may lie within a short decay length of a face
            values = dict(zip((thickness * i / points for i in range(points + 1)), self.angles_on(n, points)))
            for i in range(1, 7):
                for place in (thickness / points / 2**i, thickness - thickness / points / 2**i):
                    values[place] = self.angle(n, place)
            grid = sorted(values)
            values = [values[x] for x in grid]
            points = len(grid) - 1
            top = max(range(points + 1), key=lambda i: values[i])
            low, high = grid[max(top - 1, 0)], grid[min(top + 1, points)]
            ratio = (mp.sqrt(5) - 1) / 2
            found = values[top]
            # at a face too: the maximum may lie closer to it than the nearest place of the grid
            for _ in range(45):
                u, v = high - ratio * (high - low), low + ratio * (high - low)
                if self.angle(n, u) > self.angle(n, v):
                    high = v
                else:
                    low = u
            found = max(found, self.angle(n, (low + high) / 2))
            best = max(best, found)
        return best

    def angles_on(self, n, points):
        parts = {}
        for sigma, part in self.parts.items():
            step = part["slabs"][n].transfer(mpf(self.layers[n][2]) / points)
            state = mp.matrix(part["left"][n])
            line = [state[2]]
            for _ in range(points):
                state = step * state
                line.append(state[2])
            parts[sigma] = line
        values = []
        for i in range(points + 1):
            values.append(self.peak(self.vector([parts[sigma][i] for sigma in (-1, 0, 1)])))
        return values

    def crossover_frequency(self, n):
        """K D_theta/(2 pi rho_s), with the D_theta of twist diffusion at K = 0."""
        g = self.layers[n][1]
        a, b, c, d = 1 / g.tau_ML, 1 / g.tau_mL, 1 / g.tau_Mm, 1 / g.tau_mM
        return g.gamma * g.K * (g.alpha + g.gamma * MU0 / g.chi_M * (b + d) / (a * b + a * d + b * c)) / (2 * mp.pi)
