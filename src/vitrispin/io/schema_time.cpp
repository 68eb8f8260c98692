#include "vitrispin/io/schema.hpp"

/// The tables inside a time experiment.
namespace vitrispin::io::schema {

const Section& tolerances() {
  static const Section section{
      "atol",
      "Absolute errors allowed beside `rtol`: of a step, as the largest error of a field on the grid.",
      {
          {.name = "M", .unit = "A m-1", .allowed = Allowed::non_negative, .fallback = "0", .meaning = "Of M."},
          {.name = "m", .unit = "A m-1", .allowed = Allowed::non_negative, .fallback = "0", .meaning = "Of m."},
          {.name = "theta", .unit = "rad", .allowed = Allowed::non_negative, .fallback = "0", .meaning = "Of theta."},
      }};
  return section;
}

const Section& initial() {
  using enum ValueType;
  static const Section section{
      "initial",
      "What is added to equilibrium at the start: one such table or a list of them. A bump has `field`, `shape`, "
      "`amplitude` "
      "and what its shape needs: gaussian, amplitude exp(-(x - center)^2/(2 width^2)); cosine, amplitude cos(k x); "
      "uniform. "
      "`{ mode = 2, k = \"1e7 m-1\", amplitude = 1.0 }` is a mode of the one material of the layers, in the order of "
      "`modes` experiments, from 0; "
      "it stands as cos(k x), which fits a film with closed ends if k times its thickness is a multiple of pi. "
      "`{ file = \"run/time.nc\" }` is the state that an earlier run on the same grid has left; as that run goes on "
      "from "
      "it, a run of 2 ns is one of 1 ns and another from its file. Time, drives and ledger start anew. "
      "`{ random = 1.0, seed = 1 }` adds independent Gaussian numbers to every component of M and m, with the standard "
      "deviation given.",
      {
          {.name = "field",
           .type = word,
           .words = {"M", "m", "theta"},
           .meaning = "What is changed, in every layer that has it."},
          {.name = "component",
           .type = word,
           .words = {"x", "y", "z"},
           .fallback = "\"z\"",
           .meaning = "Which component."},
          {.name = "shape",
           .type = word,
           .words = {"gaussian", "cosine", "uniform"},
           .fallback = "\"gaussian\"",
           .meaning = "Its shape along x."},
          {.name = "amplitude",
           .allowed = Allowed::finite,
           .meaning =
               "Height, in A/m (M, m) or rad (theta); of a mode the larger one of its amplitudes |M| and |m|, in "
               "A/m."},
          {.name = "center",
           .type = place,
           .unit = "m",
           .allowed = Allowed::finite,
           .meaning = "Of a gaussian: x, from the left face; or on a grid `[x, y]` or `[x, y, z]`, of a round one."},
          {.name = "width",
           .unit = "m",
           .allowed = Allowed::positive,
           .meaning = "Of a gaussian, its standard deviation."},
          {.name = "k", .unit = "rad m-1", .allowed = Allowed::finite, .meaning = "Of a cosine or a mode."},
          {.name = "mode",
           .type = integer,
           .meaning = "Number of a mode: 0, 1, 2 of a spin glass, 0 of a metal; the last is the least damped.",
           .least = 0,
           .most = 2},
          {.name = "sigma",
           .type = integer,
           .fallback = "0",
           .meaning =
               "Of a mode: its helicity about the axis of H and M0. 0 is along the axis, 1 and -1 turn about it.",
           .least = -1,
           .most = 1},
          {.name = "wave",
           .type = word,
           .words = {"standing", "travelling"},
           .fallback = "\"standing\"",
           .meaning = "Of a mode: cos(k x), or exp(i k x) for a long film."},
          {.name = "file", .type = text, .meaning = "NAME.nc of a time experiment's results, from this file's folder."},
          {.name = "time",
           .unit = "s",
           .allowed = Allowed::non_negative,
           .fallback = "its last output time",
           .meaning = "Of a file: an output time, on a grid a snapshot's."},
          {.name = "random",
           .unit = "A m-1",
           .allowed = Allowed::non_negative,
           .meaning = "Standard deviation of random M and m."},
          {.name = "seed",
           .type = integer,
           .fallback = "1",
           .meaning = "Of the random numbers: the same seed, the same numbers.",
           .least = 0,
           .most = 4294967295.0},
      }};
  return section;
}

const Section& drive() {
  using enum ValueType;
  static const Section section{
      "drives",
      "A list of tables, each a waveform added to what the file gives for its target. sine: amplitude sin(2 pi "
      "frequency t + phase); "
      "pulse: amplitude exp(-(t - center)^2/(2 width^2)); ramp: `from` until `start`, `to` from `end` on; chirp: a "
      "sine whose frequency "
      "rises evenly from `frequency` to `end_frequency` over the duration; table: linear between `times` and `values`, "
      "or "
      "those of a CSV `file` with a header such as `time [ns],value [mT]` (SI without brackets; other columns and "
      "lines that begin with # are passed over). "
      "Values are in the "
      "target's unit; those of field.H may be in tesla (mu0 H).",
      {
          {.name = "target",
           .type = text,
           .required = true,
           .meaning = "`field.H`, `boundary.left.current`, `boundary.right.current`, `boundary.left.potential`, "
                      "`boundary.right.potential` or `materials.NAME.K`; other faces and named patches likewise."},
          {.name = "component", .type = word, .words = {"x", "y", "z"}, .fallback = "\"z\"", .meaning = "Of a vector."},
          {.name = "shape",
           .type = word,
           .words = {"sine", "pulse", "ramp", "chirp", "table"},
           .required = true,
           .meaning = "The waveform."},
          {.name = "amplitude", .allowed = Allowed::finite, .meaning = "Of sine, pulse, chirp."},
          {.name = "frequency",
           .unit = "Hz",
           .allowed = Allowed::non_negative,
           .angle = AngleRule::cyclic,
           .meaning = "Of sine; of a chirp at its start."},
          {.name = "end_frequency",
           .unit = "Hz",
           .allowed = Allowed::non_negative,
           .angle = AngleRule::cyclic,
           .meaning = "Of a chirp at the end of the run."},
          {.name = "phase", .unit = "rad", .allowed = Allowed::finite, .fallback = "0", .meaning = "Of sine, chirp."},
          {.name = "center", .unit = "s", .allowed = Allowed::finite, .meaning = "Of a pulse."},
          {.name = "width",
           .unit = "s",
           .allowed = Allowed::positive,
           .meaning = "Of a pulse, its standard deviation."},
          {.name = "from", .allowed = Allowed::finite, .meaning = "Of a ramp."},
          {.name = "to", .allowed = Allowed::finite, .meaning = "Of a ramp."},
          {.name = "start", .unit = "s", .allowed = Allowed::finite, .meaning = "Of a ramp."},
          {.name = "end", .unit = "s", .allowed = Allowed::finite, .meaning = "Of a ramp; after its start."},
          {.name = "times",
           .type = range,
           .unit = "s",
           .allowed = Allowed::finite,
           .meaning = "Of a table, ascending."},
          {.name = "values", .type = range, .allowed = Allowed::finite, .meaning = "Of a table, one per time."},
          {.name = "file",
           .type = text,
           .meaning = "Of a table, in place of both: a CSV file, from this file's folder."},
          {.name = "k",
           .unit = "rad m-1",
           .allowed = Allowed::finite,
           .fallback = "0",
           .meaning = "Of field.H: times cos(k x), the field gradient of section VI of the paper."},
      }};
  return section;
}

const Section& probe() {
  static const Section section{
      "probes",
      "A list of tables: places where M, m and theta are recorded at every output time.",
      {{.name = "x",
        .unit = "m",
        .allowed = Allowed::finite,
        .required = true,
        .meaning = "From the left face of the stack."},
       {.name = "y", .unit = "m", .allowed = Allowed::finite, .meaning = "In two and three dimensions."},
       {.name = "z", .unit = "m", .allowed = Allowed::finite, .meaning = "In three."}}};
  return section;
}

const Section& line_cut() {
  using enum ValueType;
  static const Section section{
      "cuts",
      "A list of tables, in two and three dimensions: lines of cells along which M, m and theta are recorded at every "
      "output time. Without it there is one, along the direction with the most cells, through the first probe or "
      "else the middle of the box.",
      {{.name = "axis", .type = word, .words = {"x", "y", "z"}, .required = true, .meaning = "Direction of the line."},
       {.name = "x", .unit = "m", .allowed = Allowed::finite, .meaning = "Place of a line along y or z."},
       {.name = "y", .unit = "m", .allowed = Allowed::finite, .meaning = "Place of a line along x or z."},
       {.name = "z",
        .unit = "m",
        .allowed = Allowed::finite,
        .meaning = "Place of a line along x or y, in three dimensions."}}};
  return section;
}

const Section& checkpoint() {
  static const Section section{"checkpoint",
                               "When the state is saved, beside what is saved on Ctrl-C, SIGTERM and failure; `run "
                               "--restart` goes on from it to the same bits. "
                               "An experiment with a sweep restarts from its beginning.",
                               {{.name = "every",
                                 .unit = "s",
                                 .allowed = Allowed::positive,
                                 .required = true,
                                 .meaning = "Time of the clock between two."}}};
  return section;
}

const Section& heat() {
  static const Section section{
      "heat",
      "Heat is followed: C dT/dt = div(kappa grad T) + T R_s, with `C` and `kappa` of the materials, "
      "`thermal_conductance` of interfaces and the baths of the outer faces. What a contact of an outer face "
      "dissipates heats the cell at it.",
      {{.name = "temperature",
        .unit = "K",
        .allowed = Allowed::positive,
        .required = true,
        .meaning = "Of everything, at the start."}}};
  return section;
}

const Section& time_keys() {
  using enum ValueType;
  static const Section section{
      "[[experiments]] kind = \"time\"",
      "The full nonlinear equations (22)-(24) in time; needs layers with `cells`.",
      {
          {.name = "duration",
           .unit = "s",
           .allowed = Allowed::positive,
           .required = true,
           .meaning = "Simulated time."},
          {.name = "output",
           .type = range,
           .unit = "s",
           .allowed = Allowed::non_negative,
           .fallback = "201 points over the duration",
           .meaning = "Times at which results are kept, ascending, within the duration."},
          {.name = "method",
           .type = word,
           .words = {"auto", "imex", "explicit", "midpoint", "gauss4", "exact"},
           .fallback = "\"auto\"",
           .meaning = "`auto`, `imex`: adaptive, L-stable, of order 4. `explicit`: adaptive, of order 4, for problems "
                      "that are not stiff. `midpoint`, `gauss4`: fixed `dt`, of order 2 and 4, with an "
                      "exact ledger of energy. `exact`: no steps, for small deviations of one material in a closed or "
                      "periodic "
                      "box of equal cells without drives."},
          {.name = "dt",
           .unit = "s",
           .allowed = Allowed::positive,
           .meaning = "Step of the methods with a fixed one; cut where an output time asks for it."},
          {.name = "rtol",
           .unit = "1",
           .allowed = Allowed::positive,
           .fallback = "1e-6",
           .meaning = "Error of a step of the adaptive methods, relative to the largest value of a field; below 1."},
          {.name = "atol", .type = table, .meaning = "Absolute errors allowed beside it, per field; see below."},
          {.name = "initial",
           .type = table,
           .fallback = "\"equilibrium\"",
           .meaning = "State at the start; see below."},
          {.name = "drives", .type = table, .meaning = "What changes in time; see below."},
          {.name = "checkpoint",
           .type = table,
           .fallback = "{ every = \"10 min\" }",
           .meaning = "How often the state is saved; see below."},
          {.name = "heat", .type = table, .meaning = "Heat is followed too, `{ temperature = \"10 K\" }`; see below."},
          {.name = "snapshots",
           .type = range,
           .unit = "s",
           .allowed = Allowed::non_negative,
           .fallback = "as many output times as 100 MB hold, evenly spread",
           .meaning = "On a grid: the times, out of `output`, at which whole fields are kept."},
          {.name = "vtk",
           .type = flag,
           .fallback = "false",
           .meaning = "On a grid: the snapshots also as .vtr files and a .pvd for ParaView."},
          {.name = "petsc", .type = text, .meaning = "On a grid: options passed on to PETSc, as on its command line."},
          {.name = "probes", .type = table, .meaning = "Places to record; see below."},
          {.name = "cuts", .type = table, .meaning = "On a grid: lines to record; see below."},
      }};
  return section;
}

}  // namespace vitrispin::io::schema
