#pragma once

#include <cmath>
#include <cstddef>

#include "vitrispin/film/batch_job.hpp"
#include "vitrispin/film/batch_layer.hpp"

namespace vitrispin::film {

/// One block of lanes, from parameters to transmissions.
template <class Machine>
class BlockSolver {
  using L = Lanes<Machine>;
  using C = Cartesian<L>;

public:
  explicit BlockSolver(const BatchJob& job) : job_(job) {
    if (job.one_stack) {
      for (std::size_t i = 0; i < job.count; ++i) derived_[i] = derive(i, 0, 1);
    }
  }

  /// Solves points [begin, begin + used); lanes beyond repeat the last. Returns one bit per lane that is not to be trusted.
  unsigned solve(std::size_t begin, std::size_t used) {
    begin_ = begin;
    used_ = used;
    trusted_ = L::all(0.0) <= L::all(0.0);
    const L omega = load(job_.omega);
    LoadLanes<Machine> beyond = right_load(omega);
    right_ = beyond;
    for (std::size_t i = job_.count; i-- > 0;) {
      if (!job_.one_stack) derived_[i] = derive(i, begin, used);
      layers_[i].set(derived_[i], omega, trusted_);
      const bool outer = i + 1 == job_.count;
      beyond = layers_[i].through(beyond, outer && job_.right_perfect, outer && job_.right_clamped);
      if (i > 0) beyond = across(i, omega, beyond);
    }
    return enter(beyond);
  }

private:
  L load(const Column& column) const { return gather(column, begin_, used_); }

  static L gather(const Column& column, std::size_t begin, std::size_t used) {
    if (column.values == nullptr) return L::all(column.uniform);
    L lanes{};
    for (std::size_t n = 0; n < Machine::width; ++n) {
      lanes.value[n] = column.values[begin + (n < used ? n : used - 1)];
    }
    return lanes;
  }

  DerivedLanes<Machine> derive(std::size_t i, std::size_t begin, std::size_t used) const {
    const LayerColumns& columns = job_.layers[i];
    return derive_layer<Machine>(columns, gather(job_.H, begin, used), job_.sigma,
                                 [&](const Column& column) { return gather(column, begin, used); });
  }

  LoadLanes<Machine> right_load(L omega) {
    LoadLanes<Machine> load_lanes{};
    if (!job_.right_perfect) load_lanes.m_ground.re = load(job_.right_conductance);
    const LayerColumns& last = job_.layers[job_.count - 1];
    if (last.kind == physics::MaterialKind::spin_glass && job_.right_mixing.present) {
      const L gamma = load(last.gamma);
      const L mixing = mixing_factor * (load(job_.right_mixing.column) * gamma);
      load_lanes.twist_ground.im = -(omega * mixing);  // turn G = -i omega gamma beta
    }
    return load_lanes;
  }

  /// As JunctionStep, for the interface to the left of layer i.
  LoadLanes<Machine> across(std::size_t i, L omega, const LoadLanes<Machine>& beyond) {
    const BatchJob::Joint& joint = job_.joints[i - 1];
    const bool left_glass = layers_[i - 1].glass(job_.layers[i - 1]);
    const bool right_glass = layers_[i].glass(job_.layers[i]);
    JointLanes<Machine>& lanes = joints_[i - 1];
    lanes.conductance = joint.transparent ? L::all(0.0) : load(joint.conductance);
    lanes.G = L::all(0.0);
    const std::size_t textured = left_glass ? i - 1 : i;
    lanes.rate = omega * L::all(0.0);
    if (left_glass || right_glass) {
      const L gamma = load(job_.layers[textured].gamma);
      lanes.rate = omega / (constants::vacuum_permeability * gamma);
      if (left_glass != right_glass && joint.mixing.present) {
        lanes.G = (mixing_factor * constants::vacuum_permeability) * (gamma * gamma * load(joint.mixing.column));
      }
      if (left_glass && right_glass) {
        const L other = load(job_.layers[i].gamma);
        trusted_ = trusted_ & (modulus(gamma - other) <= L::all(0.0));  // theirs is another formula
      }
    }
    return lanes.through(beyond, joint.transparent, left_glass, right_glass);
  }

  /// Unit current into the film; then the potentials from face to face.
  unsigned enter(const LoadLanes<Machine>& film) {
    const bool glass = layers_[0].glass(job_.layers[0]);
    PotentialLanes<Machine> u{};
    if (glass) {
      const NodeLanes<Machine> nodes(film, layers_[0].rate());
      u = {nodes.mm, nodes.tm};
    } else {
      u.p = reciprocal(film.m_ground);
    }
    PotentialLanes<Machine> before{};
    for (std::size_t i = 0; i < job_.count; ++i) {
      before = u;
      u = layers_[i].cross(u);
      if (i + 1 < job_.count) {
        u = joints_[i].cross(u, job_.joints[i].transparent, layers_[i].glass(job_.layers[i]),
                             layers_[i + 1].glass(job_.layers[i + 1]));
      }
    }
    return leave(before, u);
  }

  unsigned leave(const PotentialLanes<Machine>& before, const PotentialLanes<Machine>& u) {
    const auto& last = layers_[job_.count - 1];
    const bool glass = last.glass(job_.layers[job_.count - 1]);
    const C j = job_.right_perfect ? last.current_into_sink(before, u) : right_.m_ground * u.p;
    C twist{};
    if (glass) twist = job_.right_clamped ? last.twist_into_clamp(before, u) : right_.twist_ground * u.chi;
    for (std::size_t n = 0; n < used_; ++n) {
      job_.m[begin_ + n] = {j.re.value[n], j.im.value[n]};
      job_.theta[begin_ + n] = {twist.re.value[n], twist.im.value[n]};
    }
    const L sum = modulus(j.re) + modulus(j.im) + modulus(twist.re) + modulus(twist.im);
    return ~bits(trusted_ & (sum <= L::all(1e300))) & ((1u << used_) - 1u);  // NaN fails the comparison too
  }

  const BatchJob& job_;
  std::size_t begin_ = 0, used_ = 1;
  LaneMask<Machine> trusted_{};
  LoadLanes<Machine> right_;
  DerivedLanes<Machine> derived_[BatchJob::most_layers];
  LayerLanes<Machine> layers_[BatchJob::most_layers];
  JointLanes<Machine> joints_[BatchJob::most_layers];
};

/// Solves points [begin, end) and appends those that need the scalar solver to `doubtful`.
template <class Machine>
void solve_points(const BatchJob& job, std::size_t begin, std::size_t end, std::vector<std::size_t>& doubtful) {
  BlockSolver<Machine> solver(job);
  for (std::size_t point = begin; point < end; point += Machine::width) {
    const std::size_t used = end - point < Machine::width ? end - point : Machine::width;
    unsigned bad = solver.solve(point, used);
    for (std::size_t n = 0; bad != 0; ++n, bad >>= 1) {
      if ((bad & 1u) != 0) doubtful.push_back(point + n);
    }
  }
}

}  // namespace vitrispin::film
