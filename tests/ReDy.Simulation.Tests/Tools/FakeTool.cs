using ReDy.Simulation.Tools;

namespace ReDy.Simulation.Tests.Tools;

/// <summary>A shell script in the place of an external tool.</summary>
internal static class FakeTool
{
    /// <summary>Read by no real tool.</summary>
    public const string Variable = "REDY_FAKE_TOOL";

    /// <param name="version">What it prints for --version; null: nothing.</param>
    /// <param name="body">What it does otherwise.</param>
    public static string Write(SimulationFolder folder, string name, string? version, string body)
    {
        string path = folder.File(name);
        File.WriteAllText(path, $"#!/bin/sh\nif [ \"$1\" = --version ]; then\n  {(version is null ? ":" : $"echo '{version}'")}\n  exit 0\nfi\n{body}\n");
        MakeExecutable(path);
        return path;
    }

    public static void MakeExecutable(string path)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public static ToolLocation Location(params string[] commands) =>
        new("Faker", commands, Variable, "faker", "--version", @"Faker (\d+\.\d+)", "5.006");

    public static ToolProcess Process(string path, params string[] arguments) => new("Faker", path, arguments, "Ask a colleague.");
}
