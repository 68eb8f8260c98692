#include "vitrispin/io/report/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>

#include "vitrispin/io/report/figures.hpp"
#include "vitrispin/io/summary.hpp"

namespace vitrispin::io {
namespace {

std::vector<double> logarithmic(double from, double to, std::size_t points) {
  std::vector<double> values;
  for (std::size_t i = 0; i < points; ++i) {
    values.push_back(from * std::pow(to / from, static_cast<double>(i) / static_cast<double>(points - 1)));
  }
  return values;
}

Dimension axis(const std::string& name, const std::vector<double>& values, const std::string& unit,
               bool sweep = false) {
  return {name, values.size(), values, {}, unit, name, true, sweep};
}

Quantity real(const std::string& name, std::vector<std::string> dimensions, std::vector<double> values,
              const std::string& unit) {
  return {name, std::move(dimensions), RealArray{std::move(values)}, unit, name, "", true, true, ""};
}

Quantity complex(const std::string& name, std::vector<std::string> dimensions, Complexes values,
                 const std::string& unit, const std::string& group = {}) {
  return {name, std::move(dimensions), ComplexArray{std::move(values)}, unit, name, "", true, true, group};
}

/// A gapped spin wave and a diffusive mode, which cross in damping.
ExperimentResult modes() {
  Record record;
  const std::vector<double> k = logarithmic(1e5, 1e9, 120);
  record.add_dimension({"sigma", 1, {0}, {}, "1", "Helicity", false, false});
  record.add_dimension(axis("k", k, "rad m-1"));
  record.add_dimension({"mode", 3, {}, {}, "", "Mode", false, false});
  Complexes omega;
  TextArray label;
  RealArray branch;
  for (const double value : k) {
    const double wave = std::sqrt(1e21 + 1e10 * value * value * 4);
    const double diffusive = 1e9 + 1e-5 * value * value;
    const std::complex<double> modes[3] = {{-wave, -2e9}, {wave, -2e9}, {0, -diffusive}};
    const bool first = diffusive > 2e9;
    for (const int mode : first ? std::array{2, 0, 1} : std::array{0, 1, 2}) {
      omega.push_back(modes[mode]);
      branch.values.push_back(mode);
      label.values.emplace_back(mode == 2 ? "diffusive" : "spin-wave");
    }
  }
  record.add(complex("omega", {"sigma", "k", "mode"}, omega, "rad s-1"));
  record.add({"label", {"sigma", "k", "mode"}, label, "1", "Kind", "", true, true, ""});
  record.add({"branch", {"sigma", "k", "mode"}, branch, "1", "Branch", "", true, true, ""});
  return {"dispersion", "modes", std::move(record)};
}

/// 1/cosh(L/l) or 1/(1 + L/l): what a pinned and a turning texture do.
ExperimentResult thickness(const std::string& name, bool exponential, double length) {
  Record record;
  const std::vector<double> L = logarithmic(5e-9, 1e-6, 60);
  record.add_dimension(axis("layers.film.thickness", L, "m", true));
  std::vector<double> values;
  for (const double value : L) values.push_back(exponential ? 1 / std::cosh(value / length) : 1 / (1 + value / length));
  record.add(real("transmission", {"layers.film.thickness"}, values, "1"));
  return {name, "steady", std::move(record)};
}

ExperimentResult profiles() {
  Record record;
  std::vector<double> x, m, j;
  for (int i = 0; i <= 100; ++i) {
    x.push_back(2e-9 * i);
    m.push_back(3e-4 * std::exp(-x.back() / 3e-8));
    j.push_back(std::exp(-x.back() / 3e-8));
  }
  record.add_dimension({"x", x.size(), x, {}, "m", "Position", false, false});
  record.add(real("m", {"x"}, m, "A m-1"));
  record.add(real("current_m", {"x"}, j, "A s-1"));
  record.add(real("transmission", {}, {0.02}, "1"));
  record.warnings.push_back("largest angle 0.4 rad > 0.3 rad: <small angles> do not hold");
  return {"profile", "steady", std::move(record)};
}

ExperimentResult harmonic() {
  Record record;
  const std::vector<double> f = logarithmic(1e6, 1e13, 100);
  record.add_dimension(axis("frequency", f, "Hz"));
  Complexes transmission;
  for (const double value : f)
    transmission.push_back(1.0 / std::cosh(std::sqrt(std::complex<double>(4, -value / 1e10))));
  record.add(complex("transmission", {"frequency"}, transmission, "1"));
  return {"frequency", "harmonic", std::move(record)};
}

ExperimentResult response() {
  Record record;
  const std::vector<double> k = {0, 1e7, 3e7, 1e8};
  const std::vector<double> omega = logarithmic(1e9, 1e13, 200);
  record.add_dimension({"sigma", 1, {0}, {}, "1", "Helicity", false, false});
  record.add_dimension({"k", k.size(), k, {}, "rad m-1", "Wave number", false, false});
  record.add_dimension(axis("omega", omega, "rad s-1"));
  Complexes chi;
  for (const double q : k) {
    for (const double w : omega) {
      const double gap = std::sqrt(1e21 + 1e10 * q * q);
      chi.push_back(5e-3 * gap * gap / std::complex<double>(gap * gap - w * w, -w * 4e9));
    }
  }
  record.add(complex("chi_total", {"sigma", "k", "omega"}, chi, "1"));
  return {"response", "response", std::move(record)};
}

ExperimentResult perturbation_map() {
  Record record;
  const std::vector<double> tau = logarithmic(1e-13, 1e-9, 40);
  const std::vector<double> omega = logarithmic(1e9, 1e13, 60);
  record.add_dimension(axis("materials.glass.tau_Mm", tau, "s", true));
  record.add_dimension(axis("omega", omega, "rad s-1"));
  Complexes approximate, exact;
  FlagArray valid;
  for (const double t : tau) {
    for (const double w : omega) {
      exact.emplace_back(1, w * t);
      approximate.emplace_back(1, w * t + 1 / (w * t));
      valid.values.push_back(w * t > 10);
    }
  }
  for (const auto& [group, name] : {std::pair{"spin_wave", "m_over_M"}, std::pair{"diffusion", "M_over_m"}}) {
    record.add(complex(name, {"materials.glass.tau_Mm", "omega"}, approximate, "1", group));
    record.add(complex(std::string("exact_") + name, {"materials.glass.tau_Mm", "omega"}, exact, "1", group));
  }
  record.add({"valid", {"materials.glass.tau_Mm", "omega"}, valid, "1", "Valid", "", true, true, ""});
  return {"map", "perturbation", std::move(record)};
}

class ReportTest : public testing::Test {
protected:
  ReportTest() {
    results_ = {modes(),
                thickness("pinned", true, 3e-8),
                thickness("rotating", false, 5e-8),
                profiles(),
                harmonic(),
                response(),
                perturbation_map()};
    input_.file = "film.toml";
    input_.title = "A film <of> glass & \"metal\"";
    NamedMaterial glass;
    glass.name = "glass";
    glass.preset = "ayig";
    glass.specification = {};
    glass.specification.chi_M = 0.014;
    glass.specification.xi = 0.1;
    glass.specification.tau_ML = 1e-12;
    glass.specification.tau_mL = 1e-9;
    glass.specification.tau_Mm = 1e-10;
    glass.specification.D = 1e-6;
    glass.specification.rho_s = 1.5e-12;
    glass.specification.K = 100;
    glass.specification.alpha = 1e-8;
    glass.material = physics::make_material(glass.specification);
    glass.provenance["chi_M"] = {"measured", "Someone, Journal 1, 2 (2020)"};
    input_.materials.push_back(glass);
    page_ = render_report(summarize(input_, {"0.1.0", "abc", "Release", "2026-01-01T00:00:00Z"}, results_), results_);
  }

  Input input_;
  std::vector<ExperimentResult> results_;
  std::string page_;
};

TEST_F(ReportTest, is_one_file_without_outside_links_below_3_megabytes) {
  EXPECT_LT(page_.size(), 3u << 20);
  EXPECT_THAT(page_, testing::Not(testing::HasSubstr("http://")));
  EXPECT_THAT(page_, testing::Not(testing::HasSubstr("https://")));
  EXPECT_FALSE(std::regex_search(page_, std::regex(R"((src|href)\s*=\s*["'][^#"'])")));
  if (const char* keep = std::getenv("VITRISPIN_KEEP_REPORT")) std::ofstream(keep) << page_;
}

TEST_F(ReportTest, puts_the_answer_first_then_figures_equations_materials_provenance_and_citation) {
  std::size_t last = 0;
  for (const char* id :
       {"answer", "warnings", "comparison", "experiment-1", "equations", "materials", "provenance", "cite"}) {
    const std::size_t at = page_.find(std::string("id=\"") + id + "\"");
    ASSERT_NE(at, std::string::npos) << id;
    EXPECT_GT(at, last) << id;
    last = at;
  }
  EXPECT_THAT(page_, testing::HasSubstr("10.1103/PhysRevB.107.094438"));
}

TEST_F(ReportTest, escapes_what_the_user_wrote) {
  EXPECT_THAT(page_, testing::HasSubstr("A film &lt;of&gt; glass &amp; &quot;metal&quot;"));
  EXPECT_THAT(page_, testing::HasSubstr("&lt;small angles&gt;"));
}

TEST_F(ReportTest, says_which_law_the_transmission_follows) {
  // The sweep ends 33 decay lengths thick, where 1/cosh is an exponential to all digits.
  EXPECT_THAT(page_, testing::HasSubstr("falls exponentially at the far end, by e every <b>30 nm</b>"));
  // Between L = 3.4 l and 20 l the mean exponent of 1/(1 + L/l) is -ln(21/4.4)/ln(20/3.4) = -0.88.
  EXPECT_THAT(page_, testing::ContainsRegex("power law at the far end, with exponent <b>.*0[.]8[89]</b>"));
}

TEST_F(ReportTest, shows_standing_and_source_of_a_materials_numbers) {
  EXPECT_THAT(page_, testing::HasSubstr("Someone, Journal 1, 2 (2020)"));
  EXPECT_THAT(page_, testing::HasSubstr("standing measured"));
}

TEST_F(ReportTest, follows_branches_and_not_the_order_of_damping) {
  const std::vector<Figure> figures = modes_figures(results_[0].record);
  ASSERT_EQ(figures.size(), 2u);
  ASSERT_EQ(figures[0].curves.size(), 1u);  // the mirror image and the diffusive mode have no curve of their own
  for (const double damping : figures[1].curves[0].values) EXPECT_EQ(damping, 2e9);
}

TEST_F(ReportTest, overlays_all_steady_sweeps_of_one_path) {
  const std::vector<Figure> figures = comparison_figures(results_);
  ASSERT_EQ(figures.size(), 1u);
  EXPECT_EQ(figures[0].curves.size(), 2u);
  EXPECT_EQ(figures[0].curves[1].name, "rotating");
}

TEST_F(ReportTest, outlines_where_perturbation_theory_holds) {
  const std::vector<Figure> figures = perturbation_figures(results_[6].record);
  ASSERT_EQ(figures.size(), 2u);
  EXPECT_EQ(figures[0].heat_map.outlined.size(), 40u * 60u);
}

}  // namespace
}  // namespace vitrispin::io
