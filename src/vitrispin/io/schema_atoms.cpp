#include "vitrispin/io/schema.hpp"

/// The tables of an experiment on atoms.
namespace vitrispin::io::schema {

const Section& spin_coupling() {
  using enum ValueType;
  using enum Allowed;
  static const Section section{
      "coupling",
      "J_ij of the energy -sum over pairs J_ij S_i.S_j, S_i a unit vector times `spin`. rkky: A cos(2 k_F r + "
      "phase) exp(-r/mean_free_path)/r^3 up to the cutoff, between all images of a periodic box. The others couple "
      "nearest neighbours by J: gaussian with it as standard deviation, plus-minus with either sign, ferromagnet, and "
      "mattis with the signs of a hidden random gauge.",
      {
          {.name = "kind",
           .type = word,
           .words = {"rkky", "gaussian", "plus-minus", "ferromagnet", "mattis"},
           .required = true,
           .meaning = "Which law."},
          {.name = "A", .unit = "J m3", .allowed = finite, .meaning = "rkky: strength."},
          {.name = "k_F", .unit = "rad m-1", .allowed = positive, .meaning = "rkky: wave number of the electrons."},
          {.name = "phase", .unit = "rad", .allowed = finite, .fallback = "0", .meaning = "rkky: phase."},
          {.name = "mean_free_path",
           .unit = "m",
           .allowed = positive_or_infinite,
           .fallback = "inf",
           .meaning = "rkky: of the electrons, damps the coupling."},
          {.name = "cutoff",
           .unit = "m",
           .allowed = positive,
           .meaning = "rkky: longest bond; what lies beyond is measured and told in the results."},
          {.name = "J", .unit = "J", .allowed = finite, .meaning = "The others: strength, not 0."},
      }};
  return section;
}

const Section& spin_anisotropy() {
  using enum ValueType;
  using enum Allowed;
  static const Section section{
      "anisotropy",
      "dm, beside rkky: -sum over pairs D_ij.(S_i x S_j) of Levy, Morgan-Pond and Fert, D_ij a sum over third spins k "
      "of "
      "strength A sin(k_F (a + b + c)) (a.b)(a x b)/(a^3 b^3 c), a and b from k to i and j, c between i and j. "
      "single-ion: -J (S.e)^2 with a random axis e at each site.",
      {
          {.name = "kind", .type = word, .words = {"dm", "single-ion"}, .required = true, .meaning = "Which law."},
          {.name = "strength", .unit = "1", .allowed = finite, .meaning = "dm: relative to A."},
          {.name = "cutoff",
           .unit = "m",
           .allowed = positive,
           .fallback = "60 spins lie within; at most the coupling's",
           .meaning = "dm: longest of a, b, c."},
          {.name = "J", .unit = "J", .allowed = finite, .meaning = "single-ion: strength, not 0."},
      }};
  return section;
}

const Section& atoms_keys() {
  using enum ValueType;
  using enum Allowed;
  static const Section section{
      "[[experiments]] kind = \"atoms\"",
      "Classical spins on the sites of a lattice: metastable states, their harmonic modes, and the macroscopic "
      "constants "
      "chi_M, rho_s, K that follow, with errors over samples. A material takes them by `from`. See docs/atoms.md.",
      {
          {.name = "lattice",
           .type = word,
           .words = {"fcc", "cubic", "chain"},
           .fallback = "\"fcc\"",
           .meaning = "Of the sites."},
          {.name = "constant",
           .unit = "m",
           .allowed = positive,
           .required = true,
           .meaning = "Edge of the conventional cell."},
          {.name = "size",
           .type = place,
           .unit = "1",
           .allowed = positive,
           .required = true,
           .meaning = "Conventional cells along x, y, z, whole numbers; of a chain one number."},
          {.name = "open",
           .type = flag,
           .fallback = "false",
           .meaning = "Whether the box ends at its faces; else it is periodic."},
          {.name = "concentration",
           .unit = "1",
           .allowed = positive,
           .fallback = "1",
           .meaning = "Fraction of the sites that carry a spin, at most 1; the number of spins is rounded."},
          {.name = "spin", .unit = "1", .allowed = positive, .fallback = "1", .meaning = "Length S of the spins."},
          {.name = "gamma",
           .unit = "rad s-1 T-1",
           .allowed = positive,
           .angle = AngleRule::angular,
           .fallback = "1.76085963023e11",
           .meaning = "Gyromagnetic ratio: a spin's moment is gamma hbar S."},
          {.name = "coupling", .type = table, .required = true, .meaning = "A table; see Atoms: coupling."},
          {.name = "anisotropy", .type = table, .meaning = "A table; see Atoms: anisotropy. Without one K = 0."},
          {.name = "samples",
           .type = integer,
           .fallback = "8",
           .meaning = "Realisations of the disorder; errors are over them.",
           .least = 1,
           .most = 100'000},
          {.name = "minima",
           .type = integer,
           .fallback = "4",
           .meaning = "Quenches of each sample, from random starts.",
           .least = 1,
           .most = 100'000},
          {.name = "spectrum",
           .type = flag,
           .fallback = "true up to 400 spins",
           .meaning = "Whether all harmonic modes of each minimum are computed; to 3000 spins."},
          {.name = "seed",
           .type = integer,
           .fallback = "1",
           .meaning = "Of the random numbers: the same seed, the same bits.",
           .least = 0,
           .most = 4294967295.0},
      }};
  return section;
}

}  // namespace vitrispin::io::schema
