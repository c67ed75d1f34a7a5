using System.Globalization;
using System.Text.Json;

namespace Opinion.Ingest.Tests.Open311;

/// <summary>As much of JSON Schema as the specification's schemas use. What it does not know it refuses, so that nothing is passed over.</summary>
public static class SchemaCheck
{
    /// <summary>What in a document is not as a schema of the specification has it; empty where all is.</summary>
    public static IReadOnlyList<string> Problems(byte[] document, string schema)
    {
        using var json = JsonDocument.Parse(document);
        return [.. Check(json.RootElement, Load(schema), "$")];
    }

    private static JsonElement Load(string schema)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Files.Specification("schema/" + schema)));
        return json.RootElement.Clone();
    }

    private static IEnumerable<string> Check(JsonElement value, JsonElement schema, string at)
    {
        if (schema.TryGetProperty("$ref", out var reference)) return Check(value, Load(reference.GetString()!), at);
        var problems = new List<string>();
        foreach (var rule in schema.EnumerateObject())
        {
            switch (rule.Name)
            {
                case "description" or "minItems" or "uniqueItems" or "$schema" or "id" or "title":
                    break;
                case "type":
                    if (!IsOf(value, rule.Value.GetString()!)) problems.Add($"{at} is no {rule.Value}");
                    break;
                case "enum":
                    if (rule.Value.EnumerateArray().All(one => one.GetString() != value.ToString())) problems.Add($"{at} is none of {rule.Value}");
                    break;
                case "anyOf":
                    if (rule.Value.EnumerateArray().All(one => Check(value, one, at).Any())) problems.Add($"{at} is none of {rule.Value}");
                    break;
                case "maxLength":
                    if (value.ValueKind == JsonValueKind.String && new StringInfo(value.GetString()!).LengthInTextElements > rule.Value.GetInt32()) problems.Add($"{at} is too long");
                    break;
                case "format":
                    if (value.ValueKind == JsonValueKind.String && !Fits(value.GetString()!, rule.Value.GetString()!)) problems.Add($"{at} is no {rule.Value}");
                    break;
                case "required":
                    problems.AddRange(rule.Value.EnumerateArray().Where(name => value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name.GetString()!, out _)).Select(name => $"{at} has no {name}"));
                    break;
                case "properties":
                    foreach (var property in rule.Value.EnumerateObject())
                    {
                        if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty(property.Name, out var inner)) problems.AddRange(Check(inner, property.Value, at + "." + property.Name));
                    }

                    break;
                case "items":
                    if (value.ValueKind == JsonValueKind.Array) problems.AddRange(value.EnumerateArray().SelectMany((item, i) => Check(item, rule.Value, $"{at}[{i}]")));
                    break;
                default:
                    throw new NotSupportedException($"{rule.Name} at {at}");
            }
        }

        return problems;
    }

    private static bool IsOf(JsonElement value, string type) => type switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        _ => throw new NotSupportedException(type),
    };

    private static bool Fits(string text, string format) => format switch
    {
        "date-time" => DateTimeOffset.TryParseExact(text, "yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        _ => throw new NotSupportedException(format),
    };
}
