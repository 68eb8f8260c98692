#include "vitrispin/io/schema.hpp"

/// Two and three dimensions: [grid.y], [[regions]], [[boundary.patches]].
namespace vitrispin::io::schema {

const Section& grid() {
  static const Section section{
      "[grid]",
      "Directions beside x.",
      {
          {.name = "y", .type = ValueType::table, .meaning = "Makes the file two-dimensional."},
          {.name = "z", .type = ValueType::table, .meaning = "Beside `grid.y`: three dimensions."},
      }};
  return section;
}

const Section& grid_axis() {
  using enum ValueType;
  static const Section section{
      "[grid.y], [grid.z]",
      "Present: two dimensions; both: three. They start at 0; layers fill them. For time experiments; steady and "
      "harmonic "
      "experiments of the same file see the layers alone.",
      {
          {.name = "length",
           .unit = "m",
           .allowed = Allowed::positive,
           .required = true,
           .sweepable = true,
           .meaning = "Size of the box."},
          {.name = "cells", .type = integer, .required = true, .meaning = "Cells.", .least = 1, .most = 1e6},
          {.name = "periodic", .type = flag, .fallback = "false", .meaning = "The two ends are one."},
          {.name = "ratio",
           .unit = "1",
           .allowed = Allowed::positive,
           .fallback = "1",
           .meaning = "Width of the last cell over that of the first; between them equal ratios."},
      }};
  return section;
}

const Section& region() {
  using enum ValueType;
  static const Section section{
      "[[regions]]",
      "Override the layers, and each other: the last one counts. A region may reach beyond the layers along x; cells "
      "that "
      "neither covers are vacuum, with no flux into them. Ends that are not on faces of the grid go to the nearest "
      "ones, "
      "with a warning. A box reaches as far as the grid where no range is given; a cylinder has an `axis`, `center` "
      "and "
      "`radius` and takes the cells whose centres are inside; `labels` takes the cells whose number in `file` is "
      "`label`.",
      {
          {.name = "name", .type = text, .required = true, .meaning = "Unique among layers and regions; no `|` in it."},
          {.name = "material",
           .type = text,
           .required = true,
           .meaning = "NAME of a `[materials.NAME]`, or `\"vacuum\"`."},
          {.name = "shape",
           .type = word,
           .words = {"box", "cylinder", "labels"},
           .fallback = "\"box\"",
           .meaning = "What it looks like."},
          {.name = "x",
           .type = interval,
           .unit = "m",
           .allowed = Allowed::finite,
           .meaning = "From where to where along x, `[from, to]`; x = 0 is the layers' left face."},
          {.name = "y", .type = interval, .unit = "m", .allowed = Allowed::finite, .meaning = "Along y."},
          {.name = "z", .type = interval, .unit = "m", .allowed = Allowed::finite, .meaning = "Along z."},
          {.name = "cells",
           .type = integer,
           .fallback = "as wide as those of the nearest layer",
           .meaning = "Cells along x of the part beyond the layers.",
           .least = 1,
           .most = 1e6},
          {.name = "axis", .type = word, .words = {"x", "y", "z"}, .meaning = "Of a cylinder: its direction."},
          {.name = "center",
           .type = place,
           .unit = "m",
           .allowed = Allowed::finite,
           .meaning = "Of a cylinder: two numbers, in the directions other than its axis."},
          {.name = "radius", .unit = "m", .allowed = Allowed::positive, .meaning = "Of a cylinder."},
          {.name = "file",
           .type = text,
           .meaning = "Of labels: whole numbers between blanks, commas or line ends, x fastest, then y, then z; the "
                      "numbers are spread over the region's ranges."},
          {.name = "size",
           .type = place,
           .unit = "1",
           .allowed = Allowed::positive,
           .meaning = "Of labels: how many numbers along each direction, `[x, y]` or `[x, y, z]`."},
          {.name = "label",
           .type = integer,
           .fallback = "1",
           .meaning = "Of labels: the number that marks this region.",
           .least = -1e9,
           .most = 1e9},
      }};
  return section;
}

const Section& patch() {
  static const Section section = [] {
    Section patch{
        "[[boundary.patches]]",
        "A part of an outer face, with the keys of a boundary beside these. Of several patches the last one counts; "
        "the face's own "
        "table holds elsewhere.",
        {
            {.name = "name",
             .type = ValueType::text,
             .meaning = "By which a drive knows it, `boundary.NAME.current`; unique."},
            {.name = "face",
             .type = ValueType::word,
             .words = {"left", "right", "front", "back", "bottom", "top"},
             .required = true,
             .meaning = "Outer face: left, right (x), front, back (y), bottom, top (z)."},
            {.name = "x",
             .type = ValueType::interval,
             .unit = "m",
             .allowed = Allowed::finite,
             .meaning = "From where to where, `[from, to]`; all of the face if not given."},
            {.name = "y", .type = ValueType::interval, .unit = "m", .allowed = Allowed::finite, .meaning = "Along y."},
            {.name = "z", .type = ValueType::interval, .unit = "m", .allowed = Allowed::finite, .meaning = "Along z."},
        }};
    patch.keys.insert(patch.keys.end(), boundary().keys.begin(), boundary().keys.end());
    return patch;
  }();
  return section;
}

}  // namespace vitrispin::io::schema
