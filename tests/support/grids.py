"""Parts of input files that several tests of grids share."""

GLASSES = """
[materials.glass]
preset = "ayig"
M0 = [0, 0, "30 A/m"]
[materials.hard]
preset = "ayig"
chi_M = 0.02
D = 2e-6
rho_s = 4e-12
K = 300
[materials.pt]
preset = "pt"
"""

# On and in a film of 18 nm x 60 nm: an injector on top, a rod inside, a source and a drain.
INJECTOR_AND_ROD = """[[regions]]
name = "injector"
material = "pt"
x = ["-4 nm", 0]
y = ["8 nm", "20 nm"]
cells = 3
[[regions]]
name = "rod"
material = "hard"
shape = "cylinder"
axis = "z"
center = ["9 nm", "40 nm"]
radius = "6 nm"
[interfaces]
"injector|film" = { conductance = "100 m/s" }
[[boundary.patches]]
name = "source"
face = "left"
y = ["8 nm", "20 nm"]
current = [1500, 0, 500]
[[boundary.patches]]
name = "drain"
face = "right"
y = ["40 nm", "60 nm"]
conductance = "30 m/s"
potential = [0, 0.2, 0]
[field]
B = ["4 mT", 0, "20 mT"]
"""
