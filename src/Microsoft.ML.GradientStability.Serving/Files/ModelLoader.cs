using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>From a path to a model that is checked, warm and ready to run.</summary>
internal static class ModelLoader
{
    /// <summary>Loads a model that fits the one in service, where there is one.</summary>
    /// <exception cref="ModelFileException">The file is no model that can be served, or none that fits; the message names the file.</exception>
    public static LoadedModel Load(string path, OnnxPredictorOptions options, ServingMetrics metrics, ModelSchema? inService)
    {
        try
        {
            var file = ModelFile.Read(path, options.MaxFileBytes);
            OnnxFileCheck.Verify(file.Bytes);
            return Load(file, options, metrics, inService);
        }
        catch (ModelFileException reason)
        {
            throw new ModelFileException(path, reason);
        }
    }

    private static LoadedModel Load(ModelFile file, OnnxPredictorOptions options, ServingMetrics metrics, ModelSchema? inService)
    {
        var sessions = new List<InferenceSession>();
        var runs = new List<BatchTensors>();
        try
        {
            ModelShape? shape = null;
            var maxBatch = options.MaxBatchSize;
            foreach (var wanted in options.Devices)
            {
                var (session, device) = SessionFactory.Create(file.Bytes, wanted, options);
                sessions.Add(session);
                if (shape is null)
                {
                    maxBatch = Math.Min(maxBatch, ModelSchema.ReadFixedBatch(session));
                    shape = ReadShape(session, maxBatch);
                    if (inService?.DifferenceTo(shape.Schema) is { } difference)
                        throw new ModelFileException($"it is another kind of model: {difference}; start a service of its own for it");
                }
                for (var run = 0; run < options.RunsPerDevice; run++)
                    runs.Add(new(session, shape, maxBatch, device));
                SelfCheck.Run(shape, runs[^1], device);
            }
            return new(shape!, file.Stamp, runs, sessions, maxBatch, options, metrics);
        }
        catch (Exception e)
        {
            foreach (var owned in runs.Concat<IDisposable>(sessions))
                owned.Dispose();
            // Whatever the native code makes of strange bytes, the caller reads of the file.
            if (e is OnnxRuntimeException or OverflowException or OutOfMemoryException)
                throw new ModelFileException($"ONNX Runtime refuses it: {e.Message.TrimEnd('.')}", e);
            throw;
        }
    }

    private static ModelShape ReadShape(InferenceSession session, int maxBatch)
    {
        var inputs = ModelSchema.ReadInputs(session);
        if (inputs.Count == 0)
            throw new ModelFileException("it has no inputs, so there is nothing to predict from");
        return new(new(inputs, ModelProbe.ReadOutputs(session, inputs, maxBatch), session.ModelMetadata.CustomMetadataMap));
    }
}
