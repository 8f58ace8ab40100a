using Quotient.Backends.Cpu.Products;

namespace Quotient.Backends.Cpu.Convolutions;

/// <summary>Convolutions and their transposes, as products whose patches are read where the images lie: no matrix of patches is made.</summary>
internal sealed unsafe class Convolver<T>(Kernels<T> kernels, WorkerPool pool, Scratch scratch) where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>One for each thread, that works alone.</summary>
    private readonly Convolver<T>[] _alone = pool.Threads == 1
        ? []
        : [.. Enumerable.Range(0, pool.Threads).Select(_ => new Convolver<T>(kernels, WorkerPool.None, new Scratch(1)))];

    /// <summary>Computes all members of a product one of whose factors is read as patches.</summary>
    public void Multiply(in Product<T> product)
    {
        if (product.C.First.Rows == 0 || product.C.First.Columns == 0)
        {
            return;
        }

        int count = product.C.Count;
        double operations = 2.0 * product.C.First.Rows * product.C.First.Columns * product.A.Columns;
        if (pool.Threads > 1 && WorkerPool.IsWorthDealing(count, operations))
        {
            pool.Run(new ConvolutionMemberParts<T>(product, _alone));
            return;
        }

        for (int member = 0; member < count; member++)
        {
            Multiply(product, member);
        }
    }

    /// <summary>Computes one member.</summary>
    public void Multiply(in Product<T> product, int member)
    {
        if (product.B.IsPatches)
        {
            AddUp(WeightProduct<T>.Of(product, member));
        }
        else
        {
            Convolve(ImageProduct<T>.Of(product, member));
        }
    }

    /// <summary>A convolution, or its transpose by the images.</summary>
    private void Convolve(in ImageProduct<T> product)
    {
        var tiling = ImageTiling.Of(product, kernels, pool.Threads);
        T* weights = scratch.Shared<T>(tiling.Panels * WeightParts<T>.PanelSize(product, tiling));
        pool.Run(new WeightParts<T>(product, tiling, weights), product.Operations);
        pool.Run(new ImageParts<T>(product, tiling, weights, kernels, scratch), product.Operations);
    }

    /// <summary>The transpose of a convolution by its weights.</summary>
    private void AddUp(in WeightProduct<T> product)
    {
        var tiling = WeightTiling.Of(product, kernels, pool.Threads);
        bool inPlace = tiling.Shares == 1 && !tiling.AcrossImages;
        T* partial = scratch.Shared<T>(inPlace ? 0 : tiling.Shares * product.Result.Rows * product.Result.Columns);
        if (tiling.AcrossImages)
        {
            pool.Run(new WeightDotParts<T>(product, tiling, partial, kernels, scratch), product.Operations);
        }
        else
        {
            pool.Run(new WeightSumParts<T>(product, tiling, partial, kernels, scratch), product.Operations);
        }

        if (!inPlace)
        {
            pool.Run(new WeightTotalParts<T>(product.Result, partial, tiling.Shares), product.Operations);
        }
    }
}

/// <summary>The members of a batch, each too small to be shared by threads, as parts: every thread has a convolver of its own.</summary>
internal readonly struct ConvolutionMemberParts<T>(Product<T> product, Convolver<T>[] convolvers) : IParts where T : unmanaged, IFloatingPointIeee754<T>
{
    public int Count => product.C.Count;

    public void Run(int index, int thread) => convolvers[thread].Multiply(product, index);
}
