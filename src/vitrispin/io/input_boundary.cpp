#include <fmt/format.h>

#include "vitrispin/io/input_sections.hpp"
#include "vitrispin/io/printable.hpp"
#include "vitrispin/io/suggestion.hpp"

namespace vitrispin::io {
namespace {

using physics::AccumulationBoundary;
using physics::Boundary;
using physics::TwistBoundary;

void read_twist(TableReader& table, Boundary& boundary) {
  const TomlNode* node = table.find("twist");
  if (!node) return;
  if (node->kind == TomlNode::Kind::list) {
    const auto torque = table.complex_vector("twist");
    if (!torque) return;
    boundary.twist = TwistBoundary::torque;
    boundary.torque = *torque;
  } else if (node->kind == TomlNode::Kind::text && node->text == "clamped") {
    boundary.twist = TwistBoundary::clamped;
  } else if (node->kind != TomlNode::Kind::text || node->text != "free") {
    const bool word = node->kind == TomlNode::Kind::text;
    table.complain("twist",
                   fmt::format("twist must be \"free\", \"clamped\" or a torque vector [x, y, z] in J m-2, not {}{}",
                               node->description(),
                               word ? did_you_mean(node->text, std::vector<std::string>{"free", "clamped"}) : ""));
  }
}

/// Exactly one of: closed, current, contact. Complains about every key that contradicts the first one found.
void read_accumulation(TableReader& table, Boundary& boundary) {
  const auto closed = table.flag("closed");
  const auto current = table.complex_vector("current");
  const auto conductance = table.number("conductance");
  const auto potential = table.complex_vector("potential");
  const auto mixing = table.number("mixing");
  const bool is_closed = closed.value_or(false);
  const bool is_contact = table.has("conductance");
  const bool is_current = table.has("current");
  if (is_closed && is_current) table.complain("closed", "closed = true contradicts current: give one of the two");
  if (is_closed && is_contact) table.complain("closed", "closed = true contradicts conductance: give one of the two");
  if (is_current && is_contact) {
    table.complain("conductance",
                   "conductance makes the face a contact, but current is given as well: give one of the two");
  }
  if (closed && !*closed && !is_current && !is_contact) {
    table.complain("closed", "closed = false says not what m meets: give current or conductance");
  }
  if (is_current) {
    boundary.accumulation = AccumulationBoundary::current;
    boundary.current = current.value_or(physics::ComplexVector{});
  }
  if (is_contact) {
    boundary.accumulation = AccumulationBoundary::contact;
    boundary.conductance = conductance.value_or(0);
  }
  const bool misspelled = table.faulty().contains("conductance");
  if (table.has("potential") && !is_contact && !misspelled) {
    table.complain("potential", "potential belongs to a contact: give its conductance (m/s, inf for a perfect one)");
  }
  if (table.has("mixing") && !is_contact && !misspelled) {
    table.complain("mixing",
                   fmt::format("mixing needs a contact{}: give its conductance (m/s; 0 if it exchanges spin with "
                               "theta alone)",
                               is_current ? ", but the face has a current" : ""));
  }
  boundary.potential = potential.value_or(physics::ComplexVector{});
  boundary.mixing = mixing.value_or(0);
}

void read_bath(TableReader& table, Boundary& boundary) {
  const auto temperature = table.number("temperature");
  const auto conductance = table.number("thermal_conductance");
  boundary.temperature = temperature.value_or(0);
  if (table.has("temperature")) boundary.thermal_conductance = conductance.value_or(physics::perfect);
  if (table.has("thermal_conductance") && !table.has("temperature") && !table.faulty().contains("temperature"))
    table.complain("thermal_conductance", "thermal_conductance belongs to a bath: give its temperature (K)");
}

}  // namespace

void read_boundary_keys(TableReader& table, Boundary& boundary) {
  read_accumulation(table, boundary);
  read_twist(table, boundary);
  read_bath(table, boundary);
}

void read_boundaries(const TomlNode& root, FaultList& faults, NamesInFile& names, Input& input) {
  const TomlNode* node = table_at(root, "boundary", faults, "[boundary.left] and [boundary.right]");
  if (!node) return;
  TableReader table(faults, *node, "boundary", schema::boundaries());
  for (const char* side : {"left", "right"}) {
    const TomlNode* face = table_at(*node, side, faults, side[0] == 'l' ? "[boundary.left]" : "[boundary.right]");
    if (!face) continue;
    TableReader keys(faults, *face, fmt::format("boundary.{}", side), schema::boundary());
    read_boundary_keys(keys, side[0] == 'l' ? input.stack.left : input.stack.right);
  }
  read_further_boundaries(*node, faults, names, input);
}

}  // namespace vitrispin::io
