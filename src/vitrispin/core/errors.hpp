#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace vitrispin {

/// One fault of an input, with the place it stands at. Line and column count from 1; 0 means "not in a file".
struct Fault {
  std::string file;
  int line = 0;
  int column = 0;
  std::string key;      ///< path of the key, as in `layers.film.thickness`
  std::string message;  ///< value with its unit, what is allowed, why, and the remedy

  /// `film.toml:14:9: message`, the form every fault is shown in.
  std::string text() const;
};

/// Bad input or bad usage (exit status 2). Holds every fault of the input, not only the first.
class InputError : public std::runtime_error {
public:
  explicit InputError(std::vector<Fault> faults);
  explicit InputError(std::string message) : InputError(std::vector<Fault>{Fault{{}, 0, 0, {}, std::move(message)}}) {}
  const std::vector<Fault>& faults() const { return faults_; }

private:
  std::vector<Fault> faults_;
};

/// A formula was asked for outside its validity (exit status 2: the input asks for it).
class DomainError : public std::domain_error {
public:
  using std::domain_error::domain_error;
};

/// A solver stopped without reaching its tolerance (exit status 3); 0 iterations: one that has none.
class ConvergenceError : public std::runtime_error {
public:
  ConvergenceError(const std::string& what_failed, int iterations, double residual, double tolerance,
                   std::string last_good_state = {});
  int iterations() const { return iterations_; }
  double residual() const { return residual_; }
  double tolerance() const { return tolerance_; }
  const std::string& last_good_state() const { return last_good_state_; }

private:
  int iterations_;
  double residual_;
  double tolerance_;
  std::string last_good_state_;
};

/// A library or the operating system refused a call (exit status 2 when a file cannot be read or written).
class ExternalError : public std::runtime_error {
public:
  ExternalError(const std::string& library, const std::string& call, int code, const std::string& explanation);
  const std::string& library() const { return library_; }
  const std::string& call() const { return call_; }
  int code() const { return code_; }

private:
  std::string library_;
  std::string call_;
  int code_;
};

}  // namespace vitrispin
