"""Three-layer harmonic films, one helicity: batches against Eigen's LU of the 12 x 12 system, the scalar solver, and
scipy.integrate.solve_bvp at tolerance 1e-8, each on the stack of bench_film.cpp, in turn."""
import json
import statistics
import subprocess
import time

import numpy as np
from scipy.integrate import solve_bvp

MU0, GAMMA = 1.25663706212e-6, 1.76085963023e11
HBAR = 1.054571817646156391e-34
# chi_M, xi, D, rho_s, K, alpha, thickness, as in bench_film.cpp
LAYERS = [(1.4e-2, 0.1, 1e-5, 1.5e-12, 100, 1e-6, 20e-9), (2.0e-2, 0.2, 4e-5, 1.0e-12, 300, 3e-6, 60e-9),
          (0.8e-2, 0.3, 2e-5, 2.5e-12, 50, 1e-7, 15e-9)]
TAU_ML, TAU_mL, TAU_Mm = 2e-10, 1e-12, 5e-11
CONDUCTANCE, MIXING = 1e3, 1e18
FREQUENCIES = [1e7, 1e8, 1e9, 1e10]
CASES = ("batch_of_frequencies/avx512", "batch_of_frequencies/avx2", "batch_of_frequencies/sse2",
         "batch_of_materials/avx512", "batch_of_materials/avx2", "batch_of_materials/sse2", "one_by_one", "eigen_lu")


def first_order(layer, omega):
    """d/dX of (p, j, chi, J_theta), X = x/thickness, by elimination of M as in docs/film.md."""
    chi_M, xi, D, rho_s, K, alpha, thickness = layer
    a, b, c = 1 / TAU_ML, 1 / TAU_mL, 1 / TAU_Mm
    s, g = -1j * omega, GAMMA * MU0 / chi_M
    P = s / (1 - xi) + c / xi
    Z = s + a
    N = g + alpha * (Z + xi * P)
    exchange, turn = GAMMA * MU0 * xi * P / N, s / (GAMMA * MU0)
    A = np.zeros((4, 4), complex)
    A[0, 1] = -1 / (D * xi * chi_M)
    A[1, 0] = -(exchange + xi * chi_M * (b + alpha * P * Z / N))
    A[1, 2] = exchange * turn
    A[2, 3] = -1 / (GAMMA * rho_s)
    A[3, 2] = -(exchange * turn + GAMMA * K + s * Z / N)
    A[3, 0] = exchange
    return A * thickness


def by_collocation(omega):
    """J_m out for a unit current in; seconds."""
    scale = np.array([1e-2, 1.0, 1e-8, 1.0])
    blocks = [first_order(layer, omega) * scale[None, :] / scale[:, None] for layer in LAYERS]
    beta = HBAR * MIXING / (4 * np.pi)

    def right(x, y):
        return np.vstack([block @ y[4 * i:4 * i + 4] for i, block in enumerate(blocks)])

    def conditions(l, r):
        out = r[8:] * scale
        return np.concatenate([[l[1] - 1.0, l[3]], l[4:8] - r[0:4], l[8:12] - r[4:8],
                               [out[1] - CONDUCTANCE * out[0], out[3] - GAMMA * beta * (-1j * omega) * out[2]]])

    begin = time.perf_counter()
    solution = solve_bvp(right, conditions, np.linspace(0, 1, 40), np.zeros((12, 40), complex), tol=1e-8, max_nodes=20000)
    seconds = time.perf_counter() - begin
    if not solution.success:
        raise RuntimeError(f"solve_bvp at {omega}: {solution.message}")
    return solution.y[9, -1], seconds


def run(build):
    output = subprocess.run([str(build / "bin" / "bench_film"), "--benchmark_format=json", "--benchmark_min_time=0.1"],
                            capture_output=True, text=True, check=True).stdout
    return {entry["name"]: entry for entry in json.loads(output)["benchmarks"] if "solutions/s" in entry}


def measure(build, rounds):
    rates = {name: [] for name in CASES}
    collocation, deviation = [], {}
    for _ in range(rounds):
        for name, entry in run(build).items():
            rates[name].append(entry["solutions/s"])
            if "deviation" in entry:
                deviation[name] = entry["deviation"]
        collocation += [by_collocation(2 * np.pi * f)[1] for f in FREQUENCIES]
    median = {name: statistics.median(values) for name, values in rates.items() if values}
    return {"solutions_per_second": median, "deviation_from_scalar": deviation,
            "solve_bvp_per_second": 1 / statistics.median(collocation)}


NAMES = {"batch_of_frequencies": "one film at many frequencies", "batch_of_materials": "many films",
         "one_by_one": "vitrispin, one by one", "eigen_lu": "Eigen LU, 12 x 12"}
SETS = {"avx512": "AVX-512", "avx2": "AVX2", "sse2": "SSE2"}


def table(results):
    median = results["solutions_per_second"]
    bvp, lu = results["solve_bvp_per_second"], median["eigen_lu"]
    lines = ["## Films", "",
             f"Three layers of spin glass at a frequency, one helicity, from parameters to transmission, one core; medians of {results['rounds']} "
             f"rounds in turn. {results['processor']}. The batch's deviation is that from the solver that takes them one by one.", "",
             "| solver | instruction set | million a second | times Eigen LU | times solve_bvp at 1e-8 | deviation |",
             "|---|---|---|---|---|---|"]
    for name in CASES:
        if name not in median:
            continue
        deviation = results["deviation_from_scalar"].get(name)
        what, _, instructions = name.partition("/")
        lines.append(f"| {NAMES[what]} | {SETS.get(instructions, '')} | {median[name] / 1e6:.3g} | {median[name] / lu:.3g} | "
                     f"{median[name] / bvp:,.0f} | {'' if deviation is None else format(deviation, '.1e')} |")
    lines.append(f"| scipy `solve_bvp`, 1e-8 | | {bvp / 1e6:.2g} | {bvp / lu:.2g} | 1 | |")
    return "\n".join(lines)
