using Quotient.Data;
using Quotient.Networks;

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
        var x = new float[samples * network.Input.Size];
        foreach (ref float value in x.AsSpan())
        {
            value = random.NextSingle();
        }

        int classes = network.Output.Size;
        int[] labels = [.. Enumerable.Range(0, samples).Select(_ => random.Next(classes))];
        Data = Dataset.Classification(name, network.Input, SampleStore.Floats(x, network.Input.Size), labels, classes);
        Direction = [.. Enumerable.Range(0, Model.Parameters.Length).Select(_ => (float)((2 * random.NextDouble()) - 1))];
        Save("theta", Model.Parameters);
        Save("x", Array.ConvertAll(x, value => (double)value));
        Save("y", Array.ConvertAll(labels, value => (double)value));
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
