namespace Opinion.Desk;

/// <summary>Cells of the sheets that leave the desk (ASVS 1.2.10).</summary>
public static class FormulaCells
{
    /// <summary>A cell's words; those that a spreadsheet would take for a formula get an apostrophe in front.</summary>
    public static string Defused(string cell) => cell.Length > 0 && cell[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + cell : cell;
}
