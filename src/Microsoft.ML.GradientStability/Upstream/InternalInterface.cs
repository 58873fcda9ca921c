using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.GradientStability
{
    /// <summary>
    /// An interface that ML.NET keeps to itself, and that no other assembly can name. A class that is made at run time derives from one of ours and
    /// declares it; what the interface asks for, the class has under the same name. Should a later ML.NET have no such interface, or ask for
    /// more, the class is taken as it is.
    /// </summary>
    internal sealed class InternalInterface
    {
        private const BindingFlags Members = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

        private readonly Type? _interface;
        private readonly ConcurrentDictionary<Type, Type> _made = new();

        private InternalInterface(string name) => _interface = typeof(ISingleFeaturePredictionTransformer<>).Assembly.GetType(name);

        /// <summary>By which permutation feature importance finds the predictor of a pipeline; it asks for the name of the feature column.</summary>
        public static InternalInterface Importance { get; } = new("Microsoft.ML.ISingleFeaturePredictionTransformer");

        /// <summary>By which the ONNX converter asks the views of a pipeline for their nodes, from the last to the first; what has it not ends the graph without a word.</summary>
        public static InternalInterface OnnxConversion { get; } = new("Microsoft.ML.Model.OnnxConverter.ITransformCanSaveOnnx");

        /// <summary>An object, made by the only constructor of its class, that has the interface.</summary>
        public T Create<T>(params object?[] arguments) where T : class =>
            (T)Activator.CreateInstance(_interface is null ? typeof(T) : _made.GetOrAdd(typeof(T), type => Make(type, _interface)), Members | BindingFlags.DoNotWrapExceptions, null, arguments, null)!;

        private static Type Make(Type own, Type @interface)
        {
            var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName($"{own.FullName}.{@interface.Name}"), AssemblyBuilderAccess.Run);
            var seesAll = typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!;
            foreach (var seen in new[] { own.Assembly, @interface.Assembly })
                assembly.SetCustomAttribute(new CustomAttributeBuilder(seesAll, [seen.GetName().Name!]));
            var type = assembly.DefineDynamicModule(@interface.Name).DefineType(own.Name, TypeAttributes.Public | TypeAttributes.Sealed, own, [@interface]);

            var made = own.GetConstructors(Members).Single();
            Type[] parameters = [.. made.GetParameters().Select(p => p.ParameterType)];
            Call(type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, parameters).GetILGenerator(), parameters.Length, il => il.Emit(OpCodes.Call, made));
            foreach (var asked in @interface.GetInterfaces().Append(@interface).Except(own.GetInterfaces()).SelectMany(part => part.GetMethods()))
            {
                if (own.GetMethod(asked.Name, Members) is not { } has)
                    return own;
                parameters = [.. asked.GetParameters().Select(p => p.ParameterType)];
                var method = type.DefineMethod($"{asked.DeclaringType}.{asked.Name}", MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final, asked.ReturnType, parameters);
                Call(method.GetILGenerator(), parameters.Length, il => il.Emit(OpCodes.Call, has));
                type.DefineMethodOverride(method, asked);
            }
            return type.CreateType();
        }

        /// <summary>Passes the object and all arguments on.</summary>
        private static void Call(ILGenerator code, int parameters, Action<ILGenerator> call)
        {
            for (var argument = 0; argument <= parameters; argument++)
                code.Emit(OpCodes.Ldarg, (short)argument);
            call(code);
            code.Emit(OpCodes.Ret);
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
