// Tensors out of nothing, out of the caller's memory, and out of other tensors.
#include "shim.h"

namespace {
Handle made(const Options& options, at::Tensor tensor) {
    if (options.requires_grad) tensor.set_requires_grad(true);
    return give(std::move(tensor));
}

template <class Body>
Handle make(const Options& options, Body&& body) noexcept {
    try { return made(options, body()); } catch (...) { remember(); return nullptr; }
}

maybe::optional<at::Generator> optional(at::Generator* generator) {
    return generator ? maybe::optional<at::Generator>(*generator) : maybe::nullopt;
}
}  // namespace

#define SIZED(name) \
    API Handle make_##name(const int64_t* sizes, int32_t count, Options options) { \
        return make(options, [&] { return at::name(dims(sizes, count), options); }); \
    }
SIZED(empty)
SIZED(zeros)
SIZED(ones)
#undef SIZED

#define RANDOM(name) \
    API Handle make_##name(const int64_t* sizes, int32_t count, at::Generator* generator, Options options) { \
        return make(options, [&] { return at::name(dims(sizes, count), optional(generator), options); }); \
    }
RANDOM(rand)
RANDOM(randn)
#undef RANDOM

#define LIKE(name) \
    API Handle make_##name(Handle like, Options options) { \
        return make(options, [&] { return at::name(*Arg(like), options); }); \
    }
LIKE(empty_like)
LIKE(zeros_like)
LIKE(ones_like)
#undef LIKE

API Handle make_full(const int64_t* sizes, int32_t count, Number value, Options options) {
    return make(options, [&] { return at::full(dims(sizes, count), value, options); });
}
API Handle make_eye(int64_t rows, int64_t columns, Options options) {
    return make(options, [&] { return at::eye(rows, columns, options); });
}
API Handle make_arange(Number start, Number stop, Number step, Options options) {
    return make(options, [&] { return at::arange(start, stop, step, options); });
}
API Handle make_randperm(int64_t n, at::Generator* generator, Options options) {
    return make(options, [&] { return at::randperm(n, optional(generator), options); });
}
// A copy of the caller's memory, which holds elements of `source`.
API Handle make_copy(const void* data, const int64_t* sizes, int32_t count, int32_t source, Options options) {
    return make(options, [&] {
        auto copy = at::empty(dims(sizes, count), at::TensorOptions().dtype(static_cast<at::ScalarType>(source)));
        if (copy.numel()) std::memcpy(copy.data_ptr(), data, copy.nbytes());
        // As in TorchSharp it is the array's own tensor that asks for a gradient; what is converted from it is no leaf.
        if (options.requires_grad) copy.set_requires_grad(true);
        return copy.to(at::TensorOptions(options));
    });
}
API int32_t tensor_name_dims(Handle tensor, const char* const* names, int32_t count) {
    return status([&] {
        std::vector<at::Dimname> dimnames;
        for (int32_t i = 0; i < count; i++)
            dimnames.push_back(names[i] ? at::Dimname::fromSymbol(at::Symbol::dimname(names[i])) : at::Dimname::wildcard());
        Arg(tensor)->rename_(at::DimnameList(dimnames));
    });
}

API Handle tensors_cat(const Handle* tensors, int32_t count, int64_t dim) {
    return result([&] { return at::cat(list(tensors, count), dim); });
}
API Handle tensors_stack(const Handle* tensors, int32_t count, int64_t dim) {
    return result([&] { return at::stack(list(tensors, count), dim); });
}

API int32_t tensor_normal_(Handle tensor, double mean, double std, at::Generator* generator) {
    return status([&] { Arg(tensor)->normal_(mean, std, optional(generator)); });
}
API int32_t tensor_uniform_(Handle tensor, double from, double to, at::Generator* generator) {
    return status([&] { Arg(tensor)->uniform_(from, to, optional(generator)); });
}
