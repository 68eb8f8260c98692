#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "vitrispin/core/constants.hpp"
#include "vitrispin/io/number_text.hpp"
#include "vitrispin/io/report/field_map.hpp"
#include "vitrispin/io/report/figures.hpp"
#include "vitrispin/io/report/page.hpp"

namespace vitrispin::io {
namespace {

using Json = nlohmann::ordered_json;

std::string bold(const std::string& text) {
  return "<b>" + text + "</b>";
}

std::string percent(double fraction) {
  if (fraction == 0) return "less than 10⁻³⁰⁰";  // below the smallest double
  const double value = 100 * fraction;
  // Three digits, zeros at the end too: 94.0 %.
  if (value >= 0.9995) return fmt::format("{:.{}f} %", value, value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2);
  if (value >= 0.01) return fmt::format("{:#.3g} %", value);
  return engineering(fraction, "1", 3);
}

double scale_value(const Json& material, const char* key) {
  const auto scales = material.find("scales");
  if (scales == material.end() || !scales->contains(key)) return std::numeric_limits<double>::quiet_NaN();
  const Json& value = (*scales)[key]["value"];
  return value.is_number() ? value.get<double>() : std::numeric_limits<double>::infinity();
}

std::vector<std::string> material_answers(const Json& summary) {
  std::vector<std::string> sentences;
  if (!summary.contains("materials")) return sentences;
  for (const auto& [name, material] : summary["materials"].items()) {
    const double length = scale_value(material, "decay_length");
    const double gap = scale_value(material, "frequency_0");
    const double twist = scale_value(material, "twist_length");
    if (material.value("kind", "") == "spin-glass") {
      if (std::isfinite(length)) {
        std::string text = fmt::format("At dc, spin accumulation in {} decays over ℓ = {} while the texture is pinned",
                                       escaped(name), bold(engineering(length, "m", 3)));
        if (std::isfinite(twist))
          text += fmt::format("; a twist decays over ℓ<sub>n</sub> = {}", bold(engineering(twist, "m", 3)));
        sentences.push_back(text + ".");
      }
      if (gap > 0 && std::isfinite(gap)) {
        sentences.push_back(fmt::format("The spin-wave gap of {} is ω<sub>0</sub>/2π = {}.", escaped(name),
                                        bold(engineering(gap, "Hz", 3))));
      }
    } else if (std::isfinite(length)) {
      sentences.push_back(
          fmt::format("The spin diffusion length of {} is {}.", escaped(name), bold(engineering(length, "m", 3))));
    }
  }
  return sentences;
}

/// How a transmission falls at the thick end of a sweep: exponential if ln T is the straighter line, else a power law.
std::string law_of(const std::vector<double>& x, const std::vector<double>& values, const std::string& unit) {
  std::vector<std::size_t> usable;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (x[i] > 0 && std::isfinite(values[i]) && values[i] > 0) usable.push_back(i);
  }
  if (usable.size() < 6) return {};
  // Local slopes over the last two thirds on both axes; the law is the one whose slope changes less.
  const std::size_t a = usable[usable.size() / 3];
  const std::size_t b = usable[2 * usable.size() / 3];
  const std::size_t c = usable.back();
  if (!(x[b] > x[a]) || !(x[c] > x[b])) return {};
  const auto exponential = [&](std::size_t i, std::size_t j) {
    return std::log(values[i] / values[j]) / (x[j] - x[i]);
  };
  const auto power = [&](std::size_t i, std::size_t j) {
    return std::log(values[i] / values[j]) / std::log(x[j] / x[i]);
  };
  const auto change = [](double first, double second) { return std::abs(std::log(std::abs(second / first))); };
  if (values[c] >= 0.98 * values[a]) return "hardly depends on it";
  if (change(exponential(a, b), exponential(b, c)) < change(power(a, b), power(b, c))) {
    return "falls exponentially at the far end, by e every " + bold(engineering(1 / exponential(b, c), unit, 3));
  }
  return fmt::format("falls as a power law at the far end, with exponent {}",
                     bold(fmt::format("−{:.2f}", power(b, c))));
}

std::string texture_state(const Record& record) {
  const Quantity* regime = record.find("regime");
  if (regime == nullptr) return {};
  const auto* texts = std::get_if<TextArray>(&regime->data);
  if (texts == nullptr || texts->values.empty()) return {};
  const bool rotating = std::find(texts->values.begin(), texts->values.end(), "rotating") != texts->values.end();
  const bool pinned = std::find(texts->values.begin(), texts->values.end(), "pinned") != texts->values.end();
  if (rotating && pinned) return " The texture is pinned in part and turns in part.";
  if (pinned) return " The texture is pinned.";
  if (!rotating) return {};
  const Quantity* rotation = record.find("rotation");
  double fastest = 0;
  if (rotation != nullptr) {
    if (const auto* rates = std::get_if<RealArray>(&rotation->data)) {
      for (const double rate : rates->values) fastest = std::max(fastest, std::isfinite(rate) ? std::abs(rate) : 0);
    }
  }
  return fmt::format(" The texture turns steadily, at up to {}.", bold(engineering(fastest, "rad s-1", 3)));
}

std::string steady_answer(const ExperimentResult& result) {
  const Record& record = result.record;
  const Quantity* transmission = headline_transmission(record);
  if (transmission == nullptr) return {};
  const std::vector<const Dimension*> axes = sweep_axes(record);
  const std::string name = "<b>" + escaped(result.name) + "</b>: ";
  if (axes.empty()) {
    const double value = std::abs(value_at(record, *transmission, {}));
    if (!std::isfinite(value)) return name + "no current enters at the left face." + texture_state(record);
    return name +
           fmt::format("{} of the spin current injected at the left {}.", bold(percent(value)),
                       transmission->group.empty() ? "leaves at the right" : "reaches the detector") +
           texture_state(record);
  }
  const Dimension& axis = **std::max_element(axes.begin(), axes.end(),
                                             [](const Dimension* a, const Dimension* b) { return a->size < b->size; });
  const std::vector<double> values = magnitude(along(record, *transmission, axis.name, {}));
  if (values.empty() || !std::isfinite(values.front()) || !std::isfinite(values.back())) return {};
  std::string text = name + fmt::format("transmission goes from {} at {} to {} at {}", bold(percent(values.front())),
                                        with_subscripts(place_text(axis, 0)), bold(percent(values.back())),
                                        engineering(axis.values.back(), axis.unit, 3));
  const std::string law = axis.unit == "m" ? law_of(axis.values, values, axis.unit) : std::string();
  if (!law.empty()) text += "; it " + law;
  return text + "." + texture_state(record);
}

std::string harmonic_answer(const ExperimentResult& result) {
  const Record& record = result.record;
  const Quantity* transmission = headline_transmission(record);
  const Dimension* frequency = find_dimension(record, "frequency");
  if (transmission == nullptr || frequency == nullptr || frequency->values.size() < 2) return {};
  const std::vector<double> values = magnitude(along(record, *transmission, "frequency", {}));
  if (!std::isfinite(values.front()) || !(values.front() > 0)) return {};
  const auto peak = std::max_element(values.begin(), values.end());
  const auto half = std::find_if(peak, values.end(), [&](double value) { return value < *peak / 2; });
  std::string text = "<b>" + escaped(result.name) + "</b>: transmission is " + bold(percent(values.front())) + " at " +
                     engineering(frequency->values.front(), "Hz", 3);
  if (*peak > 1.02 * values.front()) {
    text += fmt::format(", peaks at {} at {}", bold(percent(*peak)),
                        bold(engineering(frequency->values[static_cast<std::size_t>(peak - values.begin())], "Hz", 3)));
  }
  if (half != values.end()) {
    text += ", and has fallen to half of its largest value by " +
            bold(engineering(frequency->values[static_cast<std::size_t>(half - values.begin())], "Hz", 3));
  }
  return text + ".";
}

/// The resonance read off the poles: the oscillating mode with the largest residue, at the first k and point of a sweep.
std::string response_answer(const ExperimentResult& result) {
  const Record& record = result.record;
  const Quantity* pole = record.find("pole", "resonance");
  const Quantity* residue = record.find("residue", "resonance");
  const Quantity* width = record.find("width", "resonance");
  const Dimension* k = find_dimension(record, "k");
  if (pole == nullptr || residue == nullptr || width == nullptr || !has_dimension(*pole, "mode")) return {};
  const std::size_t modes = record.size_of("mode");
  std::size_t strongest = modes;
  double most = 0;
  for (std::size_t mode = 0; mode < modes; ++mode) {
    const auto position = value_at(record, *pole, {{"mode", mode}});
    const double size = std::abs(value_at(record, *residue, {{"mode", mode}}));
    if (position.real() > 1e-9 * std::abs(position) && size > most) {
      most = size;
      strongest = mode;
    }
  }
  const std::string name = "<b>" + escaped(result.name) + "</b>: ";
  std::string place;
  if (k != nullptr && !k->values.empty()) place = " at k = " + engineering(k->values.front(), k->unit, 3);
  const std::vector<const Dimension*> axes = sweep_axes(record);
  if (!axes.empty()) place += " and " + with_subscripts(place_text(*axes.front(), 0));
  if (strongest == modes) return name + "no mode oscillates" + place + ": there is no resonance.";
  const double at = value_at(record, *pole, {{"mode", strongest}}).real() / (2 * constants::pi);
  const double full_width = value_at(record, *width, {{"mode", strongest}}).real() / (2 * constants::pi);
  return name + fmt::format("the resonance lies at {}{}, {} wide at half height (quality {:.3g}).",
                            bold(engineering(at, "Hz", 3)), place, bold(engineering(full_width, "Hz", 3)),
                            at / full_width);
}

std::string perturbation_answer(const ExperimentResult& result) {
  const Quantity* valid = result.record.find("valid");
  if (valid == nullptr) return {};
  const auto* flags = std::get_if<FlagArray>(&valid->data);
  if (flags == nullptr || flags->values.empty()) return {};
  const auto count = std::count_if(flags->values.begin(), flags->values.end(), [](char flag) { return flag != 0; });
  std::string text = fmt::format(
      "<b>{}</b>: the weak-coupling expansion is justified, all of its small ratios being small, at {} of the points "
      "examined",
      escaped(result.name),
      bold(fmt::format("{:.0f} %", 100.0 * static_cast<double>(count) / static_cast<double>(flags->values.size()))));
  const Quantity* error = result.record.find("error");
  const auto* errors = error == nullptr ? nullptr : std::get_if<RealArray>(&error->data);
  if (errors == nullptr || errors->values.size() != flags->values.size()) return text + ".";
  double inside = 0;
  double outside = 0;
  for (std::size_t i = 0; i < errors->values.size(); ++i) {
    double& largest = flags->values[i] != 0 ? inside : outside;
    largest = std::max(largest, std::isfinite(errors->values[i]) ? errors->values[i] : 0);
  }
  if (inside > 0) text += fmt::format("; there its k² is wrong by at most {}", bold(percent(inside)));
  if (outside > 0) text += fmt::format("; elsewhere by up to {}", bold(percent(outside)));
  return text + ".";
}

/// Of modes along a sweep: the lines at its far end, and how well they obey the law without damping.
std::string swept_modes_answer(const ExperimentResult& result) {
  const Record& record = result.record;
  const Quantity* omega = record.find("omega");
  const Quantity* law = record.find("undamped_frequency");
  const std::vector<const Dimension*> axes = sweep_axes(record);
  const Dimension* helicities = find_dimension(record, "sigma");
  if (omega == nullptr || law == nullptr || axes.size() != 1 || helicities == nullptr) return {};
  const Dimension& axis = *axes.front();
  double largest = 0;
  std::string lines;
  for (std::size_t sigma = 0; sigma < helicities->size; ++sigma) {
    for (std::size_t i = 0; i < axis.size; ++i) {
      const double line = resonance_frequency(record, *omega, {{axis.name, i}, {"sigma", sigma}});
      const double expected = value_at(record, *law, {{axis.name, i}, {"sigma", sigma}}).real();
      if (!(line > 0) || !(expected > 0)) return {};  // overdamped: no line to speak of
      largest = std::max(largest, std::abs(line / expected - 1));
      if (i + 1 < axis.size) continue;
      const double value = helicities->values.at(sigma);
      lines += fmt::format("{}{} (σ = {})", lines.empty() ? "" : ", ",
                           bold(engineering(line / (2 * constants::pi), "Hz", 3)),
                           value > 0   ? "+1"
                           : value < 0 ? "−1"
                                       : "0");
    }
  }
  return fmt::format(
      "<b>{}</b>: at {} the resonances lie at {}; along the sweep they obey ω(ω + σΩ) = ω<sub>0</sub>² + v²k² within "
      "{}.",
      escaped(result.name), with_subscripts(place_text(axis, axis.size - 1)), lines, bold(percent(largest)));
}

double scalar(const Record& record, const char* name, const char* group) {
  const Quantity* quantity = record.find(name, group);
  return quantity == nullptr ? std::numeric_limits<double>::quiet_NaN() : value_at(record, *quantity, {}).real();
}

/// Of each region the largest mean spin accumulation, and when it has come.
std::string arrivals(const Record& record) {
  const Dimension* domains = find_dimension(record, "domain_name");
  const Dimension* time = find_dimension(record, "time");
  if (!has_grid(record) || domains == nullptr || domains->labels.size() != domains->size) return {};
  std::string text;
  for (std::size_t d = 0; d < domains->size; ++d) {
    const std::vector<double> values = mean_deviation(record, "m", d);
    const auto most = std::max_element(values.begin(), values.end(),
                                       [](double a, double b) { return std::isfinite(b) && !(a >= b); });
    if (most == values.end() || !(*most > 0)) continue;
    text += fmt::format("{} {} in {} at {}", text.empty() ? " The mean spin accumulation is at most" : ",",
                        bold(engineering(*most, "A m-1", 3)), escaped(domains->labels[d]),
                        bold(engineering(time->values[static_cast<std::size_t>(most - values.begin())], "s", 3)));
  }
  return text.empty() ? text : text + ", measured from equilibrium.";
}

/// Where heat is followed: the largest change of temperature that was kept.
std::string warming(const Record& record) {
  const Quantity *T = record.find("temperature"), *start = record.find("start_temperature");
  if (T == nullptr || start == nullptr) return {};
  double most = 0;
  for (const double value : std::get<RealArray>(T->data).values) {
    const double change = value - std::get<RealArray>(start->data).values[0];
    if (std::abs(change) > std::abs(most)) most = change;
  }
  return fmt::format(" Temperature changes by up to {}.", bold(engineering(most, "K", 3)));
}

std::string time_answer(const ExperimentResult& result) {
  const Record& record = result.record;
  const Dimension* time = find_dimension(record, "time");
  if (time == nullptr || time->values.empty() || !sweep_axes(record).empty()) return {};
  const double dissipated = scalar(record, "dissipated", "ledger");
  const double change = scalar(record, "free_energy_change", "ledger");
  const double work = scalar(record, "work", "ledger");
  const double imbalance = std::abs(scalar(record, "imbalance", "ledger"));
  const std::string unit = record.find("work", "ledger") == nullptr ? "J m-2" : record.find("work", "ledger")->unit;
  std::string text =
      fmt::format("<b>{}</b>: after {} the free energy has {} by {}; {} were dissipated", escaped(result.name),
                  bold(engineering(time->values.back(), "s", 3)), change < 0 ? "fallen" : "risen",
                  bold(engineering(std::abs(change), unit, 3)), bold(engineering(dissipated, unit, 3)));
  if (work != 0) text += fmt::format(", {} put in as work", bold(engineering(work, unit, 3)));
  if (dissipated > 0) {
    text += imbalance < 1e-12 * dissipated
                ? "; the ledger closes to rounding"
                : fmt::format("; the ledger closes to {} of that", engineering(imbalance / dissipated, "1", 1));
  }
  return text + "." + warming(record) + arrivals(record);
}

/// "8 samples of 147 spins give ...".
std::string atoms_answer(const ExperimentResult& result) {
  const Record& record = result.record;
  const auto count = [&](const char* name) {
    const Quantity* quantity = record.find(name);
    return quantity == nullptr ? std::int64_t{0} : std::get<IntegerArray>(quantity->data).values.front();
  };
  const auto constant = [&](const char* name, const char* unit) {
    const double error = scalar(record, "sem", name);
    return bold(engineering(scalar(record, "mean", name), unit, 3)) +
           (std::isfinite(error) ? " ± " + engineering(error, unit, 3) : std::string());
  };
  std::string text = fmt::format(
      "<b>{}</b>: {} samples of {} spins give χ<sub>M</sub> = {}, ρ<sub>s</sub> = {}, K = {}", escaped(result.name),
      count("samples"), count("spins"), constant("chi_M", "1"), constant("rho_s", "J m-1"), constant("K", "J m-3"));
  if (std::isfinite(scalar(record, "mean", "spin_wave_velocity")))
    text += "; spin waves run at " + constant("spin_wave_velocity", "m s-1");
  return text + ".";
}

}  // namespace

std::vector<std::string> answers(const Json& summary, const std::vector<ExperimentResult>& results) {
  std::vector<std::string> sentences = material_answers(summary);
  // What was asked of the film comes before what explains it.
  const std::pair<const char*, std::string (*)(const ExperimentResult&)> kinds[] = {
      {"steady", steady_answer},
      {"harmonic", harmonic_answer},
      {"time", time_answer},
      {"atoms", atoms_answer},
      {"modes", swept_modes_answer},
      {"response", response_answer},
      {"perturbation", perturbation_answer}};
  for (const auto& [kind, answer] : kinds) {
    for (const ExperimentResult& result : results) {
      if (result.kind != kind) continue;
      std::string sentence = answer(result);
      if (!sentence.empty()) sentences.push_back(std::move(sentence));
    }
  }
  return sentences;
}

}  // namespace vitrispin::io
