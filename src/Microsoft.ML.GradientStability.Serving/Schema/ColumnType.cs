namespace Microsoft.ML.GradientStability.Serving;

/// <summary>The element types of a model's inputs and outputs, by their .NET names; <see cref="Text"/> is <see cref="string"/>.</summary>
public enum ColumnType
{
    /// <summary><see cref="float"/>; NaN is a missing value.</summary>
    Single,

    /// <summary><see cref="double"/>; NaN is a missing value.</summary>
    Double,

    /// <summary><see cref="int"/>.</summary>
    Int32,

    /// <summary><see cref="long"/>.</summary>
    Int64,

    /// <summary><see cref="uint"/>, the keys of ML.NET among them.</summary>
    UInt32,

    /// <summary><see cref="bool"/>.</summary>
    Boolean,

    /// <summary><see cref="string"/>.</summary>
    Text,
}
