#include "vitrispin/film/layer_equation.hpp"

namespace vitrispin::film {
namespace {

using physics::Material;
using physics::MaterialKind;

/// x y/(x + y), the conductance of two in series; 0 if both vanish.
Complex in_series(const Complex& x, const Complex& y) {
  const Complex sum = x + y;
  return sum == 0.0 ? Complex(0) : x * (y / sum);
}

void eliminate_M(LayerEquation& layer, const Material<double>& material, double rotation, const Complex& s) {
  const auto rates = physics::relaxation_rates(material);
  const double mu0 = constants::vacuum_permeability;
  const double a = rates.M_to_lattice;
  const double b = rates.m_to_lattice;
  layer.has_M = true;
  const double d = rates.m_from_M;
  const double xi = material.susceptibility_ratio();
  const double one_minus_xi = (material.equilibrium_susceptibility - material.accumulation_susceptibility) /
                              material.equilibrium_susceptibility;
  const Complex P = s / one_minus_xi + d;
  const Complex lattice(a, -rotation);
  const Complex Z = s + lattice;
  const Complex Q = Z + xi * P;
  layer.m_relaxation = layer.chi_m * b;
  layer.m_exchange_rate = s + one_minus_xi * d;
  if (!material.has_texture()) {  // a ferromagnet: Q dM = P dm
    layer.m_to_lattice = layer.chi_m * (Q == 0.0 ? Complex(b) : b + P * (Z / Q));
    layer.dM_from_p = Q == 0.0 ? Complex(0) : layer.chi_m * (P / Q);
    layer.m_from_p = layer.chi_m * (Q == 0.0 ? Complex(1) : Z / Q) / one_minus_xi;
    layer.M_from_p = Q == 0.0 ? -layer.m_from_p : layer.chi_m * ((d - lattice / one_minus_xi) / Q);
    return;
  }
  const double gamma = material.gyromagnetic_ratio;
  const double alpha = material.damping;
  const double g = gamma * (mu0 / material.equilibrium_susceptibility);
  const Complex N = g + alpha * Q;
  layer.exchange = gamma * mu0 * xi * (P / N);
  layer.m_to_lattice = layer.chi_m * (b + alpha * P * (Z / N));
  layer.twist_relaxation = layer.rate * (Z / N);
  layer.twist_to_lattice = gamma * material.anisotropy + layer.twist_relaxation;
  layer.turn = layer.rate / (gamma * mu0);
  layer.dM_from_p = layer.chi_m * (alpha * P / N);
  layer.dM_from_chi = layer.rate / N;
  layer.m_from_gap = gamma * mu0 * xi / (one_minus_xi * N);
  layer.m_from_p = layer.chi_m * alpha * (Z / (one_minus_xi * N));
  layer.M_from_p = layer.chi_m * alpha * ((d - lattice / one_minus_xi) / N);
}

}  // namespace

Complex LayerEquation::m_leak_with_local_twist() const {
  // chi leaks through `exchange` in series with its own leak; pinned (turn = 0), it leaks all it gets.
  const Complex chi_total = exchange * turn + twist_to_lattice;
  return chi_total == 0.0 ? m_to_lattice : m_to_lattice + exchange * (twist_to_lattice / chi_total);
}

Complex LayerEquation::twist_leak_with_local_m() const {
  return twist_to_lattice + turn * in_series(exchange, m_to_lattice);
}

Complex LayerEquation::local_chi(const Complex& p) const {
  const Complex total = exchange * turn + twist_to_lattice;
  return total == 0.0 ? Complex(0) : p * (exchange / total);
}

Complex LayerEquation::local_p(const Complex& chi) const {
  const Complex total = exchange + m_to_lattice;
  return total == 0.0 ? Complex(0) : chi * turn * (exchange / total);
}

LayerEquation layer_equation(const Material<double>& material, double H, double M0, int sigma, Complex s,
                             TwistMotion motion) {
  LayerEquation layer;
  const bool transverse_ferromagnet = material.kind == MaterialKind::ferromagnet && sigma != 0;
  layer.chi_m = material.accumulation_susceptibility;
  layer.has_twist = material.has_texture();
  layer.motion = motion;
  layer.gamma = material.gyromagnetic_ratio;
  layer.rate = motion == TwistMotion::oscillating ? s : Complex(motion == TwistMotion::rotating ? 1.0 : 0.0);
  layer.m_stiffness = material.diffusivity * layer.chi_m;
  layer.twist_stiffness = material.gyromagnetic_ratio * material.spin_stiffness;
  layer.carries_m = layer.m_stiffness > 0 && !transverse_ferromagnet;
  layer.carries_twist = layer.has_twist && layer.twist_stiffness > 0;
  if (transverse_ferromagnet) {
    layer.chi_m = 0;  // its transverse components end at its interfaces
    return layer;
  }
  if (material.has_equilibrium_magnetization()) {
    const double Omega =
        material.has_texture() ? physics::precession_rate(material, M0 + material.equilibrium_susceptibility * H) : 0.0;
    eliminate_M(layer, material, sigma * Omega, s);
  } else {  // m precesses about H: s dm = (i sigma gamma mu0 H - 1/tau_mL) dm + D dm''
    const double larmor = material.gyromagnetic_ratio * constants::vacuum_permeability * H;
    const double b = 1.0 / material.accumulation_lattice_relaxation_time;
    layer.m_to_lattice = layer.chi_m * (s + b - Complex(0, sigma * larmor));
  }
  return layer;
}

}  // namespace vitrispin::film
