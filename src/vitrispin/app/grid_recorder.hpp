#pragma once

#include "vitrispin/app/line_cuts.hpp"
#include "vitrispin/app/time_record.hpp"
#include "vitrispin/dynamics/grid/evolution.hpp"

namespace vitrispin::app {

/// What is kept of a run on a grid: at every output time the probes, lines, the ledger and the mean of each layer and region; whole fields
/// at the times of `snapshots`.
class GridRecorder {
public:
  GridRecorder(const dynamics::grid::Problem& problem, const io::TimeExperiment& time, std::vector<double> snapshots);

  /// Of an output time. On ranks other than the first the snapshot is empty and only counted.
  void keep(double time, dynamics::grid::Snapshot state, const dynamics::LedgerEntry& ledger);
  /// The state at the last output time, for another run to start from.
  void keep_last(std::vector<double> deviations) { last_ = std::move(deviations); }
  std::size_t kept() const { return history_.kept(); }
  void exchange(dynamics::Archive& archive);
  /// Hands over what was kept: once.
  void write(io::Record& record);

private:
  using Fields = std::array<std::vector<double>, 3>;
  std::size_t domain_at(const Vector3<double>& place) const;
  double value_at(const std::vector<double>& field, const Vector3<double>& place) const;
  void keep_means(const dynamics::grid::Snapshot& state);
  void write_axes(io::Record& record) const;
  void write_fields(io::Record& record);
  void write_means(io::Record& record) const;
  void write_last(io::Record& record);

  const dynamics::grid::Problem& problem_;
  const io::TimeExperiment& time_;
  std::size_t dimensions_;
  std::vector<double> snapshots_;
  LineCuts cuts_;
  TimeHistory history_;
  std::vector<dynamics::grid::Snapshot> kept_;  ///< at the times of snapshots_
  std::vector<double> last_;                    ///< deviations at the last output time
  std::vector<ProbeTrace> means_;               ///< of each domain
  std::vector<double> volumes_;                 ///< of each domain, for the means
};

}  // namespace vitrispin::app
