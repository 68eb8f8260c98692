"""The nonlinear equations on a line of finite volumes, written from docs/theory.md (sections 1 to 3 and 6) alone and integrated by
scipy's Radau: a twin of `time` experiments, with its own ledger.

State: N = M - M_eq(start), n = m - m_eq(start) and theta of every cell, then theta of every face with spin mixing, then the energies
dissipated and put in. A layer is (material, thickness, cells); a material is a dictionary of SI values, a metal has no chi_M.
"""
import numpy as np
from scipy.integrate import solve_ivp

MU0, HBAR = 1.25663706212e-6, 1.054571817646156391e-34


def series(a, b):
    if a == 0 or b == 0:
        return 0.0
    return 1 / (1 / a + 1 / b)


class Line:
    def __init__(self, layers, interfaces, left, right, H):
        """interfaces: (conductance, mixing); left, right: dictionaries with `current`, or `conductance`, `potential`, `mixing`, and
        `twist` ("free", "clamped" or a torque)."""
        self.H, self.left, self.right = np.asarray(H, float), left, right
        cells = [(p, thickness / count) for p, thickness, count in layers for _ in range(count)]
        self.N = len(cells)
        column = lambda name, absent: np.array([p.get(name, absent) for p, _ in cells])[:, None]
        self.width = np.array([w for _, w in cells])[:, None]
        self.glass = np.array(["chi_M" in p for p, _ in cells])
        self.gamma, self.chi_m, self.D = column("gamma", 0), column("chi_m", 0), column("D", 0)
        self.chi_M = column("chi_M", np.inf)
        self.a, self.b, self.c = 1 / column("tau_ML", np.inf), 1 / column("tau_mL", np.inf), 1 / column("tau_Mm", np.inf)
        self.d = np.where(self.glass[:, None], self.c * self.chi_M / self.chi_m, 0)  # 1/tau_mM, Eq. (33)
        self.rho, self.K, self.alpha = column("rho_s", 0), column("K", 0), column("alpha", 0)
        M0 = np.array([p.get("M0", (0, 0, 0)) for p, _ in cells], float)
        on = self.glass[:, None]
        self.M_eq = np.where(on, M0 + np.where(on, self.chi_M, 0) * self.H, 0)
        self.m_eq = np.where(on, 0, self.chi_m * self.H)
        self.x = (np.cumsum(self.width[:, 0]) - self.width[:, 0] / 2)
        half, stiff = (2 * self.D * self.chi_m / self.width)[:, 0], (2 * self.rho / self.width)[:, 0]
        self.half, self.stiff = half, stiff
        starts = np.cumsum([count for _, _, count in layers])[:-1]
        law = dict(zip(starts, interfaces))
        self.Y = np.array([series(series(half[i - 1], law.get(i, (np.inf, 0))[0]), half[i]) for i in range(1, self.N)])[:, None]
        self.kappa = np.array([series(stiff[i - 1], stiff[i]) for i in range(1, self.N)])[:, None]
        self.mixed = []  # (right cell, beta, cell of the glass, cell of the metal, Y to the glass, Y to the metal)
        for i, (conductance, mixing) in law.items():
            if mixing:
                g, m = (i - 1, i) if self.glass[i - 1] else (i, i - 1)
                self.mixed.append((i, HBAR * mixing / (4 * np.pi), g, m, series(half[g], conductance), half[m]))
        self.outer = [(self.left, 0), (self.right, self.N - 1)]
        self.contacts = [(face, cell, HBAR * face["mixing"] / (4 * np.pi)) for face, cell in self.outer if face.get("mixing")]
        self.faces = len(self.mixed) + len(self.contacts)

    def split(self, z):
        n = 3 * self.N
        part = lambda i: z[i * n:(i + 1) * n].reshape(self.N, 3)
        return part(0), part(1), part(2), z[3 * n:3 * n + 3 * self.faces].reshape(self.faces, 3)

    def rates(self, t, z, dH_of, dH_rate_of, current_of):
        """dz/dt; dH_of(t, x) = H - H(start) at the cells, current_of(side, t) what a drive adds to a current."""
        N, n, theta, face_theta = self.split(z)
        dH = dH_of(t, self.x[:, None])
        on = self.glass[:, None]
        shared = dH - np.where(on, N / self.chi_M, 0)
        H_star = np.where(on, shared - n / self.chi_M, 0)
        h_star = shared - n / self.chi_m
        # currents along +x and stresses rho_s d_x theta at the faces; what leaves a cell and enters the next differs at mixing
        j_left, j_right = np.zeros((self.N, 3)), np.zeros((self.N, 3))
        j = self.Y * (h_star[1:] - h_star[:-1])
        j_right[:-1], j_left[1:] = j, j
        lost = MU0 * np.sum(self.Y * (h_star[1:] - h_star[:-1])**2)
        stress_left, stress_right = np.zeros((self.N, 3)), np.zeros((self.N, 3))
        f = self.kappa * (theta[1:] - theta[:-1])
        stress_right[:-1], stress_left[1:] = f, f
        face_rate = np.zeros((self.faces, 3))
        for k, (i, beta, g, m, Y, Y_metal) in enumerate(self.mixed):
            n_out = 1 if g < m else -1
            lost -= MU0 * np.sum(self.Y[i - 1] * (h_star[i] - h_star[i - 1])**2)
            torque = self.stiff[g] * (face_theta[k] - theta[g])  # rho_s d_n theta, n out of the glass
            J_c = self.gamma[g] * torque
            h_c = (Y * h_star[g] + Y_metal * h_star[m] - J_c) / (Y + Y_metal)
            from_glass, to_metal = Y * (h_c - h_star[g]), Y_metal * (h_star[m] - h_c)
            face_rate[k] = self.gamma[g] * MU0 * h_c - torque / beta
            lost += MU0 * np.sum(Y * (h_c - h_star[g])**2 + Y_metal * (h_star[m] - h_c)**2) + np.sum(torque**2) / beta
            if n_out > 0:
                j_right[g], j_left[m], stress_right[g] = from_glass, to_metal, torque
            else:
                j_left[g], j_right[m], stress_left[g] = -from_glass, -to_metal, -torque
        work = 0.0
        twist_work = []
        for side, (face, cell) in enumerate(self.outer):
            n_out = -1 if side == 0 else 1
            if "current" in face:
                into = np.asarray(face["current"], float) + current_of(side, t)
                out = -into
                lost += MU0 * np.sum(into**2) / self.half[cell]
                work += MU0 * np.sum((-h_star[cell] + into / self.half[cell]) * into)
            elif "conductance" in face:
                Y, h_c = series(self.half[cell], face["conductance"]), np.asarray(face["potential"], float)
                out = Y * (h_c - h_star[cell])
                lost += MU0 * Y * np.sum((h_c - h_star[cell])**2)
                work += MU0 * np.sum(h_c * out)
            else:
                out = np.zeros(3)
            torque = np.zeros(3)
            twist = face.get("twist", "free")
            if isinstance(twist, str):
                if twist == "clamped":
                    torque = -self.stiff[cell] * theta[cell]
            else:
                torque = np.asarray(twist, float)
                twist_work.append((cell, torque))
            for k, (contact, at, beta) in enumerate(self.contacts, len(self.mixed)):
                if contact is not face:
                    continue
                h_c = np.asarray(face["potential"], float)
                torque = self.stiff[cell] * (face_theta[k] - theta[cell])
                face_rate[k] = self.gamma[cell] * MU0 * h_c - torque / beta
                lost += np.sum(torque**2) / beta
                work += MU0 * np.sum(h_c * self.gamma[cell] * torque)
            if side == 0:
                j_left[cell], stress_left[cell] = n_out * out, n_out * torque
            else:
                j_right[cell], stress_right[cell] = n_out * out, n_out * torque
        Gamma = np.where(on, -self.K * theta + (stress_right - stress_left) / self.width, 0)
        delta_M, delta_m = np.where(on, -self.chi_M * H_star, 0) if on.all() else self.delta(H_star), -self.chi_m * h_star
        M, m = self.M_eq + N, self.m_eq + n
        R_M = -(self.a + self.c) * delta_M + self.d * delta_m
        R_m = -(self.b + self.d) * delta_m + self.c * delta_M
        dN = np.where(on, -self.gamma * MU0 * np.cross(M, H_star) - self.gamma * Gamma + R_M, 0)
        dn = -self.gamma * MU0 * np.cross(m, h_star) - (j_right - j_left) / self.width + R_m
        dtheta = np.where(on, self.gamma * MU0 * H_star + self.alpha * self.gamma * Gamma, 0)
        volume = lambda values: np.sum(self.width * values)
        chi_M = np.where(on, self.chi_M, 0)
        lost += MU0 * volume(chi_M * self.a * H_star**2 + self.chi_m * self.b * h_star**2 + chi_M * self.c * np.where(
            on, H_star - h_star, 0)**2) + volume(self.alpha * self.gamma * Gamma**2)
        work += sum(np.sum(torque * dtheta[cell]) for cell, torque in twist_work)
        work -= MU0 * volume((N + n) * dH_rate_of(t, self.x[:, None]))
        return np.concatenate([dN.ravel(), dn.ravel(), dtheta.ravel(), face_rate.ravel(), [lost, work]])

    def delta(self, H_star):
        result = np.zeros_like(H_star)
        result[self.glass] = -(self.chi_M * H_star)[self.glass]
        return result

    def free_energy(self, t, z, dH_of):
        """Above that of equilibrium in the field at the start, without -mu0 (M_eq + m_eq).dH, as docs/dynamics.md says."""
        N, n, theta, face_theta = self.split(z)
        on = self.glass[:, None]
        dH = dH_of(t, self.x[:, None])
        density = MU0 * (n**2 / (2 * self.chi_m) - (N + n) * dH)
        density = density + np.where(on, MU0 * (N**2 / (2 * self.chi_M) + n * N / self.chi_M), 0) + self.K * theta**2 / 2
        energy = np.sum(self.width * density) + np.sum(self.kappa * (theta[1:] - theta[:-1])**2) / 2
        for k, (i, _, g, _, _, _) in enumerate(self.mixed):
            energy += self.stiff[g] * np.sum((face_theta[k] - theta[g])**2) / 2
        for k, (_, cell, _) in enumerate(self.contacts, len(self.mixed)):
            energy += self.stiff[cell] * np.sum((face_theta[k] - theta[cell])**2) / 2
        for face, cell in self.outer:
            if isinstance(face.get("twist"), str) and face["twist"] == "clamped":
                energy += self.stiff[cell] * np.sum(theta[cell]**2) / 2
        return energy

    def solve(self, start, times, dH_of, dH_rate_of, current_of, scale):
        """States at the times; `scale` [A/m] is the size of M and m that tolerances refer to."""
        angle = scale * np.sqrt(MU0 / max(self.K.max(), 1e-3 * MU0 * scale**2))
        energy = MU0 * scale**2 * self.width.sum()
        atol = 1e-12 * np.concatenate([np.full(6 * self.N, scale), np.full(3 * self.N + 3 * self.faces, angle), [energy] * 2])
        found = solve_ivp(self.rates, (0, times[-1]), np.concatenate([start, [0, 0]]), method="Radau", t_eval=times, rtol=1e-11,
                          atol=atol, args=(dH_of, dH_rate_of, current_of))
        assert found.success, found.message
        return found.y.T
