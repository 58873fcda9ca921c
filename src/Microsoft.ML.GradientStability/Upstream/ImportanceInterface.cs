using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.GradientStability
{
    /// <summary>
    /// ML.NET's permutation feature importance finds the predictor of a pipeline by an interface of its own, which no other assembly can name:
    /// <c>ISingleFeaturePredictionTransformer</c> without a type parameter, beside the public one with it. A class that is made at run time
    /// derives from a transformer and declares it; the feature column's name is all that it asks for, and the transformer has that. Should a
    /// later ML.NET have no such interface, the transformer is made as it is.
    /// </summary>
    internal static class ImportanceInterface
    {
        private static readonly Type? s_interface = typeof(ISingleFeaturePredictionTransformer<>).Assembly.GetType("Microsoft.ML.ISingleFeaturePredictionTransformer");
        private static readonly ConcurrentDictionary<Type, Type> s_made = new();

        /// <summary>A transformer, made by its only constructor, that is found in a pipeline.</summary>
        public static T Create<T>(params object[] arguments) where T : class =>
            (T)Activator.CreateInstance(s_interface is null ? typeof(T) : s_made.GetOrAdd(typeof(T), Make), Constructors, null, arguments, null)!;

        private const BindingFlags Constructors = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

        private static Type Make(Type transformer)
        {
            var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName($"{transformer.FullName}.Importance"), AssemblyBuilderAccess.Run);
            var seesAll = typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!;
            foreach (var seen in new[] { transformer.Assembly, s_interface!.Assembly })
                assembly.SetCustomAttribute(new CustomAttributeBuilder(seesAll, [seen.GetName().Name!]));
            var type = assembly.DefineDynamicModule("Importance").DefineType(transformer.Name, TypeAttributes.Public | TypeAttributes.Sealed, transformer, [s_interface]);

            var made = transformer.GetConstructors(Constructors).Single();
            Type[] parameters = [.. made.GetParameters().Select(p => p.ParameterType)];
            var code = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, parameters).GetILGenerator();
            for (var argument = 0; argument <= parameters.Length; argument++)
                code.Emit(OpCodes.Ldarg, (short)argument);
            code.Emit(OpCodes.Call, made);
            code.Emit(OpCodes.Ret);
            return type.CreateType();
        }
    }
}

namespace System.Runtime.CompilerServices
{
    /// <summary>The runtime knows it by its name: the assembly that carries it may use what another keeps to itself.</summary>
    [AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
    internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
    {
        public string AssemblyName => assemblyName;
    }
}
