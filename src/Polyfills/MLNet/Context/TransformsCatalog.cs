using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed class TransformsCatalog
{
    private readonly IHostEnvironment _env;

    internal TransformsCatalog(IHostEnvironment env)
    {
        _env = env;
        Categorical = new CategoricalTransforms(env);
        Conversion = new ConversionTransforms(env);
    }

    public CategoricalTransforms Categorical { get; }

    public ConversionTransforms Conversion { get; }

    internal IHostEnvironment Environment => _env;

    public sealed class CategoricalTransforms
    {
        internal CategoricalTransforms(IHostEnvironment env) => Environment = env;

        internal IHostEnvironment Environment { get; }
    }

    public sealed class ConversionTransforms
    {
        internal ConversionTransforms(IHostEnvironment env) => Environment = env;

        internal IHostEnvironment Environment { get; }
    }
}
