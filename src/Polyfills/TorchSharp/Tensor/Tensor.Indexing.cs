using System.Runtime.CompilerServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => select(0, i1);
            set => Put(select(0, i1), value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => At(i1, i2);
            set => Put(At(i1, i2), value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => At(indices);
            set => Put(At(indices), value);
        }

        private Tensor At(long i1, long i2)
        {
            using var row = select(0, i1);
            return row.select(0, i2);
        }

        /// The view that the indices describe, one dimension after the other.
        private Tensor At(TensorIndex[] indices)
        {
            var view = alias();
            var dim = 0L;
            foreach (var index in indices)
            {
                var whole = view;
                view = index.Take(whole, ref dim);
                whole.Dispose();
            }
            return view;
        }

        private static void Put(Tensor view, Tensor value)
        {
            using (view) view.copy_(value);
        }
    }
}
