#include "vitrispin/atoms/couplings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "vitrispin/atoms/random.hpp"
#include "vitrispin/core/errors.hpp"

namespace vitrispin::atoms {
namespace {

using physics::CouplingKind;
using physics::SpinCoupling;

double length(const Vector3<double>& v) {
  return std::sqrt(dot(v, v));
}

double rkky(const SpinCoupling& coupling, double r) {
  const double damping = coupling.mean_free_path > 0 ? std::exp(-r / coupling.mean_free_path) : 1.0;
  return coupling.A * std::cos(2 * coupling.k_F * r + coupling.phase) * damping / (r * r * r);
}

/// A number that both directions of a bond share: which two sites, and through which image.
std::uint32_t image_code(const Vector3<double>& d, double unit, bool forward) {
  std::uint32_t code = 0;
  for (std::size_t a = 0; a < 3; ++a) {
    const long half = std::lround((forward ? 2 : -2) * d[a] / unit);
    code = code * 1024 + static_cast<std::uint32_t>(half + 512);
  }
  return code;
}

/// J of nearest neighbours between sites numbered a < b.
double nearest_J(const physics::SpinModel& model, std::uint32_t sample, std::uint64_t a, std::uint64_t b,
                 std::uint32_t image) {
  const double J = model.coupling.J;
  const Random random(model.seed, sample, Purpose::couplings);
  const Random gauge(model.seed, sample, Purpose::gauge);
  const auto sign = [&](std::uint64_t site) { return gauge.uniform(site).first < 0.5 ? -1.0 : 1.0; };
  const auto other = static_cast<std::uint32_t>(b);
  switch (model.coupling.kind) {
    case CouplingKind::gaussian: return J * random.normal(a, other, image);
    case CouplingKind::plus_minus: return random.uniform(a, other, image).first < 0.5 ? -J : J;
    case CouplingKind::mattis: return J * sign(a) * sign(b);
    default: return J;
  }
}

double coupling_of(const physics::SpinModel& model, std::uint32_t sample, const Sites& sites, std::size_t i,
                   const Bond& bond) {
  const double squared = model.spin * model.spin;
  if (model.coupling.kind == CouplingKind::rkky) return squared * rkky(model.coupling, length(bond.d));
  const std::uint64_t a = sites.numbers[i];
  const std::uint64_t b = sites.numbers[bond.spin];
  return squared * nearest_J(model, sample, std::min(a, b), std::max(a, b), image_code(bond.d, model.constant, a < b));
}

/// Bonds to the same spin become one entry.
void append_row(Couplings& rows, const std::vector<Bond>& bonds, std::size_t i) {
  for (const Bond& bond : bonds) {
    const Vector3<double> squares(bond.d[0] * bond.d[0], bond.d[1] * bond.d[1], bond.d[2] * bond.d[2]);
    if (bond.spin == i) {
      rows.own_J[i] += bond.J;
      rows.own_Jdd[i] = rows.own_Jdd[i] + bond.J * squares;
      continue;
    }
    if (rows.neighbour.size() == rows.first.back() || rows.neighbour.back() != bond.spin) {
      rows.neighbour.push_back(bond.spin);
      rows.J.push_back(0);
      rows.Jd.emplace_back();
      rows.Jdd.emplace_back();
    }
    rows.J.back() += bond.J;
    rows.Jd.back() = rows.Jd.back() + bond.J * bond.d;
    rows.Jdd.back() = rows.Jdd.back() + bond.J * squares;
  }
  if (rows.neighbour.size() == rows.first.back()) ++rows.isolated;
  rows.first.push_back(rows.neighbour.size());
}

/// Sum over third spins k of the product of two scatterings, into the entries of each pair around k.
void add_dzyaloshinsky_moriya(const physics::SpinModel& model, const Sites& sites, Couplings& rows) {
  const physics::SpinAnisotropy& anisotropy = model.anisotropy;
  rows.D.assign(rows.neighbour.size(), {});
  const double scale = anisotropy.strength * model.coupling.A * model.spin * model.spin;
  const auto bonds = bonds_within(sites, anisotropy.cutoff);
  for (std::size_t k = 0; k < sites.size(); ++k) {
    for (const Bond& to_i : bonds[k]) {
      if (to_i.spin == k) continue;
      for (const Bond& to_j : bonds[k]) {
        if (to_j.spin == k || to_j.spin == to_i.spin) continue;
        const double a = length(to_i.d);
        const double b = length(to_j.d);
        const double c = length(to_i.d - to_j.d);
        if (c > anisotropy.cutoff * (1 + 1e-9)) continue;
        const double size =
            scale * std::sin(model.coupling.k_F * (a + b + c)) * dot(to_i.d, to_j.d) / (a * a * a * b * b * b * c);
        const auto begin = rows.neighbour.begin() + static_cast<std::ptrdiff_t>(rows.first[to_i.spin]);
        const auto end = rows.neighbour.begin() + static_cast<std::ptrdiff_t>(rows.first[to_i.spin + 1]);
        const auto at = std::lower_bound(begin, end, to_j.spin);
        auto& D = rows.D[static_cast<std::size_t>(at - rows.neighbour.begin())];
        D = D + size * cross(to_i.d, to_j.d);
      }
    }
  }
}

double reach(const physics::SpinModel& model, const Sites& sites) {
  return model.coupling.kind == CouplingKind::rkky ? model.coupling.cutoff : sites.nearest * 1.001;
}

}  // namespace

std::vector<std::vector<Bond>> bonds_within(const Sites& sites, double cutoff) {
  // Cells about as wide as half the cutoff, not many more than spins; rows of cells wrap as often as the cutoff reaches
  // around the box.
  std::array<long, 3> cells{1, 1, 1};
  const auto most = static_cast<long>(4 * sites.size() + 64);
  for (std::size_t a = 0; a < 3; ++a)
    cells[a] = std::max(1L, static_cast<long>(std::min(2 * sites.box[a] / cutoff, 1e6)));
  while (cells[0] * cells[1] * cells[2] > most) {
    long& largest = *std::max_element(cells.begin(), cells.end());
    largest = std::max(1L, largest * 3 / 4);
  }
  std::array<long, 3> reach{};
  for (std::size_t a = 0; a < 3; ++a) {
    reach[a] = static_cast<long>(std::ceil(cutoff / sites.box[a] * static_cast<double>(cells[a]) * (1 + 1e-9)));
  }
  const auto cell_of = [&](std::size_t i, std::size_t a) {
    return static_cast<long>(sites.half[i][a]) * cells[a] / static_cast<long>(sites.half_box[a]);
  };
  std::vector<std::vector<std::uint32_t>> members(static_cast<std::size_t>(cells[0] * cells[1] * cells[2]));
  for (std::size_t i = 0; i < sites.size(); ++i) {
    const long c = (cell_of(i, 0) * cells[1] + cell_of(i, 1)) * cells[2] + cell_of(i, 2);
    members[static_cast<std::size_t>(c)].push_back(static_cast<std::uint32_t>(i));
  }
  const auto floor_div = [](long n, long d) { return n >= 0 ? n / d : -((d - 1 - n) / d); };
  // Distances of a lattice that differ do so by far more: a shell at the cutoff is inside, from either end of its bonds.
  const double reach_squared = cutoff * cutoff * (1 + 1e-9);
  std::vector<std::vector<Bond>> bonds(sites.size());
  const auto collect = [&](std::size_t i, const std::array<long, 3>& cell, const std::array<long, 3>& wraps) {
    const long c = (cell[0] * cells[1] + cell[1]) * cells[2] + cell[2];
    for (const std::uint32_t j : members[static_cast<std::size_t>(c)]) {
      Vector3<double> d;
      for (std::size_t a = 0; a < 3; ++a) {
        d[a] = sites.half_constant *
               static_cast<double>(sites.half[j][a] - sites.half[i][a] + wraps[a] * sites.half_box[a]);
      }
      const double squared = dot(d, d);
      if (squared <= reach_squared && squared > 0) bonds[i].push_back({j, 0, d});
    }
  };
  for (std::size_t i = 0; i < sites.size(); ++i) {
    for (long x = cell_of(i, 0) - reach[0]; x <= cell_of(i, 0) + reach[0]; ++x) {
      for (long y = cell_of(i, 1) - reach[1]; y <= cell_of(i, 1) + reach[1]; ++y) {
        for (long z = cell_of(i, 2) - reach[2]; z <= cell_of(i, 2) + reach[2]; ++z) {
          const std::array<long, 3> wraps{floor_div(x, cells[0]), floor_div(y, cells[1]), floor_div(z, cells[2])};
          if (sites.open && wraps != std::array<long, 3>{}) continue;
          if (sites.line && (wraps[1] != 0 || wraps[2] != 0)) continue;
          collect(i, {x - wraps[0] * cells[0], y - wraps[1] * cells[1], z - wraps[2] * cells[2]}, wraps);
        }
      }
    }
    std::sort(bonds[i].begin(), bonds[i].end(), [](const Bond& a, const Bond& b) {
      return a.spin != b.spin ? a.spin < b.spin : a.d.components < b.d.components;
    });
  }
  return bonds;
}

Couplings couple(const physics::SpinModel& model, const Sites& sites, std::uint32_t sample) {
  const bool rkky_kind = model.coupling.kind == CouplingKind::rkky;
  const double cutoff = reach(model, sites);
  auto bonds = bonds_within(sites, cutoff);
  Couplings rows;
  rows.first.push_back(0);
  rows.own_J.assign(sites.size(), 0.0);
  rows.own_Jdd.assign(sites.size(), {});
  for (std::size_t i = 0; i < sites.size(); ++i) {
    for (Bond& bond : bonds[i]) bond.J = coupling_of(model, sample, sites, i, bond);
    append_row(rows, bonds[i], i);
  }
  if (rows.isolated == sites.size()) {
    throw DomainError(fmt::format("none of the {} spins has another within {} m: raise the concentration{}",
                                  sites.size(), cutoff, rkky_kind ? " or the cutoff" : ""));
  }
  if (model.anisotropy.kind == physics::SpinAnisotropyKind::dzyaloshinsky_moriya) {
    add_dzyaloshinsky_moriya(model, sites, rows);
  }
  if (model.anisotropy.kind == physics::SpinAnisotropyKind::single_ion) {
    rows.axial = model.anisotropy.J * model.spin * model.spin;
    const Random random(model.seed, sample, Purpose::axes);
    for (const std::uint64_t site : sites.numbers) rows.axis.push_back(random.direction(site));
  }
  if (rkky_kind) {
    // Beyond the cutoff cos^2 averages to 1/2: 4 pi n A^2/(2 (3 rc^3)) per spin squared.
    double within = 0;
    for (const double J : rows.J) within += J * J;
    const double squared = model.spin * model.spin * model.coupling.A;
    const double density = static_cast<double>(sites.size()) / sites.volume;
    const double beyond = 4 * constants::pi * density * squared * squared / (6 * cutoff * cutoff * cutoff);
    rows.truncated = std::sqrt(beyond / (within / static_cast<double>(sites.size())));
  }
  return rows;
}

Couplings twisted(const physics::SpinModel& model, const Sites& sites, std::uint32_t sample, const Twist& twist) {
  auto bonds = bonds_within(sites, reach(model, sites));
  Couplings rows;
  rows.first.push_back(0);
  rows.own_J.assign(sites.size(), 0.0);
  rows.n[twist.axis] = 1;
  for (std::size_t i = 0; i < sites.size(); ++i) {
    for (Bond& bond : bonds[i]) {
      const double J = coupling_of(model, sample, sites, i, bond);
      const double angle = twist.q * bond.d[twist.direction];
      const double half = std::sin(angle / 2);
      const double turned = 2 * J * half * half;  // J (1 - cos) without cancellation
      // Images of the spin itself: u_i.u_i is 1, and both directions of a bond take out what is odd.
      const bool own = bond.spin == i;
      if (rows.neighbour.size() == rows.first.back() || rows.neighbour.back() != bond.spin) {
        rows.neighbour.push_back(bond.spin);
        rows.J.push_back(0);
        rows.D.emplace_back();
        rows.along.push_back(0);
      }
      if (own) {
        rows.own_J[i] += J - turned;
      } else {
        rows.J.back() += J - turned;
        rows.D.back() = rows.D.back() - J * std::sin(angle) * rows.n;
      }
      rows.along.back() += turned;
    }
    if (rows.neighbour.size() == rows.first.back()) ++rows.isolated;
    rows.first.push_back(rows.neighbour.size());
  }
  return rows;
}

std::vector<std::size_t> clusters(const Couplings& couplings) {
  std::vector<std::size_t> parent(couplings.size());
  std::iota(parent.begin(), parent.end(), std::size_t{0});
  const auto root = [&](std::size_t i) {
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
  };
  for (std::size_t i = 0; i < couplings.size(); ++i) {
    for (std::size_t e = couplings.first[i]; e < couplings.first[i + 1]; ++e) {
      const bool held = couplings.J[e] != 0 || (!couplings.D.empty() && couplings.D[e] != Vector3<double>());
      if (!held) continue;
      const std::size_t a = root(i);
      const std::size_t b = root(couplings.neighbour[e]);
      parent[std::max(a, b)] = std::min(a, b);
    }
  }
  // A root is the first spin of its cluster: clusters are numbered in that order.
  std::vector<std::size_t> number(couplings.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < couplings.size(); ++i) number[i] = root(i) == i ? count++ : number[root(i)];
  return number;
}

Couplings exchange_only(const Couplings& couplings) {
  Couplings copy = couplings;
  copy.D.clear();
  copy.axis.clear();
  copy.axial = 0;
  return copy;
}

}  // namespace vitrispin::atoms
