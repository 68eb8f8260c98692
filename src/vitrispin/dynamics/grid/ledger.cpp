#include "vitrispin/dynamics/grid/ledger.hpp"

#include <algorithm>
#include <cmath>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/dynamics/grid/ledger_loops.hpp"

namespace vitrispin::dynamics::grid {
namespace {

using constants::vacuum_permeability;

double square(double x) {
  return x * x;
}

/// Neumaier's compensated sum.
class Sum {
public:
  void add(double x) {
    const double next = sum_ + x;
    error_ += std::abs(sum_) >= std::abs(x) ? (sum_ - next) + x : (x - next) + sum_;
    sum_ = next;
  }
  double value() const { return sum_ + error_; }

private:
  double sum_ = 0, error_ = 0;
};

/// Squared differences across the faces of a span, each times conductance and area: `given(link, sum)` is called with the
/// sums of equal links. Every inner face belongs to the cell after it.
template <class Conductance, class Given>
void face_squares(const RowSweep& sweep, const Row& row, const Span& span, double along, const Conductance& conductance,
                  const double* v, double left, const std::array<const double*, 4>& beside, const Given& given) {
  const Spans& spans = sweep.spans();
  const std::size_t b = span.begin, n = span.end - span.begin;
  const double inside =
      along * row.face_x * difference_squares(n - 1, spans.inverse_distance() + b + 1, v + b + 1, v + b);
  given(inside, 0.0);
  const Link& first = spans.link(span.first);
  if (conductance(first) > 0)
    given(conductance(first) * row.face_x * square(v[b] - (b > 0 ? v[b - 1] : left)), first.share);
  const double areas[2] = {row.face_y, row.face_z};
  const Beside before[2] = {y_before, z_before};
  for (std::size_t axis = 0; axis < 2; ++axis) {
    const Link& link = spans.link(span.beside[before[axis]]);
    if (conductance(link) == 0) continue;
    const double sum = difference_squares(n, sweep.grid().widths(0) + b, v + b, beside[before[axis]] + b);
    given(conductance(link) * areas[axis] * sum, link.share);
  }
}

std::array<const double*, 4> of_component(const std::array<std::array<const double*, 3>, 4>& beside, std::size_t c) {
  return {beside[0][c], beside[1][c], beside[2][c], beside[3][c]};
}

SquaresOf arrays_of(const RowSweep& sweep, const Row& row, const Span& span, std::size_t c) {
  const std::size_t b = span.begin;
  return {sweep.grid().widths(0) + b,
          row.M[c] + b,
          row.m[c] + b,
          row.p[c] + b,
          row.theta[c] + b,
          row.pull[c] + b,
          row.field[c] != nullptr ? row.field[c] + b : nullptr};
}

}  // namespace

double free_energy(RowSweep& sweep, const Forcing& forcing, const StateView& state) {
  Sum total;
  const auto visit = [&](const Row& row) {
    for (const Span* span = row.begin; span != row.end; ++span) {
      const Coefficients& c = sweep.coefficients(span->domain);
      const auto& material = sweep.grid().domains()[span->domain].material;
      double sums[2] = {};
      for (std::size_t k = 0; k < 3; ++k) {
        energy_loop(span->end - span->begin, c.inverse_chi_M, c.inverse_chi_m, arrays_of(sweep, row, *span, k), sums);
        if (!c.pair) continue;
        face_squares(
            sweep, row, *span, material.spin_stiffness, [](const Link& link) { return link.twist; }, row.theta[k],
            row.theta_left[k], of_component(row.theta_beside, k),
            [&](double squares, double) { total.add(0.5 * squares); });
      }
      total.add(row.face_x * vacuum_permeability * sums[0]);
      if (c.pair) total.add(row.face_x * 0.5 * forcing.anisotropy[span->domain] * sums[1]);
    }
    for (std::size_t n = sweep.outer_begin(row.index); n < sweep.outer_begin(row.index + 1); ++n) {
      const OuterFace& face = sweep.grid().outer_faces()[n];
      if (face.twist_clamp == 0) continue;
      for (std::size_t k = 0; k < 3; ++k)
        total.add(0.5 * face.area * face.twist_clamp * square(row.theta[k][face.cell - row.cell]));
    }
  };
  sweep.visit(state, forcing, false, visit);
  std::vector<double> values{total.value()};
  sweep.halo().sum(values);
  return values[0];
}

Power power(RowSweep& sweep, const Forcing& forcing, const StateView& state,
            const std::function<double(std::size_t, std::size_t)>& theta_rate) {
  const std::size_t domains = sweep.grid().domains().size();
  std::vector<std::array<Sum, 4>> of_domain(domains);
  Sum diffusion, interfaces, contacts, boundary;
  const auto outer_face = [&](const Row& row, const OuterFace& face) {
    const physics::Boundary& given = sweep.grid().problem().boundaries[face.boundary];
    for (std::size_t k = 0; k < 3; ++k) {
      const double p = row.p[k][face.cell - row.cell];
      if (face.takes_current) {
        const double current = forcing.current[face.boundary][k];
        diffusion.add(face.area * square(current) / face.half_cell);
        boundary.add(face.area * vacuum_permeability * current * (p + current / face.half_cell));
      }
      if (face.conductance != 0) {
        const double h_c = forcing.potential[face.boundary][k], out = face.conductance * (p + h_c);
        diffusion.add(face.area * square(out) / face.half_cell);
        contacts.add(face.area * square(out) / face.contact);  // 0 if perfect
        boundary.add(face.area * vacuum_permeability * h_c * out);
      }
      if (given.twist == physics::TwistBoundary::torque)
        boundary.add(face.area * given.torque[k].real() * theta_rate(k, face.cell));
    }
  };
  const auto visit = [&](const Row& row) {
    for (const Span* span = row.begin; span != row.end; ++span) {
      const Coefficients& c = sweep.coefficients(span->domain);
      const auto& material = sweep.grid().domains()[span->domain].material;
      const double K = c.pair ? forcing.anisotropy[span->domain] : 0;
      double sums[4] = {};
      for (std::size_t k = 0; k < 3; ++k) {
        squares_loop(span->end - span->begin, c.inverse_chi_M, K, arrays_of(sweep, row, *span, k), sums);
        face_squares(
            sweep, row, *span, material.diffusivity * material.accumulation_susceptibility,
            [](const Link& link) { return link.m; }, row.p[k], row.p[k][-1], of_component(row.p_beside, k),
            [&](double squares, double share) {
              diffusion.add(std::max(0.0, 1 - share) * squares);
              if (share > 0) interfaces.add(share * squares);
            });
      }
      for (std::size_t s = 0; s < 4; ++s) of_domain[span->domain][s].add(row.face_x * sums[s]);
    }
    for (std::size_t n = sweep.outer_begin(row.index); n < sweep.outer_begin(row.index + 1); ++n)
      outer_face(row, sweep.grid().outer_faces()[n]);
  };
  sweep.visit(state, forcing, true, visit);
  std::vector<double> values{diffusion.value(), interfaces.value(), contacts.value(), boundary.value()};
  for (const auto& sums : of_domain) {
    for (const Sum& sum : sums) values.push_back(sum.value());
  }
  sweep.halo().sum(values);
  Power result;
  result.dissipated.diffusion = vacuum_permeability * values[0];
  result.dissipated.interfaces = vacuum_permeability * values[1];
  result.dissipated.contacts = vacuum_permeability * values[2];
  result.boundary = values[3];
  for (std::size_t d = 0; d < domains; ++d) {
    const Coefficients& c = sweep.coefficients(static_cast<std::uint16_t>(d));
    const double* sums = values.data() + 4 + 4 * d;
    result.dissipated.m_to_lattice += vacuum_permeability * c.m_to_lattice * sums[1];
    if (!c.pair) continue;
    result.dissipated.M_to_lattice += vacuum_permeability * c.M_to_lattice * sums[0];
    result.dissipated.exchange += vacuum_permeability * c.exchange * sums[2];
    result.dissipated.damping += c.alpha_gamma * sums[3];
  }
  return result;
}

double field_work(RowSweep& sweep, const StateView& state, const std::array<std::vector<double>, 3>& change) {
  const Grid& grid = sweep.grid();
  const std::size_t nx = grid.count(0);
  Sum total;
  for (std::size_t row = 0; row < sweep.spans().rows(); ++row) {
    const auto j = static_cast<std::ptrdiff_t>(row % grid.count(1)),
               k = static_cast<std::ptrdiff_t>(row / grid.count(1));
    for (const Span* span = sweep.spans().begin(row); span != sweep.spans().end(row); ++span) {
      const std::size_t b = span->begin;
      for (std::size_t c = 0; c < 3; ++c) {
        if (change[c].empty()) continue;
        total.add(grid.width(1, j) * grid.width(2, k) *
                  work_loop(span->end - b, grid.widths(0) + b, state.M[c] + row * nx + b, state.m[c] + row * nx + b,
                            change[c].data() + b));
      }
    }
  }
  std::vector<double> values{total.value()};
  sweep.halo().sum(values);
  return -vacuum_permeability * values[0];
}

std::vector<double> squared_twist(RowSweep& sweep, const StateView& state) {
  const Grid& grid = sweep.grid();
  const std::size_t nx = grid.count(0);
  std::vector<Sum> sums(grid.domains().size());
  for (std::size_t row = 0; row < sweep.spans().rows(); ++row) {
    const auto j = static_cast<std::ptrdiff_t>(row % grid.count(1)),
               k = static_cast<std::ptrdiff_t>(row / grid.count(1));
    for (const Span* span = sweep.spans().begin(row); span != sweep.spans().end(row); ++span) {
      double sum = 0;
      for (std::size_t c = 0; c < 3; ++c) {
        for (std::size_t i = span->begin; i < span->end; ++i)
          sum += grid.widths(0)[i] * square(state.theta[c][row * nx + i]);
      }
      sums[span->domain].add(grid.width(1, j) * grid.width(2, k) * sum);
    }
  }
  std::vector<double> values;
  for (const Sum& sum : sums) values.push_back(sum.value());
  sweep.halo().sum(values);
  return values;
}

void entropy_production(RowSweep& sweep, const Forcing& forcing, const StateView& state, double* result) {
  std::fill_n(result, sweep.grid().cells(), 0.0);
  add_heat(1.0, sweep, forcing, state, result);
}

void add_heat(double weight, RowSweep& sweep, const Forcing& forcing, const StateView& state, double* heat) {
  const Grid& grid = sweep.grid();
  const auto cell = [&](const Row& row, const Span& span, std::size_t i) {
    const Coefficients& c = sweep.coefficients(span.domain);
    const auto& material = grid.domains()[span.domain].material;
    const double along = material.diffusivity * material.accumulation_susceptibility;
    const double K = c.pair ? forcing.anisotropy[span.domain] : 0;
    const Spans& spans = sweep.spans();
    const double before = i == span.begin ? spans.link(span.first).m : along * spans.inverse_distance()[i];
    const double after = i + 1 == span.end ? spans.link(span.last).m : along * spans.inverse_distance()[i + 1];
    double sum = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      const double* p = row.p[k];
      const double P =
          c.inverse_chi_M * (row.M[k][i] + row.m[k][i]) - (c.pair && row.field[k] != nullptr ? row.field[k][i] : 0.0);
      sum += c.m_to_lattice * square(p[i]) + c.M_to_lattice * square(P) + c.exchange * square(P - p[i]);
      sum += c.alpha_gamma / vacuum_permeability * square(row.pull[k][i] - K * row.theta[k][i]);
      double faces = before * square(p[i] - (p - 1)[i]) + after * square(p[i + 1] - p[i]);
      faces *= spans.inverse_width()[i];
      for (std::size_t side = 0; side < 4; ++side)
        faces += spans.link(span.beside[side]).m / (side < 2 ? row.face_z : row.face_y) *
                 square(row.p_beside[side][k][i] - p[i]);
      sum += 0.5 * faces;
    }
    heat[row.cell + i] += weight * vacuum_permeability * sum;
  };
  const auto visit = [&](const Row& row) {
    for (const Span* span = row.begin; span != row.end; ++span) {
      for (std::size_t i = span->begin; i < span->end; ++i) cell(row, *span, i);
    }
    for (std::size_t n = sweep.outer_begin(row.index); n < sweep.outer_begin(row.index + 1); ++n) {
      const OuterFace& face = grid.outer_faces()[n];
      const std::size_t i = face.cell - row.cell;
      const double per_volume =
          weight * vacuum_permeability * face.area * sweep.spans().inverse_width()[i] / row.face_x;
      for (std::size_t k = 0; k < 3; ++k) {
        if (face.takes_current)
          heat[face.cell] += per_volume * square(forcing.current[face.boundary][k]) / face.half_cell;
        if (face.conductance != 0)
          heat[face.cell] += per_volume * face.conductance * square(row.p[k][i] + forcing.potential[face.boundary][k]);
      }
    }
  };
  sweep.visit(state, forcing, true, visit);
}

}  // namespace vitrispin::dynamics::grid
