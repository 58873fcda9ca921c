namespace TorchSharp.Utils;

/// The name under which a module's field is registered, where it is not the field's own.
[AttributeUsage(AttributeTargets.Field)]
public class ComponentNameAttribute : Attribute
{
    public string? Name { get; set; }
}
