"""Time experiments on lines of 1024 cells with precession: the adaptive integrator against SUNDIALS, each at the tolerance that makes its
measured error just at or below 1e-6 (largest error of any field over the field's largest value, against an extrapolated
reference); a line of 256 cells with small deviations, which `exact` solves without steps; and the step of the midpoint rule with its exact ledger. Processor time of one core, programs in turn."""
import json
import math
import os
import statistics
import subprocess
import tempfile

ERROR = 1e-6
CASES = ("uniform", "layers", "linear")
PEERS = {"band": "CVODE, BDF, band", "gmres": "CVODE, GMRES, block Jacobi", "imex4": "ARKODE, ARK4(3)6L, band", "imex5": "ARKODE, ARK5(4)8L, band"}
OF_CASE = {"linear": ("band", "imex5")}  # CVODE and the fastest peer: all of them would take minutes
OWN = {"vitrispin": "adaptive", "exact": "exact"}
STEPS = (1000, 3000, 10000)
PATIENCE = 30  # seconds for one run of a peer


def run(build, program, *arguments):
    """One run; None if it takes longer than PATIENCE or gives up."""
    core = max(os.sched_getaffinity(0))
    command = [str(build / "bin" / program), *map(str, arguments)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE,
                              preexec_fn=lambda: os.sched_setaffinity(0, {core}))
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return None
    return json.loads(done.stdout)


def tolerance_for(measure, first):
    """The tolerance whose error lies in [ERROR/2, ERROR], or the best below ERROR after six runs."""
    low = high = best = None  # (log tolerance, log error) below and above ERROR
    tolerance = first
    for _ in range(6):
        result = measure(tolerance)
        if result is None:  # so tight that it takes for ever
            if best:
                return best
            tolerance *= 10
            continue
        point = (math.log(tolerance), math.log(result["error"] / ERROR))
        if point[1] <= 0:
            if best is None or tolerance > best[0]:
                best, low = (tolerance, result), point
            if point[1] >= math.log(0.5):
                return best
        elif high is None or point[0] < high[0]:
            high = point
        if low and high and low[0] < high[0]:
            fraction = (math.log(0.75) - low[1]) / (high[1] - low[1])
            tolerance = math.exp(low[0] + min(0.9, max(0.1, fraction)) * (high[0] - low[0]))
        else:
            tolerance *= math.exp(min(3.0, max(-4.0, math.log(0.75) - point[1])))
    return best


def measure(build, rounds):
    results = {"triad_GB_s": [], "cases": {}, "midpoint": {}}
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            reference = os.path.join(folder, case)
            halving = run(build, "bench_dynamics", "reference", case, reference)["last_halving"]
            methods = {"vitrispin": tolerance_for(lambda t: run(build, "bench_dynamics", "adaptive", case, reference, t), 1e-7)}
            if case == "linear":
                methods["exact"] = (None, run(build, "bench_dynamics", "exact", case, reference))
            for peer in OF_CASE.get(case, PEERS):
                methods[peer] = tolerance_for(lambda t: run(build, "bench_dynamics_sundials", peer, case, reference, t),
                                               1e-7 if peer.startswith("imex") else 1e-9)
            runs = {name: [found[1]["seconds"]] for name, found in methods.items() if found}
            fastest = min(seconds[0] for name, seconds in runs.items() if name not in OWN)
            for _ in range(rounds):
                results["triad_GB_s"].append(run(build, "bench_dynamics", "triad")["triad_GB_s"])
                for name in runs:
                    if runs[name][0] > 4 * fastest:
                        continue  # one run tells enough of it
                    program = ("bench_dynamics", OWN[name]) if name in OWN else ("bench_dynamics_sundials", name)
                    again = run(build, *program, case, reference, methods[name][0] or "")
                    if again:
                        runs[name].append(again["seconds"])
                for steps in STEPS if case != "linear" else ():
                    step = run(build, "bench_dynamics", "midpoint", case, reference, steps)
                    results["midpoint"].setdefault(f"{case} {steps}", []).append(step)
            results["cases"][case] = {
                "reference_last_halving": halving,
                "methods": {name: {"tolerance": methods[name][0], "error": methods[name][1]["error"], "steps": methods[name][1]["steps"],
                                   "seconds": statistics.median(runs[name])} for name in runs}}
    results["triad_GB_s"] = statistics.median(results["triad_GB_s"])
    for name, steps in results["midpoint"].items():
        results["midpoint"][name] = {"ns": statistics.median(step["ns"] for step in steps), "imbalance": steps[0]["imbalance"],
                                     "error": steps[0]["error"]}
    return results


def table(results):
    lines = ["## Time experiments in one dimension", "",
             f"1024 cells of 1 nm, nine fields with precession of finite amplitude, 1 ns (ten radians), closed or with interfaces and sinks "
             f"(`dynamics_cases.hpp`). Every method at the tolerance that brings its measured error (largest of any field, over the field's "
             f"largest value) just to 1e-6 or below; `linear`: 256 cells, deviations of 1e-9 of these, which `exact` solves without steps. Processor time of one core, medians of {results['rounds']} rounds in turn. "
             f"{results['processor']}, plain triad {results['triad_GB_s']:.0f} GB/s in the same rounds. SUNDIALS' right-hand side is "
             f"vitrispin's, its Jacobian exact.", "",
             "| line | method | tolerance | error | steps | seconds | times `auto` |", "|---|---|---|---|---|---|---|"]
    for case, of_case in results["cases"].items():
        own = of_case["methods"]["vitrispin"]["seconds"]
        for name, found in of_case["methods"].items():
            tolerance = "" if found["tolerance"] is None else f"{found['tolerance']:.2g}"
            own_name = "vitrispin `exact`" if name == "exact" else "vitrispin `auto`"
            lines.append(f"| {case} | {PEERS.get(name, own_name)} | {tolerance} | {found['error']:.1e} | {found['steps']} | "
                         f"{found['seconds']:.3g} | {found['seconds'] / found.get('auto_seconds', own):.{1 if name != 'exact' else 4}f}{' *' if 'auto_seconds' in found else ''} |")
        left_out = [PEERS[peer] for peer in OF_CASE.get(case, PEERS) if peer not in of_case["methods"]]
        if left_out:
            lines.append(f"| {case} | {'; '.join(left_out)} | | | | more than {PATIENCE} a run | |")
    if any("auto_seconds" in found for of_case in results["cases"].values() for found in of_case["methods"].values()):
        lines += ["", "\\* measured apart from the rest, in turn with `auto`, which took "
                  + ", ".join(f"{found['auto_seconds']:.3g} s" for of_case in results["cases"].values()
                              for found in of_case["methods"].values() if "auto_seconds" in found) + " then."]
    lines += ["", "Peers that took four times the fastest peer's time or more were run once."]
    lines += ["", "The midpoint rule with its exact ledger, nanoseconds a cell and step; scaled to a triad of 34 GB/s in brackets:", "",
              "| line | steps | D dt/dx^2 | ns | ledger's imbalance, of what is dissipated |", "|---|---|---|---|---|"]
    for name, found in results["midpoint"].items():
        case, steps = name.split()
        scaled = found["ns"] * results["triad_GB_s"] / 34
        lines.append(f"| {case} | {steps} | {17e3 / int(steps):.1f} | {found['ns']:.0f} ({scaled:.0f}) | {found['imbalance']:.1e} |")
    return "\n".join(lines)
