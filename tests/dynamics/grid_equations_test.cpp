// Rates and energies on a grid against those of a line, and cell by cell against the formulas of physics/ on random
// materials in blocks of any shape.
#include <gtest/gtest.h>

#include "dynamics/grid_lines.hpp"
#include "vitrispin/dynamics/equations.hpp"
#include "vitrispin/dynamics/grid/drives.hpp"
#include "vitrispin/dynamics/grid/equations.hpp"
#include "vitrispin/dynamics/grid/ledger.hpp"
#include "vitrispin/physics/contact.hpp"
#include "vitrispin/physics/dynamics.hpp"

namespace vitrispin::dynamics::grid {
namespace {

Forcing forcing_of(const Grid& grid) {
  Forcing forcing;
  DrivenForcing(grid).at(0, forcing);
  return forcing;
}

/// Largest difference of nine fields on a grid from those of the line it repeats, over the largest of each field.
double difference(const Problem& problem, const test::Replica& replica, const Fields<double>& grid,
                  const Fields<double>& line) {
  const Fields<double> expected = test::spread(problem, replica, line);
  double worst = 0;
  for (std::size_t f = 0; f < 3; ++f) {
    double most = 0, size = 0;
    for (std::size_t i = 3 * f * grid.nodes(); i < 3 * (f + 1) * grid.nodes(); ++i) {
      most = std::max(most, std::abs(grid.values()[i] - expected.values()[i]));
      size = std::max(size, std::abs(expected.values()[i]));
    }
    if (most > 0) worst = std::max(worst, most / size);
  }
  return worst;
}

/// What widths that are differences of faces leave in rates, and in their squares, up to the fourth power of a width.
double rounding_of_widths(const Axis& axis) {
  double least = axis.faces.back();
  for (std::size_t i = 0; i < axis.cells(); ++i) least = std::min(least, axis.width(i));
  return 16 * std::numeric_limits<double>::epsilon() * axis.faces.back() / least;
}

TEST(GridEquations, RatesAreThoseOfALineAlongAnyDirectionAndUniformAcross) {
  test::RandomLines random;
  random.closeness = 0.05;  // H* - h* loses digits as 1/(1 - xi)
  for (int n = 0; n < 200; ++n) {
    const physics::Stack stack = test::plain_stack(random, random.integer(1, 4), 12);
    const test::Replica replica = test::random_replica(random);
    const Problem problem = test::problem_of(stack, replica);
    const Line line(stack);
    const Fields<double> z = random.state(line, 1000, 0.3);
    Potentials<double> q(line.nodes());
    Fields<double> expected(line.nodes());
    dynamics::Forcing of_line = constant_forcing(line);
    const Grid grid(problem);
    Forcing forcing = forcing_of(grid);
    if (replica.axis == 0 && random.chance(0.5)) {
      of_line = random.forcing(line, 300);
      for (std::size_t k = 0; k < 3; ++k) forcing.field[k] = of_line.field[k];
      forcing.anisotropy = of_line.anisotropy;
    }
    potentials(line, of_line, z, q);
    linear_rates(line, of_line, z, q, expected);
    add_precession(line, z, q, 1.0, expected);
    const Halo halo(problem.axes[grid.slowest()].periodic);
    Equations equations(grid, halo);
    Fields<double> rates(grid.cells());
    const Fields<double> state = test::spread(problem, replica, z);
    equations.rates(StateView(state), forcing, true, rates);
    // a dozen products of the largest rate's size, summed in another order; widths are differences of faces here
    EXPECT_LE(difference(problem, replica, rates, expected), 1e-12 + rounding_of_widths(problem.axes[replica.axis]))
        << n;
  }
}

TEST(GridEquations, EnergyAndDissipationAreThoseOfALineTimesTheAreaAcross) {
  test::RandomLines random;
  random.closeness = 0.05;  // H* - h* loses digits as 1/(1 - xi)
  for (int n = 0; n < 100; ++n) {
    const physics::Stack stack = test::plain_stack(random, random.integer(1, 4), 12);
    const test::Replica replica = test::random_replica(random);
    const Problem problem = test::problem_of(stack, replica);
    const Line line(stack);
    const Fields<double> z = random.state(line, 1000, 0.3);
    Potentials<double> q(line.nodes());
    const dynamics::Forcing of_line = constant_forcing(line);
    potentials(line, of_line, z, q);
    const Fields<double> turning = random.state(line, 1000, 0.3);
    const Grid grid(problem);
    const Forcing forcing = forcing_of(grid);
    const Halo halo(problem.axes[grid.slowest()].periodic);
    RowSweep sweep(grid, halo);
    const Fields<double> state = test::spread(problem, replica, z), rates = test::spread(problem, replica, turning);
    double area = 1;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      if (axis != replica.axis) area *= problem.axes[axis].faces.back();
    }
    const double F = dynamics::free_energy(line, of_line, z);
    const double size = std::abs(F) + 1e-300;
    EXPECT_NEAR(free_energy(sweep, forcing, StateView(state)) / area / size, F / size, 1e-12) << n;
    const DissipatedPower expected = dissipated_power(line, of_line, z, q);
    const Power flow =
        power(sweep, forcing, StateView(state), [&](std::size_t k, std::size_t cell) { return rates.theta(k)[cell]; });
    const double tolerance = 1e-12 + rounding_of_widths(problem.axes[replica.axis]);
    const auto near = [&](double value, double other, const char* name) {
      EXPECT_NEAR(value / area, other, tolerance * std::abs(other)) << n << " " << name;
    };
    near(flow.dissipated.M_to_lattice, expected.M_to_lattice, "M");
    near(flow.dissipated.m_to_lattice, expected.m_to_lattice, "m");
    near(flow.dissipated.exchange, expected.exchange, "exchange");
    near(flow.dissipated.interfaces, expected.interfaces, "interfaces");
    near(flow.dissipated.contacts, expected.contacts, "contacts");
    near(flow.dissipated.damping, expected.damping, "damping");
    // 1 less the interface's share may be a rounding
    EXPECT_NEAR(flow.dissipated.diffusion / area, expected.diffusion,
                1e-12 * (expected.diffusion + expected.interfaces))
        << n;
    const double boundary = boundary_power(line, of_line, z, q, turning);
    EXPECT_NEAR(flow.boundary / area, boundary, 1e-11 * (std::abs(boundary) + expected.contacts + expected.diffusion))
        << n;
  }
}

/// Blocks of random materials on graded axes, vacuum among them, with contacts, currents and clamps on every side.
Problem random_blocks(test::RandomLines& random) {
  Problem problem;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const int cells = random.integer(1, 7);
    Axis& a = problem.axes[axis];
    a.periodic = random.chance(0.3);
    a.faces = {0.0};
    for (int i = 0; i < cells; ++i) a.faces.push_back(a.faces.back() + random.log_uniform(1e-9, 1e-8));
  }
  problem.H = random.vector(1e4);
  const int domains = random.integer(1, 3);
  for (int d = 0; d < domains; ++d) {
    const physics::Stack one = test::plain_stack(random, 1, 1);
    problem.domains.push_back(test::problem_of(one, {0, {1, 1, 1}, {1, 1, 1}, false}).domains[0]);
    Domain& domain = problem.domains.back();
    if (domain.material.has_texture())
      domain.M_eq = physics::equilibrium_magnetization(domain.material, problem.H);
    else
      domain.m_eq = domain.material.accumulation_susceptibility * problem.H;
  }
  for (std::size_t cell = 0; cell < problem.cells(); ++cell) {
    const bool empty = random.chance(0.05) && cell > 0;
    problem.domain.push_back(empty ? vacuum : static_cast<std::uint16_t>(random.integer(0, domains - 1)));
  }
  if (domains > 1) problem.interfaces[{0, 1}].conductance = random.log_uniform(1, 1e4);
  for (int b = 0; b < 3; ++b) {
    physics::Boundary boundary;
    if (b > 0) {
      boundary.accumulation = physics::AccumulationBoundary::contact;
      boundary.conductance = b == 1 ? physics::perfect : random.log_uniform(1, 1e4);
      boundary.potential = {random.uniform(-50, 50), random.uniform(-50, 50), 10};
      if (b == 2) boundary.twist = physics::TwistBoundary::clamped;
    }
    problem.boundaries.push_back(boundary);
    problem.boundary_names.push_back("face " + std::to_string(b));
  }
  for (std::size_t side = 0; side < 6; ++side) {
    const std::size_t axis = side / 2, a = axis == 0 ? 1 : 0, b = axis == 2 ? 1 : 2;
    for (std::size_t f = 0; f < problem.axes[a].cells() * problem.axes[b].cells(); ++f)
      problem.boundary[side].push_back(static_cast<std::uint16_t>(random.integer(0, 2)));
  }
  return problem;
}

Fields<double> random_state(test::RandomLines& random, const Grid& grid, double field, double angle) {
  Fields<double> z(grid.cells());
  for (std::size_t cell = 0; cell < grid.cells(); ++cell) {
    if (grid.domain()[cell] == vacuum) continue;
    const auto& material = grid.domains()[grid.domain()[cell]].material;
    for (std::size_t k = 0; k < 3; ++k) {
      z.m(k)[cell] = material.accumulation_susceptibility * random.uniform(-field, field);
      if (!material.has_texture()) continue;
      z.M(k)[cell] = material.equilibrium_susceptibility * random.uniform(-field, field);
      z.theta(k)[cell] = random.uniform(-angle, angle);
    }
  }
  return z;
}

/// Rates from the formulas of physics/, a cell and its faces at a time.
class Pointwise {
public:
  Pointwise(const Grid& grid, const Fields<double>& z) : grid_(grid), z_(z) {}

  struct Rates {
    Vector3<double> M, m, theta;
    double M_size = 0, m_size = 0, theta_size = 0;  ///< of the terms they are sums of
  };

  Rates of(std::size_t i, std::size_t j, std::size_t k) const {
    const std::size_t cell = index(i, j, k);
    const auto& material = grid_.domains()[grid_.domain()[cell]].material;
    auto fields = effective_fields(cell);
    Vector3<double> in, pull;
    double in_size = 0, pull_size = 0;
    for (std::size_t side = 0; side < 6; ++side) {
      const auto [other, link, width] = across({i, j, k}, side);
      if (other == none) continue;
      const auto there = effective_fields(other);
      const Vector3<double> j_in = physics::interface_current(link.m, there.h_star, fields.h_star);
      const Vector3<double> torque = link.twist * (theta(other) - theta(cell));
      in = in + (1 / width) * j_in;
      pull = pull + (1 / width) * torque;
      in_size += link.m / width * (size(there.h_star) + size(fields.h_star));
      pull_size += link.twist / width * (size(theta(other)) + size(theta(cell)));
    }
    for (const OuterFace& face : grid_.outer_faces()) {
      if (face.cell != cell) continue;
      const auto& boundary = grid_.problem().boundaries[face.boundary];
      const Vector3<double> h_c{boundary.potential[0].real(), boundary.potential[1].real(),
                                boundary.potential[2].real()};
      const double per_volume = face.area / grid_.volume(i, j, k);
      in = in - (per_volume * physics::contact_current(face.conductance, fields.h_star, h_c));
      pull = pull - ((per_volume * face.twist_clamp) * theta(cell));
      in_size += per_volume * face.conductance * (size(fields.h_star) + size(h_c));
      pull_size += per_volume * face.twist_clamp * size(theta(cell));
    }
    const auto rates = physics::relaxation_rates(material);
    const double turn = material.gyromagnetic_ratio * constants::vacuum_permeability;
    const auto state = state_of(cell);
    Rates result;
    if (material.has_texture()) {
      fields.torque = pull - material.anisotropy * theta(cell);
      pull_size += material.anisotropy * size(theta(cell));
      result.M = physics::magnetization_rate(material, state, fields);
      result.theta = physics::texture_rotation_rate(material, fields);
    }
    result.m = physics::accumulation_rate(material, state, fields, -in);
    // H* and h* come from M0 + chi_M H beside M: their rounding is that of H
    const double H = size(grid_.problem().H) + size(material.remanence) * inverse_chi(material) + size(fields.H_star) +
                     size(fields.h_star);
    const double chi_M = material.has_texture() ? material.equilibrium_susceptibility : 0;
    const double relaxation =
        (chi_M * (rates.M_to_lattice + rates.M_from_m) + material.accumulation_susceptibility * rates.m_to_lattice) * H;
    const double stiff = in_size + coupling(cell, {i, j, k}) * H;
    result.M_size = turn * size(state.M) * H + relaxation + material.gyromagnetic_ratio * pull_size;
    result.m_size = turn * size(state.m) * H + relaxation + stiff;
    result.theta_size = turn * H + material.damping * material.gyromagnetic_ratio * pull_size;
    return result;
  }

private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  struct Across {
    std::size_t cell = none;
    Link link;
    double width = 0;
  };

  static double size(const Vector3<double>& v) { return std::sqrt(dot(v, v)); }
  static double inverse_chi(const physics::Material<double>& material) {
    return material.has_texture() ? 1 / material.equilibrium_susceptibility : 0;
  }
  std::size_t index(std::size_t i, std::size_t j, std::size_t k) const {
    return i + grid_.count(0) * (j + grid_.count(1) * k);
  }
  Vector3<double> theta(std::size_t cell) const { return {z_.theta(0)[cell], z_.theta(1)[cell], z_.theta(2)[cell]}; }
  physics::State<double> state_of(std::size_t cell) const {
    const Domain& domain = grid_.domains()[grid_.domain()[cell]];
    const Vector3<double> M{z_.M(0)[cell], z_.M(1)[cell], z_.M(2)[cell]},
        m{z_.m(0)[cell], z_.m(1)[cell], z_.m(2)[cell]};
    return {domain.M_eq + M, domain.m_eq + m, theta(cell)};
  }
  physics::EffectiveFields<double> effective_fields(std::size_t cell) const {
    return physics::effective_fields(grid_.domains()[grid_.domain()[cell]].material, state_of(cell), Vector3<double>{},
                                     grid_.problem().H);
  }
  double coupling(std::size_t cell, std::array<std::size_t, 3> place) const {
    double sum = 0;
    for (std::size_t side = 0; side < 6; ++side) {
      const auto [other, link, width] = across(place, side);
      if (other != none) sum += link.m / width;
    }
    for (const OuterFace& face : grid_.outer_faces()) {
      if (face.cell == cell) sum += face.conductance * face.area / grid_.volume(place[0], place[1], place[2]);
    }
    return sum;
  }
  Across across(std::array<std::size_t, 3> place, std::size_t side) const {
    const std::size_t axis = side / 2, n = grid_.count(axis), here = place[axis];
    const bool upper = side % 2 == 1, end = here == (upper ? n - 1 : 0);
    if (end && (!grid_.periodic(axis) || n == 1)) return {};
    auto there = place;
    there[axis] = (here + (upper ? 1 : n - 1)) % n;
    const std::size_t other = index(there[0], there[1], there[2]);
    const std::uint16_t a = grid_.domain()[index(place[0], place[1], place[2])], b = grid_.domain()[other];
    if (b == vacuum) return {};
    // the series of half-cells and interface, written out
    const auto half = [&](std::uint16_t d, std::size_t at, bool of_m) {
      const auto& material = grid_.domains()[d].material;
      const double factor = of_m                     ? material.diffusivity * material.accumulation_susceptibility
                            : material.has_texture() ? material.spin_stiffness
                                                     : 0.0;
      return grid_.problem().axes[axis].width(at) / 2 / factor;
    };
    Across result;
    result.cell = other;
    result.width = grid_.problem().axes[axis].width(here);
    const auto found = grid_.problem().interfaces.find({std::min(a, b), std::max(a, b)});
    const double Y = a != b && found != grid_.problem().interfaces.end() ? found->second.conductance : physics::perfect;
    result.link.m = 1 / (half(a, here, true) + 1 / Y + half(b, there[axis], true));
    result.link.twist = 1 / (half(a, here, false) + half(b, there[axis], false));
    return result;
  }

  const Grid& grid_;
  const Fields<double>& z_;
};

double distance(const Vector3<double>& a, const Fields<double>& z, std::size_t field, std::size_t cell) {
  double sum = 0;
  for (std::size_t k = 0; k < 3; ++k) {
    const double d = a[k] - z.values()[(3 * field + k) * z.nodes() + cell];
    sum += d * d;
  }
  return std::sqrt(sum);
}

TEST(GridEquations, RatesAreThePointwiseOnesCellByCellOnBlocksOfRandomMaterials) {
  test::RandomLines random;
  constexpr double tolerance =
      64 * std::numeric_limits<double>::epsilon();  // some thirty products and sums, each rounded once
  for (int n = 0; n < 100; ++n) {
    const Problem problem = random_blocks(random);
    const Grid grid(problem);
    const Halo halo(problem.axes[grid.slowest()].periodic);
    Equations equations(grid, halo);
    const Fields<double> z = random_state(random, grid, 1000, 0.3);
    Fields<double> rates(grid.cells());
    equations.rates(StateView(z), forcing_of(grid), true, rates);
    const Pointwise pointwise(grid, z);
    for (std::size_t k = 0; k < grid.count(2); ++k) {
      for (std::size_t j = 0; j < grid.count(1); ++j) {
        for (std::size_t i = 0; i < grid.count(0); ++i) {
          const std::size_t cell = i + grid.count(0) * (j + grid.count(1) * k);
          if (grid.domain()[cell] == vacuum) {
            for (std::size_t f = 0; f < 9; ++f) EXPECT_EQ(rates.values()[f * grid.cells() + cell], 0);
            continue;
          }
          const auto expected = pointwise.of(i, j, k);
          EXPECT_LE(distance(expected.M, rates, 0, cell), tolerance * expected.M_size) << n << " M " << cell;
          EXPECT_LE(distance(expected.m, rates, 1, cell), tolerance * expected.m_size) << n << " m " << cell;
          EXPECT_LE(distance(expected.theta, rates, 2, cell), tolerance * expected.theta_size)
              << n << " theta " << cell;
        }
      }
    }
  }
}

}  // namespace
}  // namespace vitrispin::dynamics::grid
