#include "vitrispin/dynamics/grid/multigrid_stage.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "vitrispin/core/constants.hpp"

namespace vitrispin::dynamics::grid {
namespace {

using Array = RowTable::Array;

GroundBlock ground_at(const RowTable& table, std::size_t i) {
  return {table[Array::ground_pp][i], table[Array::ground_pt][i], table[Array::ground_tt][i],
          table[Array::ground_det][i]};
}

void put_ground(RowTable& table, std::size_t i, const GroundBlock& ground) {
  table[Array::ground_pp][i] = ground.pp;
  table[Array::ground_pt][i] = ground.pt;
  table[Array::ground_tt][i] = ground.tt;
  table[Array::ground_det][i] = ground.det;
}

constexpr double unmerged = std::numeric_limits<double>::infinity();

/// Where the value of a merged cell stands: between its two cells, nearer to the one whose other links and ground are stronger,
/// as that one will not follow the other. Conductances from either to there; infinite for a cell that is not merged.
struct Inside {
  double first = unmerged, second = unmerged;
};
Inside inside_of(double link, double holds_first, double holds_second) {
  if (link == 0) return {0, 0};
  const double both = holds_first + holds_second;
  if (both == 0) return {2 * link, 2 * link};
  return {link * (both / holds_second), link * (both / holds_first)};
}

/// Between merged cells: what is inside each and the link between them, in series.
double link_of_merged(double inside_one, double between, double inside_other) {
  if (between == 0 || inside_one == 0 || inside_other == 0) return 0;
  return 1 / (1 / inside_one + 1 / between + 1 / inside_other);
}

/// Of a merged cell's half beside another merged cell: where it lies between the two, as resistances go. Its ground, which its
/// own merged cell has, holds it back: what leant over against a ground that is much stronger would cost more than either knows.
double leaning_of(double inside, double between, double inside_other, double ground) {
  if (between == 0 || inside_other == 0 || std::isinf(inside)) return 0;
  return 1 / (1 + (inside + ground) * (1 / between + 1 / inside_other));
}

/// Of p or theta with the other one fixed.
double ground_of(const RowTable& table, std::size_t i, std::size_t field) {
  return table[field == 0 ? Array::ground_pp : Array::ground_tt][i];
}

/// All links of cell i but two arrays of them, p or theta.
double other_links(const RowTable& table, std::size_t i, std::size_t field, std::size_t but) {
  double sum = 0;
  for (std::size_t a = Array::x_p + field; a <= Array::z_after_t; a += 2)
    if (a != but) sum += table[a][i];
  return but == Array::x_p + field ? sum : sum + table[Array::x_p + field][i + 1];
}

}  // namespace

Coarsening::Coarsening(const Stage& fine, std::size_t along, Merging merging) : axis(along), begin(std::move(merging)) {
  const std::size_t n = begin.size() - 1;
  for (std::size_t I = 0; I < n; ++I)
    for (std::size_t i = begin[I]; i < begin[I + 1]; ++i) parent.push_back(static_cast<std::uint32_t>(I));
  coarse.count = fine.count;
  coarse.count[axis] = n;
  coarse.periodic = fine.periodic;
  if (axis == 0) {
    coarse.row = fine.row;
    made_of_.resize(fine.tables.size());
    coarse.tables.assign(fine.tables.size(), RowTable(n));
    leaning.resize(fine.tables.size());
    return;
  }
  const std::size_t ny = coarse.count[1], nz = coarse.count[2];
  std::map<MergedRow, std::uint32_t> known;
  const auto fine_row = [&](std::size_t place, std::size_t other) {
    const std::size_t j = axis == 1 ? place : other, k = axis == 1 ? other : place;
    return static_cast<std::int32_t>(fine.row[j + fine.count[1] * k]);
  };
  for (std::size_t k = 0; k < nz; ++k) {
    for (std::size_t j = 0; j < ny; ++j) {
      const std::size_t I = axis == 1 ? j : k, other = axis == 1 ? k : j;
      const auto merged = [&](std::size_t at) { return begin[at + 1] - begin[at] == 2; };
      MergedRow row;
      row.first = fine_row(begin[I], other);
      if (merged(I)) row.second = fine_row(begin[I] + 1, other);
      const std::size_t before = I == 0 ? n - 1 : I - 1, after = I + 1 == n ? 0 : I + 1;
      if (merged(before)) {
        row.before_first = fine_row(begin[before], other);
        row.before_second = fine_row(begin[before] + 1, other);
      }
      if (merged(after)) {
        row.after_first = fine_row(begin[after], other);
        row.after_second = fine_row(begin[after] + 1, other);
      }
      const auto [found, added] = known.try_emplace(row, static_cast<std::uint32_t>(made_of_.size()));
      if (added) made_of_.push_back(row);
      coarse.row.push_back(found->second);
    }
  }
  coarse.tables.assign(made_of_.size(), RowTable(fine.count[0]));
  leaning.resize(made_of_.size());
}

void Coarsening::fill(const Stage& fine) {
  if (axis == 0)
    fill_along_x(fine);
  else
    fill_across(fine);
}

void Coarsening::fill_along_x(const Stage& fine) {
  const std::size_t n = begin.size() - 1;
  for (std::size_t t = 0; t < fine.tables.size(); ++t) {
    const RowTable& from = fine.tables[t];
    RowTable& to = coarse.tables[t];
    std::fill(to.values.begin(), to.values.end(), 0.0);
    for (std::size_t I = 0; I < n; ++I) {
      GroundBlock ground = ground_at(from, begin[I]);
      for (std::size_t i = begin[I]; i < begin[I + 1]; ++i) {
        if (i > begin[I]) ground.add(ground_at(from, i));
        for (std::size_t a = Array::y_before_p; a <= Array::z_after_t; ++a) to[a][I] += from[a][i];
      }
      put_ground(to, I, ground);
    }
    Leaning& lean = leaning[t];
    lean.first_p.assign(fine.count[0], 0.0);
    lean.first_t.assign(fine.count[0], 0.0);
    for (std::size_t field = 0; field < 2; ++field) {
      const double* x = from[field];
      double* coarse_x = to[field];
      const auto inside = [&](std::size_t I) {
        const std::size_t i = begin[I];
        if (begin[I + 1] - i == 1) return Inside{};
        const std::size_t x_link = Array::x_p + field;
        return inside_of(x[i + 1], other_links(from, i, field, x_link) + x[i] + ground_of(from, i, field),
                         other_links(from, i + 1, field, x_link) + x[i + 2] + ground_of(from, i + 1, field));
      };
      // The link below the first cell is that of the period, and stands above the last one too.
      for (std::size_t I = 0; I < n; ++I)
        coarse_x[I] = link_of_merged(inside((I + n - 1) % n).second, x[begin[I]], inside(I).first);
      coarse_x[n] = coarse_x[0];
      std::vector<double>& share = field == 0 ? lean.first_p : lean.first_t;
      for (std::size_t I = 0; I < n; ++I) {
        if (begin[I + 1] - begin[I] == 1) continue;
        const std::size_t i = begin[I];
        share[i] = leaning_of(inside(I).first, x[i], inside((I + n - 1) % n).second, ground_of(from, i, field));
        share[i + 1] = leaning_of(inside(I).second, x[i + 2], inside((I + 1) % n).first, ground_of(from, i + 1, field));
      }
    }
  }
}

void Coarsening::fill_across(const Stage& fine) {
  const std::size_t n = fine.count[0];
  const std::size_t before = axis == 1 ? Array::y_before_p : Array::z_before_p, after = before + 2;
  const std::size_t beside = axis == 1 ? Array::z_before_p : Array::y_before_p;
  for (std::size_t t = 0; t < made_of_.size(); ++t) {
    const MergedRow& row = made_of_[t];
    const auto table = [&](std::int32_t index) { return &fine.tables[static_cast<std::size_t>(index)]; };
    const RowTable& first = *table(row.first);
    const RowTable& last = row.second < 0 ? first : *table(row.second);
    RowTable& to = coarse.tables[t];
    to = first;
    if (row.second >= 0) {
      for (std::size_t i = 0; i <= n; ++i) {
        for (const std::size_t a : {Array::x_p + 0UL, Array::x_t + 0UL, beside, beside + 1, beside + 2, beside + 3})
          to[a][i] += last[a][i];
        GroundBlock ground = ground_at(first, i);
        ground.add(ground_at(last, i));
        put_ground(to, i, ground);
      }
    }
    Leaning& lean = leaning[t];
    for (auto* share : {&lean.first_p, &lean.first_t, &lean.second_p, &lean.second_t}) share->assign(n, 0.0);
    for (std::size_t field = 0; field < 2; ++field) {
      std::vector<double>& lean_first = field == 0 ? lean.first_p : lean.first_t;
      std::vector<double>& lean_second = field == 0 ? lean.second_p : lean.second_t;
      for (std::size_t i = 0; i < n; ++i) {
        const auto inside = [&](std::int32_t one, std::int32_t other) {
          if (other < 0) return Inside{};
          return inside_of((*table(one))[after + field][i],
                           other_links(*table(one), i, field, after + field) + ground_of(*table(one), i, field),
                           other_links(*table(other), i, field, before + field) + ground_of(*table(other), i, field));
        };
        const Inside own = inside(row.first, row.second), previous = inside(row.before_first, row.before_second),
                     next = inside(row.after_first, row.after_second);
        const double down = first[before + field][i], up = last[after + field][i];
        to[before + field][i] = link_of_merged(previous.second, down, own.first);
        to[after + field][i] = link_of_merged(own.second, up, next.first);
        lean_first[i] = leaning_of(own.first, down, previous.second, ground_of(first, i, field));
        lean_second[i] = leaning_of(own.second, up, next.first, ground_of(last, i, field));
      }
    }
  }
}

namespace {

/// Widths that are equal but for rounding count as one, so that rows of an even grid share their table.
std::vector<std::int32_t> width_classes(const Axis& axis) {
  std::vector<double> kinds;
  std::vector<std::int32_t> classes;
  const double extent = std::max(std::fabs(axis.faces.front()), std::fabs(axis.faces.back()));
  for (std::size_t i = 0; i < axis.cells(); ++i) {
    const double width = axis.width(i);
    const auto same = [&](double kind) { return std::fabs(kind - width) <= 1e-15 * extent; };
    const auto found = std::find_if(kinds.begin(), kinds.end(), same);
    classes.push_back(static_cast<std::int32_t>(found - kinds.begin()));
    if (found == kinds.end()) kinds.push_back(width);
  }
  return classes;
}

}  // namespace

FineStage::FineStage(const Grid& whole) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    stage.count[axis] = whole.count(axis);
    stage.periodic[axis] = whole.periodic(axis) && whole.count(axis) > 1;
  }
  const auto [nx, ny, nz] = stage.count;
  const std::size_t rows = ny * nz;
  std::map<std::vector<std::uint16_t>, std::int32_t> contents;
  std::vector<std::int32_t> content(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::uint16_t* cells = whole.domain() + nx * row;
    const auto size = static_cast<std::int32_t>(contents.size());
    content[row] = contents.try_emplace({cells, cells + nx}, size).first->second;
  }
  outer_rows_.assign(rows + 1, 0);
  for (const OuterFace& face : whole.outer_faces()) ++outer_rows_[face.cell / nx + 1];
  for (std::size_t row = 0; row < rows; ++row) outer_rows_[row + 1] += outer_rows_[row];
  const std::array<std::vector<std::int32_t>, 3> classes{width_classes(whole.problem().axes[0]),
                                                         width_classes(whole.problem().axes[1]),
                                                         width_classes(whole.problem().axes[2])};
  std::map<std::vector<std::int32_t>, std::uint32_t> known;
  for (std::size_t k = 0; k < nz; ++k) {
    for (std::size_t j = 0; j < ny; ++j) {
      const std::size_t row = j + ny * k;
      std::vector<std::int32_t> key{content[row]};
      const auto add = [&](std::size_t axis, std::size_t at, std::size_t n, bool after, std::size_t other) {
        const bool open = after ? at + 1 < n || stage.periodic[axis] : at > 0 || stage.periodic[axis];
        key.push_back(open ? content[other] : -1);
        key.push_back(open ? classes[axis][after ? (at + 1) % n : (at + n - 1) % n] : -1);
      };
      add(1, j, ny, false, (j + ny - 1) % ny + ny * k);
      add(1, j, ny, true, (j + 1) % ny + ny * k);
      add(2, k, nz, false, j + ny * ((k + nz - 1) % nz));
      add(2, k, nz, true, j + ny * ((k + 1) % nz));
      key.push_back(classes[1][j]);
      key.push_back(classes[2][k]);
      for (std::size_t f = outer_rows_[row]; f < outer_rows_[row + 1]; ++f) {
        key.push_back(static_cast<std::int32_t>(whole.outer_faces()[f].cell % nx));
        key.push_back(whole.outer_faces()[f].boundary);
      }
      const auto [found, added] = known.try_emplace(std::move(key), static_cast<std::uint32_t>(example_.size()));
      if (added) example_.push_back(row);
      stage.row.push_back(found->second);
    }
  }
  stage.tables.assign(example_.size(), RowTable(nx));
}

void FineStage::fill(const Grid& whole, const HelmholtzSystem& system) {
  // No axis is without cells, which the analyser does not know.
  const std::size_t nx = std::max<std::size_t>(stage.count[0], 1), ny = std::max<std::size_t>(stage.count[1], 1);
  const double inverse_mu0 = 1 / constants::vacuum_permeability;
  for (std::size_t t = 0; t < example_.size(); ++t) {
    RowTable& table = stage.tables[t];
    std::fill(table.values.begin(), table.values.end(), 0.0);
    const std::size_t row = example_[t], j = row % ny, k = row / ny;
    const std::uint16_t* domain = whole.domain() + nx * row;
    const double wy = whole.width(1, static_cast<std::ptrdiff_t>(j)),
                 wz = whole.width(2, static_cast<std::ptrdiff_t>(k));
    const auto put = [&](std::size_t array, std::size_t i, const Link& link, double area) {
      table[array][i] = system.w * area * link.m;
      table[array + 1][i] = inverse_mu0 * area * link.twist;
    };
    for (std::size_t i = 0; i <= nx; ++i) {
      if ((i == 0 || i == nx) && !stage.periodic[0]) continue;
      put(Array::x_p, i, whole.link(0, i, domain[i == 0 ? nx - 1 : i - 1], domain[i == nx ? 0 : i]), wy * wz);
    }
    const auto beside = [&](std::size_t axis, std::size_t at, bool after, std::size_t array) {
      const std::size_t n = stage.count[axis];
      if (!stage.periodic[axis] && (after ? at + 1 == n : at == 0)) return;
      const std::size_t other = after ? (at + 1) % n : (at + n - 1) % n;
      const std::uint16_t* there = whole.domain() + nx * (axis == 1 ? other + ny * k : j + ny * other);
      for (std::size_t i = 0; i < nx; ++i) {
        const double area = whole.width(0, static_cast<std::ptrdiff_t>(i)) * (axis == 1 ? wz : wy);
        put(array, i, after ? whole.link(axis, at + 1, domain[i], there[i]) : whole.link(axis, at, there[i], domain[i]),
            area);
      }
    };
    beside(1, j, false, Array::y_before_p);
    beside(1, j, true, Array::y_after_p);
    beside(2, k, false, Array::z_before_p);
    beside(2, k, true, Array::z_after_p);
    for (std::size_t i = 0; i < nx; ++i) {
      if (domain[i] == vacuum) continue;
      const LocalBlock& local = system.domains[domain[i]];
      const double V = whole.volume(i, j, k), through = local.joint * local.ratio * local.ratio;
      if (local.joint == 0) {
        put_ground(table, i, {V * local.p_ground, 0, 0, 0});
        continue;
      }
      put_ground(
          table, i,
          {V * (local.p_ground + through), V * (local.joint * local.ratio), V * (local.theta_ground + local.joint),
           V * V * (local.p_ground * (local.theta_ground + local.joint) + through * local.theta_ground)});
    }
    const bool own = system.outer_twist.size() == whole.outer_faces().size();  // else this rank knows of its slab's
    for (std::size_t f = outer_rows_[row]; f < outer_rows_[row + 1]; ++f) {
      const OuterFace& face = whole.outer_faces()[f];
      const std::size_t i = face.cell % nx;
      const double leak = system.w * face.area * face.conductance;
      const double clamp = face.area * (own ? system.outer_twist[f] : inverse_mu0 * face.twist_clamp);
      GroundBlock ground = ground_at(table, i);
      ground.add({leak, 0, clamp, leak * clamp});
      put_ground(table, i, ground);
    }
  }
}

namespace {

/// Whether a face of an axis parts materials over most of it.
std::vector<char> parting_faces(const Grid& whole, std::size_t axis) {
  const std::size_t n = whole.count(axis);
  std::vector<std::size_t> changes(n + 1, 0), all(n + 1, 0);
  for (std::size_t cell = 0; cell < whole.cells(); ++cell) {
    const std::size_t at = cell / whole.stride(axis) % n;
    if (at == 0) continue;
    const std::uint16_t here = whole.domain()[cell], before = whole.domain()[cell - whole.stride(axis)];
    if (here == vacuum && before == vacuum) continue;
    ++all[at];
    if (here != before) ++changes[at];
  }
  std::vector<char> parting(n + 1, 0);
  for (std::size_t i = 0; i <= n; ++i) parting[i] = 4 * changes[i] > all[i];
  return parting;
}

struct MergedAxis {
  std::vector<double> widths;
  std::vector<char> parting;  ///< the face below each cell

  Merging merge(double widest, bool over_parting) {
    Merging begin{0};
    std::vector<double> merged;
    std::vector<char> below;
    for (std::size_t i = 0; i < widths.size();) {
      const double limit = over_parting || i + 1 == widths.size() || !parting[i + 1] ? 0.71 * widest : 0.355 * widest;
      const bool pair = i + 1 < widths.size() && std::max(widths[i], widths[i + 1]) <= limit;
      below.push_back(parting[i]);
      merged.push_back(pair ? widths[i] + widths[i + 1] : widths[i]);
      i += pair ? 2 : 1;
      begin.push_back(i);
    }
    if (merged.size() == widths.size()) return {};
    widths = merged;
    parting = below;
    return begin;
  }
};

}  // namespace

std::vector<std::array<Merging, 3>> merging_plan(const Grid& whole, std::size_t few) {
  std::array<MergedAxis, 3> axes;
  double widest = 0;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    for (std::size_t i = 0; i < whole.count(axis); ++i) {
      axes[axis].widths.push_back(whole.width(axis, static_cast<std::ptrdiff_t>(i)));
      if (whole.count(axis) > 1) widest = widest == 0 ? axes[axis].widths[i] : std::min(widest, axes[axis].widths[i]);
    }
    axes[axis].parting = parting_faces(whole, axis);
  }
  const auto cells = [&] { return axes[0].widths.size() * axes[1].widths.size() * axes[2].widths.size(); };
  const auto can_merge = [&](bool over_parting) {
    return std::any_of(axes.begin(), axes.end(), [&](const MergedAxis& axis) {
      for (std::size_t i = 1; i < axis.widths.size(); ++i)
        if (over_parting || !axis.parting[i]) return true;
      return false;
    });
  };
  std::vector<std::array<Merging, 3>> plan;
  while (cells() > few) {
    const bool over_parting = !can_merge(false);
    widest *= 2;
    std::array<Merging, 3> merging;
    bool any = false;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      merging[axis] = axes[axis].merge(widest, over_parting);
      any = any || !merging[axis].empty();
    }
    if (any) plan.push_back(std::move(merging));
  }
  return plan;
}

}  // namespace vitrispin::dynamics::grid
