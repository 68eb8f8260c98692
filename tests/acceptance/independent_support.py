"""What the independent tests of modes and detectors share: the program, random materials and the judging of errors."""
import json
import math
import os
import subprocess
import tempfile

from mpmath import mp, mpc, mpf

from modes_reference import Glass

PROGRAM = os.environ["VITRISPIN"]
TOLERANCE = 1e-11


def written(value):
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(written(v) for v in value) + "]"
    return repr(value)


def table(header, values):
    return "\n".join([header] + [f"{k} = {written(v)}" for k, v in values.items()]) + "\n"


def run(text):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "input.toml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        done = subprocess.run([PROGRAM, "run", path, "-o", os.path.join(folder, "out"), "--json", "--quiet"],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(f"exit status {done.returncode}: {done.stderr}\n{text}")
        return json.loads(done.stdout)["experiments"]


def number(value):
    return mpc(*map(mpf, value)) if isinstance(value, list) else mpc(value)


def log_uniform(rng, low, high):
    return 10 ** rng.uniform(math.log10(low), math.log10(high))


def random_glass(rng, wide=False):
    """Plausible SI values, or any within eight decades of 1; strong coupling, K = 0, alpha = 0 among them."""
    if wide:
        p = {name: log_uniform(rng, 1e-8, 1e8) for name in Glass.NAMES}
    else:
        ranges = {"gamma": (1e10, 1e12), "chi_M": (1e-4, 1), "tau_ML": (1e-12, 1e-7), "tau_mL": (1e-12, 1e-7),
                  "tau_Mm": (1e-12, 1e-7), "D": (1e-7, 1e-2), "rho_s": (1e-15, 1e-10), "K": (10, 1e5),
                  "alpha": (1e-9, 1e-2)}
        p = {name: log_uniform(rng, *ends) for name, ends in ranges.items()}
    p["chi_m"] = p["chi_M"] * rng.choice([rng.uniform(0.01, 0.99), log_uniform(rng, 1e-6, 0.5),
                                          1 - log_uniform(rng, 1e-6, 0.1)])
    for name in ("alpha", "K"):
        if rng.random() < 0.15:
            p[name] = 0.0
    if rng.random() < 0.1:
        p[rng.choice(["tau_ML", "tau_mL", "tau_Mm"])] = math.inf
    return p


def random_axis_and_field(rng, case):
    """No field; along z; along an axis whose largest component, as the program has it, is positive."""
    if case == 0:
        return (0, 0, 1), [0.0, 0.0, 0.0]
    axis = (0, 0, 1) if case == 1 else (rng.randint(-31, 31), rng.randint(-31, 31), 32)
    strength = rng.choice([-1, 1]) * 2.0 ** rng.randrange(6, 23)
    return axis, [strength * x for x in axis]


class Judge:
    """Collects relative errors by name, so that a test reports the worst of each and all failures at once."""

    def __init__(self, case):
        self.case, self.worst, self.failures = case, {}, []

    def close(self, name, got, expected, where, scale=None, tolerance=TOLERANCE):
        scale = abs(expected) if scale is None else scale
        error = float(abs(number(got) - expected) / scale) if scale else float(abs(number(got)))
        self.worst[name] = max(self.worst.get(name, 0.0), error)
        if not error <= tolerance:
            self.failures.append(f"{name}: {error:.2e} at {where}, expected {mp.nstr(expected, 17)}, got {got}")

    def same(self, name, got, expected, where):
        if got != expected:
            self.failures.append(f"{name}: expected {expected}, got {got} at {where}")

    def finish(self):
        print(" ".join(f"{name} {error:.1e};" for name, error in sorted(self.worst.items())), flush=True)
        self.case.assertFalse(self.failures, "\n".join(self.failures[:20]))
