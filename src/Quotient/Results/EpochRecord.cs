namespace Quotient.Results;

/// <summary>
/// One epoch of training: mean losses, and shares of samples classified wrongly (NaN for regression), over the whole sets at the
/// parameters of the epoch's end.
/// </summary>
public sealed record EpochRecord(int Epoch, double TrainLoss, double TrainError, double? TestLoss, double? TestError);
