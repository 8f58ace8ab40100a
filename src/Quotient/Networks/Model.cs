namespace Quotient.Networks;

/// <summary>A network and its parameters θ, on the host.</summary>
/// <remarks>θ is held in double, which represents every float exactly; <see cref="Stored"/> says what files hold.</remarks>
public sealed partial class Model
{
    /// <summary>Puts parameters to a network.</summary>
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
}
