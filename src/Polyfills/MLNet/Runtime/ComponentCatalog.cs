using System.Reflection;

namespace Microsoft.ML.Runtime;

public sealed class ComponentCatalog
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _assemblies = [];
    private readonly Dictionary<(Type AttributeType, string ContractName), Type> _extensions = [];

    internal ComponentCatalog()
    {
    }

    public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
    {
        lock (_lock)
        {
            if (!_assemblies.Add(assembly.FullName!))
                return;
            foreach (var type in assembly.GetTypes().Where(t => t.IsClass))
            {
                foreach (var attribute in type.GetCustomAttributes<ExtensionBaseAttribute>())
                {
                    var added = _extensions.TryAdd((attribute.GetType(), attribute.ContractName), type);
                    Contracts.Check(added || !throwOnError,
                        $"An extension for '{attribute.GetType().Name}' with contract '{attribute.ContractName}' " +
                        "has already been registered in the ComponentCatalog.");
                }
            }
        }
    }

    /// <summary>The class that carries an attribute of the type with the contract name.</summary>
    internal Type GetExtension(Type attributeType, string contractName)
    {
        lock (_lock)
        {
            return _extensions.GetValueOrDefault((attributeType, contractName)) ?? throw Contracts.Except(
                $"Unable to locate an extension for the contract '{contractName}'. Ensure you have called " +
                $"{nameof(ComponentCatalog)}.{nameof(RegisterAssembly)} with the Assembly that contains a class decorated with a '{attributeType.FullName}'.");
        }
    }
}
