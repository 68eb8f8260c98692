#include "vitrispin/app/grid_experiment.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "vitrispin/core/errors.hpp"

namespace vitrispin::app {
namespace {

using dynamics::grid::Evolution;
using dynamics::grid::Problem;
using dynamics::grid::Snapshot;
using dynamics::grid::StepReport;

/// Steps after which the run is broken off; negative: never.
int steps_until_failure = -1;

/// A solver without physics: every deviation decays with 1 ns, in steps of 0.01 ns.
class Decay final : public Evolution {
public:
  explicit Decay(const Problem& problem) : problem_(problem) {}
  void start(const std::vector<double>& deviations) override { state_ = deviations; }
  std::vector<double> deviations() override { return state_; }
  void advance_to(double time, const std::function<void(const StepReport&)>& watch) override {
    while (time_ < time * (1 - 1e-12)) {
      const double step = std::min(1e-11, time - time_);
      for (double& value : state_) value *= std::exp(-step / 1e-9);
      time_ += step;
      ledger_.balance.dissipated.diffusion += step;
      ++steps_;
      if (steps_until_failure >= 0 && steps_ > steps_until_failure) {
        throw ConvergenceError("the fake at z = 0", 7, 1.0, 0.1, "");
      }
      watch({time_, step, steps_, 2 * steps_});
    }
    time_ = time;
  }
  double time() const override { return time_; }
  long steps() const override { return steps_; }
  long iterations() const override { return 2 * steps_; }
  const dynamics::LedgerEntry& ledger() const override { return ledger_; }
  Snapshot snapshot() override {
    Snapshot snapshot;
    const std::size_t cells = problem_.cells();
    for (std::size_t c = 0; c < 3; ++c) {
      for (std::size_t i = 0; i < cells; ++i) {
        const bool empty = problem_.domain[i] == dynamics::grid::vacuum;
        const bool glass = !empty && problem_.domains[problem_.domain[i]].material.has_texture();
        const double nothing = std::nan("");
        snapshot.M[c].push_back(glass ? problem_.domains[problem_.domain[i]].M_eq[c] + state_[c * cells + i] : nothing);
        snapshot.m[c].push_back(empty ? nothing : state_[(3 + c) * cells + i]);
        snapshot.theta[c].push_back(glass ? state_[(6 + c) * cells + i] : nothing);
      }
    }
    snapshot.entropy_production.assign(cells, 1.0);
    return snapshot;
  }
  void exchange(dynamics::Archive& archive) override {
    archive.value(time_);
    archive.value(steps_);
    archive.values(state_);
    ledger_.exchange(archive);
  }

private:
  Problem problem_;
  std::vector<double> state_;
  double time_ = 0;
  long steps_ = 0;
  dynamics::LedgerEntry ledger_;
};

const dynamics::grid::Engine engine{
    []() -> Ranks& {
      static Ranks one;
      return one;
    },
    [](const Problem& problem, const dynamics::grid::EvolutionSettings&) -> std::unique_ptr<Evolution> {
      return std::make_unique<Decay>(problem);
    }};

const std::string film = R"(
[materials.glass]
preset = "ayig"
[materials.pt]
preset = "pt"
[[layers]]
name = "film"
material = "glass"
thickness = "40 nm"
cells = 20
[grid.y]
length = "100 nm"
cells = 10
[[regions]]
name = "strip"
material = "pt"
x = ["-10 nm", 0]
y = ["20 nm", "50 nm"]
cells = 5
[field]
B = [0, 0, "10 mT"]
[[experiments]]
kind = "time"
duration = "2 ns"
output = { from = 0, to = "2 ns", points = 9 }
snapshots = [0, "1 ns"]
initial = [
  { field = "m", component = "x", shape = "gaussian", center = ["20 nm", "60 nm"], width = "10 nm", amplitude = 2 },
  { field = "theta", component = "y", shape = "uniform", amplitude = 0.25 },
]
probes = [{ x = "21 nm", y = "65 nm" }, { x = "-5 nm", y = "30 nm" }, { x = "-5 nm", y = "80 nm" }]
)";

io::Record run(const CheckpointStore* checkpoint = nullptr) {
  const io::Input input = io::parse_input(film, "film.toml");
  return run_on_grid(input, std::get<io::TimeExperiment>(input.experiments[0].body), engine, {}, checkpoint);
}

const std::vector<double>& values(const io::Record& record, const std::string& name, const std::string& group = {}) {
  const io::Quantity* quantity = record.find(name, group);
  if (quantity == nullptr) throw std::logic_error("no " + name);
  return std::get<io::RealArray>(quantity->data).values;
}

TEST(GridExperiment, KeepsFieldsAtTheSnapshotsAndTheRestAtEveryOutputTime) {
  const io::Record record = run();
  EXPECT_EQ(record.size_of("x"), 25u);
  EXPECT_EQ(record.size_of("y"), 10u);
  EXPECT_EQ(record.size_of("snapshot"), 2u);
  EXPECT_EQ(record.size_of("time"), 9u);
  EXPECT_EQ(record.find("m_x")->dimensions, (std::vector<std::string>{"snapshot", "y", "x"}));
  const auto& m = values(record, "m_x");
  // Cell 14 of row 5: x = 19 nm, y = 55 nm.
  const double start = 2 * std::exp(-0.5 * (0.1 * 0.1 + 0.5 * 0.5));
  EXPECT_NEAR(m[5 * 25 + 14], start, 1e-12);
  EXPECT_NEAR(m[250 + 5 * 25 + 14], start * std::exp(-1), 1e-12);
  EXPECT_TRUE(std::isnan(m[0]));                               // beside the strip there is nothing
  EXPECT_TRUE(std::isnan(values(record, "M_z")[3 * 25 + 0]));  // a metal has no M
  EXPECT_EQ(values(record, "theta_y")[3 * 25 + 7], 0.25);
  EXPECT_EQ(values(record, "largest_angle")[0], 0.25);
  EXPECT_EQ(std::get<io::IntegerArray>(record.find("domain")->data).values[3 * 25], 1);
  EXPECT_EQ(std::get<io::IntegerArray>(record.find("domain")->data).values[0], -1);
}

TEST(GridExperiment, ProbesAndMeansFollowTheRun) {
  const io::Record record = run();
  const auto& probe = values(record, "probe_m");  // [probe][time][component]
  EXPECT_NEAR(probe[3 * 4] / probe[0], std::exp(-1), 1e-12);
  EXPECT_TRUE(std::isfinite(probe[27]));   // a metal has m ...
  EXPECT_TRUE(std::isnan(probe[2 * 27]));  // ... vacuum has nothing
  EXPECT_TRUE(std::isnan(values(record, "probe_M")[27]));
  const auto& theta = values(record, "mean_theta");
  EXPECT_NEAR(theta[1], 0.25, 1e-12);
  EXPECT_NEAR(theta[3 * 8 + 1], 0.25 * std::exp(-2), 1e-12);
  EXPECT_EQ(record.find("dissipated", "ledger")->unit, "J m-1");
  EXPECT_NEAR(values(record, "dissipated", "ledger.series")[4], 1e-9, 1e-15);
}

TEST(GridExperiment, ProbesAreLinearBetweenCentresAndDoNotMixMaterials) {
  io::Input input = io::parse_input(film, "film.toml");
  auto& time = std::get<io::TimeExperiment>(input.experiments[0].body);
  time.initial = {{.field = io::InitialChange::Field::m,
                   .shape = io::InitialChange::Shape::cosine,
                   .component = 0,
                   .amplitude = 1,
                   .k = 0}};
  time.probes = {{1e-10, 3e-8, 0}, {2e-8, 1e-9, 0}};
  const io::Record record = run_on_grid(input, time, engine, {}, nullptr);
  EXPECT_EQ(values(record, "probe_m")[0], 1.0);
  EXPECT_EQ(values(record, "probe_m")[27], 1.0);
}

TEST(GridExperiment, GoesOnFromACheckpointToTheSameBits) {
  const io::Record whole = run();
  CheckpointStore store;
  std::string saved;
  store.save = [&](std::string_view bytes) { saved = bytes; };
  steps_until_failure = 120;
  try {
    run(&store);
    FAIL() << "the run must stop";
  } catch (const ConvergenceError& error) {
    EXPECT_NE(std::string(error.what()).find("1.21e-09 s into the run"), std::string::npos) << error.what();
  }
  steps_until_failure = -1;
  ASSERT_FALSE(saved.empty());
  store.earlier = saved;
  const io::Record rest = run(&store);
  ASSERT_EQ(rest.quantities.size(), whole.quantities.size());
  EXPECT_EQ(io::to_json(rest), io::to_json(whole));
  for (const char* name : {"m_x", "theta_y", "entropy_production"}) {
    const auto &a = values(rest, name), &b = values(whole, name);
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i])));
  }
}

TEST(GridExperiment, KeepsAsManySnapshotsAsAHundredMegabytesHold) {
  io::TimeExperiment time;
  for (int i = 0; i < 201; ++i) time.output.push_back(i);
  EXPECT_EQ(snapshot_times(time, 1000).size(), 201u);
  const auto few = snapshot_times(time, 262'144);
  EXPECT_LE(8.0 * 10 * 262'144 * static_cast<double>(few.size()), 100e6);
  EXPECT_EQ(few.front(), 0);
  EXPECT_EQ(few.back(), 200);
  EXPECT_EQ(snapshot_times(time, 1'000'000'000).size(), 2u);
  time.snapshots = {5};
  EXPECT_EQ(snapshot_times(time, 1'000'000'000), (std::vector<double>{5}));
}

}  // namespace
}  // namespace vitrispin::app
