using Quotient.Data.Formats;

namespace Quotient.Data.Published;

/// <summary>The sets known by name, with the lengths and hashes of their files.</summary>
internal static class Catalogue
{
    private static readonly PublishedSet Mnist = new(
        "mnist",
        ["https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"],
        new Dictionary<string, PublishedFile[][]>
        {
            ["train"] = IdxGroups(
                "train", 60_000,
                (9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
                (28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
                "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
            ["test"] = IdxGroups(
                "t10k", 10_000,
                (1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
                (4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
                "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
        },
        ReadIdx);

    private static readonly PublishedSet FashionMnist = new(
        "fashion-mnist",
        [
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        ],
        new Dictionary<string, PublishedFile[][]>
        {
            ["train"] = IdxGroups(
                "train", 60_000,
                (26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
                (29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
                "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
            ["test"] = IdxGroups(
                "t10k", 10_000,
                (4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
                (5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
                "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
        },
        ReadIdx);

    private static readonly PublishedSet Digits = new(
        "digits",
        ["https://archive.ics.uci.edu/ml/machine-learning-databases/optdigits/"],
        new Dictionary<string, PublishedFile[][]>
        {
            ["train"] = [[new("optdigits.tra", 563_639, "e1b683cc211604fe8fd8c4417e6a69f31380e0c61d4af22e93cc21e9257ffedd")]],
            ["test"] = [[new("optdigits.tes", 264_712, "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8")]],
        },
        (name, files) => Formats.Digits.Read(name, files[0].Name, files[0].Bytes));

    private static readonly PublishedSet Cifar10 = new(
        "cifar10",
        ["https://www.cs.toronto.edu/~kriz/"],
        new Dictionary<string, PublishedFile[][]>
        {
            ["train"] =
            [
                [
                    new("data_batch_1.bin", 30_730_000, "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
                    new("data_batch_2.bin", 30_730_000, "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
                    new("data_batch_3.bin", 30_730_000, "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
                    new("data_batch_4.bin", 30_730_000, "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
                    new("data_batch_5.bin", 30_730_000, "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"),
                ],
                // The first 4,000 records of the first batch, a subset that fits where the whole does not.
                [new("data_batch_1.first4000.bin", 12_292_000, "0993cf8b8e43bc207603aef9787006995746513f5e3fa5a52e06d1b069926330")],
            ],
            ["test"] = [[new("test_batch.bin", 30_730_000, "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b")]],
        },
        Cifar.Read,
        new("cifar-10-binary.tar.gz", 170_052_171, "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"));

    private static readonly PublishedSet[] Sets = [Mnist, FashionMnist, Digits, Cifar10];

    public static IEnumerable<string> Names => Sets.Select(set => set.Name);

    /// <summary>The files of the set that words begin with, in every folder where it is looked for, as far as they exist.</summary>
    public static IEnumerable<string> FilesOf(string words, DataOptions options) =>
        from set in Sets
        where words == set.Name || words.StartsWith($"{set.Name}:", StringComparison.Ordinal) || words.StartsWith($"{set.Name}[", StringComparison.Ordinal)
        from folder in new[] { options.DataDirectory, options.Variable("QUOTIENT_DATA"), Finder.CacheFolder(options) }
        where folder is not null && Directory.Exists(Path.Combine(folder, set.Name))
        from file in Directory.EnumerateFiles(Path.Combine(folder, set.Name))
        select file;

    public static PublishedSet? Find(string name) => Array.Find(Sets, set => set.Name == name);

    private static Dataset ReadIdx(string name, IReadOnlyList<(string Name, byte[] Bytes)> files) =>
        Idx.ReadPair(name, files[0].Name, files[0].Bytes, files[1].Name, files[1].Bytes);

    /// <summary>Images and labels as published, or unpacked.</summary>
    private static PublishedFile[][] IdxGroups(
        string part, int count, (long Length, string Sha256) zippedImages, (long Length, string Sha256) zippedLabels, string plainImages,
        string plainLabels) =>
    [
        [
            new($"{part}-images-idx3-ubyte.gz", zippedImages.Length, zippedImages.Sha256),
            new($"{part}-labels-idx1-ubyte.gz", zippedLabels.Length, zippedLabels.Sha256),
        ],
        [
            new($"{part}-images-idx3-ubyte", 16 + (28L * 28 * count), plainImages),
            new($"{part}-labels-idx1-ubyte", 8 + count, plainLabels),
        ],
    ];
}
