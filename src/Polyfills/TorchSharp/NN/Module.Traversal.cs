using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            public virtual IEnumerable<(string name, Module module)> named_children() => _modules.Select(m => (m.Key, m.Value));
            public virtual IEnumerable<Module> children() => named_children().Select(child => child.module);
            public virtual IEnumerable<Module> modules() => named_modules().Select(module => module.module);
            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(p => p.parameter);
            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(b => b.buffer);

            /// Everything below this module: first its children, then what stands below each of them.
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var child in _modules) yield return (child.Key, child.Value);
                foreach (var child in _modules)
                    foreach (var (name, module) in child.Value.named_modules())
                        yield return ($"{child.Key}.{name}", module);
            }

            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
                foreach (var own in _parameters)
                    if (!own.Value.IsInvalid && seen.Add(own.Value))
                        yield return (own.Key, own.Value);
                if (!recurse) yield break;
                foreach (var child in _modules)
                    foreach (var (name, parameter) in child.Value.named_parameters())
                        if (seen.Add(parameter))
                            yield return ($"{child.Key}.{name}", parameter);
            }

            // As in TorchSharp 0.102.7, buffers that are not persistent are never listed, whatever include_nonpersistent says.
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
                foreach (var own in _buffers)
                    if (!own.Value.Tensor.IsInvalid && own.Value.Persistent && seen.Add(own.Value.Tensor))
                        yield return (own.Key, own.Value.Tensor);
                if (!recurse) yield break;
                foreach (var child in _modules)
                    foreach (var (name, buffer) in child.Value.named_buffers(true, include_nonpersistent))
                        if (seen.Add(buffer))
                            yield return ($"{child.Key}.{name}", buffer);
            }

            public virtual Parameter? get_parameter(string target) => Find(named_parameters(), target);
            public virtual Tensor? get_buffer(string target) => Find(named_buffers(), target);
            public virtual bool has_parameter(string target) => get_parameter(target) is not null;
            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            private static T? Find<T>(IEnumerable<(string Name, T Value)> all, string target) where T : class =>
                all.FirstOrDefault(one => one.Name == target).Value;
        }
    }
}
