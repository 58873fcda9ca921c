// Activations, by LibTorch's own kernels: one that works in place gives its argument back.
#include "shim.h"

API Handle gelu(Handle x) { return result([&] { return at::gelu(*Arg(x)); }); }
API Handle mish(Handle x) { return result([&] { return at::mish(*Arg(x)); }); }
API Handle prelu(Handle x, Handle weight) { return result([&] { return at::prelu(*Arg(x), *Arg(weight)); }); }
API Handle softplus(Handle x, double beta, double threshold) {
    return result([&] { return at::softplus(*Arg(x), beta, threshold); });
}

#define ACTIVATION(name) \
    API Handle name(Handle x, bool inplace) { return result([&] { return inplace ? at::name##_(*Arg(x)) : at::name(*Arg(x)); }); }
ACTIVATION(hardsigmoid)
ACTIVATION(hardswish)
ACTIVATION(selu)
ACTIVATION(silu)
#undef ACTIVATION

API Handle elu(Handle x, double alpha, bool inplace) {
    return result([&] { return inplace ? at::elu_(*Arg(x), alpha) : at::elu(*Arg(x), alpha); });
}
API Handle leaky_relu(Handle x, double slope, bool inplace) {
    return result([&] { return inplace ? at::leaky_relu_(*Arg(x), slope) : at::leaky_relu(*Arg(x), slope); });
}
API Handle hardtanh(Handle x, double min, double max, bool inplace) {
    return result([&] { return inplace ? at::hardtanh_(*Arg(x), min, max) : at::hardtanh(*Arg(x), min, max); });
}
