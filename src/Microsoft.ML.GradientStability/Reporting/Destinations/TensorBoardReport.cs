namespace Microsoft.ML.GradientStability;

/// <summary>
/// An event folder that TensorBoard shows (Abadi et al. 2016): scalars <c>loss/…</c>, <c>learning rate</c>, <c>gradient norm/…</c> and, a
/// layer each, <c>layer gradient norm/…</c>, <c>update ratio/…</c>, <c>weight norm/…</c> and <c>dead units/…</c>; a text <c>findings</c>, and one of the options.
/// </summary>
public sealed record TensorBoardReport : Report
{
    private readonly string _folder = "";
    private readonly int _steps = 10;

    internal TensorBoardReport() { }

    /// <summary>The folder to give to <c>tensorboard --logdir</c>; every fit makes its own in it.</summary>
    public string Folder { get => _folder; init => _folder = Check.Path(value, nameof(Folder)); }

    /// <summary>Steps between two points of a curve, at least 1. Default 10.</summary>
    public int Steps { get => _steps; init => _steps = Check.AtLeast(value, 1, nameof(Steps)); }

    /// <summary>One readable line.</summary>
    public override string ToString() => $"TensorBoard({Folder})";

    internal override Session Open(TrainingOptions options, TrainingCurves curves) => new Events(this, options);

    private sealed class Events : Session
    {
        private readonly TensorBoardReport _report;
        private readonly EventFile _file;

        public Events(TensorBoardReport report, TrainingOptions options)
        {
            _report = report;
            try
            {
                _file = new EventFile(NewFolder(report.Folder));
            }
            catch (Exception e) when (IsOfFile(e))
            {
                throw Failed(report.Folder, e);
            }
            Write(() => _file.Text(0, "options", $"    {options.ToJson().ReplaceLineEndings("\n    ")}"));
        }

        public override bool WantsStep(long step) => step % _report.Steps == 0;

        public override void Step(TrainingProgress p) => Write(() => _file.Scalars(p.Step,
        [
            ("loss/batch", p.BatchLoss), ("learning rate", p.LearningRate),
            ("gradient norm/raw", p.GradientNorm), ("gradient norm/clipped", p.ClippedGradientNorm),
            .. p.Layers.Select(layer => ($"layer gradient norm/{layer.Layer}", layer.Norm)),
        ]));

        public override void Measured(TrainingProgress p, StepStatistics s) => Write(() =>
        {
            _file.Scalars(p.Step,
            [
                ("gradient cosine", s.Cosine), ("gradient noise scale", s.NoiseScale),
                .. s.Layers.SelectMany((layer, l) => new[] { ($"update ratio/{p.Layers[l].Layer}", layer.UpdateRatio), ($"weight norm/{p.Layers[l].Layer}", layer.WeightNorm) }),
                .. s.Activations.SelectMany((layer, l) => new[] { ($"dead units/{p.Layers[l].Layer}", layer.Dead), ($"activation spread/{p.Layers[l].Layer}", layer.Spread) }),
            ]);
            for (var l = 0; l < s.Layers.Count; l++)
                if (s.Layers[l] is { Gradients: { } gradients, Weights: { } weights })
                {
                    _file.Histogram(p.Step, $"log10 gradient/{p.Layers[l].Layer}", gradients);
                    _file.Histogram(p.Step, $"log10 weight/{p.Layers[l].Layer}", weights);
                }
        });

        public override void EpochEnded(TrainingProgress p) => Write(() => _file.Scalars(p.Step,
        [
            ("loss/training", p.Loss), ("clipped share", p.ClippedShare),
            .. p.ValidationLoss is { } loss ? [("loss/validation", loss)] : Array.Empty<(string, double)>(),
            .. p.ValidationAccuracy is { } accuracy ? [("accuracy/validation", accuracy)] : Array.Empty<(string, double)>(),
        ]));

        /// <summary>Text is Markdown there; four blanks keep it as it is.</summary>
        public override void Found(TrainingProgress p, Finding finding) =>
            Write(() => _file.Text(p.Step, "findings", $"    {finding.ToString().ReplaceLineEndings("\n    ")}"));

        public override void Dispose() => _file.Dispose();

        private void Write(Action write)
        {
            try
            {
                write();
            }
            catch (Exception e) when (IsOfFile(e))
            {
                throw Failed(_report.Folder, e);
            }
        }

        /// <summary>Runs lie side by side in TensorBoard when each has a folder.</summary>
        private static string NewFolder(string parent)
        {
            for (var number = 1; ; number++)
            {
                var folder = Path.Combine(parent, $"fit{number}");
                if (!Directory.Exists(folder) && !File.Exists(folder))
                    return Directory.CreateDirectory(folder).FullName;
            }
        }
    }
}
