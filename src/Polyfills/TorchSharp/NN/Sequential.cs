using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public class Sequential : nn.Module<Tensor, Tensor>
    {
        private readonly List<(string Name, nn.IModule<Tensor, Tensor> Module)> _items = [];

        internal Sequential() : base(nameof(Sequential)) { }

        protected Sequential(params nn.Module<Tensor, Tensor>[] modules) : this()
        {
            foreach (var module in modules) append(module);
        }

        protected Sequential(params (string name, nn.Module<Tensor, Tensor> submodule)[] modules) : this()
        {
            foreach (var (name, module) in modules) append(name, module);
        }

        public int Count => _items.Count;

        [IndexerName("SequentialItems")]
        public nn.IModule<Tensor, Tensor> this[int index] => _items[index].Module;

        public Sequential append(nn.IModule<Tensor, Tensor> module) => append(_items.Count.ToString(), module);

        public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
        {
            _items.Add((name, module));
            return this;
        }

        /// What one module gives the next is disposed as soon as that has taken it.
        public override Tensor forward(Tensor tensor)
        {
            if (_items.Count == 0) return tensor.alias();
            var output = _items[0].Module.call(tensor);
            for (var i = 1; i < _items.Count; i++)
            {
                var input = output;
                output = _items[i].Module.call(input);
                input.Dispose();
            }
            return output;
        }

        public override IEnumerable<(string name, nn.Module module)> named_children() =>
            _items.Select(item => (item.Name, (nn.Module)item.Module));

        public override IEnumerable<(string name, nn.Module module)> named_modules() =>
            named_children().Concat(Below(module => module.named_modules()));

        public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
            recurse ? Once(Below(module => module.named_parameters())) : [];

        public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_persistent = true) =>
            recurse ? Once(Below(module => module.named_buffers(true, include_persistent))) : [];

        private IEnumerable<(string, T)> Below<T>(Func<nn.Module, IEnumerable<(string, T)>> of) =>
            named_children().SelectMany(child => of(child.module).Select(found => ($"{child.name}.{found.Item1}", found.Item2)));

        private static IEnumerable<(string, T)> Once<T>(IEnumerable<(string Name, T Tensor)> all) where T : Tensor =>
            all.DistinctBy(one => one.Tensor, (IEqualityComparer<T>)ReferenceEqualityComparer.Instance);

        public override nn.Module apply(Action<nn.Module> fn)
        {
            foreach (var (_, module) in named_children()) module.apply(fn);
            fn(this);
            return this;
        }

        public override void train(bool on = true)
        {
            foreach (var (_, module) in named_children()) module.train(on);
        }

        public override void eval()
        {
            foreach (var (_, module) in named_children()) module.eval();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                foreach (var (_, module) in named_children())
                    module.Dispose();
            base.Dispose(disposing);
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Sequential Sequential() => new();
            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) => Sequential(modules.AsEnumerable());
            public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) =>
                Sequential(modules.AsEnumerable());

            public static Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules)
            {
                var sequential = new Sequential();
                foreach (var module in modules) sequential.append(module);
                return sequential;
            }

            public static Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules)
            {
                var sequential = new Sequential();
                foreach (var (name, module) in modules) sequential.append(name, module);
                return sequential;
            }
        }
    }
}
