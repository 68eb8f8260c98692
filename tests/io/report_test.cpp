#include "vitrispin/io/report/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>

#include "vitrispin/io/report/field_map.hpp"
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

/// Three by two cells, one of them vacuum, at two times; m = 5 A/m along z in equilibrium.
ExperimentResult grid(std::size_t dimensions = 2) {
  Record record;
  record.add_dimension(axis("time", {0, 1e-9}, "s"));
  record.add_dimension({"component", 3, {}, {"x", "y", "z"}, "", "", false, false});
  std::vector<std::string> space;
  for (std::size_t a = dimensions; a-- > 0;) {
    const std::string name(1, "xyz"[a]);
    const std::vector<double> faces = a == 0   ? std::vector<double>{0, 1e-9, 2e-9, 4e-9}
                                      : a == 1 ? std::vector<double>{0, 1e-9, 2e-9}
                                               : std::vector<double>{0, 3e-9};
    std::vector<double> centers;
    for (std::size_t i = 0; i + 1 < faces.size(); ++i) centers.push_back((faces[i] + faces[i + 1]) / 2);
    record.add_dimension(axis(name, centers, "m"));
    record.add_dimension(axis(name + "_face", faces, "m"));
    space.push_back(name);
  }
  record.add_dimension({"domain_name", 2, {}, {"film", "strip"}, "", "", false, false});
  record.add_dimension(axis("snapshot", {0, 1e-9}, "s"));
  record.add_dimension(axis("probe", {0.5e-9}, "m"));
  record.add(real("probe_y", {"probe"}, {1.5e-9}, "m"));
  record.add({"domain", space, IntegerArray{{0, 0, 0, 1, -1, 0}}, "1", "", "", false, true, ""});
  record.extras.emplace_back("domains", R"([{"name":"film","material":"glass"},{"name":"strip","material":"pt"}])");
  const double none = std::nan("");
  std::vector<std::string> all{"snapshot"};
  all.insert(all.end(), space.begin(), space.end());
  for (const char* name : {"m_x", "m_y"})
    record.add(real(name, all, {0, 0, 0, 0, none, 0, 0, 0, 0, 0, none, 0}, "A m-1"));
  record.add(real("m_z", all, {5, 5, 5, 5, none, 5, 5, 6, 5, 5.25, none, 4}, "A m-1"));
  record.add(real("equilibrium_m", {"domain_name", "component"}, {0, 0, 5, 0, 0, 5}, "A m-1"));
  record.add(real("mean_m", {"domain_name", "time", "component"}, {0, 0, 5, 3, 4, 5, 0, 0, 5, 0, 0, 5.5}, "A m-1"));
  record.add(real("probe_m", {"probe", "time", "component"}, {0, 0, 5, 0, 0, 5.25}, "A m-1"));
  return {"grid", "time", std::move(record)};
}

TEST_F(ReportTest, maps_of_a_grid_hold_deviations_from_equilibrium_in_bytes) {
  const MapFigure figure = field_figure(grid().record, 1000000);
  const auto data = nlohmann::json::parse(figure.json);
  ASSERT_EQ(data["fields"].size(), 1u);
  EXPECT_EQ(data["fields"][0]["domains"], nlohmann::json({0, 1}));
  ASSERT_EQ(data["fields"][0]["components"].size(), 1u);  // those that are zero have no bytes
  const auto& z = data["fields"][0]["components"][0];
  EXPECT_EQ(z["name"], "z");
  EXPECT_EQ(z["scale"], 1.0);
  // Five cells at two times: 128 for nothing, 255 and 1 for +-1, 128 + 127 sqrt(1/4) = 192 (rounded up) for 0.25. Domains: 255 is
  // vacuum.
  EXPECT_EQ(z["data"], "gICAgICA/4DAAQ==");
  EXPECT_EQ(data["domain"], "AAAAAf8A");
  EXPECT_EQ(data["times"], nlohmann::json({0, 1e-9}));
}

TEST_F(ReportTest, maps_that_are_too_large_are_merged_within_a_material_and_say_so) {
  const MapFigure figure = field_figure(grid().record, 12);  // nine bytes: four cells at two times
  const auto data = nlohmann::json::parse(figure.json);
  EXPECT_EQ(data["axes"][0]["edges"], nlohmann::json({0, 2e-9, 4e-9}));
  EXPECT_EQ(data["axes"][1]["edges"], nlohmann::json({0, 1e-9, 2e-9}));
  EXPECT_THAT(figure.caption, testing::HasSubstr("the mean of 2 × 1 cells"));
}

TEST_F(ReportTest, geometry_of_three_dimensions_has_three_axes_and_names_its_probes) {
  const MapFigure figure = geometry_figure(grid(3).record, {{{"name", "source"}, {"face", "left"}}});
  const auto data = nlohmann::json::parse(figure.json);
  EXPECT_EQ(data["axes"].size(), 3u);
  EXPECT_EQ(data["domains"][1]["material"], "pt");
  EXPECT_THAT(figure.caption, testing::HasSubstr("1 at x = 500 pm, y = 1.5 nm"));
  EXPECT_THAT(figure.caption, testing::HasSubstr("source"));
}

TEST_F(ReportTest, means_and_probes_of_a_grid_count_from_equilibrium) {
  const Record record = grid().record;
  EXPECT_EQ(mean_deviation(record, "m", 0), (std::vector<double>{0, 5}));
  EXPECT_EQ(mean_deviation(record, "m", 1), (std::vector<double>{0, 0.5}));
  EXPECT_EQ(probe_deviations(record, "m", 0, 2), (std::vector<double>{0, 0.25}));
}

}  // namespace
}  // namespace vitrispin::io
