using System.Runtime.Intrinsics;

namespace ReDy.GoldenModel.Functional.Engines;

/// <summary>One thread's engines for one layer, made when they are first needed.</summary>
internal sealed class LayerEngines(LayerPlan plan, Measurement measurement, FunctionalEngine engine, bool isForced, LayerSharedData shared)
{
    private IGroupEngine? large;
    private IGroupEngine? small;

    /// <summary>See <see cref="FunctionalEngine.KeepsGroups"/>.</summary>
    public bool KeepsGroups => engine.KeepsGroups;

    /// <summary>The engine for blocks of so many vectors.</summary>
    public IGroupEngine For(int vectors) =>
        isForced || vectors >= engine.FewestVectors ? large ??= Create(engine) : small ??= Create(FunctionalEngines.Portable);

    private IGroupEngine Create(FunctionalEngine which)
    {
        if (which == FunctionalEngines.Screened)
            return CreateScreened();
        if (which == FunctionalEngines.Vbmi)
            return new LookupEngine<VbmiLanes, Vector512<byte>>(plan, measurement);
        if (which == FunctionalEngines.Avx2)
            return new LookupEngine<Avx2Lanes, Vector256<byte>>(plan, measurement);
        return new PopcountEngine(plan, measurement, shared.CellPlanes);
    }

    private ScreenedProductEngine CreateScreened()
    {
        IProductKernel product = VbmiLanes.IsSupported
            ? new ProductKernel<VbmiLanes, Vector512<byte>>(plan, shared.ProductWeights)
            : new ProductKernel<Avx2Lanes, Vector256<byte>>(plan, shared.ProductWeights);
        FunctionalEngine bitSerial = FunctionalEngines.ChooseBitSerial(plan.Geometry, measurement);
        return new ScreenedProductEngine(plan, product, new LayerEngines(plan, measurement, bitSerial, isForced: false, shared));
    }
}

/// <summary>What all threads of a layer read: made once, by whichever engine needs it first.</summary>
internal sealed class LayerSharedData(LayerPlan plan)
{
    private readonly Lazy<ProductWeights> productWeights = new(() => new ProductWeights(plan));
    private readonly Lazy<AlignedBuffer<ulong>[]> cellPlanes = new(() => PopcountEngine.CellPlanes(plan));

    public ProductWeights ProductWeights => productWeights.Value;
    public AlignedBuffer<ulong>[] CellPlanes => cellPlanes.Value;
}
