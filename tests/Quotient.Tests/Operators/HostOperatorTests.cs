using NUnit.Framework;
using Quotient.Backends.Reference;
using Quotient.Operators;
using Quotient.Spectra;

namespace Quotient.Tests.Operators;

public class HostOperatorTests
{
    [Test]
    public void A_block_is_multiplied_row_by_row()
    {
        using var backend = new ReferenceBackend();
        var a = new HostOperator<float>(backend, 2, (v, result) => (result[0], result[1]) = (v[1], 3 * v[0]));
        using var v = backend.Allocate<float>(4);
        using var result = backend.Allocate<float>(4);
        backend.Write<float>([1, 2, 3, 4], v.All);
        a.ApplyBlock(v.Matrix(2, 2), result.Matrix(2, 2));
        var host = new float[4];
        backend.Read(result.All, host);
        Assert.That(host, Is.EqualTo(new float[] { 2, 3, 4, 9 }));
    }

    [Test]
    public void A_stranger_gets_eigenvalues_in_one_line()
    {
        using var engine = Engine.Open("reference");
        var laplacian = new HostOperator<double>(engine.Backend, 50, (v, result) =>
        {
            for (int i = 0; i < 50; i++)
            {
                result[i] = (2 * v[i]) - (i > 0 ? v[i - 1] : 0) - (i < 49 ? v[i + 1] : 0);
            }
        });
        using var found = Lanczos.Solve(laplacian, new(Selection.Largest(3)) { Tolerance = 1e-10 });
        for (int k = 0; k < 3; k++)
        {
            Assert.That(found.Values[k].Value, Is.EqualTo(2 - (2 * Math.Cos((50 - k) * Math.PI / 51))).Within(1e-12));
        }
    }

    [Test]
    public void A_dimension_below_one_is_refused()
    {
        using var backend = new ReferenceBackend();
        Assert.Throws<QuotientException>(() => _ = new HostOperator<double>(backend, 0, (_, _) => { }));
    }
}
