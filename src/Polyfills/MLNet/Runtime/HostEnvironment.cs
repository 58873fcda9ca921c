namespace Microsoft.ML.Runtime;

/// <summary>Hands out hosts and channels. The root belongs to a context; every <see cref="Host"/> is one below another.</summary>
internal class HostEnvironment : IHostEnvironmentInternal
{
    private readonly Lock _lock = new();
    private readonly HostEnvironment? _master;
    private readonly Action<string, ChannelMessage> _listener;

    public HostEnvironment(int? seed, Action<string, ChannelMessage> listener)
    {
        Seed = seed;
        Rand = seed is { } value ? new TauswortheRandom((uint)value) : new TauswortheRandom(new Random());
        ComponentCatalog = new ComponentCatalog();
        _listener = listener;
    }

    private protected HostEnvironment(HostEnvironment master, string name, Random rand)
    {
        _master = master;
        _listener = master._listener;
        // ML.NET names a host after the host above its master, so hosts of the first two levels carry their own name only.
        FullName = master._master?.FullName is { } above ? $"{above}; {name}" : name;
        Rand = rand;
        Seed = master.Seed;
        ComponentCatalog = master.ComponentCatalog;
        TempFilePath = master.TempFilePath;
        FallbackToCpu = master.FallbackToCpu;
        GpuDeviceId = master.GpuDeviceId;
    }

    public Random Rand { get; }

    public string? FullName { get; }

    public string ContextDescription => FullName ?? "HostEnvironment";

    public ComponentCatalog ComponentCatalog { get; }

    public int? Seed { get; }

    public string TempFilePath { get; set; } = Path.GetTempPath();

    public bool FallbackToCpu { get; set; }

    public int? GpuDeviceId { get; set; }

    public IHost Register(string name, int? seed = null, bool? verbose = null)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        lock (_lock)
        {
            // Drawn from this environment's generator, so that a seeded context gives every host its own repeatable stream.
            var rand = seed is { } value ? new TauswortheRandom((uint)value) : new TauswortheRandom(Rand);
            return new Host(this, name, rand);
        }
    }

    public IChannel Start(string name) => new Channel(this, name);

    public IPipe<TMessage> StartPipe<TMessage>(string name) => new Pipe<TMessage>(this, name);

    public IProgressChannel StartProgressChannel(string name) => new ProgressChannel(name);

    public TException Process<TException>(TException ex) where TException : Exception
    {
        ex.Data["Throwing component"] = ContextDescription;
        return ex;
    }

    internal void Dispatch(string source, ChannelMessage message) => _listener(source, message);
}
