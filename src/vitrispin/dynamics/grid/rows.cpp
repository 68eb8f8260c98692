#include "vitrispin/dynamics/grid/rows.hpp"

#include <algorithm>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/dynamics/grid/row_loops.hpp"

namespace vitrispin::dynamics::grid {
namespace {

constexpr std::size_t pad = 8;                // of a buffered row, before and after: vectors stay aligned
constexpr std::size_t cells_of_block = 4096;  // of a block of rows, so that three of its planes fit in a second cache
constexpr std::size_t highest_block = 16;

}  // namespace

Coefficients::Coefficients(const physics::Material<double>& material) {
  const auto rates = physics::relaxation_rates(material);
  const double chi_m = material.accumulation_susceptibility;
  inverse_chi_m = 1 / chi_m;
  m_to_lattice = chi_m * rates.m_to_lattice;
  gamma = material.gyromagnetic_ratio;
  gamma_mu0 = gamma * constants::vacuum_permeability;
  pair = material.has_equilibrium_magnetization();
  if (!pair) return;
  inverse_chi_M = 1 / material.equilibrium_susceptibility;
  M_to_lattice = material.equilibrium_susceptibility * rates.M_to_lattice;
  exchange = material.equilibrium_susceptibility * rates.M_from_m;
  alpha_gamma = material.damping * gamma;
}

RowSweep::RowSweep(const Grid& grid, const Halo& halo) : grid_(grid), halo_(halo), spans_(grid) {
  for (const Domain& domain : grid.domains()) coefficients_.emplace_back(domain.material);
  const std::size_t nx = grid.count(0);
  const auto& faces = grid.outer_faces();
  std::size_t next = 0;
  for (std::size_t row = 0; row <= spans_.rows(); ++row) {
    while (next < faces.size() && faces[next].cell < row * nx) ++next;
    outer_rows_.push_back(static_cast<std::uint32_t>(next));
  }
  block_ = std::clamp<std::size_t>(cells_of_block / nx, 1, std::min(highest_block, grid.count(1)));
  row_stride_ = (nx + 7) / 8 * 8 + 2 * pad;
  ring_.resize(3 * (block_ + 2) * 3 * row_stride_);
  scratch_.resize(6 * row_stride_);
  const std::size_t axis = grid.slowest();
  has_edges_ = grid.open_before(axis) || grid.open_after(axis);
  if (!has_edges_) return;
  for (auto* edges : {&p_edges_, &theta_edges_}) {
    for (auto& values : *edges) values.resize(4 * grid.plane());
  }
}

double* RowSweep::ring(std::size_t slot, std::size_t line, std::size_t component) {
  return ring_.data() + ((slot * (block_ + 2) + line) * 3 + component) * row_stride_ + pad;
}

/// p of a row of owned cells; 0 in vacuum.
void RowSweep::row_potential(const StateView& state, const Forcing& forcing, std::size_t row, std::size_t component,
                             double* p) const {
  const std::size_t nx = grid_.count(0), cell = row * nx;
  std::size_t filled = 0;
  for (const Span* span = spans_.begin(row); span != spans_.end(row); ++span) {
    std::fill(p + filled, p + span->begin, 0.0);
    filled = span->end;
    const Coefficients& c = coefficients_[span->domain];
    potential_loop(span->end - span->begin, c.inverse_chi_M, c.inverse_chi_m, state.M[component] + cell + span->begin,
                   state.m[component] + cell + span->begin, p + span->begin);
  }
  std::fill(p + filled, p + nx, 0.0);
  if (!forcing.field[component].empty()) take_off_loop(nx, forcing.field[component].data(), p);
}

void RowSweep::exchange_edges(const StateView& state, const Forcing& forcing) {
  if (!has_edges_) return;
  const std::size_t plane = grid_.plane(), nx = grid_.count(0);
  std::vector<double*> arrays;
  for (std::size_t c = 0; c < 3; ++c) {
    std::copy_n(state.theta[c], plane, theta_edges_[c].data() + plane);
    std::copy_n(state.theta[c] + grid_.cells() - plane, plane, theta_edges_[c].data() + 2 * plane);
    if (grid_.slowest() == 0) {  // the first and the last cell of the only row
      double* whole = ring(0, 0, c);
      row_potential(state, forcing, 0, c, whole);
      p_edges_[c][1] = whole[0];
      p_edges_[c][2] = whole[nx - 1];
    } else {
      const std::size_t rows = plane / nx, last = spans_.rows() - rows;
      for (std::size_t row = 0; row < rows; ++row) {
        row_potential(state, forcing, row, c, p_edges_[c].data() + plane + row * nx);
        row_potential(state, forcing, last + row, c, p_edges_[c].data() + 2 * plane + row * nx);
      }
    }
    arrays.push_back(p_edges_[c].data() + plane);
    arrays.push_back(theta_edges_[c].data() + plane);
  }
  halo_.fill(plane, 2 * plane, arrays);
}

/// p of row (j, k), which may lie beside the slab, with what stands beyond its ends.
void RowSweep::fill_ring(const StateView& state, const Forcing& forcing, std::ptrdiff_t j, std::ptrdiff_t k,
                         std::size_t slot, std::size_t line) {
  const auto ny = static_cast<std::ptrdiff_t>(grid_.count(1)), nz = static_cast<std::ptrdiff_t>(grid_.count(2));
  const std::size_t nx = grid_.count(0);
  const bool outside = j < 0 || j >= ny || k < 0 || k >= nz;
  const std::size_t axis = k < 0 || k >= nz ? 2 : 1;
  const bool after = j >= ny || k >= nz;
  if (outside && !(after ? grid_.open_after(axis) : grid_.open_before(axis))) return;
  for (std::size_t c = 0; c < 3; ++c) {
    double* p = ring(slot, line, c);
    if (outside && axis == grid_.slowest()) {
      const std::size_t of_plane = axis == 2 ? static_cast<std::size_t>((j + ny) % ny) * nx : 0;
      std::copy_n(p_edges_[c].data() + (after ? 3 : 0) * grid_.plane() + of_plane, nx, p);
      continue;  // never a centre: what is beyond its ends is not read
    }
    const auto row = static_cast<std::size_t>((j + ny) % ny + ny * k);
    row_potential(state, forcing, row, c, p);
    if (grid_.slowest() == 0 && has_edges_) {
      p[-1] = p_edges_[c][0];
      p[nx] = p_edges_[c][3];
    } else {
      p[-1] = grid_.open_before(0) ? p[nx - 1] : p[0];
      p[nx] = grid_.open_after(0) ? p[0] : p[nx - 1];
    }
  }
}

const double* RowSweep::theta_row(const StateView& state, std::size_t component, std::ptrdiff_t j,
                                  std::ptrdiff_t k) const {
  const auto ny = static_cast<std::ptrdiff_t>(grid_.count(1)), nz = static_cast<std::ptrdiff_t>(grid_.count(2));
  const auto nx = static_cast<std::ptrdiff_t>(grid_.count(0));
  const bool outside = j < 0 || j >= ny || k < 0 || k >= nz;
  const std::size_t axis = k < 0 || k >= nz ? 2 : 1;
  const bool after = j >= ny || k >= nz;
  if (outside && axis == grid_.slowest()) {
    const std::ptrdiff_t of_plane = axis == 2 ? j * nx : 0;
    return theta_edges_[component].data() + (after ? 3 : 0) * grid_.plane() + of_plane;
  }
  return state.theta[component] + ((j + ny) % ny + ny * k) * nx;
}

Row RowSweep::row_at(const StateView& state, const Forcing& forcing, std::size_t j, std::size_t k, std::size_t slot,
                     std::size_t line) {
  const std::size_t nx = grid_.count(0), ny = grid_.count(1);
  Row row;
  row.index = j + k * ny;
  row.cell = row.index * nx;
  row.cells = nx;
  row.face_y = grid_.width(2, static_cast<std::ptrdiff_t>(k));
  row.face_z = grid_.width(1, static_cast<std::ptrdiff_t>(j));
  row.face_x = row.face_y * row.face_z;
  row.begin = spans_.begin(row.index);
  row.end = spans_.end(row.index);
  const bool open[4] = {j > 0 || grid_.open_before(1), j + 1 < ny || grid_.open_after(1), k > 0 || grid_.open_before(2),
                        k + 1 < grid_.count(2) || grid_.open_after(2)};
  const std::size_t slots[4] = {slot, slot, (slot + 2) % 3, (slot + 1) % 3};
  const std::size_t lines[4] = {line - 1, line + 1, line, line};
  const std::ptrdiff_t steps[4][2] = {{-1, 0}, {1, 0}, {0, -1}, {0, 1}};
  for (std::size_t c = 0; c < 3; ++c) {
    row.M[c] = state.M[c] + row.cell;
    row.m[c] = state.m[c] + row.cell;
    row.theta[c] = state.theta[c] + row.cell;
    if (!forcing.field[c].empty()) row.field[c] = forcing.field[c].data();
    row.p[c] = ring(slot, line, c);
    for (std::size_t side = 0; side < 4; ++side) {
      row.p_beside[side][c] = open[side] ? ring(slots[side], lines[side], c) : row.p[c];
      row.theta_beside[side][c] = open[side] ? theta_row(state, c, static_cast<std::ptrdiff_t>(j) + steps[side][0],
                                                         static_cast<std::ptrdiff_t>(k) + steps[side][1])
                                             : row.theta[c];
    }
    const bool slabs = grid_.slowest() == 0 && has_edges_;
    row.theta_left[c] = slabs ? theta_edges_[c][0] : row.theta[c][grid_.open_before(0) ? nx - 1 : 0];
    row.theta_right[c] = slabs ? theta_edges_[c][3] : row.theta[c][grid_.open_after(0) ? 0 : nx - 1];
    row.inflow[c] = scratch_.data() + c * row_stride_ + pad;
    row.pull[c] = scratch_.data() + (3 + c) * row_stride_ + pad;
  }
  return row;
}

void RowSweep::add_divergences(const Row& row, const Forcing& forcing) const {
  const double inverse_y = 1 / row.face_z, inverse_z = 1 / row.face_y;
  for (const Span* span = row.begin; span != row.end; ++span) {
    const auto& material = grid_.domains()[span->domain].material;
    const std::size_t b = span->begin, e = span->end;
    DivergenceFactors m, twist;
    m.along = material.diffusivity * material.accumulation_susceptibility;
    twist.along = material.has_texture() ? material.spin_stiffness : 0;
    for (std::size_t side = 0; side < 4; ++side) {
      const Link& link = spans_.link(span->beside[side]);
      const double inverse = side < 2 ? inverse_y : inverse_z;
      m.beside[side] = link.m * inverse;
      twist.beside[side] = link.twist * inverse;
    }
    const Link &first = spans_.link(span->first), &last = spans_.link(span->last);
    const double* distance = spans_.inverse_distance();
    const double* width = spans_.inverse_width();
    const auto form = [&](const DivergenceFactors& f, double from_first, double from_last, const double* v, double left,
                          double right, const std::array<std::array<const double*, 3>, 4>& beside, std::size_t c,
                          double* sum) {
      const double* rows[4] = {beside[0][c] + b + 1, beside[1][c] + b + 1, beside[2][c] + b + 1, beside[3][c] + b + 1};
      if (e - b > 2) divergence_loop(e - b - 2, f, distance + b + 1, width + b + 1, v + b + 1, rows, sum + b + 1);
      for (const std::size_t i : {b, e - 1}) {
        const double x = v[i];
        const double before =
            i == b ? from_first * ((i > 0 ? v[i - 1] : left) - x) : f.along * distance[i] * (v[i - 1] - x);
        const double after =
            i == e - 1 ? from_last * ((e < row.cells ? v[e] : right) - x) : f.along * distance[i + 1] * (v[i + 1] - x);
        double inside = width[i] * (after + before);
        for (std::size_t side = 0; side < 4; ++side) inside += f.beside[side] * (beside[side][c][i] - x);
        sum[i] = inside;
      }
    };
    for (std::size_t c = 0; c < 3; ++c) {
      form(m, first.m, last.m, row.p[c], row.p[c][-1], row.p[c][row.cells], row.p_beside, c, row.inflow[c]);
      form(twist, first.twist, last.twist, row.theta[c], row.theta_left[c], row.theta_right[c], row.theta_beside, c,
           row.pull[c]);
    }
  }
  add_outer_faces(row, forcing);
}

void RowSweep::add_outer_faces(const Row& row, const Forcing& forcing) const {
  for (std::size_t n = outer_rows_[row.index]; n < outer_rows_[row.index + 1]; ++n) {
    const OuterFace& face = grid_.outer_faces()[n];
    const std::size_t i = face.cell - row.cell;
    const double per_volume = face.area * spans_.inverse_width()[i] / row.face_x;
    const physics::Boundary& boundary = grid_.problem().boundaries[face.boundary];
    for (std::size_t c = 0; c < 3; ++c) {
      // j out = Y (h_c - h*), h* = -p
      double in = -face.conductance * (row.p[c][i] + forcing.potential[face.boundary][c]);
      if (face.takes_current) in += forcing.current[face.boundary][c];
      double torque = -face.twist_clamp * row.theta[c][i];
      if (boundary.twist == physics::TwistBoundary::torque) torque += boundary.torque[c].real();
      row.inflow[c][i] += per_volume * in;
      row.pull[c][i] += per_volume * torque;
    }
  }
}

void RowSweep::visit(const StateView& state, const Forcing& forcing, bool divergences,
                     const std::function<void(const Row&)>& visit) {
  exchange_edges(state, forcing);
  const std::size_t ny = grid_.count(1), nz = grid_.count(2);
  for (std::size_t first = 0; first < ny; first += block_) {
    const std::size_t last = std::min(first + block_, ny);
    const auto fill_plane = [&](std::ptrdiff_t k) {
      const auto slot = static_cast<std::size_t>((k + 3) % 3);
      for (std::size_t line = 0; line < last - first + 2; ++line)
        fill_ring(state, forcing, static_cast<std::ptrdiff_t>(first + line) - 1, k, slot, line);
    };
    fill_plane(-1);
    fill_plane(0);
    for (std::size_t k = 0; k < nz; ++k) {
      fill_plane(static_cast<std::ptrdiff_t>(k) + 1);
      for (std::size_t j = first; j < last; ++j) {
        const Row row = row_at(state, forcing, j, k, k % 3, j - first + 1);
        if (divergences) add_divergences(row, forcing);
        visit(row);
      }
    }
  }
}

}  // namespace vitrispin::dynamics::grid
