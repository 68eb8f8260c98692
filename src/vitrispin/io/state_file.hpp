#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

/// The state that a time experiment has left in its NAME.nc, for another run to start from.
namespace vitrispin::io {

/// Cells with x fastest. What a cell lacks (M in a metal, everything in vacuum) is NaN.
struct StoredState {
  double time = 0;  ///< [s]
  std::array<std::vector<double>, 3>
      centers;  ///< of the cells along x, y, z; empty along a direction that there is not [m]
  std::size_t cells = 0;
  std::array<std::vector<double>, 9> fields;  ///< M, m [A/m], theta [rad] by component
  /// Of the last output time `fields` are deviations from these M and m, with all their digits; else empty, and `fields` full values.
  std::array<std::vector<double>, 6> equilibrium;
  /// theta of the faces with spin mixing, which only the last output time has; [face][component]
  std::vector<double> contact_theta;

  bool is_last() const { return !equilibrium[0].empty(); }
};

/// The state at `time`, which must be one of the file's, or at the last output time.
/// Errors  InputError if the file cannot be read, is none of a time experiment, or has no such time. From any thread.
StoredState read_state(const std::string& path, std::optional<double> time);

/// Names of the quantities that only the last output time has; see StoredState. A grid keeps its equilibrium as `equilibrium_M` and
/// `equilibrium_m` of each layer and region.
namespace last_state {
inline constexpr const char* M = "last_M";
inline constexpr const char* m = "last_m";
inline constexpr const char* theta = "last_theta";
inline constexpr const char* M_eq = "last_equilibrium_M";
inline constexpr const char* m_eq = "last_equilibrium_m";
inline constexpr const char* contact_theta = "last_contact_theta";
}  // namespace last_state

}  // namespace vitrispin::io
