namespace Microsoft.ML.GradientStability;

/// <summary>The discriminator by which JSON tells the options of one task from those of the others.</summary>
/// <param name="name">It, such as <c>Multiclass</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class TaskNameAttribute(string name) : Attribute
{
    public string Name => name;
}
