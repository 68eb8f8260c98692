#include "vitrispin/dynamics/ledger.hpp"

#include <algorithm>
#include <cmath>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/dynamics/equations.hpp"

namespace vitrispin::dynamics {

using constants::vacuum_permeability;

namespace {

/// Neumaier's compensated sum: the ledger compares sums over many cells to a few roundings.
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

double square(double x) {
  return x * x;
}

}  // namespace

DissipatedPower& DissipatedPower::add(double weight, const DissipatedPower& other) {
  M_to_lattice += weight * other.M_to_lattice;
  m_to_lattice += weight * other.m_to_lattice;
  exchange += weight * other.exchange;
  diffusion += weight * other.diffusion;
  damping += weight * other.damping;
  interfaces += weight * other.interfaces;
  contacts += weight * other.contacts;
  mixing += weight * other.mixing;
  return *this;
}

double free_energy(const Line& line, const Forcing& forcing, const Fields<double>& state) {
  Sum sum;
  for (std::size_t s = 0; s < line.segments().size(); ++s) {
    const Segment& segment = line.segments()[s];
    const double inverse_chi_m = 1 / segment.material.accumulation_susceptibility;
    const bool texture = segment.material.has_texture();
    const double inverse_chi_M = texture ? 1 / segment.material.equilibrium_susceptibility : 0;
    const double K = forcing.anisotropy[s];
    for (std::size_t k = 0; k < 3; ++k) {
      const double *M = state.M(k), *m = state.m(k), *theta = state.theta(k);
      const double* field = forcing.field[k].empty() ? nullptr : forcing.field[k].data();
      for (std::size_t i = segment.begin; i < segment.end; ++i) {
        double magnetic = 0.5 * inverse_chi_m * m[i] * m[i] + inverse_chi_M * (0.5 * M[i] + m[i]) * M[i];
        if (field != nullptr) magnetic -= (M[i] + m[i]) * field[i];
        sum.add(segment.width * (vacuum_permeability * magnetic + 0.5 * K * square(theta[i])));
      }
    }
  }
  for (std::size_t k = 0; k < 3; ++k) {
    const double* theta = state.theta(k);
    for (std::size_t i = 0; i + 1 < line.nodes(); ++i) {
      sum.add(0.5 * line.twist_links()[i] * square(theta[i + 1] - theta[i]));
    }
    for (const OuterFace* face : {&line.left(), &line.right()}) {
      sum.add(0.5 * face->twist_clamp * square(theta[face->cell]));
    }
  }
  return sum.value();
}

namespace {

void add_links(const Line& line, const Fields<double>& state, const Potentials<double>& potentials, std::size_t k,
               DissipatedPower& power) {
  const double* p = potentials.p(k);
  const auto lost_in = [&](std::size_t i) { return line.m_links()[i] * square(p[i + 1] - p[i]); };
  double diffusion = 0;
  std::size_t next = 0;
  for (const InterfaceShare& face : line.interface_shares()) {  // in the order of the links
    for (; next < face.link; ++next) diffusion += lost_in(next);
    const double total = lost_in(next++);
    diffusion += std::max(0.0, 1 - face.share) * total;
    power.interfaces += vacuum_permeability * face.share * total;
  }
  for (; next + 1 < line.nodes(); ++next) diffusion += lost_in(next);
  power.diffusion += vacuum_permeability * diffusion;
  for (const ContactNode& contact : line.contacts()) {
    const std::size_t i = contact.node;
    const double* theta = state.theta(k);
    double pull = 0;
    if (i + 1 < line.nodes()) pull += line.twist_links()[i] * (theta[i + 1] - theta[i]);
    if (i > 0) pull += line.twist_links()[i - 1] * (theta[i - 1] - theta[i]);
    power.mixing += square(pull) / contact.beta;
  }
}

void add_outer_face(const OuterFace& face, const Vector3<double>& current, const Vector3<double>& h_c, std::size_t k,
                    double p, DissipatedPower& power) {
  if (face.takes_current) power.diffusion += vacuum_permeability * square(current[k]) / face.half_cell;
  if (face.conductance == 0) return;
  const double out = face.conductance * (p + h_c[k]);
  power.diffusion += vacuum_permeability * square(out) / face.half_cell;
  power.contacts += vacuum_permeability * square(out) / face.contact;  // 0 if perfect
}

}  // namespace

DissipatedPower dissipated_power(const Line& line, const Forcing& forcing, const Fields<double>& state,
                                 const Potentials<double>& potentials) {
  DissipatedPower power;
  const auto& twist = line.twist_links();
  for (std::size_t s = 0; s < line.segments().size(); ++s) {
    const Segment& segment = line.segments()[s];
    const auto& material = segment.material;
    const auto rates = physics::relaxation_rates(material);
    const bool texture = material.has_texture();
    const double K = forcing.anisotropy[s];
    double H_star = 0, h_star = 0, difference = 0, torques = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      const double *P = potentials.P(k), *p = potentials.p(k), *theta = state.theta(k);
      for (std::size_t i = segment.begin; i < segment.end; ++i) h_star += square(p[i]);
      if (!texture) continue;
      for (std::size_t i = segment.begin; i < segment.end; ++i) {
        H_star += square(P[i]);
        difference += square(P[i] - p[i]);
        double pull = 0;
        if (i + 1 < line.nodes()) pull += twist[i] * (theta[i + 1] - theta[i]);
        if (i > 0) pull += twist[i - 1] * (theta[i - 1] - theta[i]);
        for (const OuterFace* face : {&line.left(), &line.right()}) {
          if (face->cell == i) pull += face->torque[k] - face->twist_clamp * theta[i];
        }
        torques += square(pull / segment.width - K * theta[i]);
      }
    }
    const double scale = vacuum_permeability * segment.width;
    power.m_to_lattice += scale * material.accumulation_susceptibility * rates.m_to_lattice * h_star;
    if (!texture) continue;
    power.M_to_lattice += scale * material.equilibrium_susceptibility * rates.M_to_lattice * H_star;
    power.exchange += scale * material.equilibrium_susceptibility * rates.M_from_m * difference;
    power.damping += segment.width * material.damping * material.gyromagnetic_ratio * torques;
  }
  for (std::size_t k = 0; k < 3; ++k) {
    add_links(line, state, potentials, k, power);
    add_outer_face(line.left(), forcing.left_current, forcing.left_potential, k, potentials.p(k)[line.left().cell],
                   power);
    add_outer_face(line.right(), forcing.right_current, forcing.right_potential, k, potentials.p(k)[line.right().cell],
                   power);
  }
  return power;
}

double boundary_power(const Line& line, const Forcing& forcing, const Fields<double>& state,
                      const Potentials<double>& potentials, const Fields<double>& rates) {
  double power = 0;
  const auto face_power = [&](const OuterFace& face, const Vector3<double>& current, const Vector3<double>& h_c,
                              std::size_t k) {
    const double p = potentials.p(k)[face.cell];
    if (face.takes_current) power += vacuum_permeability * current[k] * (p + current[k] / face.half_cell);
    double out = face.conductance * (p + h_c[k]);
    if (face.mixing != OuterFace::none) {
      const double* theta = state.theta(k);
      const auto& contact = line.contacts()[face.mixing == 0 ? 0 : line.contacts().size() - 1];
      const double stiffness = line.twist_links()[face.mixing == 0 ? 0 : face.mixing - 1];
      out += contact.gamma * stiffness * (theta[face.mixing] - theta[face.cell]);
    }
    power += vacuum_permeability * h_c[k] * out;
    power += face.torque[k] * rates.theta(k)[face.cell];
  };
  for (std::size_t k = 0; k < 3; ++k) {
    face_power(line.left(), forcing.left_current, forcing.left_potential, k);
    face_power(line.right(), forcing.right_current, forcing.right_potential, k);
  }
  return power;
}

double field_work(const Line& line, const Fields<double>& state, const std::array<std::vector<double>, 3>& change) {
  double work = 0;
  for (const Segment& segment : line.segments()) {
    double sum = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      if (change[k].empty()) continue;
      for (std::size_t i = segment.begin; i < segment.end; ++i) sum += (state.M(k)[i] + state.m(k)[i]) * change[k][i];
    }
    work -= vacuum_permeability * segment.width * sum;
  }
  return work;
}

double squared_twist(const Line& line, std::size_t s, const Fields<double>& state) {
  const Segment& segment = line.segments()[s];
  double sum = 0;
  for (std::size_t k = 0; k < 3; ++k) {
    for (std::size_t i = segment.begin; i < segment.end; ++i) sum += square(state.theta(k)[i]);
  }
  return segment.width * sum;
}

}  // namespace vitrispin::dynamics
