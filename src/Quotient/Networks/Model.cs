namespace Quotient.Networks;

/// <summary>A network and its parameters θ, on the host.</summary>
/// <remarks>θ is held in double, which represents every float exactly; <see cref="Stored"/> says what files hold.</remarks>
public sealed partial class Model
{
    /// <summary>Puts parameters to a network.</summary>
    /// <exception cref="QuotientException">The parameters are not as many as the network has.</exception>
    public Model(Network network, double[] parameters, Precision stored = Precision.Single)
    {
        if (parameters.LongLength != network.ParameterCount)
        {
            throw new QuotientException(
                $"the network {network} has {network.ParameterCount} parameters, but {parameters.LongLength} were given");
        }

        Network = network;
        Parameters = parameters;
        Stored = stored;
    }

    /// <summary>The architecture.</summary>
    public Network Network { get; }

    /// <summary>θ, flat, in the order of <see cref="Network.Tensors"/>.</summary>
    public double[] Parameters { get; }

    /// <summary>The precision of the file that it came from or goes to.</summary>
    public Precision Stored { get; }

    /// <summary>
    /// Text that its file carries beside the tensors, by key: how it was trained, say. The architecture, which every file
    /// carries under <c>quotient.network</c>, is not among it: <see cref="Network"/> is that.
    /// </summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    private static double[] NewVector(Network network)
    {
        try
        {
            return new double[network.ParameterCount];
        }
        catch (Exception error) when (error is OutOfMemoryException or OverflowException)
        {
            throw new QuotientException(
                $"the network {network} has {network.ParameterCount} parameters, more than fit in this machine's memory", error);
        }
    }

    private static Span<double> Part(double[] parameters, ParameterTensor tensor) =>
        parameters.AsSpan((int)tensor.Offset, (int)tensor.Size);
}
