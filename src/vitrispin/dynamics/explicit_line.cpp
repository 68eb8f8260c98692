#include "vitrispin/dynamics/equations.hpp"
#include "vitrispin/dynamics/explicit_adaptive.hpp"

namespace vitrispin::dynamics {
namespace {

class RatesOfLine final : public RatesOfState {
public:
  RatesOfLine(const Line& line, const DrivenForcing& forcing)
      : line_(line), forcing_(forcing), potentials_(line.nodes()) {
    forcing.at(0, now_);
  }

  void set_time(double t) override {
    if (!forcing_.constant()) forcing_.at(t, now_);
  }

  void rates(const Fields<double>& state, Fields<double>& result) override {
    potentials(line_, now_, state, potentials_);
    linear_rates(line_, now_, state, potentials_, result);
    add_precession(line_, state, potentials_, 1.0, result);
  }

  Balance power(double slope_time, const Fields<double>& state, const Fields<double>& rates) override {
    Balance result;
    potentials(line_, now_, state, potentials_);
    result.dissipated = dissipated_power(line_, now_, state, potentials_);
    result.work.boundary = boundary_power(line_, now_, state, potentials_, rates);
    if (forcing_.constant()) return result;
    forcing_.rate(slope_time, slope_);
    result.work.drive = field_work(line_, state, slope_.field);
    for (std::size_t i = 0; i < line_.segments().size(); ++i) {
      if (slope_.anisotropy[i] != 0) result.work.drive += slope_.anisotropy[i] * squared_twist(line_, i, state) / 2;
    }
    return result;
  }

  void add_heat(double weight, const Fields<double>& state, double* heat) override {
    dynamics::add_heat(weight, line_, now_, state, potentials_, heat);
  }

  double over_ranks(double value) const override { return value; }

private:
  const Line& line_;
  const DrivenForcing& forcing_;
  Forcing now_, slope_;
  Potentials<double> potentials_;
};

}  // namespace

std::unique_ptr<RatesOfState> rates_of_line(const Line& line, const DrivenForcing& forcing) {
  return std::make_unique<RatesOfLine>(line, forcing);
}

}  // namespace vitrispin::dynamics
