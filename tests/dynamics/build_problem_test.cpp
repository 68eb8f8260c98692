#include "vitrispin/dynamics/grid/build_problem.hpp"

#include <gtest/gtest.h>

namespace vitrispin::dynamics::grid {
namespace {

physics::Material<double> glass() {
  physics::Material<double> material;
  material.kind = physics::MaterialKind::spin_glass;
  material.equilibrium_susceptibility = 0.01;
  material.accumulation_susceptibility = 0.002;
  return material;
}

physics::Material<double> metal() {
  physics::Material<double> material;
  material.kind = physics::MaterialKind::metal;
  material.accumulation_susceptibility = 0.0003;
  return material;
}

physics::Layer layer(const char* name, double thickness, int cells) {
  return {.name = name, .material_name = "glass", .material = glass(), .thickness = thickness, .cells = cells};
}

physics::Region region(const char* name, physics::Ranges ranges) {
  physics::Region region;
  region.name = name;
  region.material_name = "pt";
  region.material = metal();
  region.ranges = ranges;
  return region;
}

/// Two layers of 4 and 2 cells, 10 cells of 10 nm along y.
struct Film {
  physics::Stack stack;
  physics::Geometry geometry;
  Film() {
    stack.layers = {layer("lower", 8e-9, 4), layer("upper", 2e-9, 2)};
    stack.interfaces.resize(1);
    stack.interfaces[0].conductance = 7;
    stack.H = {0, 0, 100};
    geometry.y = {1e-7, 10, false, 1};
  }
  Problem problem() const { return build_problem(stack, geometry, {}); }
};

TEST(BuildProblem, LayersFillTheBoxAndTheDirectionThatIsNotThereIsAMetreThick) {
  const Problem problem = Film().problem();
  EXPECT_EQ(problem.axes[0].cells(), 6u);
  EXPECT_EQ(problem.axes[1].cells(), 10u);
  EXPECT_EQ(problem.axes[2].faces, (std::vector<double>{0, 1}));
  ASSERT_EQ(problem.domain.size(), 60u);
  for (std::size_t j = 0; j < 10; ++j) {
    for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(problem.domain[problem.cell(i, j, 0)], i < 4 ? 0 : 1);
  }
  EXPECT_EQ(problem.domains[0].M_eq[2], 1.0);
  EXPECT_EQ(problem.interfaces.at({0, 1}).conductance, 7);
  EXPECT_EQ(problem.boundary_names, (std::vector<std::string>{"left", "right", "front", "back"}));
  EXPECT_TRUE(problem.boundary[bottom].empty());
}

TEST(BuildProblem, ARegionBeyondTheLayersMakesTheBoxLongerAndLeavesVacuumBesideIt) {
  Film film;
  film.geometry.regions = {region("strip", {physics::Interval{-4e-9, 0}, {2e-8, 5e-8}, {}})};
  film.geometry.regions[0].cells = 8;
  film.geometry.interfaces = {{"strip", "lower", {3.0, 0}}};
  const Problem problem = film.problem();
  EXPECT_EQ(problem.axes[0].cells(), 14u);
  EXPECT_EQ(problem.axes[0].faces.front(), -4e-9);
  EXPECT_EQ(problem.domain[problem.cell(0, 2, 0)], 2);
  EXPECT_EQ(problem.domain[problem.cell(7, 4, 0)], 2);
  EXPECT_EQ(problem.domain[problem.cell(0, 1, 0)], vacuum);
  EXPECT_EQ(problem.domain[problem.cell(7, 5, 0)], vacuum);
  EXPECT_EQ(problem.domain[problem.cell(8, 2, 0)], 0);
  EXPECT_EQ(problem.interfaces.at({0, 2}).conductance, 3);
  EXPECT_DOUBLE_EQ(problem.domains[2].m_eq[2], 0.03);  // chi_m H
}

TEST(BuildProblem, TheLastRegionCountsAndVacuumTakesCellsAway) {
  Film film;
  film.geometry.regions = {region("all", {}), region("half", {physics::Interval{}, {0, 5e-8}, {}}),
                           region("hole", {physics::Interval{0, 2e-9}, {0, 1e-8}, {}})};
  film.geometry.regions[2].material_name = "vacuum";
  const Problem problem = film.problem();
  EXPECT_EQ(problem.domains.size(), 4u);
  EXPECT_EQ(problem.domain[problem.cell(0, 0, 0)], vacuum);
  EXPECT_EQ(problem.domain[problem.cell(1, 0, 0)], 3);
  EXPECT_EQ(problem.domain[problem.cell(1, 5, 0)], 2);
}

TEST(BuildProblem, EndsOfRegionsGoToTheNearestFaces) {
  Film film;
  film.geometry.regions = {region("strip", {physics::Interval{}, {1.6e-8, 4.4e-8}, {}})};
  const Problem problem = film.problem();
  EXPECT_EQ(problem.domain[problem.cell(0, 1, 0)], 0);
  EXPECT_EQ(problem.domain[problem.cell(0, 2, 0)], 2);
  EXPECT_EQ(problem.domain[problem.cell(0, 3, 0)], 2);
  EXPECT_EQ(problem.domain[problem.cell(0, 4, 0)], 0);
}

TEST(BuildProblem, CylindersAndLabelsTakeCellsByTheirCentres) {
  Film film;
  film.stack.layers = {layer("film", 1e-7, 10)};
  film.stack.interfaces.clear();
  physics::Region disc = region("disc", {});
  disc.shape = physics::Region::Shape::cylinder;
  disc.axis = 2;
  disc.center = {5e-8, 5e-8};
  disc.radius = 2.2e-8;
  physics::Region labelled = region("labelled", {});
  labelled.shape = physics::Region::Shape::labels;
  labelled.size = {2, 2, 1};
  labelled.labels = {0, 1, 0, 0};  // the far half along x, the near half along y
  film.geometry.regions = {disc};
  const Problem round = film.problem();
  std::size_t held = 0;
  for (const std::uint16_t domain : round.domain) held += domain == 1;
  EXPECT_EQ(
      held,
      16u);  // centres at 0.5 and 1.5 cells from the middle: 4 x 4 without those at 1.5 sqrt(2) = 2.12 cells, which are inside 2.2
  film.geometry.regions = {labelled};
  const Problem halves = film.problem();
  for (std::size_t j = 0; j < 10; ++j) {
    for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(halves.domain[halves.cell(i, j, 0)], i >= 5 && j < 5 ? 1 : 0);
  }
}

TEST(BuildProblem, PatchesCoverTheirPartOfAFaceInThreeDimensions) {
  Film film;
  film.geometry.z = {6e-8, 3, false, 1};
  physics::Patch patch;
  patch.name = "source";
  patch.face = back;
  patch.ranges = {physics::Interval{0, 4e-9}, {}, {2e-8, 4e-8}};
  patch.boundary.accumulation = physics::AccumulationBoundary::current;
  film.geometry.patches = {patch};
  const Problem problem = film.problem();
  ASSERT_EQ(problem.boundary[back].size(), 18u);
  const auto source = static_cast<std::uint16_t>(problem.boundaries.size() - 1);
  EXPECT_EQ(problem.boundary_names[source], "source");
  for (std::size_t k = 0; k < 3; ++k) {
    for (std::size_t i = 0; i < 6; ++i) {
      EXPECT_EQ(problem.boundary[back][i + 6 * k] == source, k == 1 && i < 2) << i << ' ' << k;
    }
  }
}

TEST(BuildProblem, APeriodicDirectionHasNoFacesAndGradedCellsKeepTheirRatio) {
  Film film;
  film.geometry.y.periodic = true;
  film.geometry.y.ratio = 8;
  const Problem problem = film.problem();
  EXPECT_TRUE(problem.axes[1].periodic);
  EXPECT_TRUE(problem.boundary[front].empty());
  EXPECT_NEAR(problem.axes[1].width(9) / problem.axes[1].width(0), 8,
              1e-12);  // differences of faces lose a digit or two
  EXPECT_DOUBLE_EQ(problem.axes[1].faces.back(), 1e-7);
}

}  // namespace
}  // namespace vitrispin::dynamics::grid
