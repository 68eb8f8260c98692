#include <fmt/format.h>

#include <limits>

#include "vitrispin/app/experiments.hpp"
#include "vitrispin/app/film_record.hpp"
#include "vitrispin/film/small_angles.hpp"
#include "vitrispin/modes/field_axis.hpp"
#include "vitrispin/physics/characteristic.hpp"

namespace vitrispin::app {
namespace {

/// decay_length[layer][sigma] at dc, 1/Re sqrt(1/l^2).
void add_decay_lengths(io::Record& record, const physics::Stack& stack) {
  const film::FieldAxis axis = film::field_axis(stack);
  io::RealArray lengths;
  for (const auto& layer : stack.layers) {
    const double rotation = modes::precession_about_axis(layer.material, stack.H, axis.e3);
    const bool ferromagnet = layer.material.kind == physics::MaterialKind::ferromagnet;
    for (const int sigma : {-1, 0, 1}) {
      lengths.values.push_back(ferromagnet && sigma != 0 ? std::numeric_limits<double>::quiet_NaN()
                                                         : physics::decay_length(layer.material, sigma * rotation));
    }
  }
  io::Quantity quantity_of_lengths =
      quantity({"decay_length",
                "",
                "m",
                "Decay length of the spin accumulation at dc",
                "infinite where nothing relaxes; the transverse components of a ferromagnet end at its interfaces",
                {}},
               {"layer", "sigma"});
  quantity_of_lengths.data = std::move(lengths);
  record.add(std::move(quantity_of_lengths));
}

}  // namespace

io::Record run_steady(const io::Input& input, const io::SteadyExperiment& experiment, FilmColumns::Headings* sweep) {
  io::Record record;
  FilmColumns columns(sweep);
  describe_film(record, input.stack);
  add_decay_lengths(record, input.stack);
  const std::vector<double> angles = append_state(columns, input.stack, 0);
  append_profiles(columns, record, input.stack, 0, experiment.profile_points, true);
  columns.flush(record, {}, true);
  const auto groups = film::texture_groups(input.stack);
  for (std::size_t g = 0; g < angles.size(); ++g) {
    if (!(angles[g] > film::small_angle_limit)) continue;  // nor where undefined
    record.warnings.push_back(fmt::format(
        "the {} texture of layers {} to {} turns by up to {:.3g} rad, theory and solution hold for small angles, below "
        "{} rad: reduce the drive to {:.3g} of its value",
        to_string(groups[g].motion), groups[g].first, groups[g].last, angles[g], film::small_angle_limit,
        film::small_angle_limit / angles[g]));
  }
  return record;
}

}  // namespace vitrispin::app
