#include "vitrispin/dynamics/grid/explicit_grid.hpp"

#include <algorithm>

#include "vitrispin/dynamics/grid/ledger.hpp"

namespace vitrispin::dynamics::grid {
namespace {

class RatesOfGrid final : public RatesOfState {
public:
  RatesOfGrid(Equations& equations, const DrivenForcing& forcing) : equations_(equations), forcing_(forcing) {
    forcing.at(0, now_);
  }

  void set_time(double t) override {
    if (!forcing_.constant()) forcing_.at(t, now_);
  }

  void rates(const Fields<double>& state, Fields<double>& result) override {
    equations_.rates(StateView(state), now_, true, result);
  }

  Balance power(double slope_time, const Fields<double>& state, const Fields<double>& rates) override {
    RowSweep& sweep = equations_.sweep();
    const StateView z(state);
    const auto theta_rate = [&](std::size_t k, std::size_t cell) { return rates.theta(k)[cell]; };
    const Power flow = grid::power(sweep, now_, z, theta_rate);
    Balance result{flow.dissipated, {flow.boundary, 0}};
    if (forcing_.constant()) return result;
    forcing_.rate(slope_time, slope_);
    if (slope_.changes_field()) result.work.drive += field_work(sweep, z, slope_.field);
    const std::vector<double>& K = slope_.anisotropy;
    if (std::all_of(K.begin(), K.end(), [](double rate) { return rate == 0; })) return result;
    const std::vector<double> squares = squared_twist(sweep, z);
    for (std::size_t d = 0; d < squares.size(); ++d) result.work.drive += K[d] * squares[d] / 2;
    return result;
  }

  void add_heat(double weight, const Fields<double>& state, double* heat) override {
    grid::add_heat(weight, equations_.sweep(), now_, StateView(state), heat);
  }

  double over_ranks(double value) const override { return equations_.sweep().halo().largest(value); }

private:
  Equations& equations_;
  const DrivenForcing& forcing_;
  Forcing now_, slope_;
};

}  // namespace

std::unique_ptr<RatesOfState> rates_of_grid(Equations& equations, const DrivenForcing& forcing) {
  return std::make_unique<RatesOfGrid>(equations, forcing);
}

}  // namespace vitrispin::dynamics::grid
