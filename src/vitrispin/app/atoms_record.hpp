#pragma once

#include "vitrispin/atoms/study.hpp"
#include "vitrispin/io/input.hpp"
#include "vitrispin/io/record.hpp"

/// What an experiment on atoms leaves: means with standard errors over samples, states, spectra and histograms.
namespace vitrispin::app {

io::Record atoms_record(const io::AtomsExperiment& experiment, const atoms::Study& study);

}  // namespace vitrispin::app
