using System.Security.Cryptography;
using Opinion.Analysis.Dictionaries;
using Opinion.DictionaryBuilder;

if (args is not [var wordsPath, var modelPath, var outPath])
{
    Console.Error.WriteLine("usage: DictionaryBuilder words.txt hmm.tsv words.bin");
    return 2;
}

try
{
    byte[] words = File.ReadAllBytes(wordsPath);
    byte[] model = File.ReadAllBytes(modelPath);
    byte[] file = WordFileWriter.Write(
        WordTable.Load(new MemoryStream(words), wordsPath), HmmTables.Load(new MemoryStream(model), modelPath), Checksum(words), Checksum(model));
    // Whole or not at all: a build that is broken off, or two at once, leave no half file behind.
    string unfinished = $"{outPath}.{Environment.ProcessId}";
    File.WriteAllBytes(unfinished, file);
    File.Move(unfinished, outPath, overwrite: true);
    return 0;
}
catch (Exception e) when (e is DictionaryException or IOException or UnauthorizedAccessException)
{
    // The form in which MSBuild takes a line for an error of the build.
    Console.Error.WriteLine($"DictionaryBuilder : error OPN0001: {e.Message}");
    return 1;
}

static string Checksum(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
