using Microsoft.ML.Transforms;

namespace Microsoft.ML.GradientStability;

/// <summary>Of Single.</summary>
[CustomMappingFactoryAttribute(Name)]
internal sealed class SingleUnwrapper : ScalarUnwrapper<float>
{
    private const string Name = "Microsoft.ML.GradientStability.Scalar.Single";

    protected override string Contract => Name;
}

/// <summary>Of Double.</summary>
[CustomMappingFactoryAttribute(Name)]
internal sealed class DoubleUnwrapper : ScalarUnwrapper<double>
{
    private const string Name = "Microsoft.ML.GradientStability.Scalar.Double";

    protected override string Contract => Name;
}

/// <summary>Of Int32.</summary>
[CustomMappingFactoryAttribute(Name)]
internal sealed class Int32Unwrapper : ScalarUnwrapper<int>
{
    private const string Name = "Microsoft.ML.GradientStability.Scalar.Int32";

    protected override string Contract => Name;
}

/// <summary>Of Int64.</summary>
[CustomMappingFactoryAttribute(Name)]
internal sealed class Int64Unwrapper : ScalarUnwrapper<long>
{
    private const string Name = "Microsoft.ML.GradientStability.Scalar.Int64";

    protected override string Contract => Name;
}

/// <summary>Of UInt32.</summary>
[CustomMappingFactoryAttribute(Name)]
internal sealed class UInt32Unwrapper : ScalarUnwrapper<uint>
{
    private const string Name = "Microsoft.ML.GradientStability.Scalar.UInt32";

    protected override string Contract => Name;
}

/// <summary>Of Boolean.</summary>
[CustomMappingFactoryAttribute(Name)]
internal sealed class BooleanUnwrapper : ScalarUnwrapper<bool>
{
    private const string Name = "Microsoft.ML.GradientStability.Scalar.Boolean";

    protected override string Contract => Name;
}

/// <summary>Of Text.</summary>
[CustomMappingFactoryAttribute(Name)]
internal sealed class TextUnwrapper : ScalarUnwrapper<ReadOnlyMemory<char>>
{
    private const string Name = "Microsoft.ML.GradientStability.Scalar.Text";

    protected override string Contract => Name;
}
