namespace Microsoft.ML.GradientStability;

/// <summary>What trials on some of the rows say of the fit on all of them.</summary>
/// <param name="Options">With the network that was taken.</param>
/// <param name="Temperature">Of it, where one was looked for; <see langword="null"/> where there was nothing to find it by.</param>
/// <param name="How">How both were found, in a line.</param>
internal readonly record struct TrialResult<TOptions>(TOptions Options, double? Temperature, string How);
