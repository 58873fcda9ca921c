// One call a parameter and a step. The operations and their order are PyTorch's, so the numbers are, to the last bit.
#include "shim.h"

#include <c10/core/GradMode.h>
#include <cmath>

namespace {
// The gradient of a parameter, or undefined where there is none and so nothing to do.
at::Tensor decayed(at::Tensor& parameter, double weight_decay, bool negated = false) {
    at::Tensor grad = parameter.grad();
    if (grad.defined() && negated) grad = -grad;
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
        auto grad = decayed(*p, weight_decay, maximize);
        if (!grad.defined()) return;
        ++*step;
        m->mul_(beta1).add_(grad, 1 - beta1);
        v->mul_(beta2).addcmul_(grad, grad, 1 - beta2);
        if (max_exp_avg_sq) at::maximum_out(*greatest, *greatest, *v);
        auto t = static_cast<double>(*step);
        auto denominator = (max_exp_avg_sq ? *greatest : *v).sqrt().div_(std::sqrt(1 - std::pow(beta2, t))).add_(eps);
        p->addcdiv_(*m, denominator, -(lr / (1 - std::pow(beta1, t))));
    });
}

// m and v are Adam's, d = √(v / (1 − β₂ᵗ)) + ε, μₜ = β₁(1 − 0.96^(t·momentum_decay)/2), Πₜ = μ₁·…·μₜ:
// p ← p − lr(1 − μₜ)/(1 − Πₜ) · g/d − lr·μₜ₊₁/(1 − Πₜ₊₁) · m/d.
API int32_t nadam_step(Handle parameter, Handle exp_avg, Handle exp_avg_sq, int64_t* step, double* mu_product, double lr, double beta1,
                       double beta2, double eps, double weight_decay, double momentum_decay) {
    return status([&] {
        at::NoGradGuard no_grad;
        Arg p(parameter), m(exp_avg), v(exp_avg_sq);
        auto grad = decayed(*p, weight_decay);
        if (!grad.defined()) return;
        auto t = static_cast<double>(++*step);
        auto mu = beta1 * (1 - 0.5 * std::pow(0.96, t * momentum_decay));
        auto next = beta1 * (1 - 0.5 * std::pow(0.96, (t + 1) * momentum_decay));
        *mu_product *= mu;
        m->mul_(beta1).add_(grad, 1 - beta1);
        v->mul_(beta2).addcmul_(grad, grad, 1 - beta2);
        auto denominator = v->div(1 - std::pow(beta2, t)).sqrt_().add_(eps);
        p->addcdiv_(grad, denominator, -lr * (1 - mu) / (1 - *mu_product));
        p->addcdiv_(*m, denominator, -lr * next / (1 - *mu_product * next));
    });
}

// v ← αv + (1 − α)g², d = √v + ε, or, centered, a ← αa + (1 − α)g, d = √(v − a²) + ε;
// p ← p − lr·g/d, or, with momentum, b ← momentum·b + g/d, p ← p − lr·b.
API int32_t rmsprop_step(Handle parameter, Handle square_avg, Handle grad_avg, Handle momentum_buffer, int64_t* step, double lr,
                         double alpha, double eps, double weight_decay, double momentum, bool centered, bool maximize) {
    return status([&] {
        at::NoGradGuard no_grad;
        Arg p(parameter), v(square_avg), a(grad_avg), b(momentum_buffer);
        auto grad = decayed(*p, weight_decay, maximize);
        if (!grad.defined()) return;
        ++*step;
        v->mul_(alpha).addcmul_(grad, grad, 1 - alpha);
        if (centered) a->mul_(alpha).add_(grad, 1 - alpha);
        auto denominator = (centered ? v->addcmul(*a, *a, -1).sqrt_() : v->sqrt()).add_(eps);
        if (momentum > 0) p->add_(b->mul_(momentum).addcdiv_(grad, denominator), -lr);
        else p->addcdiv_(grad, denominator, -lr);
    });
}

// s ← s + g², p ← p − lr/(1 + (t − 1)·lr_decay) · g/(√s + ε).
API int32_t adagrad_step(Handle parameter, Handle sum, int64_t* step, double lr, double lr_decay, double weight_decay, double eps) {
    return status([&] {
        at::NoGradGuard no_grad;
        Arg p(parameter), s(sum);
        auto grad = decayed(*p, weight_decay);
        if (!grad.defined()) return;
        auto before = static_cast<double>((*step)++);
        s->addcmul_(grad, grad, 1);
        p->addcdiv_(grad, s->sqrt().add_(eps), -(lr / (1 + before * lr_decay)));
    });
}
