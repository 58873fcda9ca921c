using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Calls a generic method whose type arguments are known at run time only.</summary>
internal static class TypedCall
{
    /// <param name="anyInstantiation">The method, with its target, made generic over any types.</param>
    public static TResult Of<TResult>(Delegate anyInstantiation, Type[] types, params object?[] arguments) =>
        (TResult)anyInstantiation.Method.GetGenericMethodDefinition().MakeGenericMethod(types)
        .Invoke(anyInstantiation.Target, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
}
