using Microsoft.ML;
using Microsoft.ML.GradientStability;

namespace Faults;

/// <summary>What became of a program.</summary>
/// <param name="Score">
/// On the clean rows: R², or balanced accuracy scaled so that guessing is 0; at least −1. NaN where there is no model.
/// </param>
/// <param name="Findings">All that was said.</param>
/// <param name="Refusal">Why there is no model.</param>
internal sealed record Outcome(double Score, IReadOnlyList<Finding> Findings, string? Refusal)
{
    public static Outcome Of(TrainingProgram program)
    {
        var ml = new MLContext(seed: 1);
        var problem = program.Problem;
        try
        {
            var rows = problem.View(ml, problem.Training);
            var model = program.Options switch
            {
                DeepNetworkMulticlassTrainer.Options o => ml.MulticlassClassification.Trainers.DeepNetwork(o).Fit(rows),
                DeepNetworkBinaryTrainer.Options o => ml.BinaryClassification.Trainers.DeepNetwork(o).Fit(rows),
                var o => ml.Regression.Trainers.DeepNetwork((DeepNetworkRegressionTrainer.Options)o).Fit(rows),
            };
            using (model)
                return new Outcome(Judge(problem, model.Transform(problem.View(ml, problem.Test))), model.Model.Summary.Findings, null);
        }
        catch (GradientStabilityException e)
        {
            return new Outcome(double.NaN, e.Findings, e.Message);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            return new Outcome(double.NaN, [], e.Message);
        }
    }

    /// <summary>The finding that a reader would act on: the first of the gravest.</summary>
    public Finding? Principal => Findings.Count == 0 ? null : Findings.First(f => f.Severity == Findings.Max(g => g.Severity));

    public bool Speaks => Findings.Count > 0 || Refusal is not null;

    /// <summary>Clearly worse than a healthy one: no model, or 0.15 of the way from guessing to perfection less.</summary>
    public bool IsWorseThan(Outcome healthy) => !(Score >= healthy.Score - 0.15);

    private static double Judge(Problem problem, IDataView scored)
    {
        if (problem.Classes == 0)
        {
            var scores = Column<float>(scored, "Score");
            var mean = problem.Test.Average(row => (double)row.Number);
            var error = problem.Test.Zip(scores, (row, score) => Math.Pow(row.Number - score, 2)).Sum();
            return Math.Max(-1, 1 - error / problem.Test.Sum(row => Math.Pow(row.Number - mean, 2)));
        }
        var right = problem.Task == "Binary"
            ? problem.Test.Zip(Column<bool>(scored, "PredictedLabel"), (row, label) => (Class: row.Flag ? 1u : 0, Right: row.Flag == label))
            : problem.Test.Zip(Column<uint>(scored, "PredictedLabel"), (row, label) => (row.Class, Right: row.Class == label));
        var balanced = right.GroupBy(r => r.Class).Average(ofClass => ofClass.Average(r => r.Right ? 1.0 : 0));
        return (balanced - 1.0 / problem.Classes) / (1 - 1.0 / problem.Classes);
    }

    private static List<T> Column<T>(IDataView view, string name)
    {
        var column = view.Schema[name];
        using var cursor = view.GetRowCursor([column]);
        var get = cursor.GetGetter<T>(column);
        var (values, value) = (new List<T>(), default(T)!);
        while (cursor.MoveNext())
        {
            get(ref value);
            values.Add(value);
        }
        return values;
    }
}
