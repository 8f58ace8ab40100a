using Quotient.Data;
using Quotient.Diagnostics;

namespace Quotient.Perf.Gpu;

/// <summary>A net, drawn samples and a direction, exchanged with the peers as .npy files in a folder.</summary>
internal sealed class GpuNet
{
    private readonly string _folder;

    public GpuNet(string folder, string name, string widths, int samples)
    {
        _folder = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        var network = Network.Parse(widths);
        Model = Model.Initialise(network, Initialisation.PyTorch, 1);
        var random = new Random(1);
        Data = DrawnData.For(network, samples, random, name);
        Direction = [.. Enumerable.Range(0, Model.Parameters.Length).Select(_ => (float)((2 * random.NextDouble()) - 1))];
        Save("theta", Model.Parameters);
        var x = new double[samples * network.Input.Size];
        Data.CopyInputs<double>(0, samples, x);
        Save("x", x);
        Save("y", Array.ConvertAll(Data.Labels.ToArray(), label => (double)label));
        Save("v", Array.ConvertAll(Direction, value => (double)value));
    }

    public Model Model { get; }

    public Dataset Data { get; }

    public float[] Direction { get; }

    /// <summary>Floating-point operations of one Hessian product over all samples.</summary>
    public double Operations => Floor.HessianProduct(Model.Network) * Data.Count;

    /// <summary>Leaves our product, for the peers to compare with theirs in double.</summary>
    public void SaveProduct(float[] product) => Save("hv", Array.ConvertAll(product, value => (double)value));

    private void Save(string name, double[] values) => Npy.WriteVector(Path.Combine(_folder, $"{name}.npy"), values, Precision.Single);
}
