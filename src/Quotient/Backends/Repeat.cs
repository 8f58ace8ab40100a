namespace Quotient.Backends;

/// <summary>What tells one piece of repeated work from another.</summary>
/// <param name="Owner">Whose buffers the work uses; it says when they are given up, by <see cref="IBackend.Forget"/>.</param>
/// <param name="Work">Which of the owner's works: equal values are the same work.</param>
public readonly record struct RepeatKey(object Owner, object Work);
