namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static class init
        {
            public enum NonlinearityType
            {
                Linear = 0,
                Conv1D = 1,
                Conv2D = 2,
                Conv3D = 3,
                ConvTranspose1D = 4,
                ConvTranspose2D = 5,
                ConvTranspose3D = 6,
                Sigmoid = 7,
                Tanh = 8,
                ReLU = 9,
                LeakyReLU = 10,
            }

            public enum FanInOut
            {
                FanIn = 0,
                FanOut = 1,
            }

            public static double calculate_gain(NonlinearityType nonlinearity, double param = 0.0) =>
                Native.init_gain((long)nonlinearity, param);

            public static Tensor zeros_(Tensor tensor) => Filled(tensor, Native.init_constant_(tensor.Handle, 0L));
            public static Tensor ones_(Tensor tensor) => Filled(tensor, Native.init_constant_(tensor.Handle, 1L));
            public static Tensor constant_(Tensor tensor, Scalar val) => Filled(tensor, Native.init_constant_(tensor.Handle, val.Value));

            public static Tensor eye_(Tensor tensor) => Filled(tensor, Native.init_eye_(tensor.Handle));
            public static Tensor orthogonal_(Tensor tensor, double gain = 1.0) =>
                Filled(tensor, Native.init_orthogonal_(tensor.Handle, gain));

            // As in TorchSharp 0.102.7, the generator is not listened to: these two draw from the global one.
            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null) =>
                Filled(tensor, Native.init_uniform_(tensor.Handle, low, high));

            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null) =>
                Filled(tensor, Native.init_normal_(tensor.Handle, mean, std));

            public static Tensor kaiming_uniform_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn,
                NonlinearityType nonlinearity = NonlinearityType.LeakyReLU) =>
                Filled(tensor, Native.init_kaiming_uniform_(tensor.Handle, a, (long)mode, (long)nonlinearity));

            public static Tensor kaiming_normal_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn,
                NonlinearityType nonlinearity = NonlinearityType.LeakyReLU) =>
                Filled(tensor, Native.init_kaiming_normal_(tensor.Handle, a, (long)mode, (long)nonlinearity));

            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1.0) =>
                Filled(tensor, Native.init_xavier_uniform_(tensor.Handle, gain));

            // TorchSharp 0.102.7 draws from the uniform distribution here, too. What needs the normal one calls normal_.
            public static Tensor xavier_normal_(Tensor tensor, double gain = 1.0) => xavier_uniform_(tensor, gain);

            private static Tensor Filled(Tensor tensor, int status)
            {
                Call.Check(status, tensor);
                return tensor;
            }
        }
    }
}
