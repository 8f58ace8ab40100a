namespace Quotient.Networks;

/// <summary>
/// How parameters are drawn before training. Fan-in and fan-out are a tensor's incoming and outgoing connections: for a dense
/// layer its inputs and outputs. The shadow weights of binary layers are U(−1, 1) in all of them.
/// </summary>
public enum Initialisation
{
    /// <summary>
    /// He, Zhang, Ren, Sun (2015), eq. 10: weights N(0, 2 / fan-in), which keeps the forward variance through ReLU; biases 0.
    /// </summary>
    He,

    /// <summary>Glorot, Bengio (2010), eq. 16: weights U(−b, b), b = √(6 / (fan-in + fan-out)); biases 0.</summary>
    GlorotUniform,

    /// <summary>Glorot, Bengio (2010), eq. 12: weights N(0, 2 / (fan-in + fan-out)); biases 0.</summary>
    GlorotNormal,

    /// <summary>What PyTorch's layers start from: weights and biases U(−b, b), b = 1 / √fan-in.</summary>
    PyTorch,
}
