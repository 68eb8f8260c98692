#pragma once

#include "vitrispin/dynamics/archive.hpp"
#include "vitrispin/dynamics/exact_waves.hpp"

namespace vitrispin::dynamics {

/// A run by ExactWaves from output to output, and what its equations leave out.
///
/// Of the full equations they leave out +-gamma mu0 (N x m)/chi_M, N = M - M_eq: what M gains by it m loses. Since F never grows in the
/// linear equations, a rate q that they leave out changes the state by no more than the integral of |q|, where |.|^2 is the free energy.
/// That over |start| is left_out(): of first order in the deviations, 0 if N and m stay parallel.
class ExactRun {
public:
  ExactRun(const physics::Material<double>& material, const Vector3<double>& H, const WaveBox& box);

  /// `free_energy`: of `deviations`, at t = 0.
  void start(const Fields<double>& deviations, double free_energy);
  /// The deviations at `to`; what has been dissipated since 0. `from`: the time of the last call, or 0.
  DissipatedPower advance(double from, double to, Fields<double>& deviations);
  /// Estimate of the largest relative error by what is left out, by trapezoids between outputs; before the first one between times that
  /// are four times each other, from a 256th of it on.
  double left_out() const { return left_out_; }
  void exchange(Archive& archive);

private:
  double rate_left_out(const Fields<double>& deviations) const;

  physics::Material<double> material_;
  WaveBox box_;
  ExactWaves waves_;
  Fields<double> start_;
  double energy_ = 0;               ///< at t = 0
  double rate_ = 0, left_out_ = 0;  ///< |q|/|start| at the last output; its integral
};

}  // namespace vitrispin::dynamics
