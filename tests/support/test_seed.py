"""The seed of a test's random points, the rule of test_seed.hpp."""
import os
import random


def test_seed():
    """VITRISPIN_SEED if set; fixed in the quick tests; new at every run of the long ones. Printed in any case."""
    if "VITRISPIN_SEED" in os.environ:
        seed = int(os.environ["VITRISPIN_SEED"])
    elif os.environ.get("VITRISPIN_TEST_LEVEL") == "long":
        seed = random.SystemRandom().randrange(2**32)
    else:
        seed = 20230331
    print(f"seed {seed} (VITRISPIN_SEED={seed} repeats)", flush=True)
    return seed
