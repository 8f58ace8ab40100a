using Quotient.Backends.Cpu.Products;

namespace Quotient.Backends.Cpu.Convolutions;

/// <summary>Convolutions and their transposes, as products whose patches are read where the images lie: no matrix of patches is made.</summary>
internal sealed unsafe class Convolver<T>(Kernels<T> kernels, WorkerPool pool, Scratch scratch) where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Computes all members of a product one of whose factors is read as patches.</summary>
    public void Multiply(in Product<T> product)
    {
        if (product.C.First.Rows == 0 || product.C.First.Columns == 0)
        {
            return;
        }

        for (int member = 0; member < product.C.Count; member++)
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
        nint size = tiling.Shares > 1 ? product.Result.Rows * product.Result.Columns : 0;
        T* partial = scratch.Shared<T>(tiling.Shares * size);
        pool.Run(new WeightSumParts<T>(product, tiling, partial, kernels, scratch), product.Operations);
        if (tiling.Shares > 1)
        {
            pool.Run(new WeightTotalParts<T>(product.Result, partial, tiling.Shares), product.Operations);
        }
    }
}
