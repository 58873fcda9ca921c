using Microsoft.ML.GradientStability;

namespace Microsoft.ML;

/// <summary>Saving and loading ML.NET models, with a deep network in them or not, so that a file is whole or not there.</summary>
public static class ModelFileExtensions
{
    /// <summary>
    /// Writes a model as <c>mlContext.Model.Save</c> does, whole or not at all: beside its place first, flushed to the disk, then renamed. A full
    /// disk or a process that is killed leaves an older model as it was. A file that exists keeps its mode, a symbolic link stays one.
    /// </summary>
    /// <param name="model">A fitted or loaded pipeline, or a single transformer.</param>
    /// <param name="path">The file; replaced where it exists.</param>
    /// <param name="inputSchema">The schema of the data that the model takes; <see langword="null"/> where whoever loads it does not ask.</param>
    /// <exception cref="IOException">The file cannot be written; nothing was left behind.</exception>
    public static void SaveTo(this ITransformer model, string path, DataViewSchema? inputSchema)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var temporary = new PrivateFolder();
        // In memory first: where a disk is full, ML.NET's archive keeps silent about what it could not finish.
        using var file = new MemoryStream();
        try
        {
            temporary.Context.Model.Save(model, inputSchema, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            throw new IOException(
                $"Cannot write '{path}': {e.Message} ML.NET needs room in '{Path.GetTempPath()}' while it saves a model; nothing was left behind, and what was there is as it was.", e);
        }
        AtomicFile.Write(path, file.GetBuffer().AsSpan(0, (int)file.Length));
    }

    /// <summary>
    /// Loads a model as <c>mlContext.Model.Load</c> does, which takes damaged files too and scores otherwise by them: here every byte is held
    /// against the checksums of the file, and every deep network against its digest, before anything of it is used.
    /// </summary>
    /// <param name="catalog"><c>mlContext.Model</c>.</param>
    /// <param name="path">A file by <see cref="SaveTo"/> or <c>mlContext.Model.Save</c>.</param>
    /// <param name="inputSchema">The schema that was saved with it.</param>
    /// <returns>The model; dispose of it, so that ML.NET deletes its temporary file.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, is no model, or inflates beyond measure.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidOperationException">The model holds a network, and the context asks for a GPU that there is not, and not for the CPU in its place.</exception>
    public static ITransformer LoadFrom(this ModelOperationsCatalog catalog, string path, out DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        var loader = Checked(() => ModelArchive.Check(file)) ? ScoringDevice.For(catalog) : catalog;
        var schema = default(DataViewSchema);
        var model = Checked(() => RandomEnding.Retry(() =>
        {
            file.Position = 0;
            return loader.Load(file, out schema);
        }));
        inputSchema = schema!;
        return model;

        T Checked<T>(Func<T> read)
        {
            try
            {
                return read();
            }
            catch (Exception e) when (e is InvalidDataException or FormatException or InvalidOperationException or ArgumentException)
            {
                throw new InvalidDataException($"'{path}' cannot be loaded: {e.Message}", e);
            }
        }
    }
}
