#include "vitrispin/dynamics/ledger.hpp"

#include <algorithm>
#include <cmath>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/core/vectorised.hpp"
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
    const bool pair = segment.material.has_equilibrium_magnetization();
    const double inverse_chi_M = pair ? 1 / segment.material.equilibrium_susceptibility : 0;
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

/// Sum of links times squared differences of neighbours.
VITRISPIN_VECTORISED double link_squares(std::size_t links, const double* __restrict link, const double* __restrict p) {
  double sum[8] = {};
  std::size_t i = 0;
  for (; i + 8 <= links; i += 8) {
    for (std::size_t j = 0; j < 8; ++j) {
      const double difference = p[i + j + 1] - p[i + j];
      sum[j] += link[i + j] * (difference * difference);
    }
  }
  for (; i < links; ++i) {
    const double difference = p[i + 1] - p[i];
    sum[0] += link[i] * (difference * difference);
  }
  return ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
}

void add_links(const Line& line, const Fields<double>& state, const Potentials<double>& potentials, std::size_t k,
               DissipatedPower& power) {
  const double* p = potentials.p(k);
  const double* links = line.m_links().data();
  double diffusion = 0;
  std::size_t next = 0;
  for (const InterfaceShare& face : line.interface_shares()) {  // in the order of the links
    diffusion += link_squares(face.link - next, links + next, p + next);
    next = face.link + 1;
    const double total = links[face.link] * square(p[next] - p[face.link]);
    diffusion += std::max(0.0, 1 - face.share) * total;
    power.interfaces += vacuum_permeability * face.share * total;
  }
  diffusion += link_squares(line.nodes() - 1 - next, links + next, p + next);
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

namespace {

/// Sums of squares over cells: P = -H*, p = -h*, P - p, and the torque Gamma'.
struct Squares {
  double P = 0, p = 0, difference = 0, torque = 0;
  void add(double P_, double p_, double torque_) {
    P += square(P_);
    p += square(p_);
    difference += square(P_ - p_);
    torque += square(torque_);
  }
};

/// The same for cells that have a neighbour at either side. Eight running sums, in the same order on every machine.
VITRISPIN_VECTORISED void add_squares(std::size_t n, double inverse_width, double K, const double* __restrict P,
                                      const double* __restrict p, const double* __restrict theta,
                                      const double* __restrict twist, double* __restrict sums) {
  double a[8] = {}, b[8] = {}, c[8] = {}, d[8] = {};
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    for (std::size_t j = 0; j < 8; ++j) {
      const double x = P[i + j], y = p[i + j], z = x - y, centre = theta[i + j];
      const double pull =
          twist[i + j] * (theta[i + j + 1] - centre) + (twist - 1)[i + j] * ((theta - 1)[i + j] - centre);
      const double torque = pull * inverse_width - K * centre;
      a[j] += x * x;
      b[j] += y * y;
      c[j] += z * z;
      d[j] += torque * torque;
    }
  }
  for (; i < n; ++i) {
    const double x = P[i], y = p[i], z = x - y, centre = theta[i];
    const double pull = twist[i] * (theta[i + 1] - centre) + (twist - 1)[i] * ((theta - 1)[i] - centre);
    const double torque = pull * inverse_width - K * centre;
    a[0] += x * x;
    b[0] += y * y;
    c[0] += z * z;
    d[0] += torque * torque;
  }
  for (std::size_t j = 0; j < 8; ++j) {
    sums[0] += a[j];
    sums[1] += b[j];
    sums[2] += c[j];
    sums[3] += d[j];
  }
}

/// Of one component, over the cells of a segment.
Squares squares_of(const Line& line, const Segment& segment, double K, std::size_t k, const double* P, const double* p,
                   const double* theta) {
  const double* twist = line.twist_links().data();
  Squares sum;
  const auto one_cell = [&](std::size_t i) {
    double pull = 0;
    if (i + 1 < line.nodes()) pull += twist[i] * (theta[i + 1] - theta[i]);
    if (i > 0) pull += twist[i - 1] * (theta[i - 1] - theta[i]);
    for (const OuterFace* face : {&line.left(), &line.right()}) {
      if (face->cell == i) pull += face->torque[k] - face->twist_clamp * theta[i];
    }
    sum.add(P[i], p[i], pull / segment.width - K * theta[i]);
  };
  const std::size_t b = segment.begin, e = segment.end;
  one_cell(b);
  if (e - b > 1) one_cell(e - 1);
  if (e - b > 2) {
    double inner[4] = {};
    add_squares(e - b - 2, 1 / segment.width, K, P + b + 1, p + b + 1, theta + b + 1, twist + b + 1, inner);
    sum.P += inner[0];
    sum.p += inner[1];
    sum.difference += inner[2];
    sum.torque += inner[3];
  }
  return sum;
}

}  // namespace

DissipatedPower dissipated_power(const Line& line, const Forcing& forcing, const Fields<double>& state,
                                 const Potentials<double>& potentials) {
  DissipatedPower power;
  for (std::size_t s = 0; s < line.segments().size(); ++s) {
    const Segment& segment = line.segments()[s];
    const auto& material = segment.material;
    const auto rates = physics::relaxation_rates(material);
    Squares sum;
    for (std::size_t k = 0; k < 3; ++k) {
      const Squares of =
          squares_of(line, segment, forcing.anisotropy[s], k, potentials.P(k), potentials.p(k), state.theta(k));
      sum.P += of.P;
      sum.p += of.p;
      sum.difference += of.difference;
      sum.torque += of.torque;
    }
    const double scale = vacuum_permeability * segment.width;
    power.m_to_lattice += scale * material.accumulation_susceptibility * rates.m_to_lattice * sum.p;
    if (!material.has_equilibrium_magnetization()) continue;
    power.M_to_lattice += scale * material.equilibrium_susceptibility * rates.M_to_lattice * sum.P;
    power.exchange += scale * material.equilibrium_susceptibility * rates.M_from_m * sum.difference;
    power.damping += segment.width * material.damping * material.gyromagnetic_ratio * sum.torque;
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

void add_heat(double weight, const Line& line, const Forcing& forcing, const Fields<double>& state,
              const Potentials<double>& potentials, double* heat) {
  constexpr double mu0 = vacuum_permeability;
  std::vector<double> width(line.nodes(), 0.0);  // 0: a contact node
  const double* twist = line.twist_links().data();
  for (std::size_t s = 0; s < line.segments().size(); ++s) {
    const Segment& segment = line.segments()[s];
    const auto& material = segment.material;
    const auto rates = physics::relaxation_rates(material);
    const bool pair = material.has_equilibrium_magnetization();
    const double of_m = mu0 * material.accumulation_susceptibility * rates.m_to_lattice;
    const double of_M = pair ? mu0 * material.equilibrium_susceptibility * rates.M_to_lattice : 0;
    const double exchange = pair ? mu0 * material.equilibrium_susceptibility * rates.M_from_m : 0;
    const double damping = material.has_texture() ? material.damping * material.gyromagnetic_ratio : 0;
    for (std::size_t i = segment.begin; i < segment.end; ++i) {
      width[i] = segment.width;
      double sum = 0;
      for (std::size_t k = 0; k < 3; ++k) {
        const double P = potentials.P(k)[i], p = potentials.p(k)[i];
        const double* theta = state.theta(k);
        double pull = 0;
        if (i + 1 < line.nodes()) pull += twist[i] * (theta[i + 1] - theta[i]);
        if (i > 0) pull += twist[i - 1] * (theta[i - 1] - theta[i]);
        for (const OuterFace* face : {&line.left(), &line.right()}) {
          if (face->cell == i) pull += face->torque[k] - face->twist_clamp * theta[i];
        }
        sum += of_m * square(p) + of_M * square(P) + exchange * square(P - p) +
               damping * square(pull / segment.width - forcing.anisotropy[s] * theta[i]);
      }
      heat[i] += weight * sum;
    }
  }
  const auto give = [&](std::size_t i, double energy) { heat[i] += weight * energy / width[i]; };
  const auto share = [&](std::size_t i, std::size_t j, double energy) {
    const bool both = width[i] > 0 && width[j] > 0;
    if (width[i] > 0) give(i, both ? energy / 2 : energy);
    if (width[j] > 0) give(j, both ? energy / 2 : energy);
  };
  for (std::size_t k = 0; k < 3; ++k) {
    const double *p = potentials.p(k), *theta = state.theta(k);
    for (std::size_t i = 0; i + 1 < line.nodes(); ++i)
      share(i, i + 1, mu0 * line.m_links()[i] * square(p[i + 1] - p[i]));
    for (const ContactNode& contact : line.contacts()) {
      const std::size_t i = contact.node;
      const bool after = i + 1 < line.nodes();
      double pull = 0;
      if (after) pull += twist[i] * (theta[i + 1] - theta[i]);
      if (i > 0) pull += twist[i - 1] * (theta[i - 1] - theta[i]);
      share(i > 0 ? i - 1 : i, after ? i + 1 : i, square(pull) / contact.beta);
    }
    const auto outer = [&](const OuterFace& face, const Vector3<double>& current, const Vector3<double>& h_c) {
      if (face.takes_current) give(face.cell, mu0 * square(current[k]) / face.half_cell);
      if (face.conductance != 0) give(face.cell, mu0 * face.conductance * square(p[face.cell] + h_c[k]));
    };
    outer(line.left(), forcing.left_current, forcing.left_potential);
    outer(line.right(), forcing.right_current, forcing.right_potential);
  }
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
