namespace Microsoft.ML.GradientStability;

/// <summary>A module that can be written out.</summary>
internal interface IWrittenOut
{
    /// <summary>
    /// It, for the steps of one fit, whose parameters and their gradients stay where they are; <see langword="null"/> where something in it is not written out.
    /// </summary>
    Pass? WriteOut();
}
