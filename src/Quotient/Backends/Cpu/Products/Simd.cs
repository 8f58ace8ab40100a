namespace Quotient.Backends.Cpu.Products;

/// <summary>What a product needs of a vector type, so that one kernel text serves every width.</summary>
internal unsafe interface ISimd<TVector, T> where T : unmanaged, IFloatingPointIeee754<T>
{
    static abstract int Lanes { get; }

    static abstract TVector Load(T* source);

    static abstract TVector Broadcast(T value);

    static abstract void Store(TVector value, T* target);

    /// <summary>
    /// The first <paramref name="count"/> elements, fewer than all; the other lanes are 0, and nothing beyond is read.
    /// </summary>
    static abstract TVector LoadFirst(T* source, int count);

    /// <summary>Stores the first <paramref name="count"/> lanes, fewer than all.</summary>
    static abstract void StoreFirst(TVector value, T* target, int count);

    /// <summary>a·b + c, fused where the machine can.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    static abstract TVector Multiply(TVector a, TVector b);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Rectify(TVector value);

    /// <summary>The lanes of <paramref name="value"/> whose mask is positive; 0 elsewhere.</summary>
    static abstract TVector WherePositive(TVector mask, TVector value);

    /// <summary>The lanes of <paramref name="value"/> where two vectors are equal; 0 elsewhere.</summary>
    static abstract TVector WhereEqual(TVector first, TVector second, TVector value);

    /// <summary>
    /// The lanes of <paramref name="then"/> where <paramref name="value"/> is larger than <paramref name="best"/> or not a number; of
    /// <paramref name="otherwise"/> elsewhere.
    /// </summary>
    static abstract TVector WhereLarger(TVector value, TVector best, TVector then, TVector otherwise);

    static abstract T Sum(TVector value);
}
