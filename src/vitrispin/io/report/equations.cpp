#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "vitrispin/io/number_text.hpp"
#include "vitrispin/io/report/page.hpp"

namespace vitrispin::io {
namespace {

using Json = nlohmann::ordered_json;

/// MathML in small pieces, so that an equation below reads nearly as it is written.
std::string mi(const char* x) {
  return fmt::format("<mi>{}</mi>", x);
}
std::string mo(const char* x) {
  return fmt::format("<mo>{}</mo>", x);
}
std::string mn(const char* x) {
  return fmt::format("<mn>{}</mn>", x);
}
/// Brackets of ordinary height: only those round a matrix or a tall fraction grow.
std::string open_bracket() {
  return "<mo stretchy=\"false\">(</mo>";
}
std::string close_bracket() {
  return "<mo stretchy=\"false\">)</mo>";
}
std::string sub(const std::string& x, const std::string& y) {
  return "<msub>" + x + y + "</msub>";
}
std::string sup(const std::string& x, const std::string& y) {
  return "<msup>" + x + y + "</msup>";
}
std::string row(const std::string& x) {
  return "<mrow>" + x + "</mrow>";
}
std::string frac(const std::string& x, const std::string& y) {
  return "<mfrac>" + row(x) + row(y) + "</mfrac>";
}
std::string root(const std::string& x) {
  return "<msqrt>" + x + "</msqrt>";
}
std::string name(const char* x) {
  return fmt::format("<mi mathvariant=\"normal\">{}</mi>", x);
}
std::string vsub(const char* x, const char* y) {
  return sub(mi(x), "<mi mathvariant=\"normal\">" + std::string(y) + "</mi>");
}
std::string thin_space() {
  return "<mspace width=\"0.17em\"></mspace>";
}
/// Two statements on one line.
std::string comma() {
  return mo(",") + "<mspace width=\"0.8em\"></mspace>";
}
std::string over(const std::string& x) {
  return frac(mn("1"), x);
}

struct Equation {
  std::string math;
  std::string words;
  const char* scale;  ///< key of the scale whose value is shown, or nullptr
};

std::string matrix_equation() {
  const std::string gamma = mi("γ"), mu0 = sub(mi("μ"), mn("0")), Kp = sup(mi("K"), mo("′"));
  const std::string chi_M = vsub("χ", "M"), minus = mo("−"), plus = mo("+");
  const std::string rotation = plus + mi("i") + mi("σ") + mi("Ω");
  const std::string a = over(vsub("τ", "ML")), b = over(vsub("τ", "mL"));
  const std::string A = row(mi("D") + sup(mi("k"), mn("2")) + plus + b);
  const auto cell = [](const std::string& x) { return "<mtd>" + x + "</mtd>"; };
  const std::string table = "<mtable><mtr>" + cell(minus + a + rotation) + cell(minus + a + plus + mi("r") + rotation) +
                            cell(gamma + Kp) + "</mtr><mtr>" + cell(minus + mi("ξ") + mo("(") + A + mo(")")) +
                            cell(minus + mo("(") + A + plus + mi("r") + mo(")")) + cell(mn("0")) + "</mtr><mtr>" +
                            cell(minus + frac(gamma + mu0, chi_M)) + cell(minus + frac(gamma + mu0, chi_M)) +
                            cell(minus + mi("α") + gamma + Kp) + "</mtr></mtable>";
  return mi("G") + mo("=") + row(mo("(") + table + mo(")"));
}

std::vector<Equation> equations_for(const std::vector<ExperimentResult>& results) {
  const auto has = [&](std::initializer_list<const char*> kinds) {
    return std::any_of(results.begin(), results.end(), [&](const ExperimentResult& result) {
      return std::any_of(kinds.begin(), kinds.end(), [&](const char* kind) { return result.kind == kind; });
    });
  };
  const std::string gamma = mi("γ"), mu0 = sub(mi("μ"), mn("0")), eq = mo("="), plus = mo("+"), minus = mo("−");
  const std::string chi_M = vsub("χ", "M"), chi_m = vsub("χ", "m"), rho = vsub("ρ", "s"), K = mi("K"), D = mi("D");
  const std::string squared = mn("2");
  std::vector<Equation> all;
  all.push_back({sup(sub(mi("ω"), mn("0")), squared) + eq + frac(sup(gamma, squared) + mu0 + K, chi_M),
                 "gap of the spin waves, Eq. (38)", "omega_0"});
  all.push_back(
      {sup(mi("v"), squared) + eq + frac(sup(gamma, squared) + mu0 + rho, chi_M), "spin-wave velocity, Eq. (37)", "v"});
  if (has({"modes", "response", "perturbation", "harmonic"})) {
    all.push_back({mo("−") + mi("i") + mi("ω") + mi("y") + eq + mi("G") + mi("y") + comma() + mi("y") + eq +
                       open_bracket() + mi("δ") + vsub("M", "σ") + mo(",") + mi("δ") + vsub("m", "σ") + mo(",") +
                       vsub("θ", "σ") + close_bracket(),
                   "modes exp(i(kx − ωt)) of each helicity σ", nullptr});
    all.push_back({matrix_equation(),
                   "Eq. (52), with precession Ω = γμ₀M_{eq}/χ_{M}; K′ = K + ρ_{s}k², r = 1/τ_{mM} − 1/τ_{Mm}",
                   nullptr});
  }
  if (has({"time"})) {
    const std::string H = sup(mi("H"), mo("*")), h = sup(mi("h"), mo("*"));
    const auto bold = [](const char* x) { return fmt::format("<mi mathvariant=\"bold\">{}</mi>", x); };
    const auto d_dt = [&](const std::string& x) { return frac(mo("d") + x, mo("d") + mi("t")); };
    const std::string G = sup(mi("Γ"), mo("′")), cross = mo("×");
    all.push_back(
        {d_dt(bold("M")) + eq + minus + gamma + mu0 + bold("M") + cross + H + minus + gamma + G + plus + vsub("R", "M"),
         "Eq. (22)", nullptr});
    all.push_back({d_dt(bold("m")) + eq + minus + gamma + mu0 + bold("m") + cross + h + minus +
                       frac(mo("∂") + mi("j"), mo("∂") + mi("x")) + plus + vsub("R", "m"),
                   "Eq. (23), j = Dχ_{m} ∂h*/∂x", nullptr});
    all.push_back({d_dt(bold("θ")) + eq + gamma + mu0 + H + plus + mi("α") + gamma + G,
                   "Eqs. (24), (31), (32), Γ′ = −Kθ + ρ_{s}∂²θ/∂x²", nullptr});
  }
  if (has({"response"})) {
    all.push_back({open_bracket() + mi("s") + minus + mi("G") + close_bracket() + mi("y") + eq + minus + mi("G") +
                       sub(mi("e"), mn("1")) + chi_M + mi("δ") + mi("H") + comma() + mi("s") + eq + minus + mi("i") +
                       mi("ω"),
                   "response to a field δH exp(i(kx − ωt))", nullptr});
  }
  if (has({"steady", "harmonic"})) {
    all.push_back({mi("J") + eq + D + chi_m + frac(mo("∂") + sup(mi("h"), mo("*")), mo("∂") + mi("x")) + plus + gamma +
                       rho + frac(mo("∂") + mi("θ"), mo("∂") + mi("x")),
                   "spin current: diffusive and reactive part, Eq. (30) [corrected]", nullptr});
    all.push_back({over(sup(mi("ℓ"), squared)) + eq + over(D) +
                       row(mo("[") + over(vsub("τ", "m")) + minus +
                           frac(over(vsub("τ", "mM") + vsub("τ", "Mm")),
                                over(vsub("τ", "M")) + plus + frac(gamma + mu0, mi("α") + chi_M)) +
                           mo("]")),
                   "dc decay length with a pinned texture", "decay_length"});
    all.push_back({vsub("ℓ", "n") + eq + root(frac(rho, K)), "nondissipative twist length", "twist_length"});
    all.push_back({frac(vsub("J", "out"), vsub("J", "in")) + eq +
                       frac(mi("h"), name("sinh") + open_bracket() + mi("L") + mo("/") + mi("ℓ") + close_bracket() +
                                         plus + mi("h") + thin_space() + name("cosh") + open_bracket() + mi("L") +
                                         mo("/") + mi("ℓ") + close_bracket()) +
                       comma() + mi("h") + eq + frac(mi("Y") + mi("ℓ"), D + chi_m),
                   "one pinned film between an injected current and a sink Y, free twist", nullptr});
    all.push_back({frac(vsub("J", "out"), vsub("J", "in")) + eq +
                       over(mn("1") + plus + mi("L") + mo("/") + vsub("L", "α")) + comma() + vsub("L", "α") + eq +
                       frac(mi("β") + vsub("D", "θ"), rho),
                   "the limit of a freely turning texture between mixing contacts (spin superfluid), β = ħg/4π",
                   "twist_diffusivity"});
  }
  return all;
}

}  // namespace

std::string equations_section(const Json& summary, const std::vector<ExperimentResult>& results) {
  std::string html = "<section id=\"equations\">\n<h2>Equations</h2>\n";
  const Json materials = summary.value("materials", Json::object());
  for (const Equation& equation : equations_for(results)) {
    std::string words = with_subscripts(equation.words);
    for (const auto& [material_name, material] : materials.items()) {
      if (equation.scale == nullptr || material.value("kind", "") != "spin-glass") continue;
      const auto& scales = material.find("scales");
      if (scales == material.end() || !scales->contains(equation.scale)) continue;
      const Json& scale = (*scales)[equation.scale];
      if (!scale["value"].is_number()) continue;
      words += fmt::format("; {}: {} = {}", escaped(material_name), symbol_html(scale.value("symbol", "")),
                           engineering(scale["value"].get<double>(), scale.value("unit", "1")));
    }
    html += fmt::format(
        "<div class=\"equation\"><math display=\"inline\" displaystyle=\"true\">{}</math><span "
        "class=\"words\">{}</span></div>\n",
        equation.math, words);
  }
  return html + "</section>\n";
}

}  // namespace vitrispin::io
