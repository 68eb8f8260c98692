#include "vitrispin/distributed/mpi_halo.hpp"

#include <mpi.h>

#include "vitrispin/distributed/mpi_ranks.hpp"

namespace vitrispin::distributed {
namespace {

constexpr std::size_t piece = std::size_t{1}
                              << 27;  ///< values of one message: MPI counts with 31 bits, some take bytes
constexpr int to_before = 1, to_after = 2, whole = 3;

/// Messages on their way.
class Messages {
public:
  explicit Messages(MPI_Comm comm) : comm_(comm) {}
  void send(const double* values, std::size_t count, int to, int tag) {
    pieces(count, [&](std::size_t at, int n) { MPI_Isend(values + at, n, MPI_DOUBLE, to, tag, comm_, next()); });
  }
  void receive(double* values, std::size_t count, int from, int tag) {
    pieces(count, [&](std::size_t at, int n) { MPI_Irecv(values + at, n, MPI_DOUBLE, from, tag, comm_, next()); });
  }
  void wait() {
    MPI_Waitall(static_cast<int>(requests_.size()), requests_.data(), MPI_STATUSES_IGNORE);
    requests_.clear();
  }

private:
  template <class Do>
  void pieces(std::size_t count, const Do& one) {
    for (std::size_t at = 0; at < count; at += piece) one(at, static_cast<int>(std::min(piece, count - at)));
  }
  MPI_Request* next() { return &requests_.emplace_back(MPI_REQUEST_NULL); }

  MPI_Comm comm_;
  std::vector<MPI_Request> requests_;
};

class MpiHalo final : public dynamics::grid::Halo {
public:
  explicit MpiHalo(bool periodic) : Halo(periodic) {
    const Ranks& ranks = mpi_ranks();
    rank_ = ranks.rank();
    size_ = ranks.size();
    MPI_Comm_dup(MPI_COMM_WORLD, &comm_);
    const bool around = periodic && size_ > 1;
    before_ = rank_ > 0 ? rank_ - 1 : around ? size_ - 1 : MPI_PROC_NULL;
    after_ = rank_ + 1 < size_ ? rank_ + 1 : around ? 0 : MPI_PROC_NULL;
  }
  ~MpiHalo() override {
    int done = 0;
    MPI_Finalized(&done);
    if (done == 0) MPI_Comm_free(&comm_);
  }

  void fill(std::size_t plane, std::size_t cells, const std::vector<double*>& arrays) const override {
    if (size_ == 1) return Halo::fill(plane, cells, arrays);
    const std::size_t count = plane * arrays.size();
    for (auto* buffer : {&send_before_, &send_after_, &from_before_, &from_after_}) buffer->resize(count);
    const auto slot = [&](std::vector<double>& buffer, std::size_t a) {
      return buffer.begin() + static_cast<std::ptrdiff_t>(a * plane);
    };
    for (std::size_t a = 0; a < arrays.size(); ++a) {
      std::copy_n(arrays[a], plane, slot(send_before_, a));
      std::copy_n(arrays[a] + cells - plane, plane, slot(send_after_, a));
    }
    Messages messages(comm_);
    if (before_ != MPI_PROC_NULL) messages.receive(from_before_.data(), count, before_, to_after);
    if (after_ != MPI_PROC_NULL) messages.receive(from_after_.data(), count, after_, to_before);
    if (before_ != MPI_PROC_NULL) messages.send(send_before_.data(), count, before_, to_before);
    if (after_ != MPI_PROC_NULL) messages.send(send_after_.data(), count, after_, to_after);
    messages.wait();
    for (std::size_t a = 0; a < arrays.size(); ++a) {
      if (before_ != MPI_PROC_NULL) std::copy_n(slot(from_before_, a), plane, arrays[a] - plane);
      if (after_ != MPI_PROC_NULL) std::copy_n(slot(from_after_, a), plane, arrays[a] + cells);
    }
  }

  void sum(std::vector<double>& values) const override {
    if (size_ == 1) return;
    // Few values: each rank adds up everyone's. Many: each adds up its share of them.
    constexpr std::size_t few = 256, block = std::size_t{1} << 22;
    for (std::size_t at = 0; at < values.size(); at += block) {
      const std::size_t count = std::min(block, values.size() - at);
      count <= few ? sum_few(values.data() + at, count) : sum_many(values.data() + at, count);
    }
  }

  double largest(double value) const override {
    if (size_ == 1) return value;
    std::vector<double> all(static_cast<std::size_t>(size_));
    MPI_Allgather(&value, 1, MPI_DOUBLE, all.data(), 1, MPI_DOUBLE, comm_);
    double most = value;
    for (const double other : all) {
      if (std::isnan(other)) return other;
      most = std::max(most, other);
    }
    return most;
  }

  std::vector<double> gathered(const double* values, std::size_t count) const override {
    const std::vector<std::uint64_t> counts = counts_of(count);
    Messages messages(comm_);
    std::vector<double> all;
    if (first()) {
      std::size_t total = 0;
      for (const std::uint64_t one : counts) total += one;
      all.resize(total);
      std::copy_n(values, count, all.begin());
      for (std::size_t r = 1, at = count; r < counts.size(); at += counts[r++])
        messages.receive(all.data() + at, counts[r], static_cast<int>(r), whole);
    } else {
      messages.send(values, count, 0, whole);
    }
    messages.wait();
    return all;
  }

  void scatter(const std::vector<double>& all, double* values, std::size_t count) const override {
    const std::vector<std::uint64_t> counts = counts_of(count);
    Messages messages(comm_);
    if (first()) {
      std::copy_n(all.begin(), count, values);
      for (std::size_t r = 1, at = count; r < counts.size(); at += counts[r++])
        messages.send(all.data() + at, counts[r], static_cast<int>(r), whole);
    } else {
      messages.receive(values, count, 0, whole);
    }
    messages.wait();
  }

  std::vector<std::vector<double>> exchanged(std::vector<std::vector<double>> to) const override {
    std::vector<std::uint64_t> counts(to.size()), coming(to.size());
    for (std::size_t r = 0; r < to.size(); ++r) counts[r] = to[r].size();
    MPI_Alltoall(counts.data(), 1, MPI_UINT64_T, coming.data(), 1, MPI_UINT64_T, comm_);
    std::vector<std::vector<double>> from(to.size());
    Messages messages(comm_);
    for (std::size_t r = 0; r < to.size(); ++r) {
      if (r == rank()) continue;
      from[r].resize(coming[r]);
      messages.receive(from[r].data(), coming[r], static_cast<int>(r), whole);
    }
    for (std::size_t r = 0; r < to.size(); ++r)
      if (r != rank()) messages.send(to[r].data(), counts[r], static_cast<int>(r), whole);
    messages.wait();
    from[rank()] = std::move(to[rank()]);
    return from;
  }

  std::size_t rank() const override { return static_cast<std::size_t>(rank_); }
  std::size_t size() const override { return static_cast<std::size_t>(size_); }
  bool first() const override { return rank_ == 0; }

private:
  /// Of all ranks, on the first.
  std::vector<std::uint64_t> counts_of(std::size_t count) const {
    std::vector<std::uint64_t> counts(static_cast<std::size_t>(first() ? size_ : 0));
    const std::uint64_t own = count;
    MPI_Gather(&own, 1, MPI_UINT64_T, counts.data(), 1, MPI_UINT64_T, 0, comm_);
    return counts;
  }

  /// to = rows of `count` values added up in the order of the ranks.
  void add_in_order(std::size_t count, double* to) const {
    std::fill_n(to, count, 0.0);
    for (std::size_t r = 0; r < static_cast<std::size_t>(size_); ++r)
      for (std::size_t i = 0; i < count; ++i) to[i] += parts_[r * count + i];
  }

  void sum_few(double* values, std::size_t count) const {
    parts_.resize(count * static_cast<std::size_t>(size_));
    MPI_Allgather(values, static_cast<int>(count), MPI_DOUBLE, parts_.data(), static_cast<int>(count), MPI_DOUBLE,
                  comm_);
    add_in_order(count, values);
  }

  void sum_many(double* values, std::size_t count) const {
    const auto ranks = static_cast<std::size_t>(size_), share = (count + ranks - 1) / ranks;
    padded_.assign(share * ranks, 0.0);
    std::copy_n(values, count, padded_.begin());
    parts_.resize(share * ranks);
    const auto n = static_cast<int>(share);
    MPI_Alltoall(padded_.data(), n, MPI_DOUBLE, parts_.data(), n, MPI_DOUBLE, comm_);
    std::vector<double> own(share);
    add_in_order(share, own.data());
    MPI_Allgather(own.data(), n, MPI_DOUBLE, padded_.data(), n, MPI_DOUBLE, comm_);
    std::copy_n(padded_.begin(), count, values);
  }

  MPI_Comm comm_ = MPI_COMM_NULL;
  int rank_ = 0, size_ = 1, before_ = MPI_PROC_NULL, after_ = MPI_PROC_NULL;
  mutable std::vector<double> send_before_, send_after_, from_before_, from_after_, parts_, padded_;
};

}  // namespace

std::unique_ptr<dynamics::grid::Halo> mpi_halo(bool periodic) {
  return std::make_unique<MpiHalo>(periodic);
}

}  // namespace vitrispin::distributed
