#include <algorithm>
#include <limits>

#include "vitrispin/app/film_record.hpp"
#include "vitrispin/film/profile.hpp"

/// Profiles of a film for the netCDF file.
namespace vitrispin::app {
namespace {

using Heading = FilmColumns::Heading;

using film::Complex;
using film::ComplexVector;
using film::LocalDissipation;
using film::ProfilePoint;

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

void add_positions(io::Record& record, const physics::Stack& stack, int points) {
  io::Dimension x{
      "x", stack.layers.size() * static_cast<std::size_t>(points), {}, {}, "m", "Distance from the left face"};
  double left = 0;
  for (const auto& layer : stack.layers) {
    for (int i = 0; i < points; ++i)
      x.values.push_back(left + layer.thickness * (static_cast<double>(i) / (points - 1)));
    left += layer.thickness;
  }
  record.add_dimension(std::move(x));
}

void push(std::vector<Complex>& values, const ComplexVector& v, bool exists = true) {
  for (std::size_t c = 0; c < 3; ++c) values.push_back(exists ? v[c] : Complex(undefined, undefined));
}

struct Profiles {
  std::vector<Complex> M, m, theta, delta_M, delta_m, h_star, j, texture_current;
  std::vector<Complex> entropy, to_lattice_M, to_lattice_m, exchange, diffusion, damping;

  void add(const physics::Material<double>& material, const Vector3<double>& M_eq, const ProfilePoint& point,
           double omega, bool has_theta) {
    const bool has_M = material.has_equilibrium_magnetization();
    push(M, point.M + M_eq, has_M);
    push(m, point.m);
    push(theta, point.theta, has_theta);
    push(delta_M, point.delta_M, has_M);
    push(delta_m, point.delta_m);
    push(h_star, point.h_star);
    push(j, point.j);
    push(texture_current, point.texture_current, material.has_texture());
    const LocalDissipation loss = film::local_dissipation(material, point, omega);
    entropy.emplace_back(loss.total());
    to_lattice_M.emplace_back(loss.M_to_lattice);
    to_lattice_m.emplace_back(loss.m_to_lattice);
    exchange.emplace_back(loss.exchange);
    diffusion.emplace_back(loss.diffusion);
    damping.emplace_back(loss.damping);
  }
};

}  // namespace

void append_profiles(FilmColumns& columns, io::Record& record, const physics::Stack& stack, double omega, int points,
                     bool full_M) {
  if (points <= 0) return;
  points = std::max(points, 2);
  add_positions(record, stack, points);
  const std::vector<int> steps(stack.layers.size(), points - 1);
  const film::FilmState state = film::solve_film(stack, omega, steps);
  Profiles profiles;
  for (std::size_t i = 0; i < stack.layers.size(); ++i) {
    const auto& material = stack.layers[i].material;
    Vector3<double> M_eq;
    if (full_M && material.has_equilibrium_magnetization())
      M_eq = physics::equilibrium_magnetization(material, stack.H);
    const bool has_theta = material.has_texture() && !film::turns_point_by_point(state, i);
    for (std::size_t n = 0; n < static_cast<std::size_t>(points); ++n) {
      profiles.add(material, M_eq, film::profile_point(state, i, n), omega, has_theta);
    }
  }
  const auto vectors = [&](const char* name, const char* unit, const char* long_name, const char* reason,
                           const std::vector<Complex>& values) {
    columns.append(
        [&] {
          return Heading{name, "", unit, long_name, reason, {"x", "component"}, false, false};
        },
        values);
  };
  const char* no_M = "a metal or paramagnet has no M";
  const char* no_texture = "only a spin glass has a texture";
  vectors("M", "A m-1", full_M ? "Magnetization" : "Amplitude of the magnetization", no_M, profiles.M);
  vectors("m", "A m-1", "Spin accumulation", "", profiles.m);
  vectors("theta", "rad", "Rotation of the texture",
          "only a spin glass has a texture; for rho_s = 0 and K = 0 every point turns at its own rate", profiles.theta);
  vectors("delta_M", "A m-1", "Deviation -chi_M H*", no_M, profiles.delta_M);
  vectors("delta_m", "A m-1", "Deviation -chi_m h*", "", profiles.delta_m);
  vectors("h_star", "A m-1", "Effective field of the spin accumulation", "", profiles.h_star);
  vectors("j", "A s-1", "Diffusive spin current", "", profiles.j);
  vectors("texture_current", "A s-1", "Reactive spin current gamma rho_s d_x theta", no_texture,
          profiles.texture_current);
  const auto scalars = [&](const char* name, const char* long_name, const std::vector<Complex>& values) {
    columns.append([&] { return Heading{name, "", "W m-3", long_name, "", {"x"}, true, false}; }, values);
  };
  scalars("entropy_production", "Local dissipation T R_s", profiles.entropy);
  scalars("dissipation_M_to_lattice", "Dissipation of M to the lattice", profiles.to_lattice_M);
  scalars("dissipation_m_to_lattice", "Dissipation of m to the lattice", profiles.to_lattice_m);
  scalars("dissipation_exchange", "Dissipation of the exchange of M and m", profiles.exchange);
  scalars("dissipation_diffusion", "Dissipation of diffusion", profiles.diffusion);
  scalars("dissipation_damping", "Dissipation of the texture's damping", profiles.damping);
}

}  // namespace vitrispin::app
