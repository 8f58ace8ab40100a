using NUnit.Framework;
using Quotient.Training;
using Quotient.Training.Optimisers;
using Quotient.Training.Starts;

namespace Quotient.Tests.Training;

/// <summary>Schedules, orders, and options that make no sense.</summary>
public class OptionsTests
{
    [Test]
    public void Schedules_are_pure_functions_of_the_epoch()
    {
        double[] Factors(string text, params int[] epochs) => [.. epochs.Select(Schedule.Parse(text).Factor)];

        Assert.Multiple(() =>
        {
            Assert.That(Factors("constant", 1, 100), Is.EqualTo([1.0, 1]));
            Assert.That(Factors("30:0.1,60:0.5", 1, 30, 31, 60, 61), Is.EqualTo([1, 1, 0.1, 0.1, 0.05]).Within(1e-15));
            Assert.That(Factors("step:2:0.5", 1, 2, 3, 4, 5), Is.EqualTo([1, 1, 0.5, 0.5, 0.25]));
            Assert.That(Factors("cosine:4", 1, 2, 3, 5, 6), Is.EqualTo([1, 0.5 + Math.Sqrt(0.125), 0.5, 0, 0]).Within(1e-15));
        });
    }

    [Test]
    public void A_schedule_is_read_back_from_its_text([Values("constant", "30:0.1,60:0.5", "step:2:0.3", "cosine:90")] string text) =>
        Assert.That(Schedule.Parse(text).Text, Is.EqualTo(text));

    [Test]
    public void A_schedule_that_is_none_is_refused(
        [Values("", "steps", "0:0.1", "30", "30:0", "30:-1", "30:NaN", "30:1e999", "step:2", "cosine", "cosine:x", "30:0.1,", "1:2:3")] string text) =>
        Assert.That(Assert.Throws<QuotientException>(() => Schedule.Parse(text))!.Message, Does.StartWith($"schedule '{text}': expected"));

    [Test]
    public void The_schedule_changes_the_rate()
    {
        var (model, data) = TrainingCases.Classes();
        using var engine = Engine.Open();
        double[] Parameters(double rate, string schedule, int epochs) => Trainer.Run<double>(engine, model, data, null, new()
        {
            Epochs = epochs,
            BatchSize = 300,
            Optimiser = new Sgd(rate, 0),
            Schedule = Schedule.Parse(schedule),
        }).Model.Parameters;

        // A rate of 0 after the first epoch stops everything; half the rate from the second is another path.
        Assert.Multiple(() =>
        {
            Assert.That(TrainingCases.SameBits(Parameters(0.1, "cosine:1", 3), Parameters(0.1, "constant", 1)));
            Assert.That(TrainingCases.SameBits(Parameters(0.1, "1:0.5", 2), Parameters(0.1, "constant", 2)), Is.False);
            Assert.That(TrainingCases.SameBits(Parameters(0.1, "1:0.5", 1), Parameters(0.1, "constant", 1)));
        });
    }

    [Test]
    public void An_order_is_a_permutation_that_depends_on_seed_and_epoch_alone()
    {
        int[] Order(ulong seed, int epoch)
        {
            int[] order = new int[1000];
            Shuffle.Fill(order, seed, epoch);
            return order;
        }

        Assert.Multiple(() =>
        {
            Assert.That(Order(1, 1).Order(), Is.EqualTo(Enumerable.Range(0, 1000)));
            int[] again = Order(1, 1);
            Assert.That(again, Is.EqualTo(Order(1, 1)));
            Assert.That(Order(1, 2), Is.Not.EqualTo(Order(1, 1)));
            Assert.That(Order(2, 1), Is.Not.EqualTo(Order(1, 1)));
        });
    }

    [Test]
    public void Every_permutation_of_four_is_equally_likely()
    {
        const int draws = 24000;
        var counts = new Dictionary<string, int>();
        Span<int> order = stackalloc int[4];
        for (int epoch = 1; epoch <= draws; epoch++)
        {
            Shuffle.Fill(order, 7, epoch);
            string key = string.Join(' ', order.ToArray());
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        // χ² of 23 degrees of freedom exceeds 58 once in ten thousand seeds; this one is fixed.
        double expected = draws / 24.0;
        Assert.That(counts, Has.Count.EqualTo(24));
        Assert.That(counts.Values.Sum(count => (count - expected) * (count - expected) / expected), Is.LessThan(58));
    }

    [Test]
    public void What_makes_no_sense_is_one_clear_sentence()
    {
        var (model, data) = TrainingCases.Classes();
        var (_, real) = TrainingCases.Regression();
        using var engine = Engine.Open("reference");
        void Refused(TrainingOptions options, string because) => Assert.That(
            Assert.Throws<QuotientException>(() => Trainer.Run(engine, model, data, null, options))!.Message, Does.Contain(because));

        Assert.Multiple(() =>
        {
            Refused(new() { Epochs = -1 }, "the number of epochs is -1; it must be 0 or more");
            Refused(new() { BatchSize = 0 }, "the batch size is 0; it must be 1 or more");
            Refused(new() { EvaluateEvery = 0 }, "between evaluations is 0");
            Refused(new() { CheckpointEvery = 0 }, "between checkpoints is 0");
            Refused(new() { MemoryBudget = -1 }, "memory budget is -1");
            Refused(new() { Optimiser = new Sgd(0) }, "the learning rate is 0; it must be a number above 0");
            Refused(new() { Optimiser = new Sgd(double.NaN) }, "the learning rate is NaN");
            Refused(new() { Optimiser = new Sgd(0.1, 1) }, "the momentum is 1; it must be a number from 0 to below 1");
            Refused(new() { Optimiser = new Sgd(0.1, 0.9, true, -1) }, "the weight decay is -1");
            Refused(new() { Optimiser = new Adam(Beta1: 1) }, "the beta1 of adam is 1");
            Refused(new() { Optimiser = new Adam(Beta2: -0.1) }, "the beta2 of adam is -0.1");
            Refused(new() { Optimiser = new Adam(Epsilon: 0) }, "the epsilon of adam is 0");
            Refused(new() { Optimiser = new Sam(new Sgd(), 0) }, "the radius of sam is 0; it must be a number above 0");
            Refused(new() { Optimiser = new Sam(new Sgd(0)) }, "the learning rate is 0");
            Refused(new() { Optimiser = new Asam(new Sgd(), double.NaN) }, "the radius of asam is NaN");
            Refused(new() { Optimiser = new Asam(new Sgd(), 1, -1) }, "the floor of asam is -1; it must be a number, 0 or more");
            Refused(new() { Optimiser = new Replicated(new Sgd(), 5, 1) }, "the number of replicas is 1; it must be 2 or more");
            Refused(new() { Optimiser = new Replicated(new Sgd(), 5, 3, 0.5) }, "the growth of the coupling is 0.5");
            Refused(new() { Optimiser = new Replicated(new Sgd(), -1) }, "epochs of growing coupling is -1");
            Refused(new() { Optimiser = new Replicated(new Sam(new Replicated(new Sgd(), 5)), 5) }, "replicas of replicas");
            Refused(new() { Optimiser = new Sam(new Adversarial(new Sgd(), new Sgd())) }, "put adv in front of sam");
            Refused(new() { Optimiser = new Adversarial(new Sgd(), new Sgd(), 0) }, "the number of copies of adv is 0");
            Refused(new() { Optimiser = new Adversarial(new Sgd(), new Sgd(), Zeroed: 1.5) }, "the zeroed share of adv is 1.5");
            Refused(new() { Optimiser = new Adversarial(new Sgd(), new Sgd(), Error: 1) }, "the error that adv starts from is 1");
            Refused(new() { Optimiser = new Adversarial(new Sgd(), new Sgd(), MostEpochs: 0) }, "the most epochs of the start of adv is 0");
            Refused(new() { Optimiser = new Adversarial(new Sgd(), new Sgd(), BatchSize: 0) }, "the batch size of the start of adv is 0");
            Refused(new() { Optimiser = new Adversarial(new Sgd(), new BinaryNet()) }, "moves the signs of binary layers, but the network 6-16-12-3 has none");
            Refused(new() { Optimiser = new BinaryNet(Momentum: 1) }, "the momentum is 1");
            Refused(new() { Optimiser = new BinaryNet(RealFactor: -1) }, "factor of the rate of real tensors is -1");
            Refused(new() { Schedule = new Cosine(0) }, "schedule 'cosine:0'");
            Refused(new() { Resume = true }, "the checkpoint is not given; it must be a file to resume from");
            Refused(new() { Checkpoint = Path.Combine("no", "such", "folder", "x") }, "a file in a folder that exists");
            Refused(new() { Checkpoint = Path.GetTempPath() }, "the name of a file");
            Assert.That(
                Assert.Throws<QuotientException>(() => Trainer.Run(engine, model, real, null, new()))!.Message, Does.Contain("class labels"));
            Assert.That(
                Assert.Throws<QuotientException>(() => Trainer.Run(engine, model, data, real, new()))!.Message, Does.Contain("class labels"));
        });
    }

    [Test]
    public void Optimisers_of_real_and_of_binary_weights_are_not_mistaken_for_each_other()
    {
        var (real, data) = TrainingCases.Classes();
        var (binary, _) = TrainingCases.Binary();
        using var engine = Engine.Open("reference");
        void Refused(Model model, Optimiser optimiser, string because) => Assert.That(
            Assert.Throws<QuotientException>(() => Trainer.Run(engine, model, data, null, new() { Optimiser = optimiser }))!.Message,
            Does.StartWith(because));

        Assert.Multiple(() =>
        {
            foreach (var inner in new Optimiser[] { new Sgd(), new Adam(), new Sam(new Sgd()), new Asam(new Adam()) })
            {
                string kind = inner.Text.Split(' ')[0];
                Refused(binary, inner, $"{kind} moves real weights, but the network binary:6-9-7-3 has weights of ±1; train it with adv-binarynet, binarynet or rbinarynet");
                Refused(binary, new Replicated(inner, 5), $"{kind} moves real weights");
                Refused(binary, new Adversarial(inner, new BinaryNet()), $"{kind} moves real weights");
            }

            Refused(real, new BinaryNet(), "binarynet moves the signs of binary layers, but the network 6-16-12-3 has none; train it with adam, adv, asam, rsgd, sam or sgd");
            Refused(real, new Replicated(new BinaryNet(), 5), "binarynet moves");
            Refused(binary, new Sam(new BinaryNet()), "sam moves real weights");
        });
    }

    private static readonly (string Text, Optimiser Optimiser)[] Named =
    [
        ("sgd", new Sgd()),
        ("adam", new Adam()),
        ("sam", new Sam(new Sgd())),
        ("asam", new Asam(new Sgd())),
        ("binarynet", new BinaryNet()),
        ("sgd,momentum=0.5,learning-rate=0.25", new Sgd(0.25, 0.5)),
        ("rsgd,epochs=4,replicas=2", new Replicated(new Sgd(), 4, 2)),
        ("adv,start-rate=0.5,copies=2", new Adversarial(new Sgd(0.5, 0, false), new Sgd(Momentum: 0), 2)),
        ("adv-binarynet,real-factor=0.5", new Adversarial(new BinaryNet(RealFactor: 0.5), new BinaryNet(RealFactor: 0.5))),
    ];

    [TestCaseSource(nameof(Named))]
    public void An_optimiser_is_had_by_its_name_and_settings_with_the_defaults_of_its_constructor((string Text, Optimiser Optimiser) named) =>
        Assert.That(Optimiser.Parse(named.Text), Is.EqualTo(named.Optimiser));

    [TestCase("lion", "optimiser 'lion' is unknown; choose adam, adv,")]
    [TestCase("sgd,rho=1", "sgd has no option 'rho'; choose learning-rate, momentum or weight-decay")]
    [TestCase("rsgd,replicas=2.5", "replicas of rsgd is 2.5; it must be a whole number, 2 or more")]
    [TestCase("sgd,learning-rate=0", "learning-rate of sgd is 0; it must be a number above 0")]
    public void What_is_no_optimiser_is_answered_by_a_sentence(string text, string sentence) =>
        Assert.That(Assert.Throws<QuotientException>(() => Optimiser.Parse(text))!.Message, Does.StartWith(sentence));

    [Test]
    public void A_loss_that_is_no_longer_finite_stops_with_the_epoch_and_the_rate([Values("cpu", "reference")] string device)
    {
        var (model, data) = TrainingCases.Regression();
        using var engine = Engine.Open(device);
        var options = new TrainingOptions { Loss = Loss.SquaredError, Epochs = 50, BatchSize = 32, Optimiser = new Sgd(1000) };
        Assert.That(
            Assert.Throws<QuotientException>(() => Trainer.Run(engine, model, data, null, options))!.Message,
            Does.Match(@"^training diverged in epoch \d+: the .* is (NaN|Infinity|-Infinity); choose a learning rate smaller than 1000, or data and weight decay of a usual size$"));
    }

    [Test]
    public void No_epoch_at_all_gives_the_starting_model_back()
    {
        var (model, data) = TrainingCases.Classes();
        using var engine = Engine.Open("reference");
        var result = Trainer.Run(engine, model, data, null, new() { Epochs = 0 });
        Assert.Multiple(() =>
        {
            Assert.That(TrainingCases.SameBits(result.Model.Parameters, model.Parameters));
            Assert.That(result.Epochs, Is.Empty);
            Assert.That(result.LastEpoch, Is.Zero);
        });
    }
}
