#pragma once

#include <petscksp.h>

#include <utility>

/// For the sources of this folder alone.
namespace vitrispin::distributed {

/// An object of PETSc, destroyed with its owner while PETSc runs.
template <class Object, PetscErrorCode (*destroy)(Object*)>
class Handle {
public:
  Handle() = default;
  Handle(Handle&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Handle() { reset(); }

  Object get() const { return object_; }
  /// For a call that makes the object.
  Object* make() {
    reset();
    return &object_;
  }

private:
  void reset() {
    PetscBool runs = PETSC_FALSE;
    PetscInitialized(&runs);
    if (object_ != nullptr && runs == PETSC_TRUE) destroy(&object_);
    object_ = nullptr;
  }
  Object object_ = nullptr;
};

using MatHandle = Handle<Mat, MatDestroy>;
using VecHandle = Handle<Vec, VecDestroy>;
using KspHandle = Handle<KSP, KSPDestroy>;

}  // namespace vitrispin::distributed
