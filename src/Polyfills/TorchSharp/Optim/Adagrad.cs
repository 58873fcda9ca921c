using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public class Adagrad : OptimizerHelper
    {
        public Adagrad(IEnumerable<Parameter> parameters, double lr = 1e-2, double lr_decay = 0, double weight_decay = 0,
            double initial_accumulator_value = 0, double eps = 1e-10)
            : this([new ParamGroup { Parameters = parameters }], lr, lr_decay, weight_decay, initial_accumulator_value, eps) { }

        public Adagrad(IEnumerable<ParamGroup> parameters, double lr = 1e-2, double lr_decay = 0, double weight_decay = 0,
            double initial_accumulator_value = 0, double eps = 1e-10)
        {
            RefuseNegative(lr);
            RefuseNegative(eps);
            RefuseNegative(lr_decay);
            RefuseNegative(weight_decay);
            RefuseNegative(initial_accumulator_value);
            _defaults = new Options
            {
                LearningRate = lr, InitialLearningRate = lr, lr_decay = lr_decay, weight_decay = weight_decay,
                initial_accumulator_value = initial_accumulator_value, eps = eps,
            };
            foreach (var group in parameters) add_param_group(group);
        }

        private Options Defaults => (Options)_defaults!;

        public override void add_param_group(Modules.ParamGroup param_group)
        {
            param_group.Options ??= new Options();
            var options = (Options)param_group.Options;
            options.LearningRate ??= Defaults.LearningRate;
            options.lr_decay ??= Defaults.lr_decay;
            options.weight_decay ??= Defaults.weight_decay;
            options.initial_accumulator_value ??= Defaults.initial_accumulator_value;
            options.eps ??= Defaults.eps;
            options.InitialLearningRate = options.LearningRate!.Value;
            base.add_param_group(param_group);
            foreach (var parameter in param_group.Parameters) Keep(new State(parameter), options);
        }

        public override Tensor? step(Func<Tensor>? closure = null) => _step<ParamGroup>(Step, closure);

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            DisposeStates();
        }

        public sealed class State : OptimizerState, IDisposable
        {
            public long step;
            public Tensor? sum;

            public State(Parameter parameter) : base(parameter) { }

            internal override unsafe void Step(OptimizerOptions given)
            {
                var options = (Options)given;
                fixed (long* steps = &step)
                    Call.Check(Native.adagrad_step(_parameter.Handle, sum!.Handle, steps, options.LearningRate!.Value,
                        options.lr_decay!.Value, options.weight_decay!.Value, options.eps!.Value), _parameter, this);
            }

            public override void Initialize(OptimizerOptions options)
            {
                Dispose();
                step = 0;
                sum = Zeros().fill_(((Options)options).initial_accumulator_value!.Value);
            }

            public override void SaveStateDict(BinaryWriter writer)
            {
                writer.Write(step);
                sum!.Save(writer);
            }

            public override void LoadStateDict(BinaryReader reader)
            {
                step = reader.ReadInt64();
                sum!.Load(reader);
            }

            public void Dispose() => sum?.Dispose();
        }

        public class Options : OptimizerOptions
        {
            public double? lr_decay;
            public double? initial_accumulator_value;
            public double? eps;
            public double? weight_decay;

            public override void SaveStateDict(BinaryWriter writer)
            {
                base.SaveStateDict(writer);
                writer.Write(lr_decay!.Value);
                writer.Write(initial_accumulator_value!.Value);
                writer.Write(eps!.Value);
                writer.Write(weight_decay!.Value);
            }

            public override void LoadStateDict(BinaryReader reader)
            {
                base.LoadStateDict(reader);
                lr_decay = reader.ReadDouble();
                initial_accumulator_value = reader.ReadDouble();
                eps = reader.ReadDouble();
                weight_decay = reader.ReadDouble();
            }
        }

        public class ParamGroup : ParamGroup<Options>
        {
            public ParamGroup() { }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options) { }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.01, double lr_decay = 0, double weight_decay = 0,
                double initial_accumulator_value = 0, double eps = 1e-10)
                : base(parameters, new Options { LearningRate = lr, lr_decay = lr_decay, weight_decay = weight_decay,
                    initial_accumulator_value = initial_accumulator_value, eps = eps }) { }
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            public static Adagrad Adagrad(IEnumerable<Parameter> parameters, double lr = 1e-2, double lr_decay = 0,
                double weight_decay = 0, double initial_accumulator_value = 0, double eps = 1e-10) =>
                new(parameters, lr, lr_decay, weight_decay, initial_accumulator_value, eps);

            public static Adagrad Adagrad(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 1e-2,
                double lr_decay = 0, double weight_decay = 0, double initial_accumulator_value = 0, double eps = 1e-10) =>
                new(parameters.Select(named => named.parameter), lr, lr_decay, weight_decay, initial_accumulator_value, eps);

            public static Adagrad Adagrad(IEnumerable<Adagrad.ParamGroup> parameters, double lr = 1e-2, double lr_decay = 0,
                double weight_decay = 0, double initial_accumulator_value = 0, double eps = 1e-10) =>
                new(parameters, lr, lr_decay, weight_decay, initial_accumulator_value, eps);
        }
    }
}
