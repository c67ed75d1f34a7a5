namespace Opinion.Desk.Storage;

/// <summary>How far a long piece of work has come. It is reported as often as the work likes; whoever shows it decides how often.</summary>
/// <param name="Step">What is being done, as the operator reads it, such as a table's name.</param>
/// <param name="Done">How much of the step is done, in whatever it counts.</param>
/// <param name="Total">How much there is to do in this step; 0 where that is not known.</param>
public readonly record struct StepProgress(string Step, long Done, long Total);
