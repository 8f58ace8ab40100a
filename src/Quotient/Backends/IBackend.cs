namespace Quotient.Backends;

/// <summary>
/// A device that computes: it owns buffers and offers <see cref="IOps{T}"/>. Work is queued in order; only
/// <see cref="Read{T}"/> and <see cref="Synchronise"/> wait for it.
/// </summary>
/// <remarks>
/// A backend and its buffers serve one thread at a time, not always the same one: all members but <see cref="Device"/> enter the
/// <see cref="Gate"/>, and refuse where another thread is inside, and after <see cref="IDisposable.Dispose"/>.
/// </remarks>
public interface IBackend : IDisposable
{
    /// <summary>What the device is.</summary>
    DeviceInfo Device { get; }

    /// <summary>
    /// What one thread at a time passes. A backend enters it in its own operations and copies, and closes it as the first step of its
    /// disposal; work that is made of several, as a product is, stays inside it. Where a backend has none of its own, it is given one.
    /// </summary>
    ThreadGate Gate => ThreadGate.Of(this);

    /// <summary>Bytes that can still be allocated; what does not fit is processed in chunks chosen from it.</summary>
    long AvailableMemory { get; }

    /// <summary>
    /// Bytes of the widest signal of a chunk of samples: enough for products to be limited by arithmetic and to fill the device, and
    /// for a processor no more than its shared cache holds.
    /// </summary>
    long SuitableSignalBytes => 8L << 20;

    /// <summary>
    /// The operations in precision <typeparamref name="T"/> (<see cref="float"/> or <see cref="double"/>): <see cref="OpFamilies{T}.Checked"/>.
    /// </summary>
    IOps<T> Ops<T>() where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>
    /// The operations that need no more than a ring, in any precision: that of <see cref="Ops{T}"/>, or integers modulo a prime. Where
    /// the device does not compute with such numbers, none of them is supported.
    /// </summary>
    ILinearOps<T> Linear<T>() where T : unmanaged, INumberBase<T> =>
        typeof(T) == typeof(float) ? (ILinearOps<T>)Ops<float>()
        : typeof(T) == typeof(double) ? (ILinearOps<T>)Ops<double>()
        : new NoLinearOps<T>(Device);

    /// <summary>Allocates <paramref name="length"/> elements, all zero.</summary>
    /// <exception cref="DeviceOutOfMemoryException">There is too little memory left.</exception>
    DeviceBuffer<T> Allocate<T>(long length) where T : unmanaged;

    /// <summary>Copies host memory to the device. <paramref name="source"/> may be reused on return.</summary>
    void Write<T>(ReadOnlySpan<T> source, VectorView<T> destination) where T : unmanaged;

    /// <summary>Copies device memory to the host, after all queued work.</summary>
    void Read<T>(VectorView<T> source, Span<T> destination) where T : unmanaged;

    /// <summary>Waits until all queued work is done.</summary>
    void Synchronise();

    /// <summary>
    /// Does work that computes output from input, and that is asked for again and again under one key, as products are by Lanczos. A
    /// device that has launches to save may do it in vectors of its own, record it, and replay the recording.
    /// </summary>
    /// <remarks>
    /// The work neither writes from the host, reads nor waits, apart from the first times, and uses no buffers but its input, its output and
    /// those that its owner keeps until <see cref="Forget"/>. It may run more than once, and has then changed nothing but its output.
    /// </remarks>
    /// <param name="key">Equal for the same work on the same buffers, whatever the input and output.</param>
    /// <param name="cost">Multiply–adds, about.</param>
    /// <param name="input">What the work reads, k rows.</param>
    /// <param name="output">What the work overwrites, k rows.</param>
    /// <param name="work">The work, for an input and an output of those shapes.</param>
    void Repeat<T>(RepeatKey key, double cost, MatrixView<T> input, MatrixView<T> output, Action<MatrixView<T>, MatrixView<T>> work)
        where T : unmanaged, IFloatingPointIeee754<T> => work(input, output);

    /// <summary>Gives up what is recorded of an owner's work, before its buffers are; true where there was any.</summary>
    bool Forget(object owner) => false;
}

/// <summary>How a device multiplies matrices in single precision.</summary>
public enum MatrixPrecision
{
    /// <summary><see cref="SplitTensor"/> where the device has tensor cores, else <see cref="Full"/>.</summary>
    Auto,

    /// <summary><c>fp32</c>: fused multiply–adds of floats.</summary>
    Full,

    /// <summary><c>tf32x3</c>: tensor cores, each float split into two parts of 11 bits; an error like a float's.</summary>
    SplitTensor,

    /// <summary><c>tf32</c>: tensor cores, each float rounded to 11 bits; an error of 1e-3.</summary>
    Tensor,
}

/// <summary>How a device is opened.</summary>
/// <param name="Threads">CPU threads, where that applies; 0 for all.</param>
/// <param name="Products">How matrices are multiplied in single precision, where the device gives a choice.</param>
public sealed record BackendOptions(int Threads = 0, MatrixPrecision Products = MatrixPrecision.Auto);

/// <summary>What a device is, for <c>quotient devices</c>, reports and error messages.</summary>
/// <param name="Id">How it is named on the command line: <c>cpu</c>, <c>reference</c>, <c>cuda:0</c>.</param>
/// <param name="Name">The maker's name of it.</param>
/// <param name="Memory">Bytes of memory in all.</param>
/// <param name="Threads">Hardware threads or compute units that the backend uses.</param>
/// <param name="Features">Instruction sets or capabilities that it uses, for people.</param>
public sealed record DeviceInfo(string Id, string Name, long Memory, int Threads, string Features)
{
    /// <summary>How it can multiply matrices in single precision; the first is what <see cref="MatrixPrecision.Auto"/> stands for.</summary>
    public IReadOnlyList<MatrixPrecision> Products { get; init; } = MatrixPrecisions.FullOnly;

    /// <summary>What its hardware allows, as far as it tells.</summary>
    public DevicePeaks Peaks { get; init; } = DevicePeaks.Unknown;
}

/// <summary>Finds the devices of one kind. <see cref="Engine"/> holds a list of these and knows no backend by name.</summary>
public interface IBackendProvider
{
    /// <summary>The devices that work on this machine, best first; empty where there are none.</summary>
    IReadOnlyList<DeviceInfo> Devices();

    /// <summary>A sentence for each device that this machine has and that cannot be used, or for a library that is missing.</summary>
    IReadOnlyList<string> Refusals() => [];

    /// <summary>
    /// Why there are no devices, where more can be said than that: the part of a sentence that follows a colon; null otherwise.
    /// </summary>
    string? WhyNone() => null;

    /// <summary>A sentence for each thing that makes these devices slower here than they need be, such as a cache that cannot be used.</summary>
    IReadOnlyList<string> Notes() => [];

    /// <summary>The kind's name, the part of a device's id before the colon.</summary>
    string Kind { get; }

    /// <summary>How strongly <c>auto</c> prefers this kind; the highest one with a device wins.</summary>
    int Preference { get; }

    /// <summary>Opens device <paramref name="index"/> of this kind.</summary>
    /// <param name="index">Position in <see cref="Devices"/>.</param>
    /// <param name="options">What the caller asked for.</param>
    /// <exception cref="QuotientException">The device cannot be used, or not so.</exception>
    IBackend Open(int index, BackendOptions options);
}

/// <summary>What tells one piece of repeated work from another.</summary>
/// <param name="Owner">Whose buffers the work uses; it says when they are given up, by <see cref="IBackend.Forget"/>.</param>
/// <param name="Work">Which of the owner's works: equal values are the same work.</param>
public readonly record struct RepeatKey(object Owner, object Work);
