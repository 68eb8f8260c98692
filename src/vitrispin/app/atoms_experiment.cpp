#include <fmt/format.h>

#include "vitrispin/app/atoms_record.hpp"
#include "vitrispin/app/experiments.hpp"
#include "vitrispin/app/interruption.hpp"
#include "vitrispin/atoms/study.hpp"

namespace vitrispin::app {

io::Record run_atoms(const io::AtomsExperiment& experiment, int threads, const Progress& progress) {
  atoms::StudySettings settings;
  settings.samples = experiment.samples;
  settings.minima = experiment.minima;
  settings.spectrum = experiment.spectrum;
  settings.threads = threads;
  const atoms::Study study = atoms::study(experiment.model, settings, [&](std::size_t done, std::size_t total) {
    stop_if_interrupted();
    if (progress && done < total) progress(done, total, {});
  });
  return atoms_record(experiment, study);
}

}  // namespace vitrispin::app
