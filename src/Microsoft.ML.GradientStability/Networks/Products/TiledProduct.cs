using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Products of matrices by tiles that are computed in registers, from panels of the right matrix that are brought into the order in which the tiles read
/// them (Goto and van de Geijn 2008, "Anatomy of high-performance matrix multiplication"). Every thread has panels of its own.
/// </summary>
/// <param name="threads">Threads that a large product may take.</param>
internal sealed unsafe class TiledProduct(int threads) : Crew
{
    /// <summary>Rows of a panel, so that it stays in the first cache beside a tile.</summary>
    private const int Depth = 256;

    /// <summary>The widest tile, and the most numbers of one.</summary>
    private const int Width = 64, Tile = 16 * Width;

    /// <summary>For a panel and a tile; pinned, so that they stay where they are.</summary>
    [ThreadStatic]
    private static float[]? s_memory;

    private readonly ThreadChoice _choice = new();
    private Matrix _a;
    private Matrix _b;
    private Matrix _c;
    private bool _add;

    /// <summary>C = A·B or C + A·B.</summary>
    /// <param name="a">m × k.</param>
    /// <param name="b">k × n.</param>
    /// <param name="c">m × n, row by row.</param>
    /// <param name="add">Whether the product is added.</param>
    public void Multiply(in Matrix a, in Matrix b, in Matrix c, bool add = false)
    {
        (_a, _b, _c, _add) = (a, b, c, add);
        var panels = (c.Columns + PanelWidth - 1) / PanelWidth;
        var helped = Math.Min(threads, Cores.For(c.Rows, (long)a.Columns * c.Columns));
        if (helped == 1)
        {
            Alone(panels);
            return;
        }
        if (_choice.Begin())
            Share(panels, helped);
        else
            Alone(panels);
        _choice.End((double)a.Columns * c.Rows * c.Columns);
    }

    private void Alone(int panels)
    {
        for (var panel = 0; panel < panels; panel++)
            Work(panel);
    }

    /// <summary>The columns that a panel brings about.</summary>
    private static int PanelWidth => Vector512.IsHardwareAccelerated ? WideTile.Columns : NarrowTile.Columns;

    protected override void Work(int part)
    {
        var (left, columns) = (part * PanelWidth, Math.Min(PanelWidth, _c.Columns - part * PanelWidth));
        if (columns <= NarrowTile.Columns)
            Multiply<NarrowTile>(_a, _b.From(left, columns), _c.From(left, columns), _add);
        else
            Multiply<WideTile>(_a, _b.From(left, columns), _c.From(left, columns), _add);
    }

    /// <summary>The same by tiles of one kind, whose width C does not exceed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Multiply<TTile>(in Matrix a, in Matrix b, in Matrix c, bool add) where TTile : ITile
    {
        s_memory ??= GC.AllocateUninitializedArray<float>(Depth * Width + Tile + 16, pinned: true);
        var panel = (float*)(((nuint)Unsafe.AsPointer(ref s_memory[0]) + 63) & ~(nuint)63);
        var spare = panel + Depth * Width;
        for (var top = 0; top < b.Rows; top += Depth)
        {
            var (depth, adds) = (Math.Min(Depth, b.Rows - top), add || top > 0);
            Panel.Copy(b.Start + top * b.Down, depth, c.Columns, b.Down, b.Across, panel, TTile.Columns);
            for (var row = 0; row < c.Rows; row += TTile.Rows)
            {
                var rows = Math.Min(TTile.Rows, c.Rows - row);
                var from = a.Start + row * a.Down + top * a.Across;
                var to = c.Start + row * c.Down;
                if (rows == TTile.Rows && c.Columns == TTile.Columns)
                {
                    TTile.Multiply(from, a.Down, a.Across, rows, panel, depth, to, c.Down, adds);
                    continue;
                }
                // A tile over the edge of C goes into spare memory first.
                TTile.Multiply(from, a.Down, a.Across, rows, panel, depth, spare, TTile.Columns, add: false);
                for (var r = 0; r < rows; r++)
                    for (var column = 0; column < c.Columns; column++)
                        to[r * c.Down + column] = spare[r * TTile.Columns + column] + (adds ? to[r * c.Down + column] : 0);
            }
        }
    }
}
