using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>Finds what a model gives by running it on rows of zeros: a file need not say how wide its outputs are, and may say it wrongly.</summary>
internal static class ModelProbe
{
    /// <exception cref="ModelFileException">An output is of a type or a shape that is not served, or does not follow the number of rows.</exception>
    public static IReadOnlyList<ModelColumn> ReadOutputs(InferenceSession session, IReadOnlyList<ModelColumn> inputs, int fixedBatch)
    {
        foreach (var (name, output) in session.OutputMetadata)
            if (!output.IsTensor || ColumnTypes.Find(output.ElementDataType) is null)
                throw new ModelFileException($"its output '{name}' is {ModelSchema.Kind(output)}, which is not served; served are tensors of {string.Join(", ", Enum.GetNames<ColumnType>())}");
        var outputs = Run(session, inputs, rows: 1);
        // What does not depend on the number of rows would be cut up among callers.
        if (fixedBatch > 1 && Run(session, inputs, rows: 2).Zip(outputs).FirstOrDefault(pair => pair.First.ToString() != pair.Second.ToString()) is { First: not null } pair)
            throw new ModelFileException($"its output is {pair.Second} for one row and {pair.First} for each of two; the width of an output has to be fixed");
        return outputs;
    }

    private static IReadOnlyList<ModelColumn> Run(InferenceSession session, IReadOnlyList<ModelColumn> inputs, int rows)
    {
        var zeros = new List<OrtValue>();
        try
        {
            foreach (var input in inputs)
                zeros.Add(input.Type == ColumnType.Text
                    ? OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, input.TensorShape(rows))
                    : Zeros(input, rows));
            using var options = new RunOptions();
            using var outputs = session.Run(options, [.. inputs.Select(input => input.Name)], zeros, session.OutputNames);
            return [.. session.OutputNames.Select((name, i) => Column(name, outputs[i].GetTensorTypeAndShape(), rows))];
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelFileException($"it fails on {(rows == 1 ? "a row" : $"{rows} rows")} of zeros: {e.Message.TrimEnd('.')}", e);
        }
        finally
        {
            foreach (var value in zeros)
                value.Dispose();
        }
    }

    private static OrtValue Zeros(ModelColumn input, int rows)
    {
        var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, input.Type.Tensor(), input.TensorShape(rows));
        value.GetTensorMutableRawData().Clear();
        return value;
    }

    private static ModelColumn Column(string name, OrtTensorTypeAndShapeInfo output, int rows)
    {
        var shape = output.Shape;
        if (shape.Length == 0 || shape[0] != rows || shape.Skip(1).Any(length => length is < 1 or > int.MaxValue))
            throw new ModelFileException($"its output '{name}' has the shape [{string.Join(", ", shape)}] for {rows} row(s); the first dimension has to be the batch");
        return new(name, ColumnTypes.Find(output.ElementDataType)!.Value, [.. shape.Skip(1).Select(length => (int)length)]);
    }
}
