namespace Microsoft.ML.GradientStability;

/// <summary>The mean of the members' losses, written out.</summary>
/// <param name="loss">Of one member.</param>
/// <param name="members">Members, whose outputs stand together (members·rows × outputs).</param>
internal sealed class MembersLoss(WrittenLoss loss, int members) : WrittenLoss
{
    private Block? _ofMember;

    public override double Differentiate(Block outputs, Block inputs, in Batch batch, double factor)
    {
        _ofMember ??= new Block(outputs.Width);
        var length = outputs.Values.Length / members;
        var sum = 0.0;
        for (var member = 0; member < members; member++)
        {
            var values = outputs.Values.Slice(member * length, length);
            values.CopyTo(_ofMember.Of(outputs.Rows / members).Values);
            sum += loss.Differentiate(_ofMember, inputs, batch, factor / members);
            _ofMember.Values.CopyTo(values);
        }
        return sum / members;
    }
}
