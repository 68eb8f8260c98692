#pragma once

#include <barrier>
#include <thread>

#include "vitrispin/dynamics/grid/halo.hpp"

namespace vitrispin::test {

/// Threads of this process in the place of ranks.
class ThreadRanks {
public:
  ThreadRanks(std::size_t size, bool periodic)
      : periodic_(periodic), meet_(static_cast<std::ptrdiff_t>(size)), posted_(size) {}

  /// `work(rank, halo)` on each.
  template <class Work>
  void run(const Work& work) {
    std::vector<std::thread> threads;
    for (std::size_t r = 0; r < posted_.size(); ++r)
      threads.emplace_back([&, r] { work(r, static_cast<const dynamics::grid::Halo&>(OfThread(*this, r))); });
    for (std::thread& thread : threads) thread.join();
  }

private:
  /// What a rank shows the others between two meetings.
  struct Posted {
    std::vector<double*> arrays;
    std::size_t cells = 0;
    std::vector<double> values;
    std::vector<std::vector<double>> parts;
  };

  class OfThread final : public dynamics::grid::Halo {
  public:
    OfThread(ThreadRanks& all, std::size_t rank) : Halo(all.periodic_), all_(all), rank_(rank) {}
    void fill(std::size_t plane, std::size_t cells, const std::vector<double*>& arrays) const override {
      all_.posted_[rank_].arrays = arrays;
      all_.posted_[rank_].cells = cells;
      all_.meet_.arrive_and_wait();
      const std::size_t size = all_.posted_.size();
      const Posted &before = all_.posted_[(rank_ + size - 1) % size], &after = all_.posted_[(rank_ + 1) % size];
      for (std::size_t a = 0; a < arrays.size(); ++a) {
        if (rank_ > 0 || all_.periodic_) std::copy_n(before.arrays[a] + before.cells - plane, plane, arrays[a] - plane);
        if (rank_ + 1 < size || all_.periodic_) std::copy_n(after.arrays[a], plane, arrays[a] + cells);
      }
      all_.meet_.arrive_and_wait();
    }
    void sum(std::vector<double>& values) const override {
      const auto all = shown(values);
      std::fill(values.begin(), values.end(), 0.0);
      for (const auto& one : all)
        for (std::size_t i = 0; i < values.size(); ++i) values[i] += one[i];
    }
    double largest(double value) const override {
      double most = value;
      for (const auto& one : shown({value})) most = std::max(most, one[0]);
      return most;
    }
    std::vector<std::vector<double>> exchanged(std::vector<std::vector<double>> to) const override {
      all_.posted_[rank_].parts = std::move(to);
      all_.meet_.arrive_and_wait();
      std::vector<std::vector<double>> from;
      for (const Posted& one : all_.posted_) from.push_back(one.parts[rank_]);
      all_.meet_.arrive_and_wait();
      return from;
    }
    std::size_t rank() const override { return rank_; }
    std::size_t size() const override { return all_.posted_.size(); }
    bool first() const override { return rank_ == 0; }

  private:
    std::vector<std::vector<double>> shown(const std::vector<double>& values) const {
      all_.posted_[rank_].values = values;
      all_.meet_.arrive_and_wait();
      std::vector<std::vector<double>> all;
      for (const Posted& one : all_.posted_) all.push_back(one.values);
      all_.meet_.arrive_and_wait();
      return all;
    }
    ThreadRanks& all_;
    std::size_t rank_;
  };

  bool periodic_;
  std::barrier<> meet_;
  std::vector<Posted> posted_;
};

}  // namespace vitrispin::test
