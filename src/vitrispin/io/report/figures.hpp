#pragma once

#include <vector>

#include "vitrispin/io/report/figure.hpp"
#include "vitrispin/io/summary.hpp"

/// The figures of each kind of experiment. Figures that would show nothing are left out.
namespace vitrispin::io {

std::vector<Figure> figures_of(const ExperimentResult& result);

std::vector<Figure> modes_figures(const Record& record);
std::vector<Figure> swept_modes_figures(const Record& record);  ///< frequencies against a sweep's key

/// The largest Re omega of the modes at one place, 0 if none oscillates forward. [rad/s]
double resonance_frequency(const Record& record, const Quantity& omega, std::map<std::string, std::size_t> at);

std::vector<Figure> response_figures(const Record& record);
std::vector<Figure> perturbation_figures(const Record& record);
std::vector<Figure> film_figures(const Record& record);     ///< steady
std::vector<Figure> profile_figures(const Record& record);  ///< steady: over x
std::vector<Figure> harmonic_figures(const Record& record);
std::vector<Figure> time_figures(const Record& record);
std::vector<Figure> heat_figures(const Record& record);  ///< of time experiments with heat
std::vector<Figure> atoms_figures(const Record& record);

/// Transmissions of all steady experiments that sweep the same single path, in one figure; empty if there are not two.
std::vector<Figure> comparison_figures(const std::vector<ExperimentResult>& results);

}  // namespace vitrispin::io
