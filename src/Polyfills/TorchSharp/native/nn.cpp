// Layers, losses, initialization and clipping, by LibTorch's own functions.
#include "shim.h"

#include <torch/nn/functional/batchnorm.h>
#include <torch/nn/functional/dropout.h>
#include <torch/nn/init.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/utils/clip_grad.h>

namespace F = torch::nn::functional;
namespace init = torch::nn::init;

// LibTorch's layer draws the first weights, so that a seed gives PyTorch's.
API int32_t linear_new(int64_t inputs, int64_t outputs, bool has_bias, Handle* weight, Handle* bias) {
    return status([&] {
        torch::nn::LinearImpl layer(torch::nn::LinearOptions(inputs, outputs).bias(has_bias));
        *weight = give(layer.weight);
        *bias = give(layer.bias);
    });
}
API Handle linear(Handle input, Handle weight, Handle bias) {
    return result([&] { return at::linear(*Arg(input), *Arg(weight), Arg(bias).optional()); });
}
API Handle layer_norm(Handle input, const int64_t* shape, int32_t count, Handle weight, Handle bias, double eps) {
    return result([&] { return at::layer_norm(*Arg(input), dims(shape, count), Arg(weight).optional(), Arg(bias).optional(), eps); });
}
// Weight, bias, running mean, running variance and the number of batches, each where it is wanted.
API int32_t norm_new(int64_t features, bool affine, bool track, Handle* parts) {
    return status([&] {
        torch::nn::BatchNorm1dImpl layer(torch::nn::BatchNorm1dOptions(features).affine(affine).track_running_stats(track));
        at::Tensor all[] = {layer.weight, layer.bias, layer.running_mean, layer.running_var, layer.num_batches_tracked};
        for (int i = 0; i < 5; i++) parts[i] = give(all[i]);
    });
}
API Handle batch_norm(Handle input, Handle mean, Handle var, Handle weight, Handle bias, bool training, double momentum, double eps) {
    return result([&] {
        auto options = F::BatchNormFuncOptions().weight(*Arg(weight)).bias(*Arg(bias)).training(training).momentum(momentum).eps(eps);
        return F::batch_norm(*Arg(input), *Arg(mean), *Arg(var), options);
    });
}
API Handle group_norm(Handle input, int64_t groups, Handle weight, Handle bias, double eps) {
    return result([&] { return at::group_norm(*Arg(input), groups, Arg(weight).optional(), Arg(bias).optional(), eps); });
}
API Handle instance_norm(Handle input, Handle mean, Handle var, Handle weight, Handle bias, bool of_input, double momentum, double eps) {
    return result([&] {
        return at::instance_norm(*Arg(input), Arg(weight).optional(), Arg(bias).optional(), Arg(mean).optional(), Arg(var).optional(),
            of_input, momentum, eps, at::globalContext().userEnabledCuDNN());
    });
}
API Handle dropout(Handle input, double p, bool training, bool inplace) {
    return result([&] { return F::dropout(*Arg(input), F::DropoutFuncOptions().p(p).training(training).inplace(inplace)); });
}
API Handle alpha_dropout(Handle input, double p, bool training, bool inplace) {
    return result([&] { return F::alpha_dropout(*Arg(input), F::AlphaDropoutFuncOptions().p(p).training(training).inplace(inplace)); });
}

API Handle cross_entropy(Handle input, Handle target, Handle weight, int64_t ignore_index, int64_t reduction, double label_smoothing) {
    return result([&] {
        return at::cross_entropy_loss(*Arg(input), *Arg(target), Arg(weight).optional(), reduction, ignore_index, label_smoothing);
    });
}
API Handle nll_loss(Handle input, Handle target, Handle weight, int64_t reduction) {
    return result([&] { return at::nll_loss_nd(*Arg(input), *Arg(target), Arg(weight).optional(), reduction); });
}
API Handle mse_loss(Handle input, Handle target, int64_t reduction) {
    return result([&] { return at::mse_loss(*Arg(input), *Arg(target), reduction); });
}

namespace {
init::NonlinearityType nonlinearity(int64_t type) {
    static const init::NonlinearityType types[] = {
        torch::kLinear, torch::kConv1D, torch::kConv2D, torch::kConv3D, torch::kConvTranspose1D, torch::kConvTranspose2D,
        torch::kConvTranspose3D, torch::kSigmoid, torch::kTanh, torch::kReLU, torch::kLeakyReLU};
    return types[type];
}
init::FanModeType fan(int64_t mode) { return mode == 0 ? init::FanModeType(torch::kFanIn) : init::FanModeType(torch::kFanOut); }
}  // namespace

API double init_gain(int64_t type, double parameter) { return init::calculate_gain(nonlinearity(type), parameter); }
API int32_t init_uniform_(Handle t, double low, double high) { return status([&] { init::uniform_(*Arg(t), low, high); }); }
API int32_t init_normal_(Handle t, double mean, double std) { return status([&] { init::normal_(*Arg(t), mean, std); }); }
API int32_t init_constant_(Handle t, Number value) { return status([&] { init::constant_(*Arg(t), value); }); }
API int32_t init_xavier_uniform_(Handle t, double gain) { return status([&] { init::xavier_uniform_(*Arg(t), gain); }); }
API int32_t init_kaiming_uniform_(Handle t, double a, int64_t mode, int64_t type) {
    return status([&] { init::kaiming_uniform_(*Arg(t), a, fan(mode), nonlinearity(type)); });
}
API int32_t init_kaiming_normal_(Handle t, double a, int64_t mode, int64_t type) {
    return status([&] { init::kaiming_normal_(*Arg(t), a, fan(mode), nonlinearity(type)); });
}
API int32_t init_orthogonal_(Handle t, double gain) { return status([&] { init::orthogonal_(*Arg(t), gain); }); }
API int32_t init_eye_(Handle t) { return status([&] { init::eye_(*Arg(t)); }); }

API int32_t clip_grad_norm_(const Handle* parameters, int32_t count, double max_norm, double norm_type, double* norm) {
    return status([&] { *norm = torch::nn::utils::clip_grad_norm_(list(parameters, count), max_norm, norm_type); });
}
API int32_t clip_grad_value_(const Handle* parameters, int32_t count, double value) {
    return status([&] { torch::nn::utils::clip_grad_value_(list(parameters, count), value); });
}
