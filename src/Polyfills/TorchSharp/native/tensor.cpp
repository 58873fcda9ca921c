// What a tensor knows of itself, its views and its arithmetic: one function an overload of LibTorch.
#include "shim.h"

// ---- facts: no work, no error, no allocation ----

API int64_t tensor_dim(Handle t) { return t->dim(); }
API int64_t tensor_numel(Handle t) { return t->numel(); }
API int32_t tensor_type(Handle t) { return static_cast<int32_t>(c10::typeMetaToScalarType(t->dtype())); }
API int32_t tensor_device_type(Handle t) { return static_cast<int32_t>(t->device().type()); }
API int32_t tensor_device_index(Handle t) { return t->device().index(); }
API int64_t tensor_element_size(Handle t) { return static_cast<int64_t>(t->dtype().itemsize()); }
API int64_t tensor_storage_offset(Handle t) { return t->storage_offset(); }
API bool tensor_is_contiguous(Handle t) { return t->is_contiguous(); }
API bool tensor_requires_grad(Handle t) { return Arg(t)->requires_grad(); }
API bool tensor_is_leaf(Handle t) { return Arg(t)->is_leaf(); }
API void tensor_sizes(Handle t, int64_t* into) { std::memcpy(into, t->sizes().data(), sizeof(int64_t) * t->dim()); }
API void tensor_strides(Handle t, int64_t* into) { std::memcpy(into, t->strides().data(), sizeof(int64_t) * t->dim()); }
API int32_t tensor_size(Handle t, int64_t dim, int64_t* into) { return status([&] { *into = Arg(t)->size(dim); }); }
API int32_t tensor_stride(Handle t, int64_t dim, int64_t* into) { return status([&] { *into = Arg(t)->stride(dim); }); }
API void* tensor_data(Handle t) {
    try { return Arg(t)->data_ptr(); } catch (...) { remember(); return nullptr; }
}
// The only element, as a double or as an integer.
API int32_t tensor_item(Handle t, Number* into) {
    return status([&] {
        auto value = Arg(t)->item();
        if (value.isFloatingPoint()) {
            auto number = value.toDouble();
            into->type = static_cast<int32_t>(at::kDouble);
            std::memcpy(&into->bits, &number, sizeof number);
        } else {
            into->type = static_cast<int32_t>(value.isBoolean() ? at::kBool : at::kLong);
            into->bits = value.toLong();
        }
    });
}

// ---- autograd ----

API int32_t tensor_set_requires_grad(Handle t, bool value) { return status([&] { Arg(t)->set_requires_grad(value); }); }
API int32_t tensor_retain_grad(Handle t) { return status([&] { Arg(t)->retain_grad(); }); }
API Handle tensor_grad(Handle t) { return result([&] { return Arg(t)->grad(); }); }
API int32_t tensor_set_grad(Handle t, Handle grad) { return status([&] { Arg(t)->mutable_grad() = *Arg(grad); }); }
API int32_t tensor_backward(Handle t) { return status([&] { Arg(t)->backward(); }); }
API Handle tensor_detach(Handle t) { return result([&] { return Arg(t)->detach(); }); }
API int32_t tensor_set_(Handle t, Handle source) { return status([&] { Arg(t)->set_(*Arg(source)); }); }
API int32_t tensor_set_data(Handle t, Handle source) { return status([&] { Arg(t)->set_data(*Arg(source)); }); }

// ---- copies ----

API Handle tensor_clone(Handle t) { return result([&] { return Arg(t)->clone(); }); }
API Handle tensor_contiguous(Handle t) { return result([&] { return Arg(t)->contiguous(); }); }
API int32_t tensor_copy_(Handle t, Handle source, bool non_blocking) { return status([&] { Arg(t)->copy_(*Arg(source), non_blocking); }); }
API Handle tensor_to(Handle t, Options options, bool copy, bool non_blocking) {
    return result([&] { return Arg(t)->to(options, non_blocking, copy); });
}
API Handle tensor_to_type(Handle t, int32_t type, bool copy, bool non_blocking) {
    return result([&] { return Arg(t)->to(static_cast<at::ScalarType>(type), non_blocking, copy); });
}

// ---- views ----

API Handle tensor_view(Handle t, const int64_t* sizes, int32_t count) { return result([&] { return Arg(t)->view(dims(sizes, count)); }); }
API Handle tensor_reshape(Handle t, const int64_t* sizes, int32_t count) { return result([&] { return Arg(t)->reshape(dims(sizes,
    count)); }); }
API Handle tensor_expand(Handle t, const int64_t* sizes, int32_t count, bool implicit) {
    return result([&] { return Arg(t)->expand(dims(sizes, count), implicit); });
}
API Handle tensor_narrow(Handle t, int64_t dim, int64_t start, int64_t length) { return result([&] { return Arg(t)->narrow(dim, start,
    length); }); }
API Handle tensor_select(Handle t, int64_t dim, int64_t index) { return result([&] { return Arg(t)->select(dim, index); }); }
API Handle tensor_slice(Handle t, int64_t dim, int64_t start, int64_t end, int64_t step) { return result([&] { return Arg(t)->slice(dim,
    start, end, step); }); }
API Handle tensor_index_select(Handle t, int64_t dim, Handle index) { return result([&] { return Arg(t)->index_select(dim,
    *Arg(index)); }); }
API Handle tensor_unsqueeze(Handle t, int64_t dim) { return result([&] { return Arg(t)->unsqueeze(dim); }); }
API Handle tensor_squeeze(Handle t) { return result([&] { return Arg(t)->squeeze(); }); }
API Handle tensor_squeeze_dim(Handle t, int64_t dim) { return result([&] { return Arg(t)->squeeze(dim); }); }
API Handle tensor_transpose(Handle t, int64_t a, int64_t b) { return result([&] { return Arg(t)->transpose(a, b); }); }
API Handle tensor_flatten(Handle t, int64_t start, int64_t end) { return result([&] { return Arg(t)->flatten(start, end); }); }

// ---- pointwise ----

#define UNARY(name) \
    API Handle tensor_##name(Handle t) { return result([&] { return Arg(t)->name(); }); }
#define UNARY_(name) \
    API int32_t tensor_##name(Handle t) { return status([&] { Arg(t)->name(); }); }
UNARY(abs)
UNARY(erf)
UNARY(erfinv)
UNARY(exp)
UNARY(isfinite)
UNARY(isinf)
UNARY(isnan)
UNARY(log)
UNARY(neg)
UNARY(reciprocal)
UNARY(relu)
UNARY(rsqrt)
UNARY(sigmoid)
UNARY(sign)
UNARY(sqrt)
UNARY(t)
UNARY(tanh)
UNARY_(erfinv_)
UNARY_(relu_)
UNARY_(rsqrt_)
UNARY_(sqrt_)
UNARY_(tanh_)
UNARY_(zero_)

#define BINARY(name) \
    API Handle tensor_##name(Handle a, Handle b) { return result([&] { return Arg(a)->name(*Arg(b)); }); } \
    API Handle tensor_##name##_scalar(Handle a, Number b) { return result([&] { return Arg(a)->name(at::Scalar(b)); }); }
BINARY(eq)
BINARY(ge)
BINARY(gt)
BINARY(le)
BINARY(lt)
BINARY(mul)
BINARY(ne)
BINARY(pow)
BINARY(sub)

#define BINARY_(name) \
    API int32_t tensor_##name##_(Handle a, Handle b) { return status([&] { Arg(a)->name##_(*Arg(b)); }); } \
    API int32_t tensor_##name##_scalar_(Handle a, Number b) { return status([&] { Arg(a)->name##_(at::Scalar(b)); }); }
BINARY_(mul)
BINARY_(pow)
BINARY_(sub)

#define PAIR(name) \
    API Handle tensor_##name(Handle a, Handle b) { return result([&] { return Arg(a)->name(*Arg(b)); }); }
PAIR(dot)
PAIR(matmul)
PAIR(maximum)
PAIR(minimum)
PAIR(mm)
PAIR(mv)
PAIR(outer)

API Handle tensor_rsub_scalar(Handle a, Number b) { return result([&] { return at::rsub(*Arg(a), at::Scalar(b)); }); }
API Handle tensor_add(Handle a, Handle b, Number alpha) { return result([&] { return Arg(a)->add(*Arg(b), alpha); }); }
API Handle tensor_add_scalar(Handle a, Number b, Number alpha) { return result([&] { return Arg(a)->add(at::Scalar(b), alpha); }); }
API int32_t tensor_add_(Handle a, Handle b, Number alpha) { return status([&] { Arg(a)->add_(*Arg(b), alpha); }); }
API int32_t tensor_add_scalar_(Handle a, Number b, Number alpha) { return status([&] { Arg(a)->add_(at::Scalar(b), alpha); }); }

namespace {
maybe::optional<c10::string_view> rounding(int32_t mode) {
    static const char* const modes[] = {nullptr, "trunc", "floor"};
    return mode ? maybe::optional<c10::string_view>(modes[mode]) : maybe::nullopt;
}
}  // namespace
API Handle tensor_div(Handle a, Handle b, int32_t mode) { return result([&] { return Arg(a)->div(*Arg(b), rounding(mode)); }); }
API Handle tensor_div_scalar(Handle a, Number b, int32_t mode) { return result([&] { return Arg(a)->div(at::Scalar(b),
    rounding(mode)); }); }
API int32_t tensor_div_(Handle a, Handle b, int32_t mode) { return status([&] { Arg(a)->div_(*Arg(b), rounding(mode)); }); }
API int32_t tensor_div_scalar_(Handle a, Number b, int32_t mode) { return status([&] { Arg(a)->div_(at::Scalar(b), rounding(mode)); }); }

API int32_t tensor_addcmul_(Handle t, Handle a, Handle b, Number value) { return status([&] { Arg(t)->addcmul_(*Arg(a), *Arg(b),
    value); }); }
API int32_t tensor_addcdiv_(Handle t, Handle a, Handle b, Number value) { return status([&] { Arg(t)->addcdiv_(*Arg(a), *Arg(b),
    value); }); }
API int32_t tensor_lerp_(Handle t, Handle end, Handle weight) { return status([&] { Arg(t)->lerp_(*Arg(end), *Arg(weight)); }); }
API int32_t tensor_fill_(Handle t, Number value) { return status([&] { Arg(t)->fill_(at::Scalar(value)); }); }

namespace {
maybe::optional<at::Scalar> optional(const Number* number) {
    return number ? maybe::optional<at::Scalar>(at::Scalar(*number)) : maybe::nullopt;
}
}  // namespace
API Handle tensor_clamp(Handle t, const Number* min, const Number* max) { return result([&] { return Arg(t)->clamp(optional(min),
    optional(max)); }); }
API int32_t tensor_clamp_(Handle t, const Number* min, const Number* max) { return status([&] { Arg(t)->clamp_(optional(min),
    optional(max)); }); }
API Handle tensor_where(Handle t, Handle condition, Handle other) { return result([&] { return Arg(t)->where(*Arg(condition),
    *Arg(other)); }); }

// ---- reductions ----

UNARY(all)
UNARY(any)
UNARY(argmax)
UNARY(max)
UNARY(mean)
UNARY(min)
API Handle tensor_all_dim(Handle t, int64_t dim, bool keep) { return result([&] { return Arg(t)->all(dim, keep); }); }
API Handle tensor_any_dim(Handle t, int64_t dim, bool keep) { return result([&] { return Arg(t)->any(dim, keep); }); }
API Handle tensor_argmax_dim(Handle t, int64_t dim, bool keep) { return result([&] { return Arg(t)->argmax(dim, keep); }); }
API Handle tensor_sum(Handle t, int32_t type) { return result([&] { return Arg(t)->sum(type_or_none(type)); }); }
API Handle tensor_sum_dims(Handle t, const int64_t* over, int32_t count, bool keep, int32_t type) {
    return result([&] { return Arg(t)->sum(dims(over, count), keep, type_or_none(type)); });
}
API Handle tensor_mean_dims(Handle t, const int64_t* over, int32_t count, bool keep, int32_t type) {
    return result([&] { return Arg(t)->mean(dims(over, count), keep, type_or_none(type)); });
}
API Handle tensor_std(Handle t, bool unbiased) { return result([&] { return Arg(t)->std(unbiased); }); }
API Handle tensor_var_dims(Handle t, const int64_t* over, int32_t count, bool unbiased, bool keep) {
    return result([&] { return Arg(t)->var(dims(over, count), unbiased, keep); });
}
API Handle tensor_std_dims(Handle t, const int64_t* over, int32_t count, bool unbiased, bool keep) {
    return result([&] { return Arg(t)->std(dims(over, count), unbiased, keep); });
}
API Handle tensor_norm(Handle t, double p) { return result([&] { return Arg(t)->norm(p); }); }
API Handle tensor_norm_dim(Handle t, double p, int64_t dim, bool keep) { return result([&] { return Arg(t)->norm(p, dim, keep); }); }
API Handle tensor_softmax(Handle t, int64_t dim, int32_t type) { return result([&] { return Arg(t)->softmax(dim, type_or_none(type)); }); }
API Handle tensor_log_softmax(Handle t, int64_t dim, int32_t type) { return result([&] { return Arg(t)->log_softmax(dim,
    type_or_none(type)); }); }

#define EXTREME(name) \
    API Handle tensor_##name##_dim(Handle t, int64_t dim, bool keep, Handle* indexes) { \
        return result([&] { \
            auto found = Arg(t)->name(dim, keep); \
            *indexes = give(std::move(std::get<1>(found))); \
            return std::move(std::get<0>(found)); \
        }); \
    }
EXTREME(max)
EXTREME(min)

API int32_t tensor_allclose(Handle a, Handle b, double rtol, double atol, bool equal_nan) {
    try { return Arg(a)->allclose(*Arg(b), rtol, atol, equal_nan); } catch (...) { remember(); return -1; }
}
API int32_t tensor_equal(Handle a, Handle b) {
    try { return Arg(a)->equal(*Arg(b)); } catch (...) { remember(); return -1; }
}
