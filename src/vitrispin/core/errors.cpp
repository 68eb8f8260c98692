#include "vitrispin/core/errors.hpp"

#include <fmt/format.h>

namespace vitrispin {
namespace {

std::string join(const std::vector<Fault>& faults) {
  std::string all;
  for (const Fault& fault : faults) {
    if (!all.empty()) all += '\n';
    all += fault.text();
  }
  return all;
}

}  // namespace

std::string Fault::text() const {
  if (file.empty()) return message;
  if (line == 0) return fmt::format("{}: {}", file, message);
  return fmt::format("{}:{}:{}: {}", file, line, column, message);
}

InputError::InputError(std::vector<Fault> faults) : std::runtime_error(join(faults)), faults_(std::move(faults)) {}

ConvergenceError::ConvergenceError(const std::string& what_failed, int iterations, double residual, double tolerance,
                                   std::string last_good_state)
    : std::runtime_error(fmt::format(
          "{} did not converge{}{}", what_failed,
          iterations == 0
              ? ""
              : fmt::format(": residual {:.3e} after {} iterations, tolerance {:.3e}", residual, iterations, tolerance),
          last_good_state.empty() ? "" : "; last good state: " + last_good_state)),
      iterations_(iterations),
      residual_(residual),
      tolerance_(tolerance),
      last_good_state_(std::move(last_good_state)) {}

ExternalError::ExternalError(const std::string& library, const std::string& call, int code,
                             const std::string& explanation)
    : std::runtime_error(fmt::format("{}: {} failed with code {}: {}", library, call, code, explanation)),
      library_(library),
      call_(call),
      code_(code) {}

}  // namespace vitrispin
