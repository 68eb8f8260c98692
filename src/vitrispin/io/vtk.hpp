#pragma once

#include <string>
#include <vector>

#include "vitrispin/io/record.hpp"

/// Snapshots on a grid for ParaView: one VTK XML rectilinear grid for each (.vtr), and a collection with their times (.pvd).
/// Lengths are in nm and times in ns, as ParaView's tolerances are made for numbers near 1; fields in SI, as their names say.
namespace vitrispin::io {

/// A snapshot's .vtr, its arrays appended as raw bytes: M, m, theta of three components, entropy_production, temperature where it is followed,
/// `domain` (-1: vacuum) and vtkGhostType, by which vacuum is hidden. What does not exist in a cell is NaN.
std::string to_vtr(const Record& record, std::size_t snapshot);

/// The collection; `files` one for each snapshot.
std::string to_pvd(const Record& record, const std::vector<std::string>& files);

/// Of an experiment's .nc file: NAME.pvd, and NAME.00012.vtr.
std::string collection_name(const std::string& netcdf_file);
std::string snapshot_name(const std::string& netcdf_file, std::size_t snapshot);

/// The collection that a snapshot's file belongs to; empty if it is no such name.
std::string collection_of_snapshot(const std::string& file);

}  // namespace vitrispin::io
