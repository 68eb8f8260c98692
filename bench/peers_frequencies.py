"""omega(k) of random materials against Eigen and numpy: bench_frequencies takes turns with numpy, round by round."""
import json
import os
import statistics
import subprocess
import tempfile
import time

# One core for everybody: numpy's eigvals is not threaded, its libraries might be.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"
import numpy as np  # noqa: E402


def measure(build, rounds):
    program = subprocess.Popen([build / "bin" / "bench_frequencies"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(command):
        program.stdin.write(command + "\n")
        program.stdin.flush()
        return json.loads(program.stdout.readline())

    with tempfile.NamedTemporaryFile() as file:
        ask(f"data {file.name}")
        matrices = np.fromfile(file.name, dtype=complex).reshape(-1, 3, 3)[:20000].copy()
    taken = []
    for _ in range(rounds):
        one = ask("round")
        start = time.thread_time()
        np.linalg.eigvals(matrices)
        one["plausible numpy complex"] = (time.thread_time() - start) / len(matrices) * 1e9
        taken.append(one)
    program.stdin.close()
    program.wait()
    median = {key: statistics.median(one[key] for one in taken) for key in taken[0]}
    return {"nanoseconds a material": median, "ratios": ratios(taken), "load": os.getloadavg()[0]}


def ratios(taken):
    """Medians of the ratios of each round, not ratios of medians."""
    sets = [key.rsplit(" ", 1)[1] for key in taken[0] if key.startswith("plausible sigma=0")]
    peers = [("Eigen real", 0), ("Eigen real solver alone", 0), ("Eigen complex", 1), ("Eigen complex solver alone", 1)]
    found = {}
    for population in ("plausible", "wide"):
        for name in sets:
            for peer, sigma in peers + ([("numpy complex", 1)] if population == "plausible" else []):
                found[f"{population}, {name}, over {peer}"] = statistics.median(
                    one[f"{population} {peer}"] / one[f"{population} sigma={sigma} {name}"] for one in taken)
    return found


def table(results):
    time_of = results["nanoseconds a material"]
    ratio = results["ratios"]
    sets = [key.rsplit(" ", 1)[1] for key in time_of if key.startswith("plausible sigma=0")]
    lines = [
        "## Frequencies of a million random materials",
        "",
        "From parameters to ordered roots, one core, nanoseconds a material; processor time, medians of "
        f"{results['rounds']} rounds in turn. {results['processor']}, plain triad {time_of['triad GB/s']:.0f} GB/s in the same "
        f"rounds, load average {results['load']:.1f} at the end. The populations are those of docs/solvers-modes.md.",
        "",
        "| population | instruction set | sigma = 0 | times Eigen | Eigen's solver alone | sigma = +-1 | times Eigen | "
        "Eigen's solver alone | times numpy |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for population in ("plausible", "wide"):
        for name in sets:
            over = {peer: ratio.get(f"{population}, {name}, over {peer}") for peer in
                    ("Eigen real", "Eigen real solver alone", "Eigen complex", "Eigen complex solver alone", "numpy complex")}
            cells = [population, name, f"{time_of[f'{population} sigma=0 {name}']:.1f} ns", f"{over['Eigen real']:.1f}",
                     f"{over['Eigen real solver alone']:.1f}", f"{time_of[f'{population} sigma=1 {name}']:.1f} ns",
                     f"{over['Eigen complex']:.1f}", f"{over['Eigen complex solver alone']:.1f}",
                     f"{over['numpy complex']:.0f}" if over["numpy complex"] else ""]
            lines.append("| " + " | ".join(cells) + " |")
    lines += [
        "",
        f"Peers, plausible materials: Eigen's `EigenSolver<Matrix3d>` {time_of['plausible Eigen real']:.0f} ns (solver alone, from "
        f"stored matrices, {time_of['plausible Eigen real solver alone']:.0f}), `ComplexEigenSolver<Matrix3cd>` "
        f"{time_of['plausible Eigen complex']:.0f} ns ({time_of['plausible Eigen complex solver alone']:.0f}), "
        f"`numpy.linalg.eigvals` on the stored complex matrices {time_of['plausible numpy complex']:.0f} ns. Eigenvalues only; the "
        "matrices are in energy coordinates, where the peers are at their most accurate.",
    ]
    return "\n".join(lines)
