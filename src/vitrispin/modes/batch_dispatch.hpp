#pragma once

#include "vitrispin/modes/batch.hpp"
#include "vitrispin/modes/batch_job.hpp"

namespace vitrispin::modes {

/// The kernels of an instruction set; DomainError if this processor lacks it.
const BatchKernel& kernel(InstructionSet set);

/// The kernels of the widest instruction set of this processor, asked once.
const BatchKernel& widest_kernel();

}  // namespace vitrispin::modes
