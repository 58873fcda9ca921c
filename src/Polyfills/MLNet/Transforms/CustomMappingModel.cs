using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>The saved form of a custom mapping: the name of its contract, and the assembly that holds the factory of that name.</summary>
internal static class CustomMappingModel
{
    public const string LoaderSignature = "CustomTransformer";

    public static void Save(ModelSaveContext ctx, string? contractName, Assembly assembly)
    {
        Contracts.Check(contractName is not null, "Empty contract name for a transform: the transform cannot be saved");
        ctx.SetVersionInfo(LoaderSignature);
        ctx.SaveString(contractName);
        ctx.SaveString(assembly.FullName);
    }

    public static ITransformer Load(IHostEnvironment env, ModelLoadContext ctx)
    {
        var contractName = ctx.LoadString() ?? throw Contracts.ExceptDecode("The custom mapping has no contract name.");
        env.ComponentCatalog.RegisterAssembly(Assembly.Load(ctx.LoadString()!));
        var type = env.ComponentCatalog.GetExtension(typeof(CustomMappingFactoryAttributeAttribute), contractName);
        return Activator.CreateInstance(type) is ICustomMappingFactory factory
            ? factory.CreateTransformer(env, contractName)
            : throw Contracts.Except($"The class with contract '{contractName}' must derive from '{typeof(CustomMappingFactory<,>)}'.");
    }
}
