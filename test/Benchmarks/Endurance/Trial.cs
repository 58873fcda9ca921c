namespace Endurance;

/// <summary>Something done many times, and what the process holds after every tenth of it.</summary>
internal sealed class Trial(string name, int times)
{
    private const long MiB = 1 << 20;

    /// <summary>Of a working set, which allocators give back late and in pieces; a leak of 1 MiB a repetition is far beyond it.</summary>
    private const long WorkingSetNoise = 24 * MiB;

    /// <summary>Of a heap from which all garbage is gone. An MLContext keeps every event of a progress channel, some 200 bytes an epoch, until somebody asks for them.</summary>
    private const long HeapNoise = MiB;

    private readonly List<Sample> _samples = [];

    public string Name => name;

    public int Times => times;

    /// <summary>Whether a sample is due.</summary>
    public bool IsDue(int done) => done % (times / 10) == 0;

    public void Add(Sample sample) => _samples.Add(sample);

    /// <summary>What grew from the first sample to the last; empty where nothing did.</summary>
    public string Growth()
    {
        var (first, last) = (_samples[0], _samples[^1]);
        var grown = new List<string>();
        if (last.WorkingSet - first.WorkingSet > WorkingSetNoise)
            grown.Add($"working set {(last.WorkingSet - first.WorkingSet) / MiB:+0} MiB");
        if (last.Heap - first.Heap > HeapNoise)
            grown.Add($"managed heap {(last.Heap - first.Heap) / (double)MiB:+0.0} MiB");
        if (last.Tensors != first.Tensors)
            grown.Add($"live tensors {last.Tensors - first.Tensors:+0;-0}");
        if (last.Files != first.Files)
            grown.Add($"temporary files {last.Files - first.Files:+0;-0}");
        return string.Join(", ", grown);
    }

    public void Print(TimeSpan time)
    {
        Console.WriteLine($"\n{times:N0} {name}, {time.TotalSeconds:F0} s");
        Console.WriteLine("        done   working set   managed heap   live tensors   temporary files");
        foreach (var s in _samples)
            Console.WriteLine($"  {s.Done,10:N0}   {s.WorkingSet / (double)MiB,7:F1} MiB   {s.Heap / (double)MiB,8:F2} MiB   {s.Tensors,12}   {s.Files,15}");
        Console.WriteLine(Growth() is { Length: > 0 } growth ? $"  NOT FLAT: {growth}" : "  flat");
    }
}
