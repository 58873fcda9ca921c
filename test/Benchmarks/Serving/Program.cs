// Serving, measured and ill-treated:
//   (nothing)         batched scoring and the service against one run a row, as ratios; exit code 0 only if the bars hold
//   robust [count]    so many damaged files and hostile requests, by default 5,000 of each
//   soak [minutes]    64 callers with a reload every 5 seconds, by default 10 minutes
using System.Globalization;
using Serving;

var number = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : (int?)null;
switch (args.FirstOrDefault())
{
    case null:
        return await Throughput.Run() & await ServiceThroughput.Run() ? 0 : 1;
    case "robust":
        return await Endurance.Robust(number ?? 5000) ? 0 : 1;
    case "soak":
        return await Endurance.Soak(TimeSpan.FromMinutes(number ?? 10)) ? 0 : 1;
    default:
        Console.Error.WriteLine("name nothing, robust [count] or soak [minutes]");
        return 2;
}
