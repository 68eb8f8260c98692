#include "vitrispin/film/balance.hpp"

namespace vitrispin::film {

ComplexVector relaxed_in_layer(const FilmState& state, std::size_t layer) {
  return state.at(layer, 0, [](const LayerSolution& solution, const FaceState&) {
    const LayerEquation& equation = solution.equation;
    return equation.m_to_lattice * solution.p_integral + equation.twist_to_lattice * solution.chi_integral;
  });
}

Balance balance(const FilmState& state) {
  const std::size_t last = state.layer_count() - 1;
  Balance result;
  result.in = spin_current(state, 0, Side::left).total();
  result.out = spin_current(state, last, Side::right).total();
  for (std::size_t i = 0; i <= last; ++i) {
    result.relaxed = result.relaxed + relaxed_in_layer(state, i);
    if (i == last) break;
    const auto& here = state.helicities[1].layers[i].equation;
    const auto& next = state.helicities[1].layers[i + 1].equation;
    if (here.carries_twist && next.carries_twist) {
      result.relaxed =
          result.relaxed + spin_current(state, i, Side::right).theta - spin_current(state, i + 1, Side::left).theta;
    }
  }
  result.residual = result.in - result.out - result.relaxed;
  return result;
}

}  // namespace vitrispin::film
