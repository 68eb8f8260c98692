#pragma once

/// Marks a plain loop that is compiled for several instruction sets, the best of which is taken when the program
/// starts: a released binary runs on any x86-64 machine. Nothing is fused, so that all sets give the same bits.
/// Sanitizers start before the choice can be made.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define VITRISPIN_VECTORISED __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define VITRISPIN_VECTORISED
#endif

namespace vitrispin {}  // namespace vitrispin
