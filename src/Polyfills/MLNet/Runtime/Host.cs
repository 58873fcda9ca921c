namespace Microsoft.ML.Runtime;

internal sealed class Host(HostEnvironment master, string name, Random rand) : HostEnvironment(master, name, rand), IHost;
