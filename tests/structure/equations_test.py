#!/usr/bin/python3
"""docs/equations.md is up to date, and every numbered equation of the paper has code and a test that name it."""
import os
import sys
import unittest

ROOT = os.environ["VITRISPIN_SOURCE_DIR"]
sys.path.insert(0, os.path.join(ROOT, "tools"))
import write_equations  # noqa: E402


class EquationsTest(unittest.TestCase):
    def test_every_equation_of_the_paper_has_code_and_a_test_that_name_it(self):
        table = write_equations.rows()
        self.assertEqual(sorted(table), list(range(1, 72)))
        self.assertEqual([number for number, (code, _) in table.items() if not code], [], "equations without code")
        self.assertEqual([number for number, (_, tests) in table.items() if not tests], [], "equations without a test")

    def test_the_page_is_what_make_docs_writes(self):
        self.assertEqual(write_equations.read(write_equations.PAGE), write_equations.page(), "run tools/write_equations.py")

    def test_equation_numbers_are_read_from_text_and_from_names(self):
        read = write_equations.equations_in
        self.assertEqual(read("Eq. (30) [corrected]"), {30})
        self.assertEqual(read("Eqs. (22)-(24), (31)"), {22, 23, 24, 31})
        self.assertEqual(read("Eqs. (28) and (29)"), {28, 29})
        self.assertEqual(read("Eqs. (14) [corrected], (18)"), {14, 18})
        self.assertEqual(read("TEST(Onsager, ReactivePartEqs22To24And31)"), {22, 23, 24, 31})
        self.assertEqual(read("def test_fields_of_eqs_13_15_18_and_19(self)"), {13, 15, 18, 19})
        self.assertEqual(read("def test_rates_of_eqs_22_to_24(self)"), {22, 23, 24})
        self.assertEqual(read("no equation (12), not Fig. (3)"), set())


if __name__ == "__main__":
    unittest.main(verbosity=2)
