// What every function of the shim shares: how tensors cross the border, and how errors do.
//
// A tensor is its TensorImpl*, with one reference owned by whoever holds the pointer: no box around it, so that a call
// costs no allocation beside LibTorch's own.
#pragma once

#include <ATen/ATen.h>
#include <cstdint>
#include <cstring>
#include <torch/version.h>
#include <utility>
#include <vector>

#define API extern "C" __attribute__((visibility("default")))

using Handle = c10::TensorImpl*;

// LibTorch had an optional of its own before it took the standard one.
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 5)
#include <optional>
namespace maybe = std;
#else
namespace maybe = c10;
#endif

namespace shim {

// Lends the caller's reference to a call: the count is not touched. Null is the undefined tensor.
class Arg {
    at::Tensor tensor;

public:
    explicit Arg(Handle handle) {
        if (handle) tensor = at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(handle));
    }
    ~Arg() { tensor.unsafeReleaseTensorImpl(); }
    Arg(const Arg&) = delete;
    Arg& operator=(const Arg&) = delete;

    at::Tensor& operator*() { return tensor; }
    at::Tensor* operator->() { return &tensor; }
    maybe::optional<at::Tensor> optional() const { return tensor.defined() ? maybe::optional<at::Tensor>(tensor) : maybe::nullopt; }
};

// Gives one reference away; the undefined tensor is null.
inline Handle give(at::Tensor tensor) { return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr; }

// Keeps the text of the exception being handled for the thread's next call of last_error.
void remember() noexcept;

template <class Body>
Handle result(Body&& body) noexcept {
    try { return give(body()); } catch (...) { remember(); return nullptr; }
}

// 0 when the body ran to its end.
template <class Body>
int32_t status(Body&& body) noexcept {
    try { body(); return 0; } catch (...) { remember(); return 1; }
}

// A scalar argument: the bits of a double, an integer or a boolean, in two registers.
struct Number {
    int64_t bits;
    int32_t type;

    operator at::Scalar() const {
        if (type == static_cast<int32_t>(at::kDouble)) {
            double value;
            std::memcpy(&value, &bits, sizeof value);
            return value;
        }
        return type == static_cast<int32_t>(at::kBool) ? at::Scalar(bits != 0) : at::Scalar(bits);
    }
};

// What a factory is asked for; a negative type stands for "as the input".
struct Options {
    int8_t type;
    int8_t device;
    int16_t index;
    int32_t requires_grad;

    operator at::TensorOptions() const {
        auto options = at::TensorOptions().device(at::Device(static_cast<at::DeviceType>(device), static_cast<at::DeviceIndex>(index)));
        return type < 0 ? options : options.dtype(static_cast<at::ScalarType>(type));
    }
};

// The tensors behind an array of handles, with references of their own.
std::vector<at::Tensor> list(const Handle* handles, int32_t count);

inline at::IntArrayRef dims(const int64_t* values, int32_t count) { return {values, static_cast<size_t>(count)}; }
inline maybe::optional<at::ScalarType> type_or_none(int32_t type) {
    return type < 0 ? maybe::nullopt : maybe::optional<at::ScalarType>(static_cast<at::ScalarType>(type));
}

}  // namespace shim

using namespace shim;
