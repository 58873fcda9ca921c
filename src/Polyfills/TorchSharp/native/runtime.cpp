// Errors, reference counts, threads, devices, the gradient mode and the random generators.
#include "shim.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>
#include <torch/cuda.h>
#include <string>

namespace {
thread_local std::string last_text;
}

void shim::remember() noexcept {
    try { throw; }
    catch (const c10::Error& error) { last_text = error.what_without_backtrace(); }
    catch (const std::exception& error) { last_text = error.what(); }
    catch (...) { last_text = "An unknown error in LibTorch."; }
}

std::vector<at::Tensor> shim::list(const Handle* handles, int32_t count) {
    std::vector<at::Tensor> tensors;
    tensors.reserve(count);
    for (int32_t i = 0; i < count; i++) tensors.push_back(*Arg(handles[i]));
    return tensors;
}

API const char* last_error() { return last_text.c_str(); }

API void tensor_release(Handle tensor) {
    if (tensor) c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(tensor);
}
API Handle tensor_share(Handle tensor) { return result([&] { return *Arg(tensor); }); }

API int32_t threads_get() { return at::get_num_threads(); }
API int32_t threads_set(int32_t count) { return status([&] { at::set_num_threads(count); }); }

API int32_t cuda_device_count() { return static_cast<int32_t>(torch::cuda::device_count()); }

API bool grad_enabled() { return c10::GradMode::is_enabled(); }
API void grad_enable(bool enabled) { c10::GradMode::set_enabled(enabled); }

API at::Generator* generator_new(uint64_t seed) { return new at::Generator(at::detail::createCPUGenerator(seed)); }
API at::Generator* generator_default() { return new at::Generator(at::detail::getDefaultCPUGenerator()); }
API void generator_release(at::Generator* generator) { delete generator; }
API void generator_seed(at::Generator* generator, uint64_t seed) { generator->set_current_seed(seed); }
API uint64_t generator_reseed(at::Generator* generator) { return generator->seed(); }
API uint64_t generator_initial_seed(at::Generator* generator) { return generator->current_seed(); }
API Handle generator_state(at::Generator* generator) { return result([&] { return generator->get_state(); }); }
API int32_t generator_set_state(at::Generator* generator, Handle state) {
    return status([&] { generator->set_state(*Arg(state)); });
}
// Every device's default generator, as torch.manual_seed does.
API int32_t seed_all(uint64_t seed) { return status([&] { at::manual_seed(seed); }); }
