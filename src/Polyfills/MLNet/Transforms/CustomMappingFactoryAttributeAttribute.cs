namespace Microsoft.ML.Transforms;

/// <summary>Marks the factory that a saved custom mapping is loaded through.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CustomMappingFactoryAttributeAttribute(string contractName) : ExtensionBaseAttribute(contractName);
