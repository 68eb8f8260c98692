#pragma once

#include <vector>

namespace vitrispin {

/// The processes that run this program together, and what they agree on; this one runs alone. Behind it stands MPI where there
/// are several (dynamics/grid/distribution.hpp).
class Ranks {
public:
  Ranks() = default;
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;
  virtual ~Ranks() = default;

  virtual int rank() const { return 0; }
  virtual int size() const { return 1; }
  bool first() const { return rank() == 0; }  ///< the rank that reads the terminal and writes folders

  /// Every rank calls these.
  virtual std::vector<long> largest(std::vector<long> values) { return values; }  ///< over ranks, of each
  virtual long told(long value) { return value; }  ///< what the first rank says; others wait without using their cores
  virtual bool all_arrive(double /*seconds*/) { return true; }  ///< whether all ranks come here within this time
  virtual void finish() {}                                      ///< the last call of all
  /// Ends all ranks with this status, whatever they do.
  [[noreturn]] virtual void abort(int status);
};

/// Which rank of how many this process was started as by mpirun, srun and the like: known before MPI runs.
struct Launch {
  int rank = 0, size = 1;
};
Launch launch();

}  // namespace vitrispin
