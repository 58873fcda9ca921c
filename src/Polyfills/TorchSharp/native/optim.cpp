// One call a parameter and a step. The operations and their order are PyTorch's, so the numbers are, to the last bit.
#include "shim.h"

#include <c10/core/GradMode.h>
#include <cmath>

namespace {
// The gradient of a parameter, or undefined where there is none and so nothing to do.
at::Tensor decayed(at::Tensor& parameter, double weight_decay) {
    at::Tensor grad = parameter.grad();
    return grad.defined() && weight_decay != 0 ? grad.add(parameter, weight_decay) : grad;
}
}  // namespace

// p ← p ∓ lr·g, with g ← g + weight_decay·p, b ← momentum·b + (1 − dampening)·g (at first b ← g), g ← b or g + momentum·b.
API int32_t sgd_step(Handle parameter, Handle* momentum_buffer, double lr, double momentum, double dampening, double weight_decay,
                     bool nesterov, bool maximize) {
    return status([&] {
        at::NoGradGuard no_grad;
        Arg p(parameter);
        auto grad = decayed(*p, weight_decay);
        if (!grad.defined()) return;
        if (momentum != 0) {
            if (*momentum_buffer == nullptr) *momentum_buffer = give(grad.clone());
            else Arg(*momentum_buffer)->mul_(momentum).add_(grad, 1 - dampening);
            Arg buffer(*momentum_buffer);
            grad = nesterov ? grad.add(*buffer, momentum) : *buffer;
        }
        p->add_(grad, maximize ? lr : -lr);
    });
}

// m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², p ← p − lr/(1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε);
// with amsgrad, the greatest v so far stands for v.
API int32_t adam_step(Handle parameter, Handle exp_avg, Handle exp_avg_sq, Handle max_exp_avg_sq, int64_t* step, double lr,
                      double beta1, double beta2, double eps, double weight_decay, bool maximize) {
    return status([&] {
        at::NoGradGuard no_grad;
        Arg p(parameter), m(exp_avg), v(exp_avg_sq), greatest(max_exp_avg_sq);
        at::Tensor grad = p->grad();
        if (!grad.defined()) return;
        ++*step;
        if (maximize) grad = -grad;
        if (weight_decay != 0) grad = grad.add(*p, weight_decay);
        m->mul_(beta1).add_(grad, 1 - beta1);
        v->mul_(beta2).addcmul_(grad, grad, 1 - beta2);
        if (max_exp_avg_sq) at::maximum_out(*greatest, *greatest, *v);
        auto t = static_cast<double>(*step);
        auto denominator = (max_exp_avg_sq ? *greatest : *v).sqrt().div_(std::sqrt(1 - std::pow(beta2, t))).add_(eps);
        p->addcdiv_(*m, denominator, -(lr / (1 - std::pow(beta1, t))));
    });
}
